// SPDX-License-Identifier: Apache-2.0

/// The request that brought a sample, as a person knows it.
public struct RequestSample: Sendable {
    /// GET or POST.
    public var method: String
    /// The whole address, or only its path.
    public var url: String
    /// The body of a POST.
    public var body: String?
    /// The SOAP action, when there is one.
    public var action: String?
    /// The content type of the body, when it is known.
    public var contentType: String?

    /// Describes a request.
    public init(
        method: String = "GET", url: String, body: String? = nil, action: String? = nil, contentType: String? = nil
    ) {
        self.method = method
        self.url = url
        self.body = body
        self.action = action
        self.contentType = contentType
    }

    /// `https://host:port`, when the address is whole.
    var origin: String? {
        guard let scheme = url.firstRange(ofText: "://") else { return nil }
        let rest = url[scheme.upperBound...]
        return String(url[..<scheme.upperBound]) + rest.prefix { $0 != "/" && $0 != "?" }
    }

    /// The path, `/` at least.
    var path: String {
        var rest = Substring(url)
        if let scheme = url.firstRange(ofText: "://") {
            rest = url[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
        }
        let path = String(rest.prefix { $0 != "?" && $0 != "#" })
        return path.hasPrefix("/") ? path : "/" + path
    }

    /// The query, decoded.
    var query: [(name: String, value: String)] {
        guard let mark = url.firstIndex(of: "?") else { return [] }
        return RequestSample.pairs(String(url[url.index(after: mark)...].prefix { $0 != "#" }))
    }

    static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").prefix(64).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(String(parts[0])), parts.count > 1 ? decoded(String(parts[1])) : "")
        }
    }

    /// A name or value as it stands in a query.
    static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let plain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95, 126].contains(byte)
            if plain {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                out += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return out
    }

    static func decoded(_ text: String, plusIsSpace: Bool = true) -> String {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            if bytes[at] == 37, at + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[at + 1...at + 2], as: UTF8.self), radix: 16)
            {
                out.append(value)
                at += 3
            } else {
                out.append(bytes[at] == 43 && plusIsSpace ? 32 : bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension StringProtocol {
    /// The first place of a short text.
    func firstRange(ofText text: String) -> Range<Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
            at = index(after: at)
        }
        return nil
    }

    /// The last place of a short text.
    func lastRange(ofText text: String) -> Range<Index>? {
        var found: Range<Index>?
        var at = startIndex
        while let range = self[at...].firstRange(ofText: text) {
            found = range
            at = range.upperBound
        }
        return found
    }
}

extension String {
    /// The text with a part replaced.
    func replacing(_ range: Range<Index>, _ text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
