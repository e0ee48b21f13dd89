// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text a line; a line that is wrong is set aside, for the next line starts anew.
final class NDJSONListReader: ListReader {
    private let limits: DocumentLimits
    private let surroundings: RecordSurroundings
    private var parser: JSONTreeParser
    private var window = Window()
    /// How far the pending bytes have been searched for a line end.
    private var searched = 0
    /// The start and place of a line that is too long, while the rest of it passes.
    private var tooLong: (start: [UInt8], position: DocumentPosition)?

    var events: [DocumentEvent] = []
    private(set) var envelope: DocumentNode?
    private(set) var ordinal = 0
    private(set) var lastLineUnended = false
    let list = ListOutcome.list

    init(limits: DocumentLimits, surroundings: RecordSurroundings) {
        self.limits = limits
        self.surroundings = surroundings
        parser = JSONTreeParser(limits: limits)
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(DocumentError) {
        window.append(bytes)
        while let end = lineEnd() {
            try line(upTo: end, isEnded: true)
            window.cursor = end + 1
            searched = window.cursor
        }
        if window.pending > limits.recordBytes {
            if tooLong == nil {
                tooLong = (
                    Array(window.bytes[window.cursor...].prefix(JSONSkip.kept)), window.advance(to: window.cursor)
                )
            }
            window.cursor = window.bytes.count
        }
        window.trim()
        searched = window.bytes.count
    }

    func finish() throws(DocumentError) {
        if window.pending > 0 || tooLong != nil {
            lastLineUnended = true
            try line(upTo: window.bytes.count, isEnded: false)
        }
        if ordinal == 0 { throw page(.empty, window.bytes.count) }
        envelope = DocumentNode.emptyObject
    }

    private func lineEnd() -> Int? {
        let from = max(searched, window.cursor)
        return window.bytes.withUnsafeBufferPointer { bytes in
            bytes[from...].firstIndex(of: 0x0A)
        }
    }

    private func line(upTo end: Int, isEnded: Bool) throws(DocumentError) {
        let start = window.cursor
        if let long = tooLong {
            tooLong = nil
            try count()
            return reject(long.start, .recordTooLarge, long.position, isWhole: false)
        }
        let raw = Array(window.bytes[start..<end].trimmedBlanks)
        guard !raw.isEmpty else { return }
        if ordinal == 0, raw.first == 0x3C {
            throw page(.notJSON, start, "the body is \(Sniff.isHTML(raw) ? "HTML" : "XML or HTML"), not JSON")
        }
        let lead = window.bytes[start..<end].prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.count
        let origin = window.advance(to: start + lead)
        try count()
        let outcome = raw.withUnsafeBufferPointer { parser.parse($0, from: 0, atEnd: true) }
        func place(_ at: Int) -> DocumentPosition { window.position(of: start + lead + at) }
        switch outcome {
        case .incomplete:
            if !isEnded { throw page(.truncated, end) }
            reject(raw, .truncated, place(raw.count), inner: "", detail: "the line stops before the end of its value")
        case .broken(let code, let at, let detail):
            reject(raw, code, place(at), inner: raw.withUnsafeBufferPointer { parser.path($0) }, detail: detail)
        case .complete(let stop):
            if let fault = parser.fault {
                reject(raw, fault.code, place(fault.at), inner: fault.path)
            } else if stop < raw.count {
                reject(raw, .notJSON, place(stop), detail: "something follows the value on its line")
            } else if raw.count > limits.recordBytes {
                reject(Array(raw.prefix(JSONSkip.kept)), .recordTooLarge, origin, isWhole: false)
            } else {
                let tree = DocumentTree(.json, cells: parser.cells.exactCopy, raw: raw, origin: origin)
                events.append(surroundings.record(tree, ordinal: ordinal))
            }
        }
    }

    private func count() throws(DocumentError) {
        ordinal += 1
        if ordinal > limits.records { throw page(.tooManyRecords, window.cursor) }
    }

    private func page(_ code: DocumentError.Code, _ at: Int, _ detail: String? = nil) -> DocumentError {
        surroundings.page(code, window.position(of: at), detail: detail)
    }

    private func reject(
        _ raw: [UInt8], _ code: DocumentError.Code, _ position: DocumentPosition, inner: String = "",
        detail: String? = nil, isWhole: Bool = true
    ) {
        events.append(
            surroundings.rejected(
                raw, code, position, ordinal: ordinal, inner: inner, detail: detail, isWhole: isWhole))
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks, tabs and carriage returns at either end.
    var trimmedBlanks: ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var slice = self
        while let first = slice.first, isBlank(first) { slice.removeFirst() }
        while let last = slice.last, isBlank(last) { slice.removeLast() }
        return slice
    }
}

extension DocumentNode {
    /// An object without members: the envelope of formats that have none.
    static var emptyObject: DocumentNode {
        var cell = Cell(kind: .object, extent: Extent(0, 2))
        cell.next = 1
        return DocumentNode(tree: DocumentTree(.json, cells: [cell], raw: [0x7B, 0x7D], origin: .start), index: 0)
    }
}
