// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// The batches of one file; the next piece is read when a batch is asked for.
struct FilePull: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError

    let source: FileDropSource
    let drop: FileDrop
    let request: PullRequest
    let mapping: any RecordMapping

    func makeAsyncIterator() -> Iterator { Iterator(pull: self) }

    struct Iterator: AsyncIteratorProtocol {
        private let pull: FilePull
        private var reading: Reading?
        private var waiting: [SourceBatch] = []
        private var isDone = false

        init(pull: FilePull) { self.pull = pull }

        mutating func next() async throws(SourceError) -> SourceBatch? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            do throws(SourceError) {
                var current = if let reading { reading } else { try await Reading(pull, isolation: actor) }
                while waiting.isEmpty, !isDone {
                    if Task.isCancelled { throw FileFault.cancelled(current.place) }
                    (waiting, isDone) = try await current.step(isolation: actor)
                }
                reading = current
            } catch {
                isDone = true
                waiting = []
                throw error
            }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }
}

/// A file being read: what has been taken of it so far.
struct Reading {
    private let pull: FilePull
    private let verified: FileDropSource.Verified
    private let reader: DocumentReader
    private let digest = SHA256Stream()
    private let fetchedAt: Timestamp
    private var offset = 0
    private var rows = 0
    private var current: SourceBatch

    var place: Place { verified.place }

    init(_ pull: FilePull, isolation actor: isolated (any Actor)?) async throws(SourceError) {
        self.pull = pull
        let interface = pull.request.interface
        let outer = Place(source: interface.source.rawValue, interface: interface.name, run: pull.request.run.rawValue)
        verified = try await pull.source.verified(pull.drop, outer)
        fetchedAt = pull.source.clock.now
        var limits = pull.mapping.limits
        limits.totalBytes = max(limits.totalBytes, verified.state.size.bytes * 2)
        do throws(DocumentError) {
            reader = try DocumentReader(
                format: pull.mapping.format, records: pull.mapping.records,
                charset: CharsetDeclaration(override: pull.mapping.charset), limits: limits, place: verified.place)
        } catch {
            throw SourceError(error.diagnostic, recovery: .fixConfiguration)
        }
        current = SourceBatch(records: [], position: .more, declaredTotal: verified.state.rows)
    }

    /// Reads one piece; gives the batches that are full, and at the end the rest.
    mutating func step(
        isolation actor: isolated (any Actor)?
    ) async throws(SourceError) -> (batches: [SourceBatch], isDone: Bool) {
        let (file, from) = (verified.file, offset)
        guard let bytes = await pull.source.lane.run({ file.read(at: from, FileDropSource.chunk) }) else {
            throw FileFault.unreadable(place)
        }
        offset += bytes.count
        guard bytes.isEmpty else {
            digest.update(bytes)
            return (take(try document { () throws(DocumentError) in try reader.feed(bytes) }), false)
        }
        let end = try document { () throws(DocumentError) in try reader.finish() }
        var out = take(end.events)
        try await checkEnd(isolation: actor)
        current.position = .end(declaredTotal: verified.state.rows)
        out.append(current)
        return (out, true)
    }

    private func document<T>(_ work: () throws(DocumentError) -> T) throws(SourceError) -> T {
        do throws(DocumentError) { return try work() } catch { throw SourceError(error.diagnostic, recovery: .stopRun) }
    }

    private mutating func take(_ events: [DocumentEvent]) -> [SourceBatch] {
        var full: [SourceBatch] = []
        for event in events {
            rows += 1
            let size =
                switch event {
                case .record(let record): record.raw.count
                case .reject(let reject): reject.raw.count
                }
            let count = current.records.count + current.rejects.count + current.tombstones.count
            if count > 0, count >= 1000 || current.bytes + size > 1 << 20 {
                full.append(current)
                current = SourceBatch(records: [], position: .more, declaredTotal: verified.state.rows)
            }
            current.bytes += size
            switch pull.mapping.map(event, at: place, partition: pull.request.partition, fetchedAt: fetchedAt) {
            case .licence(let licence): current.records.append(licence)
            case .gone(let tombstone): current.tombstones.append(tombstone)
            case .reject(let reject): current.rejects.append(reject)
            }
        }
        return full
    }

    /// What was read has to be what was checked before: same bytes, as many rows as declared.
    private func checkEnd(isolation actor: isolated (any Actor)?) async throws(SourceError) {
        let file = verified.file
        let mark = await pull.source.lane.run { file.mark }
        guard mark == verified.mark, digest.finish().description == verified.digest else {
            throw FileFault.changed(place)
        }
        guard rows == verified.state.rows else {
            throw FileFault.notAsDeclared(
                "the ready file declares \(verified.state.rows) records and the file has \(rows)", place)
        }
    }
}
