// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// One request to one address.
public struct ExchangeRequest: Sendable {
    /// User name and password for basic authentication, sent to the declared origin only.
    public struct Basic: Sendable, Hashable {
        /// The user.
        public var user: String
        /// The password.
        public var password: Secret
        /// Makes credentials.
        public init(user: String, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    /// The method.
    public var method: HTTPMethod
    /// The whole address: `http` or `https`, without user or password.
    public var url: String
    /// The header fields.
    public var headers: HeaderFields
    /// The body.
    public var body: [UInt8]?
    /// What this exchange may cost.
    public var limits: ExchangeLimits
    /// Whom to trust and who we are.
    public var security: ExchangeSecurity
    /// Basic authentication.
    public var basic: Basic?
    /// The surroundings, for errors; method and path are added.
    public var place: Place

    /// Makes a request.
    public init(
        _ method: HTTPMethod = .get, url: String, headers: HeaderFields = [:], body: [UInt8]? = nil,
        limits: ExchangeLimits = ExchangeLimits(), security: ExchangeSecurity = ExchangeSecurity(),
        basic: Basic? = nil, place: Place = Place()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
        self.security = security
        self.basic = basic
        self.place = place
    }
}

/// What one exchange may cost at most.
///
/// Shape: time counts on the transport's clock. Time in which the reader of a stream holds the source back counts for
/// neither `total` nor `stall`. Waiting for a free place counts separately: longer than `total` is `transport.busy`.
public struct ExchangeLimits: Sendable, Hashable {
    /// Until the connection, TLS included, is open.
    public var connect: Duration
    /// From the start to the last byte, redirects included.
    public var total: Duration
    /// The longest silence once connected.
    public var stall: Duration
    /// The body after decompression.
    public var responseBytes: ByteCount
    /// All header lines together.
    public var headerBytes: ByteCount
    /// Redirects followed within the declared origin.
    public var redirectsMax: Int
    /// Exchanges with this host at the same time.
    public var inFlightPerHost: Int

    /// Makes limits.
    public init(
        connect: Duration = .seconds(5), total: Duration = .seconds(30), stall: Duration = .seconds(10),
        responseBytes: ByteCount = .mebibytes(8), headerBytes: ByteCount = .kibibytes(64), redirectsMax: Int = 3,
        inFlightPerHost: Int = 4
    ) {
        self.connect = connect
        self.total = total
        self.stall = stall
        self.responseBytes = responseBytes
        self.headerBytes = headerBytes
        self.redirectsMax = redirectsMax
        self.inFlightPerHost = inFlightPerHost
    }
}

/// Whom to trust and who we are: files, never inline.
///
/// Limits: there is no way to switch verification off.
public struct ExchangeSecurity: Sendable, Hashable {
    /// A file of certificate authorities (PEM) that replaces the system's.
    public var certificateAuthorityFile: String?
    /// Our certificate (PEM).
    public var clientCertificateFile: String?
    /// The key of our certificate (PEM).
    public var clientKeyFile: String?
    /// The password of that key.
    public var clientKeyPassword: Secret?

    /// Makes security settings; without any, the system's authorities are trusted.
    public init(
        certificateAuthorityFile: String? = nil, clientCertificateFile: String? = nil, clientKeyFile: String? = nil,
        clientKeyPassword: Secret? = nil
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.clientCertificateFile = clientCertificateFile
        self.clientKeyFile = clientKeyFile
        self.clientKeyPassword = clientKeyPassword
    }
}

/// What the whole transport may use.
public struct TransportLimits: Sendable, Hashable {
    /// Exchanges at the same time.
    public var maxInFlight: Int
    /// Exchanges at the same time with one host and port; a request may ask for fewer.
    public var maxPerHost: Int
    /// Exchanges that wait for a free place; one more is refused with `transport.busy`.
    public var maxWaiting: Int
    /// Idle connections kept open.
    public var connectionsKept: Int
    /// How far the reader of a stream may be behind before the source is held back.
    public var streamAhead: ByteCount

    /// Makes limits.
    public init(
        maxInFlight: Int = 256, maxPerHost: Int = 16, maxWaiting: Int = 4096, connectionsKept: Int = 64,
        streamAhead: ByteCount = .kibibytes(256)
    ) {
        self.maxInFlight = maxInFlight
        self.maxPerHost = maxPerHost
        self.maxWaiting = maxWaiting
        self.connectionsKept = connectionsKept
        self.streamAhead = streamAhead
    }
}

extension ExchangeRequest: CustomStringConvertible, CustomReflectable {
    /// Method and path only: query, headers and body may hold anything.
    public var description: String {
        guard let target = try? RequestTarget(url) else { return method.rawValue }
        return target.place(method)
    }
    /// A mirror without children, so that `dump` shows no value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
