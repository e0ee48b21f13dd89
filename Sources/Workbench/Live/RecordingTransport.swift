// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import Synchronization
public import Transport

/// A transport that lets everything through and keeps the last exchanges, for the workbench alone.
///
/// Limits: the last 64 exchanges, each as large as its request allows. What it keeps is personal: it stays in memory.
public final class RecordingTransport: HTTPExchanging {
    /// One exchange that came to an answer.
    public struct Exchange: Sendable {
        /// The request; credentials included.
        public let request: ExchangeRequest
        /// The HTTP status.
        public let status: Int
        /// The header lines.
        public let headers: HeaderFields
        /// The body, decompressed.
        public let body: [UInt8]
    }

    private let inner: any HTTPExchanging
    private let kept = Mutex<[Exchange]>([])

    /// Listens to `inner`.
    public init(_ inner: any HTTPExchanging) { self.inner = inner }

    /// What was exchanged, oldest first.
    public var exchanges: [Exchange] { kept.withLock { $0 } }

    /// One exchange, kept.
    public func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse {
        let response = try await inner.exchange(request)
        keep(Exchange(request: request, status: response.status, headers: response.headers, body: response.body))
        return response
    }

    /// One exchange, read whole and kept, then handed on.
    public func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange {
        let streamed = try await inner.stream(request)
        var chunks: [[UInt8]] = []
        var failure: TransportError?
        do throws(TransportError) {
            for try await chunk in streamed.body { chunks.append(chunk) }
        } catch {
            failure = error
        }
        guard let receipt = streamed.receipt else {
            if let failure { throw failure }
            return streamed
        }
        keep(
            Exchange(request: request, status: streamed.status, headers: streamed.headers, body: Array(chunks.joined()))
        )
        return StreamedExchange(
            status: streamed.status, headers: streamed.headers,
            body: BodyStream(chunks: chunks, receipt: receipt, failure: failure))
    }

    private func keep(_ exchange: Exchange) {
        kept.withLock { kept in
            if kept.count >= 64 { kept.removeFirst() }
            kept.append(exchange)
        }
    }
}
