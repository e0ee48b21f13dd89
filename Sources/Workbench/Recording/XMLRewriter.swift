// SPDX-License-Identifier: Apache-2.0

/// Walks XML's bytes, rewriting its values.
///
/// Bytes, not characters: a joiner or an accent at the beginning of a value makes one character of itself and the `>` or
/// the quote before it, and whoever looks for those would take the value for markup.
struct XMLRewriter {
    private let bytes: [UInt8]
    private let replace: ValueRewriter.Replace
    private var names: [String]
    private var out: [UInt8] = []

    init(bytes: [UInt8], prefix: String, replace: @escaping ValueRewriter.Replace) {
        self.bytes = bytes
        self.replace = replace
        names = prefix.isEmpty ? [] : [prefix]
    }

    mutating func run() -> String {
        var at = 0
        while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            characters(at..<open)
            if starts("<!--", at: open) {
                at = end(of: "-->", from: open + 4)
            } else if starts("<![CDATA[", at: open) {
                at = end(of: "]]>", from: open + 9)
                let inside = open + 9..<max(open + 9, starts("]]>", at: at - 3) ? at - 3 : at)
                out += Array("<![CDATA[\(value(text(inside), names).replacingCDATAEnd)]]>".utf8)
            } else if starts("<?", at: open) {
                at = end(of: "?>", from: open + 2)
                if starts("<?xml ", at: open) { out += bytes[open..<at] }
            } else if let close = tagEnd(from: open) {
                at = close + 1
                if bytes[open + 1] != UInt8(ascii: "!") { tag(open..<at) }
            } else {
                break
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func tag(_ range: Range<Int>) {
        if bytes[range.lowerBound + 1] == UInt8(ascii: "/") {
            if !names.isEmpty { names.removeLast() }
            out += bytes[range]
            return
        }
        let name = bytes[range].dropFirst().prefix {
            !isBlank($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">")
        }
        let path = names + [ValueRewriter.local(String(decoding: name, as: UTF8.self))]
        attributes(range, path)
        if bytes[range.upperBound - 2] != UInt8(ascii: "/") { names = path }
    }

    /// Attributes whose values are words of XML itself.
    private static let declarations: Set<String> = [
        "xmlns", "xml:lang", "xml:space", "xsi:type", "xsi:nil", "xsi:schemaLocation", "xsi:noNamespaceSchemaLocation",
    ]

    private mutating func attributes(_ tag: Range<Int>, _ path: [String]) {
        var at = tag.lowerBound
        while let equals = bytes[at..<tag.upperBound].firstIndex(of: UInt8(ascii: "=")) {
            guard let open = bytes[(equals + 1)..<tag.upperBound].firstIndex(where: { !isBlank($0) }),
                bytes[open] == UInt8(ascii: "\"") || bytes[open] == UInt8(ascii: "'"),
                let close = bytes[(open + 1)..<tag.upperBound].firstIndex(of: bytes[open])
            else { break }
            let name =
                bytes[at..<equals].split(whereSeparator: isBlank).last.map { String(decoding: $0, as: UTF8.self) } ?? ""
            out += bytes[at...open]
            let written = text(open + 1..<close)
            let isDeclaration = name.hasPrefix("xmlns:") || Self.declarations.contains(name)
            let made =
                isDeclaration
                ? written
                : ValueRewriter.escaped(
                    value(ValueRewriter.unescaped(written), path + ["@" + ValueRewriter.local(name)]))
            out += Array(made.utf8)
            at = close
        }
        out += bytes[at..<tag.upperBound]
    }

    private mutating func characters(_ range: Range<Int>) {
        guard bytes[range].contains(where: { !isBlank($0) }) else {
            out += bytes[range]
            return
        }
        out += Array(ValueRewriter.escaped(value(ValueRewriter.unescaped(text(range)), names)).utf8)
    }

    private func value(_ text: String, _ names: [String]) -> String {
        let path = names.joined(separator: "/")
        return ValueRewriter.embedded(text, path, replace)
            ?? replace(MetValue(path: path, text: text, isNumber: false))
    }

    /// The `>` that closes the tag here: one inside quotes does not.
    private func tagEnd(from: Int) -> Int? {
        var quote: UInt8?
        return bytes[from...].firstIndex { byte in
            if let open = quote {
                if byte == open { quote = nil }
                return false
            }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
            return byte == UInt8(ascii: ">")
        }
    }

    // MARK: - Bytes

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func starts(_ words: String, at: Int) -> Bool {
        at >= 0 && at < bytes.count && bytes[at...].starts(with: words.utf8)
    }

    /// Behind the next place of these words, or the end.
    private func end(of words: String, from: Int) -> Int {
        let wanted = Array(words.utf8)
        var at = min(from, bytes.count)
        while let next = bytes[at...].firstIndex(of: wanted[0]) {
            if bytes[next...].starts(with: wanted) { return next + wanted.count }
            at = next + 1
        }
        return bytes.count
    }
}

extension String {
    /// A CDATA section cannot hold its own end.
    fileprivate var replacingCDATAEnd: String { components("]]>").joined(separator: "]] >") }
}
