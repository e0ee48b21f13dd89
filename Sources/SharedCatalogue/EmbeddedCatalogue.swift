// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
public import Diagnostics
internal import Glibc
internal import LicenceModel

/// The catalogue that needs no server: RocksDB and SQLite in one folder.
///
/// Shape: records, versions, changes, rejects, cursors and runs of a page are one write. One thread writes; a fixed pool
/// reads, each call at one moment of the store. A process that only reads opens the folder beside the one that writes.
/// Limits: a cut of power may take the last pages together with their cursors (`sync()` says when not), nothing in part.
public final class EmbeddedCatalogue: CatalogueReading, CatalogueWriting {
    let core: StoreCore
    let reading: WorkQueue
    let writing: WorkQueue?

    /// Opens a folder; `close()` gives it back.
    ///
    /// Opening sets this process's umask to 077 and leaves it so: RocksDB makes files at any time, and none of them may
    /// be readable by others.
    ///
    /// Throws `catalogue.locked`, `catalogue.absent` (readers), `catalogue.newer_format`, `catalogue.index_key`,
    /// `catalogue.corrupt`, `catalogue.disk`, `catalogue.disk_full`.
    public static func open(
        _ options: EmbeddedOptions, clock: any GatewayClock
    ) async throws(CatalogueError) -> EmbeddedCatalogue {
        let opening = try WorkQueue(threads: 1, bound: 4)
        let core: StoreCore
        do throws(CatalogueError) {
            core = try await opening.run { () throws(CatalogueError) in try StoreCore(options, clock: clock) }
        } catch {
            await Self.stop([opening]) {}
            throw error
        }
        let reading: WorkQueue
        do throws(CatalogueError) {
            reading = try WorkQueue(threads: max(1, options.readers), bound: max(1, options.waitingReads))
        } catch {
            await Self.stop([opening]) { core.close(settling: false) }
            throw error
        }
        guard options.mode == .writer else {
            await Self.stop([opening]) {}
            return EmbeddedCatalogue(core, reading, nil)
        }
        opening.rebound(max(1, options.waitingWrites))
        return EmbeddedCatalogue(core, reading, opening)
    }

    private init(_ core: StoreCore, _ reading: WorkQueue, _ writing: WorkQueue?) {
        self.core = core
        self.reading = reading
        self.writing = writing
    }

    /// Finishes what is queued and closes the folder; later calls throw `catalogue.closed`.
    public func close() async {
        let core = core
        await Self.stop([reading, writing].compactMap { $0 }) { core.close(settling: true) }
    }

    /// Lets go of the folder without the last words of `close`, as a killed process does; for tests.
    package func abandon() async {
        let core = core
        await Self.stop([reading, writing].compactMap { $0 }) { core.close(settling: false) }
    }

    /// Waits for threads and closes, on a thread of its own: joining blocks.
    private static func stop(_ queues: [WorkQueue], then close: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let work = Unmanaged.passRetained(
                OnceOnThread {
                    for queue in queues { queue.stop() }
                    close()
                    continuation.resume()
                })
            var thread = pthread_t()
            let started = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<OnceOnThread>.fromOpaque(context).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            if started == 0 { pthread_detach(thread) } else { work.takeRetainedValue().body() }
        }
    }
}

/// A closure that travels to a thread of its own.
private final class OnceOnThread: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
