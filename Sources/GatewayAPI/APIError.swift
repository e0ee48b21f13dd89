// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why the API could not start or stopped.
public struct APIError: DiagnosedError, Hashable {
    /// The stable name of an error; open to new ones.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// `api.<what>`.
        public let rawValue: String
        /// Wraps a code.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// An address other than loopback.
        public static let notLoopback = Code(rawValue: "api.not_loopback")
        /// The port is taken, or may not be used.
        public static let cannotListen = Code(rawValue: "api.cannot_listen")
    }
    /// Which error.
    public var code: Code
    /// The whole finding.
    public var diagnostic: Diagnostic
    /// Makes an error.
    public init(_ code: Code, _ what: String, consequence: String? = nil, remedy: String) {
        self.code = code
        diagnostic = Diagnostic(code: code.rawValue, what: what, consequence: consequence, remedy: remedy)
    }
}

/// Where the API listens: a loopback address and a port.
///
/// Until callers can be registered, everyone who reaches the port may ask; so only this machine can reach it.
public struct LoopbackAddress: Sendable, Hashable {
    /// `127.0.0.1`, another address of 127.0.0.0/8, or `::1`.
    public let host: String
    /// The port; 0 takes any free one.
    public let port: Int

    /// Accepts loopback addresses and `localhost`.
    ///
    /// Throws: `api.not_loopback` for any other host.
    public init(host: String, port: Int) throws(APIError) {
        let bare = host == "localhost" ? "127.0.0.1" : host == "[::1]" ? "::1" : host
        guard LoopbackAddress.isLoopback(bare) else {
            throw APIError(
                .notLoopback, "the API may not listen on this address: it is not a loopback address",
                consequence: "Nothing was started",
                remedy:
                    "Listen on 127.0.0.1 or ::1. Callers cannot be registered yet, so everyone who reaches the port "
                    + "could read licences; let business systems on other machines come through an SSH tunnel")
        }
        guard (0...65535).contains(port) else {
            throw APIError(.cannotListen, "a port lies between 0 and 65535", remedy: "Correct the port")
        }
        self.host = bare
        self.port = port
    }

    static func isLoopback(_ host: String) -> Bool {
        if host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { part in
            part.count <= 3 && !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
                && Int(part).map { $0 <= 255 } == true
        }
    }

    /// True when a Host header names this machine by a loopback name, with or without a port.
    static func names(_ authority: String) -> Bool {
        var host = Substring(authority)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            host = host[host.index(after: host.startIndex)..<end]
        } else if let colon = host.lastIndex(of: ":") {
            host = host[..<colon]
        }
        return host.lowercased() == "localhost" || isLoopback(String(host))
    }
}
