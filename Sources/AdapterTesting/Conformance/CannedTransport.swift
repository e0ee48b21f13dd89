// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
import Synchronization
public import Transport

/// Gives the same answers in order whatever is asked, and remembers what was asked; for conformance tests.
///
/// Shape: after the last answer it repeats it, or fails as a source that has fallen silent would.
public final class CannedTransport: HTTPExchanging {
    /// One answer.
    public enum Answer: Sendable {
        /// An answer.
        case answer(status: Int, headers: HeaderFields, body: [UInt8])
        /// A failure; its place is filled in.
        case failure(TransportError)
        /// Nothing, until the caller is cancelled or `endSilence`.
        case silence
    }

    /// A request that is answered beside the others, and neither counted nor shown.
    public struct Login: Sendable {
        /// How its path ends.
        public var path: String
        /// What it is answered with, as JSON under HTTP 200.
        public var body: [UInt8]
        /// Makes one.
        public init(path: String, body: [UInt8]) {
            self.path = path
            self.body = body
        }
    }

    private struct State {
        var next = 0
        var urls: [String] = []
        var inFlight = 0
        var silences: [AsyncStream<Never>.Continuation] = []
        var isOver = false
        var outlasting = 0
    }

    private let answers: [Answer]
    private let repeatsLast: Bool
    private let login: Login?
    private let clock: any GatewayClock
    private let state = Mutex(State())

    /// Makes a transport.
    public init(_ answers: [Answer], repeatsLast: Bool = true, login: Login? = nil, clock: any GatewayClock) {
        self.answers = answers
        self.repeatsLast = repeatsLast
        self.login = login
        self.clock = clock
    }

    /// Every address asked so far.
    public var urls: [String] { state.withLock { $0.urls } }
    /// How often it was asked.
    public var count: Int { state.withLock { $0.urls.count } }
    /// Exchanges that have not ended.
    public var inFlight: Int { state.withLock { $0.inFlight } }

    /// Exchanges that lasted until `endSilence`, although whoever asked had been cancelled by then.
    public var outlasting: Int { state.withLock { $0.outlasting } }

    /// Ends every silence that nobody cancelled, as a time-out, now and from now on: an adapter that does not pass
    /// cancellation on is found out, and waited for by nobody.
    public func endSilence() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.silences = [] }
            return state.silences
        }
        for silence in waiting { silence.finish() }
    }

    private func silence() async {
        let (stream, end) = AsyncStream<Never>.makeStream()
        let isOver = state.withLock { state in
            if !state.isOver { state.silences.append(end) }
            return state.isOver
        }
        if isOver { end.finish() }
        for await _ in stream {}
        if !Task.isCancelled { state.withLock { $0.outlasting += 1 } }
    }

    /// Waits until at least one exchange is under way.
    public func untilAsked() async {
        while state.withLock({ $0.inFlight }) == 0, !Task.isCancelled { await Task.yield() }
    }

    /// The next answer, under the request's limits.
    public func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse {
        let (status, headers, body) = try await answer(request)
        let receipt = ExchangeReceipt(startedAt: clock.now, bytesReceived: body.count, httpVersion: "1.1")
        return ExchangeResponse(status: status, headers: headers, body: body, receipt: receipt)
    }

    /// The next answer in chunks.
    public func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange {
        let (status, headers, body) = try await answer(request)
        let chunks = stride(from: 0, to: body.count, by: 1021).map { Array(body[$0..<min($0 + 1021, body.count)]) }
        let receipt = ExchangeReceipt(startedAt: clock.now, bytesReceived: body.count, httpVersion: "1.1")
        return StreamedExchange(status: status, headers: headers, body: BodyStream(chunks: chunks, receipt: receipt))
    }

    private func answer(_ request: ExchangeRequest) async throws(TransportError) -> (Int, HeaderFields, [UInt8]) {
        let place = request.place
        let receipt = ExchangeReceipt(startedAt: clock.now)
        if Task.isCancelled { throw TransportError(.cancelled, place: place, receipt: receipt) }
        if let login, request.url.prefix(while: { $0 != "?" }).hasSuffix(login.path) {
            return (200, ["Content-Type": "application/json"], login.body)
        }
        let chosen: Answer? = state.withLock { state in
            state.urls.append(request.url)
            defer { state.next += 1 }
            if state.next < answers.count { return answers[state.next] }
            return repeatsLast ? answers.last : nil
        }
        state.withLock { $0.inFlight += 1 }
        defer { state.withLock { $0.inFlight -= 1 } }
        switch chosen {
        case .answer(let status, let headers, let body):
            guard body.count <= request.limits.responseBytes.bytes else {
                throw TransportError(.responseTooLarge, layer: .body, place: place, receipt: receipt)
            }
            return (status, headers, body)
        case .failure(var error):
            error.place = error.place.within(place)
            throw error
        case .silence:
            await silence()
            let code: TransportError.Code = Task.isCancelled ? .cancelled : .totalTimeout
            throw TransportError(code, place: place, receipt: receipt)
        case nil: throw TransportError(.reset, layer: .http, place: place, receipt: receipt)
        }
    }
}
