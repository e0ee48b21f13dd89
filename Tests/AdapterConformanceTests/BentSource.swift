import AdapterKit
import Diagnostics
import LicenceModel
import Synchronization
import Transport

/// What is bent about an adapter; everything else it does as the good one.
struct Bend: Sendable {
    var transport: @Sendable (any HTTPExchanging) -> any HTTPExchanging = { $0 }
    var description: @Sendable (SourceDescription) -> SourceDescription = { $0 }
    var record: @Sendable (Licence) -> Licence = { $0 }
    var batch: @Sendable (SourceBatch, PullRequest) -> SourceBatch = { batch, _ in batch }
    /// Thrown instead of asking, when it gives something.
    var refusal: @Sendable (PullRequest) -> SourceError? = { _ in nil }
    /// Ends before anything was asked.
    var isEmpty: @Sendable (PullRequest) -> Bool = { _ in false }
    /// What a pull makes of an error: an error, a last batch, or (nil) an end.
    var pullError: @Sendable (SourceError, PullRequest) -> Result<SourceBatch?, SourceError> = { error, _ in
        .failure(error)
    }
    /// How often a pull begins anew after this error.
    var repeats: @Sendable (SourceError) -> Int = { _ in 0 }
    var finding: @Sendable (Result<SourceFinding, SourceError>, LookupQuestion) -> Result<SourceFinding, SourceError> =
        { finding, _ in finding }
    var probe: @Sendable (ProbeResult) -> ProbeResult = { $0 }
    var probes = 1
}

/// An adapter with one thing bent.
struct BentSource: LicenceSource {
    let straight: any LicenceSource
    let bend: Bend

    var pushes: [PushIntake] { straight.pushes }

    func describe() -> SourceDescription { bend.description(straight.describe()) }

    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        BentPull(source: self, request: request)
    }

    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding {
        var result: Result<SourceFinding, SourceError>
        do throws(SourceError) {
            result = .success(try await straight.find(question, for: asking, until: deadline))
        } catch {
            result = .failure(error)
        }
        if case .success(.records(let records)) = result { result = .success(.records(records.map(bend.record))) }
        return try bend.finding(result, question).get()
    }

    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        for _ in 1..<bend.probes { _ = await straight.probe(layer, of: interface, question: question) }
        return bend.probe(await straight.probe(layer, of: interface, question: question))
    }

    func remap(_ reject: Reject) -> Result<Licence, SourceError> { straight.remap(reject) }
    func putsAway(_ interface: InterfaceID) -> Bool { straight.putsAway(interface) }
    func putAway(_ interface: InterfaceID, resume: ResumeCursor?) async -> [Diagnostic] {
        await straight.putAway(interface, resume: resume)
    }
}

/// A pull of a bent adapter, page by page as the good one's.
private struct BentPull: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError
    let source: BentSource
    let request: PullRequest

    func makeAsyncIterator() -> Iterator { Iterator(pull: self) }

    func begin() -> any AsyncIteratorProtocol<SourceBatch, SourceError> {
        func open<Pull: AsyncSequence>(_ pull: Pull) -> any AsyncIteratorProtocol<SourceBatch, SourceError>
        where Pull.Element == SourceBatch, Pull.Failure == SourceError { pull.makeAsyncIterator() }
        return open(source.straight.pull(request))
    }

    struct Iterator: AsyncIteratorProtocol {
        let pull: BentPull
        private var inner: (any AsyncIteratorProtocol<SourceBatch, SourceError>)?
        private var begun = 0
        private var ended = false

        init(pull: BentPull) { self.pull = pull }

        mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(SourceError) -> SourceBatch? {
            let (bend, request) = (pull.source.bend, pull.request)
            if ended || bend.isEmpty(request) { return nil }
            if let refusal = bend.refusal(request) { throw refusal }
            while true {
                if inner == nil {
                    inner = pull.begin()
                    begun += 1
                }
                do throws(SourceError) {
                    guard var batch = try await inner?.next(isolation: actor) else { return nil }
                    batch.records = batch.records.map(bend.record)
                    return bend.batch(batch, request)
                } catch {
                    if begun <= bend.repeats(error) {
                        inner = nil
                        continue
                    }
                    ended = true
                    return try bend.pullError(error, request).get()
                }
            }
        }
    }
}

/// A transport with one thing bent.
struct BentTransport: HTTPExchanging {
    let straight: any HTTPExchanging
    var request: @Sendable (ExchangeRequest) -> ExchangeRequest = { $0 }
    var error: @Sendable (TransportError) -> TransportError = { $0 }
    /// Whether an exchange goes on when whoever asked for it is cancelled.
    var isDeaf = false

    func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse {
        try await bent { [straight, request = self.request(request)] () async throws(TransportError) in
            try await straight.exchange(request)
        }
    }

    func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange {
        try await bent { [straight, request = self.request(request)] () async throws(TransportError) in
            try await straight.stream(request)
        }
    }

    private func bent<Answer: Sendable>(
        _ exchange: @escaping @Sendable () async throws(TransportError) -> Answer
    ) async throws(TransportError) -> Answer {
        let asked: @Sendable () async -> Result<Answer, TransportError> = {
            do throws(TransportError) { return .success(try await exchange()) } catch { return .failure(error) }
        }
        let result = isDeaf ? await Task(operation: asked).value : await asked()
        return try result.mapError(error).get()
    }
}

/// Counts from 1, from wherever it is asked.
final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
