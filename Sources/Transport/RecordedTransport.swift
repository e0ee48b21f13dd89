// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
import Synchronization

/// Answers from a record instead of the network, for tests and dry runs.
///
/// Shape: the last match recorded wins, so that a test can override one answer; answers of one match are given in
/// order and the last one repeats. A request nothing matches fails with `transport.misuse` and its method and path.
public final class RecordedTransport: HTTPExchanging {
    /// Which requests an answer is for.
    public struct Match: Sendable, Hashable {
        /// The method; any when nil.
        public var method: HTTPMethod?
        /// The path, percent-encoded as sent.
        public var path: String
        /// Query items that must be there, decoded; others may be there too.
        public var query: [String: String]
        /// Text the body must contain.
        public var bodyContains: String?

        /// Makes a match.
        public init(
            _ method: HTTPMethod? = nil, path: String, query: [String: String] = [:], bodyContains: String? = nil
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.bodyContains = bodyContains
        }
    }

    /// What comes back.
    public enum Outcome: Sendable {
        /// An answer.
        case answer(status: Int, headers: HeaderFields, body: [UInt8])
        /// A failure; its place is filled in.
        case failure(TransportError)

        /// An answer with this text as body.
        public static func text(
            _ body: String, status: Int = 200, type: String = "application/json"
        ) -> Outcome { .answer(status: status, headers: ["Content-Type": type], body: Array(body.utf8)) }
    }

    /// A request that was made.
    public struct Seen: Sendable, Hashable {
        /// A query item, decoded.
        public struct QueryItem: Sendable, Hashable {
            /// Its name.
            public var name: String
            /// Its value.
            public var value: String
        }
        /// The method.
        public var method: HTTPMethod
        /// Scheme, host and port.
        public var origin: String
        /// The path, percent-encoded.
        public var path: String
        /// The query in its order, decoded.
        public var query: [QueryItem]
        /// The header fields; secrets read `<secret>`.
        public var headers: HeaderFields
        /// The user of basic authentication.
        public var basicUser: String?
        /// The body.
        public var body: [UInt8]

        /// The first value of this query item.
        public func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
    }

    private struct Entry {
        var match: Match
        var outcomes: [Outcome]
        var next = 0
        var count = 0
    }

    private struct State {
        var entries: [Entry] = []
        var seen: [Seen] = []
    }

    private let clock: any GatewayClock
    private let chunkBytes: Int
    private let state = Mutex(State())

    /// Makes a transport without answers; streamed bodies come in chunks of `chunkBytes`.
    public init(clock: any GatewayClock = SystemGatewayClock(), chunkBytes: Int = 1000) {
        self.clock = clock
        self.chunkBytes = max(1, chunkBytes)
    }

    /// Records what to answer, in order; the last outcome repeats.
    public func record(_ match: Match, _ outcomes: Outcome...) {
        state.withLock { $0.entries.append(Entry(match: match, outcomes: outcomes)) }
    }

    /// Every request so far, in order.
    public var seen: [Seen] { state.withLock { $0.seen } }

    /// How many requests were answered by this match.
    public func count(_ match: Match) -> Int {
        state.withLock { $0.entries.filter { $0.match == match }.reduce(0) { $0 + $1.count } }
    }

    /// The recorded answer, under the request's limits.
    public func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse {
        let (status, headers, body) = try answer(request)
        return ExchangeResponse(
            status: status, headers: headers, body: body,
            receipt: ExchangeReceipt(startedAt: clock.now, bytesReceived: body.count, httpVersion: "1.1"))
    }

    /// The recorded answer in chunks.
    public func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange {
        let (status, headers, body) = try answer(request)
        let chunks = stride(from: 0, to: body.count, by: chunkBytes).map { start in
            Array(body[start..<min(start + chunkBytes, body.count)])
        }
        let receipt = ExchangeReceipt(startedAt: clock.now, bytesReceived: body.count, httpVersion: "1.1")
        return StreamedExchange(status: status, headers: headers, body: BodyStream(chunks: chunks, receipt: receipt))
    }

    private func answer(_ request: ExchangeRequest) throws(TransportError) -> (Int, HeaderFields, [UInt8]) {
        let (target, place) = try CurlTransport.checked(request)
        let receipt = ExchangeReceipt(startedAt: clock.now)
        if Task.isCancelled { throw TransportError(.cancelled, place: place, receipt: receipt) }
        let seen = Seen(
            method: request.method, origin: target.origin, path: target.path,
            query: target.queryItems.map { Seen.QueryItem(name: $0.name, value: $0.value) },
            headers: request.headers.redacted, basicUser: request.basic?.user, body: request.body ?? [])
        let outcome: Outcome? = state.withLock { state in
            state.seen.append(seen)
            guard let index = state.entries.lastIndex(where: { $0.match.fits(seen) && !$0.outcomes.isEmpty }) else {
                return nil
            }
            defer {
                state.entries[index].count += 1
                state.entries[index].next = min(state.entries[index].next + 1, state.entries[index].outcomes.count - 1)
            }
            return state.entries[index].outcomes[state.entries[index].next]
        }
        switch outcome {
        case .answer(let status, let headers, let body):
            guard body.count <= request.limits.responseBytes.bytes else {
                let detail = "body over \(request.limits.responseBytes.words)"
                throw TransportError(.responseTooLarge, layer: .body, place: place, detail: detail, receipt: receipt)
            }
            return (status, headers, body)
        case .failure(var error):
            error.place = error.place.within(place)
            error.receipt = error.receipt ?? receipt
            throw error
        case nil: throw TransportError(.misuse, place: place, detail: "nothing is recorded for this request")
        }
    }
}

extension RecordedTransport.Match {
    /// Whether a request is one of these.
    public func fits(_ seen: RecordedTransport.Seen) -> Bool {
        guard method == nil || method == seen.method, path == seen.path else { return false }
        guard query.allSatisfy({ item in seen.query.contains { $0.name == item.key && $0.value == item.value } }) else {
            return false
        }
        guard let bodyContains else { return true }
        let needle = Array(bodyContains.utf8)
        guard needle.count <= seen.body.count else { return false }
        return (0...(seen.body.count - needle.count)).contains {
            seen.body[$0..<($0 + needle.count)].elementsEqual(needle)
        }
    }
}
