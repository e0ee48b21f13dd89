// SPDX-License-Identifier: Apache-2.0

/// Reads the part of JSONPath that is understood so far: names, indexes and wildcards; refuses the rest by column.
struct JSONPathSyntax {
    enum Kind: Hashable, Sendable {
        case name([UInt8])
        case index(Int)
        case wildcard
    }

    struct Step: Hashable, Sendable {
        var kind: Kind
        /// Offset of the step in the path.
        var at: Int
    }

    private let text: String
    private let bytes: [UInt8]
    private var at = 0

    private init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    static func steps(_ text: String) throws(DocumentError) -> [Step] {
        var reader = JSONPathSyntax(text)
        return try reader.steps()
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func fail(_ detail: String, at place: Int? = nil) -> DocumentError {
        PathSyntax.error(text, place ?? at, detail)
    }

    private mutating func steps() throws(DocumentError) -> [Step] {
        guard next == UInt8(ascii: "$") else { throw fail("a JSON path starts with `$`") }
        at += 1
        var steps: [Step] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "."): steps.append(try dotted())
            case UInt8(ascii: "["): steps.append(try bracketed())
            default: throw fail("`.` or `[` is expected here")
            }
        }
        return steps
    }

    private mutating func dotted() throws(DocumentError) -> Step {
        let start = at
        at += 1
        guard let byte = next else { throw fail("a name is missing after the dot") }
        if byte == UInt8(ascii: ".") { throw fail("`..` is not supported; write the whole way", at: start) }
        if byte == UInt8(ascii: "*") {
            at += 1
            return Step(kind: .wildcard, at: start)
        }
        let from = at
        while let byte = next, isNameByte(byte, first: at == from) { at += 1 }
        guard at > from else { throw fail("a name is expected here; names with other characters go in `['…']`") }
        if let byte = next, byte != UInt8(ascii: "."), byte != UInt8(ascii: "[") {
            if byte == UInt8(ascii: "(") { throw fail("functions are not supported") }
            throw fail("this character is not allowed in a bare name; write `['…']`")
        }
        return Step(kind: .name(Array(bytes[from..<at])), at: start)
    }

    private func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
        case 0x30...0x39: !first
        default: false
        }
    }

    private mutating func bracketed() throws(DocumentError) -> Step {
        let start = at
        at += 1
        skipBlanks()
        guard let byte = next else { throw fail("`]` is missing") }
        let kind: Kind
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): kind = .name(try quoted(byte))
        case UInt8(ascii: "*"):
            at += 1
            kind = .wildcard
        case UInt8(ascii: "?"): throw fail("filters are not supported yet")
        case UInt8(ascii: ":"): throw fail("slices are not supported yet")
        case UInt8(ascii: "-"), 0x30...0x39: kind = .index(try index())
        default: throw fail("a name in quotes, an index or `*` is expected here")
        }
        skipBlanks()
        guard next == UInt8(ascii: "]") else {
            switch next {
            case UInt8(ascii: ","): throw fail("several selectors in one bracket are not supported yet")
            case UInt8(ascii: ":"): throw fail("slices are not supported yet")
            default: throw fail("`]` is expected here")
            }
        }
        at += 1
        return Step(kind: kind, at: start)
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    private mutating func index() throws(DocumentError) -> Int {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let digits = at
        while let byte = next, byte >= 0x30, byte <= 0x39 { at += 1 }
        let word = String(decoding: bytes[start..<at], as: UTF8.self)
        let leadingZero = at - digits > 1 && bytes[digits] == 0x30
        guard at > digits, !leadingZero, word != "-0", let value = Int(word), abs(value) < 1 << 53 else {
            throw fail("this is not an index", at: start)
        }
        return value
    }

    private mutating func quoted(_ quote: UInt8) throws(DocumentError) -> [UInt8] {
        let start = at
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
