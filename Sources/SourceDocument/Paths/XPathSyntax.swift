// SPDX-License-Identifier: Apache-2.0

/// Reads the part of XPath that is understood so far: child steps, attributes, `text()`, positions; refuses the rest.
struct XPathSyntax {
    enum Kind: Hashable, Sendable {
        /// Child elements; nil stands for any.
        case child(space: [UInt8]?, local: [UInt8]?)
        /// Attributes; nil stands for any.
        case attribute(space: [UInt8]?, local: [UInt8]?)
        case text
        case me
    }

    struct Step: Hashable, Sendable {
        var kind: Kind
        /// `[n]`: the n-th of those found under one parent.
        var ordinal: Int?
        /// Offset of the step in the path.
        var at: Int
    }

    private let source: String
    private let bytes: [UInt8]
    private let namespaces: [String: String]
    private var at = 0

    private init(_ source: String, _ namespaces: [String: String]) {
        self.source = source
        self.namespaces = namespaces
        bytes = Array(source.utf8)
    }

    static func parse(
        _ text: String, namespaces: [String: String]
    ) throws(DocumentError) -> (absolute: Bool, steps: [Step]) {
        var reader = XPathSyntax(text, namespaces)
        return try reader.path()
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func fail(_ detail: String, at place: Int? = nil) -> DocumentError {
        PathSyntax.error(source, place ?? at, detail)
    }

    private mutating func path() throws(DocumentError) -> (absolute: Bool, steps: [Step]) {
        guard !bytes.isEmpty else { throw fail("the path is empty") }
        let absolute = next == UInt8(ascii: "/")
        if absolute { at += 1 }
        var steps: [Step] = []
        while true {
            if next == UInt8(ascii: "/") {
                throw fail("`//` is not supported; write the whole way", at: max(at - 1, 0))
            }
            let step = try step()
            if case .attribute? = steps.last?.kind { throw fail("an attribute has no children", at: step.at) }
            if case .text? = steps.last?.kind { throw fail("a text has no children", at: step.at) }
            steps.append(step)
            guard let byte = next else { return (absolute, steps) }
            guard byte == UInt8(ascii: "/") else {
                throw fail(byte == UInt8(ascii: "[") ? "only one position is supported" : "`/` is expected here")
            }
            at += 1
        }
    }

    private mutating func step() throws(DocumentError) -> Step {
        let start = at
        guard let byte = next else { throw fail("a name is missing at the end") }
        var step: Step
        switch byte {
        case UInt8(ascii: "."):
            at += 1
            if next == UInt8(ascii: ".") { throw fail("`..` is not supported yet", at: start) }
            step = Step(kind: .me, at: start)
        case UInt8(ascii: "@"):
            at += 1
            let (space, local) = try name(usesDefault: false)
            step = Step(kind: .attribute(space: space, local: local), at: start)
        default:
            let (space, local) = try name(usesDefault: true)
            step = Step(kind: .child(space: space, local: local), at: start)
            if next == UInt8(ascii: "(") {
                guard bytes[start..<at].elementsEqual("text".utf8), at + 1 < bytes.count,
                    bytes[at + 1] == UInt8(ascii: ")")
                else { throw fail("functions and node tests but `text()` are not supported yet", at: start) }
                at += 2
                step.kind = .text
            }
        }
        if case .attribute = step.kind, next == UInt8(ascii: "[") {
            throw fail("an attribute has no position")
        }
        if next == UInt8(ascii: "[") { step.ordinal = try position() }
        return step
    }

    private mutating func position() throws(DocumentError) -> Int {
        let start = at
        at += 1
        let digits = at
        while let byte = next, byte >= 0x30, byte <= 0x39 { at += 1 }
        guard at > digits, next == UInt8(ascii: "]"),
            let value = Int(String(decoding: bytes[digits..<at], as: UTF8.self)),
            value > 0
        else { throw fail("only a position such as `[1]` is supported here yet", at: start) }
        at += 1
        return value
    }

    /// Reads a name test, where nil and nil stand for any.
    ///
    /// An unprefixed element name is in the namespace the map gives the empty prefix.
    private mutating func name(usesDefault: Bool) throws(DocumentError) -> (space: [UInt8]?, local: [UInt8]?) {
        let start = at
        if next == UInt8(ascii: "*") {
            at += 1
            return (nil, nil)
        }
        let first = try word()
        guard next == UInt8(ascii: ":") else {
            return (Array((usesDefault ? namespaces[""] ?? "" : "").utf8), Array(first.utf8))
        }
        at += 1
        if next == UInt8(ascii: ":") { throw fail("axes are not supported yet", at: start) }
        guard let uri = namespaces[first] else {
            throw fail("the prefix `\(first)` is not in the map of namespaces", at: start)
        }
        if next == UInt8(ascii: "*") {
            at += 1
            return (Array(uri.utf8), nil)
        }
        return (Array(uri.utf8), Array(try word().utf8))
    }

    private mutating func word() throws(DocumentError) -> String {
        let start = at
        while let byte = next {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: at += 1
            case _ where at > start && (byte == 0x2D || byte == 0x2E || (byte >= 0x30 && byte <= 0x39)): at += 1
            default:
                guard at > start else { throw fail("a name is expected here") }
                return String(decoding: bytes[start..<at], as: UTF8.self)
            }
        }
        guard at > start else { throw fail("a name is expected here") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }
}
