// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel

/// The batches of one file or of several in turn; the next piece is read when a batch is asked for.
struct FilePull: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError

    let source: FileDropSource
    let drop: FileDrop
    let request: PullRequest
    let mapping: any RecordMapping

    func makeAsyncIterator() -> Iterator { Iterator(pull: self) }

    var place: Place {
        Place(source: request.interface.source.rawValue, interface: request.interface.name, run: request.run.rawValue)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let pull: FilePull
        private var reading: FileReading?
        /// Files still to be read after this one; nil before the folder was looked at.
        private var names: [String]?
        private var memory = DropMemory()
        /// More files wait than one run takes.
        private var isCut = false
        private var waiting: [SourceBatch] = []
        private var isDone = false

        init(pull: FilePull) { self.pull = pull }

        mutating func next() async throws(SourceError) -> SourceBatch? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            do throws(SourceError) {
                while waiting.isEmpty, !isDone {
                    if Task.isCancelled { throw FileFault.cancelled(pull.place) }
                    try await advance(isolation: actor)
                }
            } catch {
                isDone = true
                waiting = []
                throw error
            }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }

        private mutating func advance(isolation actor: isolated (any Actor)?) async throws(SourceError) {
            if names == nil { try await look(isolation: actor) }
            if isDone { return }
            guard var current = reading else {
                guard let name = names?.first else {
                    isDone = true
                    if isCut { throw FileFault.moreWait(pull.place) }
                    return
                }
                names?.removeFirst()
                do throws(SourceError) {
                    reading = try await FileReading(pull, name, isolation: actor)
                } catch {
                    throw await Self.settled(error, name, pull)
                }
                return
            }
            do throws(SourceError) {
                let step = try await current.step(isolation: actor)
                waiting = step.batches
                reading = step.digest == nil ? current : nil
                if let digest = step.digest { end(current, digest: digest) }
            } catch {
                throw await Self.settled(error, current.name, pull)
            }
        }

        /// A whole file was read: the cursor moves over it with its last batch.
        private mutating func end(_ file: FileReading, digest: String) {
            memory.take(file.name, digest: digest)
            let isLast = names?.isEmpty ?? true
            let index = waiting.count - 1
            waiting[index].resume = memory.cursor
            guard isLast, !isCut else { return }
            let total = pull.drop.mode == .snapshot ? file.verified.state.rows : nil
            waiting[index].position = .end(declaredTotal: total)
            isDone = true
        }

        /// What is to be read, in order; what was taken before is not read again.
        private mutating func look(isolation actor: isolated (any Actor)?) async throws(SourceError) {
            let listing = try await pull.source.listing(pull.drop, pull.place)
            memory = DropMemory(pull.request.resume ?? pull.request.known) ?? DropMemory()
            var fresh = listing.complete.filter { memory.isNew($0) }
            if pull.drop.shelves == nil {
                guard let newest = listing.complete.last else {
                    throw FileFault.nothing(pull.place, waiting: listing.waiting)
                }
                guard memory.isNew(newest) || memory.last == newest else { throw FileFault.older(pull.place) }
                fresh = [newest]
                memory = DropMemory()
            } else {
                // Those that were taken are put away after each run; what is no longer there need not be remembered.
                if listing.complete.count == fresh.count { memory.taken = [] }
            }
            guard !fresh.isEmpty else {
                // Every page of the last file was durable when its run was cut off: only its end is still to be said.
                guard pull.request.mode == .full, let resume = pull.request.resume else {
                    throw FileFault.nothing(pull.place, waiting: listing.waiting)
                }
                waiting = [SourceBatch(records: [], position: .end(declaredTotal: nil), resume: resume)]
                names = []
                isDone = true
                return
            }
            if pull.drop.mode == .snapshot { fresh = fresh.suffix(1) }
            let room = DropMemory.takenMax - memory.taken.count
            isCut = fresh.count > room
            names = Array(fresh.prefix(room))
            if names?.isEmpty == true { throw FileFault.moreWait(pull.place) }
        }

        /// A file that no waiting will mend is put aside with its reason.
        private static func settled(_ error: SourceError, _ name: String, _ pull: FilePull) async -> SourceError {
            guard FileFault.isFinal(error), error.recovery == .stopRun, let shelves = pull.drop.shelves else {
                return error
            }
            let (drop, finding) = (pull.drop, error.diagnostic)
            let moved = await pull.source.lane.run { FileShelf(drop, shelves).reject(name, because: finding) }
            var error = error
            let where_ = "It was moved to the folder of rejected files, its reason beside it; none of it is lost"
            error.diagnostic.consequence = moved == nil ? where_ : "It could not be moved to the rejected files either"
            return error
        }
    }
}
