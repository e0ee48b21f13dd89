// SPDX-License-Identifier: Apache-2.0

/// Looks through an XPath expression for names that cannot mean anything: libxml2 finds those only when it meets them.
struct XPathWords {
    /// XPath 1.0, section 4.
    private static let functions: Set<String> = [
        "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with",
        "contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space",
        "translate", "boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round",
    ]
    private static let nodeTests: Set<String> = ["comment", "text", "processing-instruction", "node"]
    private static let axes: Set<String> = [
        "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
        "following-sibling", "parent", "preceding", "preceding-sibling", "self",
    ]

    private let text: String
    private let bytes: [UInt8]
    private let prefixes: Set<String>
    private var at = 0

    init(_ text: String, prefixes: Set<String>) {
        self.text = text
        bytes = Array(text.utf8)
        self.prefixes = prefixes
    }

    /// Throws: `document.path_syntax` at the name that means nothing.
    mutating func check() throws(DocumentError) {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): try skipLiteral()
            case UInt8(ascii: "$"): throw PathSyntax.error(text, at, "there are no variables here")
            case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: try word()
            // A number's digits are no start of a name.
            case 0x30...0x39: while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
            default: at += 1
            }
        }
    }

    private mutating func skipLiteral() throws(DocumentError) {
        let start = at
        guard let end = bytes[(at + 1)...].firstIndex(of: bytes[at]) else {
            throw PathSyntax.error(text, start, "the quote is not closed")
        }
        at = end + 1
    }

    private mutating func name() -> String {
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF, 0x2D, 0x2E, 0x30...0x39: at += 1
            default: return String(decoding: bytes[start..<at], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private func following(_ place: Int) -> UInt8? {
        bytes[place...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }

    private mutating func word() throws(DocumentError) {
        let start = at
        let first = name()
        if at + 1 < bytes.count, bytes[at] == UInt8(ascii: ":"), bytes[at + 1] == UInt8(ascii: ":") {
            guard Self.axes.contains(first) else {
                throw PathSyntax.error(text, start, "there is no axis `\(first)` here")
            }
            at += 2
            return
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ":") {
            guard prefixes.contains(first) else {
                throw PathSyntax.error(text, start, "the prefix `\(first)` is not in the map of namespaces")
            }
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "*") {
                at += 1
                return
            }
            _ = name()
            if following(at) == UInt8(ascii: "(") {
                throw PathSyntax.error(text, start, "there are no functions with a prefix")
            }
            return
        }
        guard following(at) == UInt8(ascii: "(") else { return }
        let isOperator = ["and", "or", "mod", "div"].contains(first)
        guard isOperator || Self.functions.contains(first) || Self.nodeTests.contains(first) else {
            throw PathSyntax.error(text, start, "XPath 1.0 has no function `\(first)`")
        }
    }
}
