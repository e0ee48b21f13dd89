// SPDX-License-Identifier: Apache-2.0

/// Finds out the encoding of a document from its first bytes and turns the rest into UTF-8 as it arrives.
///
/// Order: the manifest, the HTTP header, the byte order mark, the XML declaration, UTF-8.
struct CharsetDecoder {
    /// Why the encoding cannot be settled.
    struct Refusal: Error {
        var code: DocumentError.Code
        var detail: String?
    }

    private static let headBytes = 1024
    private let declaration: CharsetDeclaration
    private let isXML: Bool
    private var head: [UInt8] = []
    private(set) var charset: DocumentCharset?
    private var converter: TextConverter?

    init(_ declaration: CharsetDeclaration, isXML: Bool) {
        self.declaration = declaration
        self.isXML = isXML
    }

    /// Takes bytes; `use` gets the text that is certain so far, as UTF-8 with undecodable bytes left invalid.
    mutating func feed(
        _ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool, _ use: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(Refusal) {
        if charset != nil { return try convert(bytes, atEnd: atEnd, use) }
        head.append(contentsOf: bytes)
        guard atEnd || headIsEnough else { return }
        let mark = CharsetDecoder.mark(head)
        let settled = try settle(mark)
        charset = settled
        if settled != .utf8 { converter = try TextConverter(settled) }
        let whole = head
        head = []
        var failure: Refusal?
        whole.withUnsafeBufferPointer { buffer in
            do throws(Refusal) {
                try convert(UnsafeBufferPointer(rebasing: buffer[(mark?.length ?? 0)...]), atEnd: atEnd, use)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private func convert(
        _ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool, _ use: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(Refusal) {
        guard let converter else { return use(bytes) }
        converter.convert(bytes, atEnd: atEnd, use)
    }

    private var headIsEnough: Bool {
        guard head.count >= 4 else { return false }
        guard isXML, head.count < CharsetDecoder.headBytes else { return true }
        let text = CharsetDecoder.plain(head)
        if text.count < 5, "<?xml".utf8.starts(with: text) { return false }
        return !text.starts(with: "<?xml".utf8) || CharsetDecoder.contains(text, "?>")
    }

    private func settle(_ mark: (charset: DocumentCharset, length: Int)?) throws(Refusal) -> DocumentCharset {
        let http = try declaration.http.flatMap { $0.trimmedLowercased.isEmpty ? nil : $0 }
            .map { label throws(Refusal) in try known(label, "the HTTP header") }
        let xml = isXML ? CharsetDecoder.declared(in: head) : nil
        if let chosen = declaration.override {
            try check(mark, chosen, open: false, "the charset in the manifest")
            return mark?.charset ?? chosen
        }
        let inXML = try http == nil ? xml.map { label throws(Refusal) in try known(label, "the XML declaration") } : nil
        if let http {
            try check(mark, http.charset, open: http.open, "the charset of the HTTP header")
            if let mark, let xml, let known = DocumentCharset(label: xml) {
                try check(mark, known, open: isOpen(xml), "the encoding of the XML declaration")
            }
            return mark?.charset ?? guess(http)
        }
        if let mark {
            if let inXML { try check(mark, inXML.charset, open: inXML.open, "the encoding of the XML declaration") }
            return mark.charset
        }
        let shape = CharsetDecoder.shape(head)
        if let inXML {
            let wide = inXML.charset == .utf16LE || inXML.charset == .utf16BE
            if wide != (shape != nil) || (shape != nil && !inXML.open && shape != inXML.charset) {
                throw Refusal(
                    code: .charsetContradiction,
                    detail: "the encoding of the XML declaration is not the one the declaration itself is written in")
            }
            return shape ?? inXML.charset
        }
        return shape ?? .utf8
    }

    private func isOpen(_ label: String) -> Bool { DocumentCharset.openUTF16Labels.contains(label.trimmedLowercased) }

    /// `utf-16` alone does not say which byte comes first; the text often does.
    private func guess(_ http: (charset: DocumentCharset, open: Bool)) -> DocumentCharset {
        http.open ? CharsetDecoder.shape(head) ?? http.charset : http.charset
    }

    private func known(
        _ label: String, _ origin: String
    ) throws(Refusal) -> (charset: DocumentCharset, open: Bool) {
        guard let charset = DocumentCharset(label: label) else {
            throw Refusal(code: .charsetUnknown, detail: "\(origin) declares an encoding that is not read here")
        }
        return (charset, isOpen(label))
    }

    private func check(
        _ mark: (charset: DocumentCharset, length: Int)?, _ declared: DocumentCharset, open: Bool, _ origin: String
    ) throws(Refusal) {
        guard let mark, !mark.charset.isCompatible(with: declared) else { return }
        if open, mark.charset == .utf16BE || mark.charset == .utf16LE { return }
        throw Refusal(
            code: .charsetContradiction, detail: "the byte order mark and \(origin) contradict each other")
    }
}

extension CharsetDecoder {
    /// The byte order mark, if there is one.
    static func mark(_ head: [UInt8]) -> (charset: DocumentCharset, length: Int)? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
        if head.starts(with: [0x84, 0x31, 0x95, 0x33]) { return (.gb18030, 4) }
        return nil
    }

    /// UTF-16 without a mark, seen from the zero beside the first character, which is ASCII in JSON and XML.
    static func shape(_ head: [UInt8]) -> DocumentCharset? {
        guard head.count >= 4 else { return nil }
        if head[0] == 0, head[1] != 0, head[2] == 0, head[3] != 0 { return .utf16BE }
        if head[0] != 0, head[1] == 0, head[2] != 0, head[3] == 0 { return .utf16LE }
        return nil
    }

    /// The encoding an XML declaration names.
    static func declared(in head: [UInt8]) -> String? {
        let text = plain(head)
        guard text.starts(with: "<?xml".utf8), let end = find(text, "?>", from: 0),
            let name = find(text, "encoding", from: 0), name < end
        else { return nil }
        var at = name + "encoding".utf8.count
        while at < end, text[at] <= 0x20 || text[at] == 0x3D { at += 1 }
        guard at < end, text[at] == 0x22 || text[at] == 0x27 else { return nil }
        let quote = text[at]
        guard let close = text[(at + 1)..<end].firstIndex(of: quote) else { return nil }
        return String(decoding: text[(at + 1)..<close], as: UTF8.self)
    }

    /// The ASCII characters of the head, whichever width they have.
    static func plain(_ head: [UInt8]) -> [UInt8] {
        head.dropFirst(mark(head)?.length ?? 0).filter { $0 != 0 }
    }

    static func contains(_ text: [UInt8], _ word: String) -> Bool { find(text, word, from: 0) != nil }

    private static func find(_ text: [UInt8], _ word: String, from: Int) -> Int? {
        let wanted = Array(word.utf8)
        guard text.count >= wanted.count else { return nil }
        return (from...(text.count - wanted.count)).first { text[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
