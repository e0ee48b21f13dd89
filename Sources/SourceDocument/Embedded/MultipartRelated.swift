// SPDX-License-Identifier: Apache-2.0

/// A body of several parts (RFC 2387, MTOM): the root part, with what it includes of the others put in as base64.
///
/// Limits: the whole body is in memory, and so is the result; at most `partsMax` parts with 16 KiB of header lines each.
/// Source: RFC 2046 5.1, RFC 2387, XML-binary Optimized Packaging (W3C 2005).
public enum MultipartRelated {
    /// The most parts of one body.
    public static let partsMax = 100
    static let headerBytes = 16 << 10
    static let namespace = "http://www.w3.org/2004/08/xop/include"

    private struct Part {
        var headers: [String: String] = [:]
        var body: ArraySlice<UInt8>
        var id: String? { headers["content-id"].map(MultipartRelated.bare) }
    }

    /// The root part of a body, and the `Content-Type` it was sent with.
    ///
    /// `contentType` is the header field of the whole; `most` bounds the result.
    /// Throws: `document.multipart`, `document.truncated`, `document.too_large`.
    public static func root(
        of body: [UInt8], contentType: String, most: Int
    ) throws(EmbeddedFault) -> (bytes: [UInt8], contentType: String?) {
        let parameters = MIMEParameters.read(contentType)
        guard parameters.type.hasPrefix("multipart/"), let boundary = parameters["boundary"],
            (1...70).contains(boundary.utf8.count)
        else { throw EmbeddedFault(.multipart, detail: "the header `Content-Type` names no multipart boundary") }
        let parts = try parts(body, Array("--\(boundary)".utf8))
        let start = parameters["start"].map(bare)
        let found = start == nil ? parts.first : parts.first { $0.id == start }
        guard let root = found else {
            throw EmbeddedFault(.multipart, detail: "the root part that the header names is not there")
        }
        var others: [String: ArraySlice<UInt8>] = [:]
        for part in parts {
            guard let id = part.id else { continue }
            guard others.updateValue(part.body, forKey: id) == nil else {
                throw EmbeddedFault(.multipart, detail: "two parts have one Content-ID")
            }
        }
        let type = root.headers["content-type"].map { MIMEParameters.read($0).type }
        // A root that says it is XOP includes other parts; any other may only look as if it did.
        guard type == "application/xop+xml" else {
            guard root.body.count <= most else { throw EmbeddedFault(.tooLarge) }
            return (Array(root.body), root.headers["content-type"])
        }
        return (
            try XOPInclusion(root: Array(root.body), parts: others, most: most).resolved(), root.headers["content-type"]
        )
    }

    static func bare(_ id: String) -> String {
        id.hasPrefix("<") && id.hasSuffix(">") ? String(id.dropFirst().dropLast()) : id
    }

    // MARK: - Parts

    private static func parts(_ body: [UInt8], _ delimiter: [UInt8]) throws(EmbeddedFault) -> [Part] {
        var parts: [Part] = []
        guard var at = next(delimiter, in: body, from: 0)?.end else {
            throw EmbeddedFault(.multipart, detail: "the boundary that the header names is not in the body")
        }
        while true {
            if body[at...].starts(with: [0x2D, 0x2D]) { break }
            guard let line = lineEnd(body, at), body[at..<line.start].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else {
                throw EmbeddedFault(.multipart, detail: "something follows a boundary on its line")
            }
            guard let end = next(delimiter, in: body, from: line.next - 1) else { throw EmbeddedFault(.truncated) }
            guard parts.count < partsMax else { throw EmbeddedFault(.multipart, detail: "more than \(partsMax) parts") }
            parts.append(try part(body, line.next..<max(line.next, end.start)))
            at = end.end
        }
        guard !parts.isEmpty else { throw EmbeddedFault(.multipart, detail: "the body has no part") }
        return parts
    }

    /// The next boundary that starts a line; `start` is before the line end in front of it, which belongs to it.
    private static func next(_ delimiter: [UInt8], in body: [UInt8], from: Int) -> (start: Int, end: Int)? {
        body.withUnsafeBufferPointer { bytes in
            var at = max(from, 0)
            while at + delimiter.count <= bytes.count {
                guard let dash = bytes[at...].firstIndex(of: 0x2D), dash + delimiter.count <= bytes.count else {
                    return nil
                }
                at = dash
                if at == 0 || bytes[at - 1] == 0x0A,
                    UnsafeBufferPointer(rebasing: bytes[at..<(at + delimiter.count)]).elementsEqual(delimiter)
                {
                    let start = at == 0 ? 0 : at > 1 && bytes[at - 2] == 0x0D ? at - 2 : at - 1
                    let end = at + delimiter.count
                    // A longer boundary that begins with this one is another.
                    if end == bytes.count || [0x0D, 0x0A, 0x2D, 0x20, 0x09].contains(bytes[end]) {
                        return (start, end)
                    }
                }
                at += 1
            }
            return nil
        }
    }

    private static func lineEnd(_ body: [UInt8], _ from: Int) -> (start: Int, next: Int)? {
        guard let end = body[from...].prefix(headerBytes).firstIndex(of: 0x0A) else { return nil }
        return (end > from && body[end - 1] == 0x0D ? end - 1 : end, end + 1)
    }

    private static func part(_ body: [UInt8], _ range: Range<Int>) throws(EmbeddedFault) -> Part {
        var at = range.lowerBound
        var headers: [String: String] = [:]
        while true {
            guard let line = lineEnd(body, at), line.next <= range.upperBound + 2,
                line.next - range.lowerBound <= headerBytes
            else { throw EmbeddedFault(.multipart, detail: "the header of a part does not end") }
            if line.start <= at {
                at = line.next
                break
            }
            let text = String(decoding: body[at..<line.start], as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else {
                throw EmbeddedFault(.multipart, detail: "a header line of a part has no colon")
            }
            let name = String(text[..<colon]).trimmedLowercased
            headers[name] = String(text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            at = line.next
        }
        var part = Part(headers: headers, body: body[min(at, range.upperBound)..<range.upperBound])
        switch headers["content-transfer-encoding"]?.trimmedLowercased {
        case nil, "binary", "8bit", "7bit": break
        case "base64":
            guard let bytes = Base64.bytes(part.body) else {
                throw EmbeddedFault(.multipart, detail: "a part that says it is base64 is not")
            }
            part.body = bytes[...]
        default: throw EmbeddedFault(.multipart, detail: "a part has a transfer encoding that is not read here")
        }
        return part
    }
}

/// The parameters of a `Content-Type`.
struct MIMEParameters {
    var type = ""
    private var values: [String: String] = [:]

    subscript(_ name: String) -> String? { values[name] }

    static func read(_ text: String) -> MIMEParameters {
        var out = MIMEParameters()
        var pieces: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
                continue
            } else if character == "\"" {
                isQuoted.toggle()
                continue
            } else if character == ";", !isQuoted {
                pieces.append("")
                continue
            }
            pieces[pieces.count - 1].append(character)
        }
        out.type = pieces[0].trimmedLowercased
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let name = String(piece[..<equals]).trimmedLowercased
            let value = piece[piece.index(after: equals)...].drop { $0 == " " }
            if out.values[name] == nil { out.values[name] = String(value) }
        }
        return out
    }
}

/// Puts parts into the places of `xop:Include`.
struct XOPInclusion {
    let root: [UInt8]
    let parts: [String: ArraySlice<UInt8>]
    let most: Int

    func resolved() throws(EmbeddedFault) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        var prefixes: Set<String> = []
        while at < root.count {
            guard let open = root[at...].firstIndex(of: 0x3C) else { break }
            out += root[at..<open]
            let end = try markupEnd(open)
            let markup = root[open..<end]
            if markup.count > 2, markup[open + 1] != 0x21, markup[open + 1] != 0x3F, markup[open + 1] != 0x2F {
                let text = String(decoding: markup.dropFirst().dropLast(), as: UTF8.self)
                let tag = Tag(text)
                for (name, value) in tag.attributes where value == MultipartRelated.namespace {
                    if name == "xmlns" { prefixes.insert("") }
                    if name.hasPrefix("xmlns:") { prefixes.insert(String(name.dropFirst(6))) }
                }
                if tag.local == "Include", prefixes.contains(tag.prefix) {
                    out += try included(tag)
                    at = tag.isClosed ? end : try closing(end)
                    guard out.count <= most else { throw EmbeddedFault(.tooLarge) }
                    continue
                }
            }
            out += markup
            at = end
            guard out.count <= most else { throw EmbeddedFault(.tooLarge) }
        }
        if at < root.count { out += root[at...] }
        guard out.count <= most else { throw EmbeddedFault(.tooLarge) }
        return out
    }

    private func included(_ tag: Tag) throws(EmbeddedFault) -> [UInt8] {
        guard let link = tag.attributes.first(where: { $0.name == "href" })?.value, link.hasPrefix("cid:") else {
            throw EmbeddedFault(.multipart, detail: "an xop:Include names no other part")
        }
        let id = Percent.decoded(String(link.dropFirst(4)))
        guard let part = parts[id] else {
            throw EmbeddedFault(.multipart, detail: "an xop:Include names a part that is not there")
        }
        guard part.count / 3 * 4 <= most else { throw EmbeddedFault(.tooLarge) }
        return Base64.text(part)
    }

    /// The index after the tag, comment or section that starts here.
    private func markupEnd(_ open: Int) throws(EmbeddedFault) -> Int {
        for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
        where root[open...].starts(with: start.utf8) {
            let wanted = Array(end.utf8)
            var at = open + start.utf8.count
            while at + wanted.count <= root.count {
                if root[at] == wanted[0], root[at...].starts(with: wanted) { return at + wanted.count }
                at += 1
            }
            throw EmbeddedFault(.truncated)
        }
        var quote: UInt8?
        for at in open..<root.count {
            let byte = root[at]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3E {
                return at + 1
            }
        }
        throw EmbeddedFault(.truncated)
    }

    /// The index after `</xop:Include>`, which only blanks may precede.
    private func closing(_ from: Int) throws(EmbeddedFault) -> Int {
        guard let open = root[from...].firstIndex(where: { $0 > 0x20 }), root[open...].starts(with: [0x3C, 0x2F]) else {
            throw EmbeddedFault(.multipart, detail: "an xop:Include is not empty")
        }
        return try markupEnd(open)
    }

    struct Tag {
        var prefix = ""
        var local = ""
        var isClosed = false
        var attributes: [(name: String, value: String)] = []

        init(_ text: String) {
            var rest = Substring(text)
            if rest.hasSuffix("/") {
                isClosed = true
                rest = rest.dropLast()
            }
            func isBlank(_ character: Character) -> Bool { character.isWhitespace }
            let name = rest.prefix { !isBlank($0) }
            rest = rest.dropFirst(name.count)
            let parts = name.split(separator: ":", maxSplits: 1)
            local = parts.last.map(String.init) ?? ""
            prefix = parts.count == 2 ? String(parts[0]) : ""
            while attributes.count < 64 {
                rest = rest.drop(while: isBlank)
                guard let equals = rest.firstIndex(of: "=") else { return }
                let name = rest[..<equals].filter { !isBlank($0) }
                rest = rest[rest.index(after: equals)...].drop(while: isBlank)
                guard let quote = rest.first, quote == "\"" || quote == "'",
                    let end = rest.dropFirst().firstIndex(of: quote)
                else { return }
                attributes.append((String(name), String(rest[rest.index(after: rest.startIndex)..<end])))
                rest = rest[rest.index(after: end)...]
            }
        }
    }
}

/// Base64 (RFC 4648, 4) without the room of ciphers.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (index, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(index) }
        return table
    }()

    static func text(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var at = bytes.startIndex
        while at < bytes.endIndex {
            let count = min(3, bytes.endIndex - at)
            var word = 0
            for offset in 0..<3 { word = word << 8 | (offset < count ? Int(bytes[at + offset]) : 0) }
            for place in 0..<4 {
                out.append(place <= count ? alphabet[word >> (18 - 6 * place) & 63] : 0x3D)
            }
            at += 3
        }
        return out
    }

    /// The bytes; line ends are passed over, everything else foreign is refused.
    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3)
        var word = 0
        var count = 0
        var padding = 0
        for byte in text where byte != 0x0D && byte != 0x0A {
            if byte == 0x3D {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            guard value != 0xFF, padding == 0 else { return nil }
            word = word << 6 | Int(value)
            count += 1
            if count == 4 {
                out += [UInt8(word >> 16 & 0xFF), UInt8(word >> 8 & 0xFF), UInt8(word & 0xFF)]
                word = 0
                count = 0
            }
        }
        switch (count, padding) {
        case (0, 0): break
        case (2, 2), (2, 0): out.append(UInt8(word >> 4 & 0xFF))
        case (3, 1), (3, 0): out += [UInt8(word >> 10 & 0xFF), UInt8(word >> 2 & 0xFF)]
        default: return nil
        }
        return out
    }
}

/// `%41` and its like.
enum Percent {
    static func decoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x25, at + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
            {
                out.append(value)
                at += 3
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
