// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Something that makes HTTP exchanges: libcurl in the gateway, recorded answers in a test.
///
/// Shape: an answer of any status is an answer; only an exchange that did not end with one throws.
/// Throws: `transport.cancelled` as soon as the surrounding task is cancelled, with the connection closed.
public protocol HTTPExchanging: Sendable {
    /// One exchange with the whole body in memory, bounded by the request's limits.
    func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse
    /// One exchange whose body is read in chunks as it comes; the source is held back while nobody reads.
    func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange
}

/// The method of a request.
public enum HTTPMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Asks or submits with a body.
    case post = "POST"
    /// Replaces.
    case put = "PUT"
    /// Changes in part.
    case patch = "PATCH"
    /// Deletes.
    case delete = "DELETE"
    /// Reads the head only.
    case head = "HEAD"
}

/// What an observer is told of every exchange that was started, also of the failing ones.
public struct ObservedExchange: Sendable {
    /// Where it went: the request's place, with method and path.
    public var place: Place
    /// Times, bytes and certificate.
    public var receipt: ExchangeReceipt
    /// The status, when a head came.
    public var status: Int?
    /// What went wrong, when it did.
    public var failure: TransportError?

    /// Makes an observation.
    public init(place: Place, receipt: ExchangeReceipt, status: Int?, failure: TransportError?) {
        self.place = place
        self.receipt = receipt
        self.status = status
        self.failure = failure
    }
}

/// Keeps what exchanges tell about the health of an interface.
public protocol ExchangeObserving: Sendable {
    /// One exchange has ended.
    ///
    /// Limits: called on the transport's own thread, so it must not block.
    func observe(_ exchange: ObservedExchange)
}
