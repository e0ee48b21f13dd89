// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A whole answer.
public struct ExchangeResponse: Sendable {
    /// The status, any.
    public var status: Int
    /// The header fields of the last answer (after redirects).
    public var headers: HeaderFields
    /// The body, decompressed.
    public var body: [UInt8]
    /// Times, bytes and certificate.
    public var receipt: ExchangeReceipt

    /// Makes an answer.
    public init(status: Int, headers: HeaderFields, body: [UInt8], receipt: ExchangeReceipt) {
        self.status = status
        self.headers = headers
        self.body = body
        self.receipt = receipt
    }
}

/// An answer whose head is here and whose body is still coming.
///
/// Shape: dropping it, or the iterator made from it, closes the connection.
public struct StreamedExchange: Sendable {
    /// The status, any.
    public var status: Int
    /// The header fields of the last answer (after redirects).
    public var headers: HeaderFields
    /// The body, decompressed; for one reader.
    public var body: BodyStream

    /// Makes a streamed answer.
    public init(status: Int, headers: HeaderFields, body: BodyStream) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Times, bytes and certificate; nil until the body has been read to its end or has failed.
    public var receipt: ExchangeReceipt? { body.receipt }
}

/// What is kept of every exchange, also of the failing ones.
public struct ExchangeReceipt: Sendable, Hashable {
    /// Moments of an exchange, each counted from its start; nil when that point was not reached or not needed.
    public struct Timings: Sendable, Hashable {
        /// The name was resolved.
        public var nameLookup: Duration?
        /// The connection was open.
        public var connect: Duration?
        /// TLS was agreed.
        public var tls: Duration?
        /// The first byte of the answer came.
        public var firstByte: Duration?
        /// The end, redirects included.
        public var total: Duration
        /// Makes timings.
        public init(
            nameLookup: Duration? = nil, connect: Duration? = nil, tls: Duration? = nil, firstByte: Duration? = nil,
            total: Duration = .zero
        ) {
            self.nameLookup = nameLookup
            self.connect = connect
            self.tls = tls
            self.firstByte = firstByte
            self.total = total
        }
    }

    /// When it began.
    public var startedAt: Timestamp
    /// How long each part took.
    public var timings: Timings
    /// Bytes of the body, decompressed.
    public var bytesReceived: Int
    /// When the server's own certificate ends, as last seen from this origin.
    public var certificateExpiresAt: Timestamp?
    /// `1.0`, `1.1`; nil when no answer came.
    public var httpVersion: String?
    /// Redirects followed.
    public var redirects: Int
    /// Whether a kept connection was used.
    public var connectionReused: Bool
    /// Whether the head said where the body ends; without it, a cut body cannot be told from a whole one.
    public var bodyEndDeclared: Bool

    /// Makes a receipt.
    public init(
        startedAt: Timestamp, timings: Timings = Timings(), bytesReceived: Int = 0,
        certificateExpiresAt: Timestamp? = nil, httpVersion: String? = nil, redirects: Int = 0,
        connectionReused: Bool = false, bodyEndDeclared: Bool = true
    ) {
        self.startedAt = startedAt
        self.timings = timings
        self.bytesReceived = bytesReceived
        self.certificateExpiresAt = certificateExpiresAt
        self.httpVersion = httpVersion
        self.redirects = redirects
        self.connectionReused = connectionReused
        self.bodyEndDeclared = bodyEndDeclared
    }

    /// Whole days until the certificate ends, rounded down; negative once it has ended, nil without one.
    public func certificateDaysLeft(at moment: Timestamp) -> Int? {
        certificateExpiresAt.map { expiry in
            let left = expiry.milliseconds - moment.milliseconds
            let day: Int64 = 86_400_000
            return Int(left >= 0 ? left / day : (left - day + 1) / day)
        }
    }
}

extension ExchangeResponse: CustomStringConvertible, CustomReflectable {
    /// Status and size only.
    public var description: String { "\(status), \(body.count) bytes" }
    /// A mirror without children, so that `dump` shows no value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
