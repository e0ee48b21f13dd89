// SPDX-License-Identifier: Apache-2.0

/// Follows a path of elements through an XML document as it arrives, and hands over the elements it leads to.
final class XMLListReader: ListReader {
    /// Elements nested deeper than this end the document.
    static let hardDepth = 1024
    /// A start tag, comment or instruction longer than this ends the document.
    ///
    /// libxml2 compares every attribute of a tag with every other, and this bounds how many there can be.
    static let markupBytes = 256 << 10
    private static let slice = 16 << 10

    let steps: [StreamPath.Step]
    let limits: DocumentLimits
    var surroundings: RecordSurroundings
    @exclusivity(unchecked) private var parser: XMLParser?
    private var sanitiser = XMLSanitiser()
    /// The beginning of a character whose end has not arrived.
    private var rest: [UInt8] = []
    // The checks of exclusive access cost a third of the time on these. They cannot find anything: one thread, and
    // libxml2's calls come while nothing here is being accessed.
    @exclusivity(unchecked) var window = Window()
    /// Offset in the document of the window's first byte, and after its last one.
    @exclusivity(unchecked) private(set) var base = 0
    private(set) var received = 0
    private var started = false
    /// Whether no more will come.
    private var isEnding = false
    @exclusivity(unchecked) var failure: DocumentError?

    @exclusivity(unchecked) var depth = 0
    @exclusivity(unchecked) var matched = 0
    var rootEnded = false
    var scope: [(depth: Int, prefix: String, uri: String)] = []
    var outside: XMLTreeBuilder
    var anchors: [(start: UInt32, position: DocumentPosition)] = []
    /// The record being read, when `recordDepth` is not 0; its storage is used again for the next.
    @exclusivity(unchecked) var record: XMLTreeBuilder
    @exclusivity(unchecked) var recordDepth = 0
    var recordStart = 0
    var recordOrigin = DocumentPosition.start
    /// The start of a record that is over the limit.
    private var oversize: [UInt8]?

    var events: [DocumentEvent] = []
    private(set) var envelope: DocumentNode?
    var list = ListOutcome.absent
    var ordinal = 0
    var lastLineUnended: Bool { false }

    init(path: StreamPath, limits: DocumentLimits, surroundings: RecordSurroundings) throws(DocumentError) {
        steps = path.steps
        self.limits = limits
        self.surroundings = surroundings
        outside = XMLTreeBuilder(limits: limits)
        record = XMLTreeBuilder(limits: limits)
        guard let parser = XMLParser(target: self) else {
            throw DocumentError(.notXML, scope: .page, place: surroundings.place, detail: "libxml2 has no memory")
        }
        self.parser = parser
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(DocumentError) { try take(bytes, atEnd: false) }

    func finish() throws(DocumentError) {
        try take(UnsafeBufferPointer(start: nil, count: 0), atEnd: true)
        guard started else { throw page(.empty, at: 0) }
        isEnding = true
        parser?.end()
        if let failure { throw failure }
        guard rootEnded else { throw page(.truncated, at: received) }
        guard parser?.isWellFormed == true else { throw page(.notXML, at: received) }
        settleFaults(before: Int.max)
        if let fault = outside.fault { fail(fault.code, at: fault.at, path: fault.path) }
        if let failure { throw failure }
        let none = Cell(kind: .element, extent: Extent(), next: 1)
        let tree = DocumentTree(
            .xml, cells: outside.isEmpty ? [none] : outside.cells, raw: [], arena: outside.arena, origin: .start,
            anchors: anchors)
        envelope = DocumentNode(tree: tree, index: 0)
    }

    // MARK: Feeding

    private func take(_ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool) throws(DocumentError) {
        if rest.isEmpty {
            check(bytes, atEnd: atEnd)
        } else {
            let joined = rest + bytes
            rest = []
            joined.withUnsafeBufferPointer { check($0, atEnd: atEnd) }
        }
        if let failure { throw failure }
    }

    private func check(_ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool) {
        let (used, clean) = sanitiser.check(bytes, atEnd: atEnd)
        if used < bytes.count { rest = Array(bytes[used...]) }
        let original = UnsafeBufferPointer(rebasing: bytes[..<used])
        if let clean {
            clean.withUnsafeBufferPointer { parse(original, UnsafeBufferPointer(rebasing: $0[..<used])) }
        } else {
            parse(original, original)
        }
        if sanitiser.faults.count > XMLSanitiser.most, let first = sanitiser.faults.first {
            fail(first.code, at: first.at)
        }
    }

    private func parse(_ original: UnsafeBufferPointer<UInt8>, _ clean: UnsafeBufferPointer<UInt8>) {
        var from = 0
        while from < original.count, failure == nil {
            var to = min(from + XMLListReader.slice, original.count)
            // Whole characters only; what does not start one was replaced above.
            while to < original.count, clean[to] & 0xC0 == 0x80 { to -= 1 }
            let piece = UnsafeBufferPointer(rebasing: original[from..<to])
            window.append(piece)
            received += piece.count
            if !started { start(piece) }
            if failure == nil { parser?.parse(UnsafeBufferPointer(rebasing: clean[from..<to])) }
            from = to
            trim()
        }
    }

    private func start(_ piece: UnsafeBufferPointer<UInt8>) {
        guard let first = piece.first(where: { $0 > 0x20 }) else { return }
        started = true
        if first == 0x7B || first == 0x5B {
            fail(.notXML, at: 0, detail: "the body looks like JSON, not XML")
        } else if first != 0x3C {
            fail(.notXML, at: 0, detail: "the body does not start as XML")
        }
    }

    private func trim() {
        guard let parser, failure == nil else { return }
        let understood = max(min(parser.offset, received), base)
        if received - understood > XMLListReader.markupBytes {
            return fail(.notXML, at: understood, detail: "a tag, comment or instruction is longer than 256 KiB")
        }
        if recordDepth > 0, oversize == nil, understood - recordStart > limits.recordBytes {
            record.note(.recordTooLarge, recordStart)
            oversize = Array(window.bytes[(recordStart - base)...].prefix(JSONSkip.kept))
        }
        let keep = recordDepth > 0 && oversize == nil ? recordStart : understood
        window.cursor = max(keep - base, 0)
        base += window.cursor
        window.trim()
    }

    // MARK: Records

    func beginRecord(at start: Int) {
        ordinal += 1
        if ordinal > limits.records { return fail(.tooManyRecords, at: start) }
        settleFaults(before: start)
        recordDepth = depth
        recordStart = start
        recordOrigin = window.advance(to: max(start - base, 0))
        record.restart(origin: start)
    }

    func endRecord(at end: Int) {
        recordDepth = 0
        if let spoilt = takeFaults(before: end).first { record.note(spoilt.code, spoilt.at) }
        let whole = oversize == nil && end - recordStart <= limits.recordBytes
        if !whole { record.note(.recordTooLarge, recordStart) }
        let kept = oversize ?? Array(window.bytes[(recordStart - base)..<(end - base)])
        let raw = whole ? kept : Array(kept.prefix(JSONSkip.kept))
        oversize = nil
        if let fault = record.fault {
            let position = window.position(of: max(fault.at - base, 0))
            events.append(
                surroundings.rejected(
                    raw, fault.code, position, ordinal: ordinal, inner: fault.path, isWhole: whole))
        } else {
            let tree = DocumentTree(
                .xml, cells: record.cells.exactCopy, raw: raw, arena: record.arena.exactCopy, origin: recordOrigin)
            events.append(surroundings.record(tree, ordinal: ordinal))
        }
    }

    /// Faults before `end` that no record has taken: they lie in the envelope, so the page is spoilt.
    private func settleFaults(before end: Int) {
        guard let first = takeFaults(before: end).first else { return }
        fail(first.code, at: first.at)
    }

    private func takeFaults(before end: Int) -> ArraySlice<XMLSanitiser.Fault> {
        guard !sanitiser.faults.isEmpty else { return [] }
        let taken = sanitiser.faults.prefix { $0.at < end }
        sanitiser.faults.removeFirst(taken.count)
        return taken
    }

    // MARK: Failing

    /// Ends the document with an error; the first one counts.
    func fail(_ code: DocumentError.Code, at offset: Int, path: String = "", detail: String? = nil) {
        guard failure == nil else { return }
        // libxml2 is not stopped here: it would free the bytes that the tag in hand still points into. Whatever it
        // says from now on is ignored, and it gets no more than the rest of one slice.
        failure = page(code, at: offset, path: path, detail: detail)
    }

    /// The bytes libxml2 has understood.
    var understood: Int { parser?.offset ?? 0 }

    func stopParser() { parser?.stop() }

    /// Ends the document for a reason libxml2 found; undecodable bytes go before what they led to.
    func failParsing(_ words: String, at offset: Int, mayBeCut: Bool) {
        guard failure == nil else { return }
        if let first = sanitiser.faults.first { return fail(first.code, at: first.at) }
        // What is wrong only because nothing follows is not wrong but cut off.
        if isEnding, !rootEnded, mayBeCut { return fail(.truncated, at: received) }
        fail(.notXML, at: offset, detail: words)
    }

    private func page(
        _ code: DocumentError.Code, at offset: Int, path: String = "", detail: String? = nil
    ) -> DocumentError {
        let position = window.position(of: max(offset - base, 0))
        let inRecord = recordDepth > 0
        let inner = inRecord ? record.path : path.isEmpty ? outside.path : path
        let way = inRecord ? surroundings.path(ordinal: ordinal) + inner : outside.rootPath + inner
        return DocumentError(
            code, scope: .page,
            place: surroundings.place(ordinal: inRecord ? ordinal : nil, position, path: way.isEmpty ? nil : way),
            detail: detail)
    }
}
