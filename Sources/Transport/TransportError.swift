// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// An exchange that did not end with an answer.
///
/// Shape: carries method and path, never the query, a header value or a byte of a body.
public struct TransportError: DiagnosedError {
    /// What went wrong, by its stable name.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The host's name was not found.
        case nameUnresolved = "transport.name_unresolved"
        /// No connection could be opened.
        case connectRefused = "transport.connect_refused"
        /// No connection within the limit.
        case connectTimeout = "transport.connect_timeout"
        /// Not finished within the limit.
        case totalTimeout = "transport.total_timeout"
        /// No byte for as long as the limit says.
        case stalled = "transport.stalled"
        /// The server's certificate is not trusted.
        case tlsUntrusted = "transport.tls_untrusted"
        /// The server's certificate is for another name.
        case tlsNameMismatch = "transport.tls_name_mismatch"
        /// Our certificate is missing, unusable or refused.
        case tlsClientCertificate = "transport.tls_client_certificate"
        /// No TLS was agreed, and no certificate is the reason.
        case tlsHandshake = "transport.tls_handshake"
        /// The connection was torn down.
        case reset = "transport.reset"
        /// The answer ended before its declared end.
        case truncated = "transport.truncated"
        /// Body or headers are over the limit.
        case responseTooLarge = "transport.response_too_large"
        /// A redirect leads outside the declared origin.
        case redirectRefused = "transport.redirect_refused"
        /// Redirects go in a circle or are too many.
        case redirectLoop = "transport.redirect_loop"
        /// The address is not one we ask.
        case urlRefused = "transport.url_refused"
        /// A header field of the request cannot be sent.
        case headerRefused = "transport.header_refused"
        /// The compressed body cannot be decompressed.
        case decodingFailed = "transport.decoding_failed"
        /// What came is not well-formed HTTP.
        case notHTTP = "transport.not_http"
        /// The caller gave up, or the transport was shut down.
        case cancelled = "transport.cancelled"
        /// Too many exchanges wait already.
        case busy = "transport.busy"
        /// A call breaks the contract.
        case misuse = "transport.misuse"
        /// Something else, named as libcurl names it.
        case other = "transport.other"
    }

    /// The layer that failed, from the bottom up.
    public enum Layer: String, Sendable, Hashable, Codable, CaseIterable {
        /// Finding the address of the name.
        case nameResolution = "name_resolution"
        /// Opening the connection.
        case connect
        /// Agreeing on TLS.
        case tls
        /// Request, head and redirects.
        case http
        /// The body.
        case body
    }

    /// What went wrong.
    public var code: Code
    /// The layer that failed; nil when the failure is ours and says nothing about the source.
    public var layer: Layer?
    /// Where: the request's place with method and path.
    public var place: Place
    /// libcurl's name of its code, for `other`.
    public var curlCode: String?
    /// More about it, in words that hold no value of a request or an answer.
    public var detail: String?
    /// Times, bytes and certificate; nil when nothing was sent.
    public var receipt: ExchangeReceipt?

    /// Makes an error.
    public init(
        _ code: Code, layer: Layer? = nil, place: Place = Place(), curlCode: String? = nil, detail: String? = nil,
        receipt: ExchangeReceipt? = nil
    ) {
        self.code = code
        self.layer = layer
        self.place = place
        self.curlCode = curlCode
        self.detail = detail
        self.receipt = receipt
    }

    /// Whether the same request may succeed later without anybody doing anything.
    ///
    /// Limits: says nothing about whether sending it twice is harmless; that is the caller's to know.
    public var isRetriable: Bool {
        switch code {
        case .nameUnresolved, .connectRefused, .connectTimeout, .totalTimeout, .stalled, .tlsHandshake, .reset,
            .truncated, .busy:
            true
        default: false
        }
    }

    /// The finding in the four parts a person needs.
    public var diagnostic: Diagnostic {
        let words = code.words
        var what = words.what
        if let curlCode { what += " (\(curlCode))" }
        if let detail { what += ": \(detail)" }
        return Diagnostic(
            code: code.rawValue, what: what, place: place,
            consequence: code.concernsSource ? "Nothing of this answer was used." : "Nothing was sent.",
            remedy: words.remedy)
    }
}
