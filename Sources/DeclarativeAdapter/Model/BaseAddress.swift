// SPDX-License-Identifier: Apache-2.0

/// Scheme, host, port and base path of a source; the only origin its requests go to.
struct BaseAddress: Sendable, Hashable {
    let isSecure: Bool
    let host: String
    let port: Int?
    /// Without a slash at the end.
    let path: String

    /// Reads `https://host[:port][/path]`; a user, a query and a fragment are refused.
    init?(_ text: String) {
        var rest = Substring(text)
        if rest.hasPrefix("https://") {
            isSecure = true
            rest = rest.dropFirst(8)
        } else if rest.hasPrefix("http://") {
            isSecure = false
            rest = rest.dropFirst(7)
        } else {
            return nil
        }
        guard !rest.utf8.contains(where: { $0 <= 32 || $0 >= 127 || [63, 35, 64, 92].contains($0) }) else { return nil }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                return nil
            }
            port = number
            authority = authority[..<colon]
        }
        guard !authority.isEmpty else { return nil }
        host = authority.lowercased()
        self.port = port
        var path = String(rest[slash...])
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// True for `localhost`, `127.x.x.x` and `[::1]`.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// `scheme://host[:port]`.
    var origin: String { (isSecure ? "https://" : "http://") + host + (port.map { ":\($0)" } ?? "") }

    /// The port, the scheme's own when none was written.
    var effectivePort: Int { port ?? (isSecure ? 443 : 80) }

    /// The address of a path below this base.
    func url(_ path: String) -> String { origin + self.path + (path.hasPrefix("/") ? path : "/" + path) }

    /// Whether an address has the same scheme, host and port.
    func isSameOrigin(_ other: BaseAddress) -> Bool {
        isSecure == other.isSecure && host == other.host && effectivePort == other.effectivePort
    }
}
