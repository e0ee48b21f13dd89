// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Diagnostics
public import LicenceModel
internal import SourceDocument
internal import Synchronization

/// A batch that is proven to come from its source, its body kept aside.
public final class PushedBatch: Sendable {
    /// Rejects named in an answer.
    static let rejectsMax = 100

    /// What takes it.
    public let intake: PushIntake
    /// Its id.
    public let id: String
    /// The digest of its body.
    public let digest: String
    let spool: Spool
    let lane: FileLane
    private let rejected = Mutex<[PushReceipt.Rejected]>([])

    init(intake: PushIntake, id: String, digest: String, spool: Spool, lane: FileLane) {
        self.intake = intake
        self.id = id
        self.digest = digest
        self.spool = spool
        self.lane = lane
    }

    /// The first records that were set aside while it was read.
    public var rejects: [PushReceipt.Rejected] { rejected.withLock { $0 } }

    /// Refuses a batch that contradicts one taken before; true when this very batch was taken.
    public func isTaken(_ memory: PushMemory) throws(PushRefusal) -> Bool {
        switch memory.standing(id, digest: digest) {
        case .new: return false
        case .taken: return true
        case .differs:
            throw PushFault.differs(
                Place(source: intake.interface.source.rawValue, interface: intake.interface.name))
        }
    }

    func note(_ reject: Reject) {
        let place = reject.reason.place
        rejected.withLock { list in
            guard list.count < Self.rejectsMax else { return }
            list.append(
                PushReceipt.Rejected(
                    record: place.record, line: place.line, column: place.column, path: place.path,
                    code: reject.reason.code, what: reject.reason.what))
        }
    }
}

/// A source while one of its batches is taken: what is pulled of it is the batch.
public struct PushedSource: LicenceSource {
    private let source: any LicenceSource
    private let batch: PushedBatch
    private let clock: any GatewayClock

    /// Makes one for a run.
    public init(_ source: any LicenceSource, _ batch: PushedBatch, clock: any GatewayClock) {
        self.source = source
        self.batch = batch
        self.clock = clock
    }

    /// The source's own, with the interface as one that is pulled.
    public func describe() -> SourceDescription {
        var description = source.describe()
        for index in description.interfaces.indices where description.interfaces[index].id == batch.intake.interface {
            description.interfaces[index].pulls = [.incremental]
        }
        return description
    }

    /// The batch.
    public func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        PushPull(batch: batch, request: request, clock: clock)
    }

    /// As the source itself.
    public func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding { try await source.find(question, for: asking, until: deadline) }

    /// As the source itself.
    public func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        await source.probe(layer, of: interface, question: question)
    }

    /// As the source itself.
    public func remap(_ reject: Reject) -> Result<Licence, SourceError> { source.remap(reject) }
}

/// The batches of records in one pushed body.
struct PushPull: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError

    let batch: PushedBatch
    let request: PullRequest
    let clock: any GatewayClock

    func makeAsyncIterator() -> Iterator { Iterator(pull: self) }

    struct Iterator: AsyncIteratorProtocol {
        private let pull: PushPull
        private var reader: DocumentReader?
        private var offset = 0
        private var batches = BatchMaker()
        private var waiting: [SourceBatch] = []
        private var isDone = false

        init(pull: PushPull) { self.pull = pull }

        mutating func next() async throws(SourceError) -> SourceBatch? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            do throws(SourceError) {
                while waiting.isEmpty, !isDone { try await advance(isolation: actor) }
            } catch {
                isDone = true
                waiting = []
                throw error
            }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }

        private var place: Place {
            let interface = pull.request.interface
            return Place(
                source: interface.source.rawValue, interface: interface.name, run: pull.request.run.rawValue)
        }

        private mutating func advance(isolation actor: isolated (any Actor)?) async throws(SourceError) {
            if Task.isCancelled { throw FileFault.cancelled(place) }
            let mapping = pull.batch.intake.mapping
            if reader == nil {
                reader = try document { () throws(DocumentError) in
                    try DocumentReader(
                        format: mapping.format, records: mapping.records,
                        charset: CharsetDeclaration(override: mapping.charset), limits: mapping.limits, place: place)
                }
            }
            guard let reader else { return }
            let (spool, from) = (pull.batch.spool, offset)
            guard let bytes = await pull.batch.lane.run({ spool.read(at: from, 256 << 10) }) else {
                throw FileFault.unreadable(place)
            }
            offset += bytes.count
            if bytes.isEmpty {
                let end = try document { () throws(DocumentError) in try reader.finish() }
                guard end.recordsPathMatched else { throw FileFault.noList(place) }
                take(end.events)
                var memory = PushMemory(pull.request.resume ?? pull.request.known)
                memory.take(pull.batch.id, digest: pull.batch.digest)
                var last = batches.finish()
                last.position = .end(declaredTotal: nil)
                last.resume = memory.cursor
                waiting.append(last)
                isDone = true
            } else {
                take(try document { () throws(DocumentError) in try reader.feed(bytes) })
            }
        }

        private mutating func take(_ events: [DocumentEvent]) {
            for event in events {
                let mapped = pull.batch.intake.mapping.map(
                    event, at: place, partition: nil, fetchedAt: pull.clock.now)
                switch mapped {
                case .reject(let reject): pull.batch.note(reject)
                case .partly(_, let fields): for field in fields { pull.batch.note(field) }
                case .licence, .gone: break
                }
                if let full = batches.add(mapped, bytes: event.bytes) { waiting.append(full) }
            }
        }

        private func document<T>(_ work: () throws(DocumentError) -> T) throws(SourceError) -> T {
            do throws(DocumentError) { return try work() } catch {
                throw SourceError(error.diagnostic, recovery: .stopRun)
            }
        }
    }
}
