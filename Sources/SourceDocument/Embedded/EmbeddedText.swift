// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// How a text that stands inside a document or a record is to be read.
public enum EmbeddedSyntax: Sendable, Hashable {
    /// JSON.
    case json
    /// JSON whose texts stand in single quotes and in no other: `{'ZZMC':'…'}`.
    case singleQuotedJSON
    /// XML.
    case xml
    /// A text, taken as it is.
    case text
}

/// Why a text inside cannot be read: with the place inside it, and never with a value.
public struct EmbeddedFault: Error, Sendable, Hashable {
    /// The kind of error.
    public var code: DocumentError.Code
    /// A sentence more exact than the code's own.
    public var detail: String?
    /// The path inside the text.
    public var path: String = ""
    /// The position inside the text, when there is one.
    public var position: DocumentPosition?

    /// Makes a fault.
    public init(
        _ code: DocumentError.Code, detail: String? = nil, path: String = "", position: DocumentPosition? = nil
    ) {
        self.code = code
        self.detail = detail
        self.path = path
        self.position = position
    }

    /// The error, at the outer place of the text; the place inside is told after the path.
    public func error(_ scope: DocumentError.Scope, at place: Place) -> DocumentError {
        var place = place
        place.path = InnerPlace.path(place.path, path, position)
        return DocumentError(code, scope: scope, place: place, detail: detail)
    }
}

/// How a place inside a text inside a document is told.
enum InnerPlace {
    static func path(_ outer: String?, _ inner: String, _ position: DocumentPosition?) -> String {
        let outer = outer ?? ""
        let way = outer + (outer.hasPrefix("$") && inner.hasPrefix("$") ? String(inner.dropFirst()) : inner)
        guard let position else { return way }
        return "\(way) (line \(position.line), column \(position.column) of the text inside)"
    }
}

extension DocumentNode {
    /// Reads bytes that came out of a text of `host` as a tree of their own.
    ///
    /// Positions and paths of its nodes are told from the host's. `charset` is nil for text that was decoded already.
    /// Throws: what is wrong with the bytes.
    public init(
        embedded bytes: [UInt8], _ syntax: EmbeddedSyntax, charset: DocumentCharset? = nil,
        limits: DocumentLimits = DocumentLimits(), in host: DocumentNode
    ) throws(EmbeddedFault) {
        let bytes = try EmbeddedReading.decoded(bytes, charset, isXML: syntax == .xml)
        let tree: DocumentTree
        switch syntax {
        case .json: tree = try EmbeddedReading.json(bytes, limits, host)
        case .singleQuotedJSON:
            let plain = try SingleQuotedJSON.plain(bytes)
            do throws(EmbeddedFault) { tree = try EmbeddedReading.json(plain.json, limits, host) } catch {
                throw plain.moved(error, in: bytes)
            }
        case .xml: tree = try EmbeddedReading.xml(bytes, limits, host)
        case .text:
            do throws(EmbeddedFault) {
                tree = try EmbeddedReading.json(EmbeddedReading.quoted(bytes), limits, host)
            } catch { throw EmbeddedReading.unquoted(error, bytes) }
        }
        self.init(tree: tree, index: 0)
    }

    /// An object out of a list of names and values: `[{"name":"类型","value":"…"}]`, or elements with such children.
    ///
    /// `name` and `value` are a member's key, a child element's name, an attribute after `@`, or `.` for the own text.
    /// Throws: `document.embedded` when a member has no name, `document.duplicate_key` when one stands twice.
    public init(
        pairsOf list: DocumentNode, name: String, value: String, limits: DocumentLimits = DocumentLimits(),
        in host: DocumentNode
    ) throws(EmbeddedFault) {
        guard list.kind == .array || list.kind == .element else {
            throw EmbeddedFault(.embedded, detail: "a list of names and values is expected here")
        }
        var text: [UInt8] = [0x7B]
        for child in list.children where child.kind != .text {
            guard let key = child.part(name)?.scalarText, !key.isEmpty else {
                throw EmbeddedFault(.embedded, detail: "a member of the list has no name")
            }
            if text.count > 1 { text.append(0x2C) }
            text += EmbeddedReading.quoted(Array(key.utf8)) + [0x3A]
            let part = child.part(value)
            switch part?.kind {
            case nil, .null?: text += Array("null".utf8)
            case .string?, .element?, .attribute?, .text?:
                guard let words = part?.scalarText else {
                    throw EmbeddedFault(.embedded, detail: "the value of a member of the list is no text")
                }
                text += EmbeddedReading.quoted(Array(words.utf8))
            case .number?, .bool?, .object?, .array?: text += part.map { Array($0.raw) } ?? []
            }
            guard text.count <= limits.recordBytes else { throw EmbeddedFault(.recordTooLarge) }
        }
        self.init(tree: try EmbeddedReading.json(text + [0x7D], limits, host), index: 0)
    }

    private func part(_ name: String) -> DocumentNode? {
        if name == "." { return self }
        return name.hasPrefix("@") ? attribute(String(name.dropFirst())) : member(name)
    }

    /// This tree with further trees inside it, one for each node that `path` leads to and `make` answers for.
    ///
    /// A path that enters such a node (`RecordPath.init(entering:then:text:)`) goes on in the tree inside.
    public func embedding<E: Error>(
        at path: RecordPath, _ make: (DocumentNode) throws(E) -> DocumentNode?
    ) throws(E) -> DocumentNode {
        if let (outer, inner) = path.entered {
            return try embedding(at: outer) { host throws(E) in
                try host.inside?.embedding(at: inner, make)
            }
        }
        var inside = tree.inside
        for node in path.all(in: self) {
            if let made = try make(node) { inside[node.index] = made }
        }
        return DocumentNode(tree: tree.with(inside), index: index)
    }

    /// The tree inside this node.
    public var inside: DocumentNode? { tree.inside[index] }
}

/// Reads whole texts, which are in memory already.
enum EmbeddedReading {
    static func decoded(_ bytes: [UInt8], _ charset: DocumentCharset?, isXML: Bool) throws(EmbeddedFault) -> [UInt8] {
        var decoder = CharsetDecoder(CharsetDeclaration(override: charset ?? .utf8), isXML: isXML)
        var out: [UInt8] = []
        var failure: CharsetDecoder.Refusal?
        bytes.withUnsafeBufferPointer { buffer in
            do throws(CharsetDecoder.Refusal) {
                try decoder.feed(buffer, atEnd: true) { out.append(contentsOf: $0) }
            } catch { failure = error }
        }
        if let failure { throw EmbeddedFault(failure.code, detail: failure.detail) }
        return out
    }

    static func json(_ bytes: [UInt8], _ limits: DocumentLimits, _ host: DocumentNode) throws(EmbeddedFault)
        -> DocumentTree
    {
        var parser = JSONTreeParser(limits: limits)
        let outcome = bytes.withUnsafeBufferPointer { parser.parse($0, from: 0, atEnd: true) }
        func fault(_ code: DocumentError.Code, _ at: Int, _ detail: String?, _ path: String) -> EmbeddedFault {
            EmbeddedFault(code, detail: detail, path: path, position: position(at, bytes))
        }
        if let found = parser.fault { throw fault(found.code, found.at, nil, found.path) }
        switch outcome {
        case .incomplete:
            throw fault(
                bytes.allSatisfy { $0 <= 0x20 } ? .empty : .truncated, bytes.count,
                "the text inside stops before its end", "")
        case .broken(let code, let at, let detail):
            throw fault(code, at, detail, bytes.withUnsafeBufferPointer { parser.path($0) })
        case .complete(let end):
            if let rest = bytes[end...].firstIndex(where: { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }) {
                throw fault(.notJSON, rest, "something follows the value in the text inside", "")
            }
            guard end <= limits.recordBytes else { throw fault(.recordTooLarge, 0, nil, "") }
        }
        return DocumentTree(.json, cells: parser.cells, raw: bytes, origin: .start, host: host)
    }

    static func xml(_ bytes: [UInt8], _ limits: DocumentLimits, _ host: DocumentNode) throws(EmbeddedFault)
        -> DocumentTree
    {
        var events: [DocumentEvent] = []
        do throws(DocumentError) {
            let reader = try DocumentReader(
                format: .xml, records: try StreamPath("/*", language: .xPath),
                charset: CharsetDeclaration(override: .utf8), limits: limits)
            events = try reader.feed(bytes)
            events += try reader.finish().events
        } catch { throw fault(error) }
        switch events.first {
        case .record(let record)?:
            let tree = record.node.tree
            return DocumentTree(
                .xml, cells: tree.cells, raw: tree.raw, arena: tree.arena, origin: tree.origin, host: host)
        case .reject(let rejected)?: throw fault(rejected.error)
        case nil: throw EmbeddedFault(.empty)
        }
    }

    static func fault(_ error: DocumentError) -> EmbeddedFault {
        let place = error.place
        let position = place.line.map { DocumentPosition(line: $0, column: place.column ?? 1, offset: 0) }
        return EmbeddedFault(error.code, detail: error.detail, path: place.path ?? "", position: position)
    }

    static func position(_ at: Int, _ bytes: [UInt8]) -> DocumentPosition {
        bytes.withUnsafeBufferPointer { DocumentPosition.start.advanced(over: $0, 0..<min(at, bytes.count)) }
    }

    /// Bytes as a JSON string; what is no UTF-8 stays, and is found by the parser.
    static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x22]
        out.reserveCapacity(bytes.count + 2)
        for byte in bytes {
            switch byte {
            // What stands here, `unquoted` has to know.
            case 0x22, 0x5C: out += [0x5C, byte]
            case 0x0A: out += [0x5C, 0x6E]
            case 0x0D: out += [0x5C, 0x72]
            case 0x09: out += [0x5C, 0x74]
            default: out.append(byte)
            }
        }
        return out + [0x22]
    }
    /// A fault of the JSON string made of `bytes`, at its position in them.
    static func unquoted(_ fault: EmbeddedFault, _ bytes: [UInt8]) -> EmbeddedFault {
        guard let position = fault.position else { return fault }
        var end = 1
        let at = bytes.firstIndex { byte in
            end += [0x22, 0x5C, 0x0A, 0x0D, 0x09].contains(byte) ? 2 : 1
            return position.offset < end
        }
        var fault = fault
        fault.position = EmbeddedReading.position(at ?? bytes.count, bytes)
        return fault
    }
}
