// SPDX-License-Identifier: Apache-2.0
import CCurl

/// An address taken apart by the same parser that fetches it, so that no two readings of it can differ.
struct RequestTarget: Sendable, Hashable {
    enum Refusal: String, Error {
        case tooLong = "longer than 8000 bytes"
        case unreadable = "not a whole address"
        case scheme = "neither http nor https"
        case userInfo = "holds a user or password"
    }

    static let longest = 8_000

    /// The address as it is sent, without a fragment.
    let url: String
    let scheme: String
    let host: String
    let port: String
    /// Percent-encoded, starts with `/`.
    let path: String
    /// Percent-encoded, without the `?`.
    let query: String?

    /// What a redirect must not leave: scheme, host and port.
    var origin: String { "\(scheme)://\(host):\(port)" }
    var isTLS: Bool { scheme == "https" }

    init(_ text: String) throws(Refusal) { self = try RequestTarget.read(text, from: nil) }

    /// The address that a `Location` field means here.
    func redirected(to location: String) throws(Refusal) -> RequestTarget {
        try RequestTarget.read(location, from: url)
    }

    /// Method and path, bounded, without query and path parameters.
    func place(_ method: HTTPMethod) -> String {
        let shown = path.prefix { $0 != ";" }
        return "\(method.rawValue) \(shown.count > 200 ? shown.prefix(200) + "…" : shown)"
    }

    /// The query's names and values, decoded.
    var queryItems: [(name: String, value: String)] {
        (query ?? "").split(separator: "&", omittingEmptySubsequences: true).map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (RequestTarget.decoded(parts[0]), parts.count > 1 ? RequestTarget.decoded(parts[1]) : "")
        }
    }

    /// The host in words that cannot smuggle anything into a log.
    var hostShown: String {
        let allowed = host.prefix(100).map { character in
            character.isASCII && (character.isLetter || character.isNumber || ".-:[]".contains(character))
                ? character : "?"
        }
        return String(allowed)
    }

    private init(url: String, scheme: String, host: String, port: String, path: String, query: String?) {
        self.url = url
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    private static func read(_ text: String, from base: String?) throws(Refusal) -> RequestTarget {
        guard text.utf8.count <= longest else { throw .tooLong }
        guard let handle = curl_url() else { throw .unreadable }
        defer { curl_url_cleanup(handle) }
        if let base { guard curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK else { throw .unreadable } }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
        // libcurl takes `http:///a/b` for the host `a`; we do not.
        guard !text.utf8.contains(where: { $0 <= 32 || $0 == 127 }), !RequestTarget.hasEmptyHost(text),
            curl_url_set(handle, CURLUPART_URL, text, flags | UInt32(CURLU_URLENCODE)) == CURLUE_OK
        else { throw .unreadable }
        guard let scheme = part(handle, CURLUPART_SCHEME)?.lowercased(), scheme == "http" || scheme == "https" else {
            throw .scheme
        }
        guard part(handle, CURLUPART_USER) == nil, part(handle, CURLUPART_PASSWORD) == nil else { throw .userInfo }
        _ = curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        guard let host = part(handle, CURLUPART_HOST)?.lowercased(), !host.isEmpty,
            let port = part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)), let url = part(handle, CURLUPART_URL)
        else { throw .unreadable }
        return RequestTarget(
            url: url, scheme: scheme, host: host, port: port, path: part(handle, CURLUPART_PATH) ?? "/",
            query: part(handle, CURLUPART_QUERY))
    }

    private static func hasEmptyHost(_ text: String) -> Bool {
        let start = text.prefix(9).lowercased()
        return start.hasPrefix("http:///") || start.hasPrefix("https:///") || start.hasPrefix("///")
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
