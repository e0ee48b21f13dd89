// SPDX-License-Identifier: Apache-2.0

/// A value met while a document is rewritten.
struct MetValue {
    /// The names on the way, without indexes and namespace prefixes, joined by `/`.
    var path: String
    var text: String
    var isNumber: Bool
}

/// Rewrites every value of a document and leaves its structure, byte for byte.
enum ValueRewriter {
    typealias Replace = (MetValue) -> String

    /// JSON, one document or one a line; it has been read before and is well-formed.
    static func json(_ text: String, prefix: String = "", _ replace: @escaping Replace) -> String {
        var rewriter = JSONRewriter(bytes: Array(text.utf8), replace: replace)
        return rewriter.run(prefix)
    }

    /// XML that has been read before; comments are dropped.
    static func xml(_ text: String, prefix: String = "", _ replace: @escaping Replace) -> String {
        var rewriter = XMLRewriter(bytes: Array(text.utf8), prefix: prefix, replace: replace)
        return rewriter.run()
    }

    /// A text that is a document itself is rewritten inside.
    static func embedded(_ text: String, _ path: String, _ replace: @escaping Replace) -> String? {
        guard let first = text.first(where: { !$0.isWhitespace }), "{[<".contains(first) else { return nil }
        var names = NamespaceBook()
        guard SampleParser.document(Array(text.utf8), isXML: first == "<", &names, depth: 3) != nil else { return nil }
        return first == "<" ? xml(text, prefix: path, replace) : json(text, prefix: path, replace)
    }

    /// Whether a member's name is a code of somebody rather than a word: a valid code, or six digits in a row.
    static func isCode(_ name: String) -> Bool {
        var run = 0
        for byte in name.utf8 {
            run = (48...57).contains(byte) ? run + 1 : 0
            if run >= 6 { return true }
        }
        return FieldProfile.proof(name) != .none
    }

    static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var out = ""
        var rest = Substring(text)
        while let mark = rest.firstIndex(of: "&") {
            out += rest[..<mark]
            guard let end = rest[mark...].firstIndex(of: ";") else { break }
            let name = rest[rest.index(after: mark)..<end]
            let plain = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
            if let known = plain[String(name)] {
                out += known
            } else if name.hasPrefix("#") {
                let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
                out.unicodeScalars.append(number.flatMap(Unicode.Scalar.init) ?? "?")
            }
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }

    static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.append(character)
            }
        }
        return out
    }

    /// A table; every field quoted that needs it.
    ///
    /// `columns` are the names when the first row is a record already.
    static func csv(
        _ rows: [[String]], delimiter: Character, quote: Character?, columns: [String], _ replace: @escaping Replace
    ) -> String {
        func quoted(_ text: String) -> String {
            guard let quote = quote?.unicodeScalars.first else { return text }
            let marks: [Unicode.Scalar?] = [delimiter.unicodeScalars.first, quote, "\n", "\r"]
            guard text.unicodeScalars.contains(where: marks.contains) else { return text }
            var out = String.UnicodeScalarView([quote])
            for scalar in text.unicodeScalars { out.append(contentsOf: scalar == quote ? [quote, quote] : [scalar]) }
            out.append(quote)
            return String(out)
        }
        func line(_ row: [String]) -> String { row.map(quoted).joined(separator: String(delimiter)) + "\n" }
        var out = ""
        var names = columns
        for row in rows {
            guard !names.isEmpty else {
                names = row
                out += line(row)
                continue
            }
            // A row too long for its table stays so: the fixture is there to show such things.
            let made = row.enumerated().map { index, text in
                text.isEmpty
                    ? "" : replace(MetValue(path: index < names.count ? names[index] : "", text: text, isNumber: false))
            }
            out += line(made)
        }
        return out
    }
}

/// Walks JSON's bytes, rewriting its values.
struct JSONRewriter {
    let bytes: [UInt8]
    let replace: ValueRewriter.Replace
    var at = 0
    var out: [UInt8] = []

    init(bytes: [UInt8], replace: @escaping ValueRewriter.Replace) {
        self.bytes = bytes
        self.replace = replace
    }

    mutating func run(_ prefix: String) -> String {
        while at < bytes.count {
            blanks()
            guard at < bytes.count else { break }
            let before = at
            value(prefix, depth: 0)
            if at == before {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func blanks() {
        while at < bytes.count, bytes[at] <= 32 || bytes[at] == 0xEF || bytes[at] == 0xBB || bytes[at] == 0xBF,
            bytes[at] != 34
        {
            out.append(bytes[at])
            at += 1
        }
    }

    private mutating func value(_ path: String, depth: Int) {
        blanks()
        guard at < bytes.count, depth < 128 else { return }
        switch bytes[at] {
        case UInt8(ascii: "{"): object(path, depth)
        case UInt8(ascii: "["): array(path, depth)
        case UInt8(ascii: "\""):
            let text = string()
            let made =
                ValueRewriter.embedded(text, path, replace)
                ?? replace(MetValue(path: path, text: text, isNumber: false))
            out += Array(JSONRewriter.quoted(made).utf8)
        default:
            let start = at
            while at < bytes.count, bytes[at] > 32, ![44, 93, 125].contains(bytes[at]) { at += 1 }
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            let isWord = ["true", "false", "null"].contains(text)
            out += Array(
                (isWord || text.isEmpty ? text : replace(MetValue(path: path, text: text, isNumber: true))).utf8)
        }
    }

    private mutating func object(_ path: String, _ depth: Int) {
        copy()
        while at < bytes.count {
            blanks()
            guard at < bytes.count else { return }
            if bytes[at] == UInt8(ascii: "}") { return copy() }
            if bytes[at] == UInt8(ascii: ",") {
                copy()
                continue
            }
            guard bytes[at] == UInt8(ascii: "\"") else { return copy() }
            let start = at
            let name = string()
            // Some sources name members by a code: such a name is a value.
            let isValue = ValueRewriter.isCode(name)
            let made = isValue ? replace(MetValue(path: path + "/*", text: name, isNumber: false)) : name
            out += isValue ? Array(JSONRewriter.quoted(made).utf8) : Array(bytes[start..<at])
            blanks()
            if at < bytes.count, bytes[at] == UInt8(ascii: ":") { copy() }
            let step = isValue ? "*" : name
            value(path.isEmpty ? step : path + "/" + step, depth: depth + 1)
        }
    }

    private mutating func array(_ path: String, _ depth: Int) {
        copy()
        while at < bytes.count {
            blanks()
            guard at < bytes.count else { return }
            if bytes[at] == UInt8(ascii: "]") { return copy() }
            if bytes[at] == UInt8(ascii: ",") { copy() } else { value(path, depth: depth + 1) }
        }
    }

    private mutating func copy() {
        out.append(bytes[at])
        at += 1
    }

    /// The string that begins here; `at` moves behind it.
    private mutating func string() -> String {
        let start = at
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        at = min(at + 1, bytes.count)
        let literal = Array(bytes[start..<at])
        if !literal.contains(UInt8(ascii: "\\")), literal.count >= 2 {
            return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        }
        var names = NamespaceBook()
        return SampleParser.document(Array("[".utf8) + literal + Array("]".utf8), isXML: false, &names, depth: 3)?.items
            .first?.text ?? ""
    }

    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 32 {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
