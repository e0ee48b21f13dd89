// SPDX-License-Identifier: Apache-2.0

/// Reads JSONPath by the grammar of RFC 9535; refuses what is not in it, by column.
///
/// Limits: 4 KiB of text, 32 levels of brackets and parentheses.
struct JSONPathParser {
    let text: String
    let bytes: [UInt8]
    var at = 0
    var depth = 0
    static let bytesMax = 4096
    static let depthMax = 32

    private init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    static func query(_ text: String) throws(DocumentError) -> JSONPathQuery {
        var parser = JSONPathParser(text)
        guard parser.bytes.count <= bytesMax else { throw parser.fail("a path of more than 4096 bytes", at: 0) }
        guard parser.next == UInt8(ascii: "$") else { throw parser.fail("a JSON path starts with `$`") }
        parser.at += 1
        let query = JSONPathQuery(isRelative: false, segments: try parser.segments())
        guard parser.next == nil else { throw parser.fail("`.` or `[` is expected here") }
        return query
    }

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    func fail(_ detail: String, at place: Int? = nil) -> DocumentError {
        PathSyntax.error(text, place ?? at, detail)
    }

    /// Whether these characters stand here; takes nothing.
    func sees(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        for index in 0..<count where bytes[at + index] != word.utf8Start[index] { return false }
        return true
    }

    mutating func take(_ word: StaticString) -> Bool {
        guard sees(word) else { return false }
        at += word.utf8CodeUnitCount
        return true
    }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    /// Any number of segments; blanks stand between them, not after the last.
    mutating func segments() throws(DocumentError) -> [JSONPathQuery.Segment] {
        var result: [JSONPathQuery.Segment] = []
        while true {
            let before = at
            skipBlanks()
            guard let byte = next, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") else {
                at = before
                return result
            }
            result.append(try segment())
        }
    }

    private mutating func segment() throws(DocumentError) -> JSONPathQuery.Segment {
        let start = at
        if next == UInt8(ascii: "[") {
            return .init(isDescendant: false, selectors: try bracketed(), at: start)
        }
        at += 1
        let isDescendant = next == UInt8(ascii: ".")
        if isDescendant { at += 1 }
        if isDescendant, next == UInt8(ascii: "[") {
            return .init(isDescendant: true, selectors: try bracketed(), at: start)
        }
        let place = at
        if take("*") {
            return .init(isDescendant: isDescendant, selectors: [.init(kind: .wildcard, at: place)], at: start)
        }
        let name = try bareName()
        return .init(isDescendant: isDescendant, selectors: [.init(kind: .name(name), at: place)], at: start)
    }

    private mutating func bareName() throws(DocumentError) -> [UInt8] {
        guard next != nil else { throw fail("a name is missing after the dot") }
        let from = at
        while let byte = next, isNameByte(byte, first: at == from) { at += 1 }
        guard at > from else { throw fail("a name is expected here; names with other characters go in `['…']`") }
        if let byte = next, byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@") {
            throw fail("this character is not allowed in a bare name; write `['…']`")
        }
        return Array(bytes[from..<at])
    }

    private func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
        case 0x30...0x39: !first
        default: false
        }
    }

    private mutating func bracketed() throws(DocumentError) -> [JSONPathQuery.Selector] {
        try deeper()
        defer { depth -= 1 }
        at += 1
        var selectors: [JSONPathQuery.Selector] = []
        while true {
            skipBlanks()
            selectors.append(try selector())
            skipBlanks()
            if take(",") { continue }
            guard take("]") else { throw fail(next == nil ? "`]` is missing" : "`]` or `,` is expected here") }
            return selectors
        }
    }

    mutating func deeper() throws(DocumentError) {
        depth += 1
        guard depth <= Self.depthMax else { throw fail("nested deeper than 32 levels") }
    }

    private mutating func selector() throws(DocumentError) -> JSONPathQuery.Selector {
        let start = at
        guard let byte = next else { throw fail("`]` is missing") }
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .init(kind: .name(try quoted()), at: start)
        case UInt8(ascii: "*"):
            at += 1
            return .init(kind: .wildcard, at: start)
        case UInt8(ascii: "?"):
            at += 1
            skipBlanks()
            return .init(kind: .filter(try logical()), at: start)
        case UInt8(ascii: ":"), UInt8(ascii: "-"), 0x30...0x39: return .init(kind: try indexOrSlice(), at: start)
        default: throw fail("a name in quotes, an index, a slice, `*` or a filter `?…` is expected here")
        }
    }

    private mutating func indexOrSlice() throws(DocumentError) -> JSONPathQuery.Kind {
        var first: Int?
        if next != UInt8(ascii: ":") { first = try integer() }
        let afterFirst = at
        skipBlanks()
        guard take(":") else {
            at = afterFirst
            guard let first else { throw fail("this is not an index") }
            return .index(first)
        }
        skipBlanks()
        var last: Int?
        if let byte = next, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) {
            last = try integer()
            skipBlanks()
        }
        var step = 1
        if take(":") {
            skipBlanks()
            if let byte = next, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) { step = try integer() }
        }
        return .slice(start: first, end: last, step: step)
    }

    private mutating func integer() throws(DocumentError) -> Int {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let digits = at
        while let byte = next, byte >= 0x30, byte <= 0x39 { at += 1 }
        let word = String(decoding: bytes[start..<at], as: UTF8.self)
        let leadingZero = at - digits > 1 && bytes[digits] == 0x30
        guard at > digits, !leadingZero, word != "-0", let value = Int(word), value.magnitude < 1 << 53 else {
            throw fail("this is not an index", at: start)
        }
        return value
    }

    /// A text in single or double quotes, its escapes undone.
    mutating func quoted() throws(DocumentError) -> [UInt8] {
        let start = at
        guard let quote = next else { throw fail("a text in quotes is expected here") }
        at += 1
        var content: [UInt8] = []
        while let byte = next {
            if byte == quote {
                at += 1
                return content
            }
            if byte < 0x20 { throw fail("a control character in a name") }
            guard byte == UInt8(ascii: "\\") else {
                content.append(byte)
                at += 1
                continue
            }
            try escape(quote, into: &content)
        }
        throw fail("the quote is not closed", at: start)
    }

    private mutating func escape(_ quote: UInt8, into content: inout [UInt8]) throws(DocumentError) {
        guard at + 1 < bytes.count else { throw fail("an escape is cut off") }
        if bytes[at + 1] == quote {
            content.append(quote)
            at += 2
            return
        }
        // The rest are JSON's escapes; the scanner of strings knows them, closed by a quote of its own.
        let rest = Array(bytes[at..<min(at + 12, bytes.count)])
        for length in [2, 6, 12] where length <= rest.count {
            let candidate = rest[..<length] + [0x22]
            let token = candidate.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { JSONText.string($0, 0, buffer.count) }
            }
            if let token, token.end == candidate.count, token.fault == nil, rest[1] != 0x22 {
                content.append(contentsOf: JSONText.unescaped(rest[..<length]))
                at += length
                return
            }
        }
        throw fail("this escape is not known")
    }
}
