// SPDX-License-Identifier: Apache-2.0

/// Reads rows under a header row; every row is an object whose members are named by the header.
final class CSVListReader: ListReader {
    private let dialect: CSVDialect
    private let limits: DocumentLimits
    private var surroundings: RecordSurroundings
    private var text: CSVText
    private var window = Window()
    private var columns: [Extent]?
    private var names: [UInt8] = []

    var events: [DocumentEvent] = []
    private(set) var envelope: DocumentNode?
    private(set) var ordinal = 0
    private(set) var lastLineUnended = false
    let list = ListOutcome.list

    init(dialect: CSVDialect, limits: DocumentLimits, surroundings: RecordSurroundings) {
        self.dialect = dialect
        self.limits = limits
        self.surroundings = surroundings
        text = CSVText(dialect: dialect)
        if !dialect.names.isEmpty { take(dialect.names.map { Array($0.utf8) }) }
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(DocumentError) {
        window.append(bytes)
        if window.pending >= window.wanted { try read(atEnd: false) }
        window.trim()
    }

    func finish() throws(DocumentError) {
        try read(atEnd: true)
        // Without a header row an empty body cannot say that the list is empty.
        guard columns != nil, ordinal > 0 || dialect.names.isEmpty else { throw page(.empty, window.bytes.count) }
        envelope = DocumentNode.emptyObject
    }

    private func read(atEnd: Bool) throws(DocumentError) {
        while window.pending > 0 {
            let start = window.cursor
            let outcome = window.bytes.withUnsafeBufferPointer { text.row($0, from: start, atEnd: atEnd) }
            if case .incomplete = outcome {
            } else if columns == nil || (ordinal == 0 && !dialect.names.isEmpty), Sniff.isHTML(window.bytes[start...]) {
                throw page(.notCSV, start, "the body is HTML, not CSV")
            }
            switch outcome {
            case .incomplete:
                if window.pending > limits.recordBytes { throw page(.recordTooLarge, start) }
                if atEnd { throw page(.truncated, window.bytes.count, "a quote is not closed") }
                window.wait(limit: limits.recordBytes)
                return
            case .broken(let at):
                throw page(.csvQuote, at, "after a closing quote, and after a carriage return, the field must end")
            case .row(let end, let next, let ended):
                if !ended {
                    lastLineUnended = true
                    if dialect.requiresFinalLineEnd { throw page(.truncated, end, "the last row has no line end") }
                }
                if end > start { try row(start, end) }
                window.cursor = min(next, window.bytes.count)
            }
        }
        window.wanted = 0
    }

    private func row(_ start: Int, _ end: Int) throws(DocumentError) {
        guard let columns else { return try header(start) }
        ordinal += 1
        if ordinal > limits.records { throw page(.tooManyRecords, start) }
        let origin = window.advance(to: start)
        let raw = Array(window.bytes[start..<end])
        if let fault = text.fault { return reject(raw, fault.code, fault.at) }
        guard raw.count <= limits.recordBytes else {
            return reject(Array(raw.prefix(JSONSkip.kept)), .recordTooLarge, start, isWhole: false)
        }
        guard text.fields.count == columns.count else {
            let detail = "the row has \(text.fields.count) fields, the header \(columns.count)"
            return reject(raw, .csvFieldCount, start, detail)
        }
        var cells: [Cell] = []
        cells.reserveCapacity(columns.count + 1)
        var root = Cell(kind: .object, extent: Extent(0, raw.count))
        root.next = UInt32(truncatingIfNeeded: columns.count + 1)
        cells.append(root)
        for (index, field) in text.fields.enumerated() {
            if field.content.range.count > limits.textBytes {
                return reject(raw, .textTooLong, start + Int(field.whole.start))
            }
            var cell = Cell(kind: .string, extent: field.whole)
            cell.text = field.content
            cell.escaped = field.doubled
            cell.named = true
            cell.name = columns[index]
            cell.next = UInt32(truncatingIfNeeded: index + 2)
            cells.append(cell)
        }
        let tree = DocumentTree(.csv(quote: dialect.quote), cells: cells, raw: raw, arena: names, origin: origin)
        events.append(surroundings.record(tree, ordinal: ordinal))
    }

    private func header(_ start: Int) throws(DocumentError) {
        if let fault = text.fault { throw page(fault.code, fault.at) }
        guard text.fields.count <= limits.nodesPerRecord else { throw page(.csvHeader, start, "too many columns") }
        var seen = Set<[UInt8]>()
        var found: [[UInt8]] = []
        for (index, field) in text.fields.enumerated() {
            let at = start + Int(field.whole.start)
            let range = (start + Int(field.content.start))..<(start + Int(field.content.end))
            let slice = window.bytes[range]
            let name = field.doubled ? CSVText.undoubled(slice, quote: dialect.quote) : Array(slice)
            guard name.contains(where: { $0 > 0x20 }) else {
                throw page(.csvHeader, at, "column \(index + 1) has no name")
            }
            guard seen.insert(name).inserted else {
                throw page(.csvHeader, at, "column \(index + 1) has the name of an earlier one")
            }
            found.append(name)
        }
        take(found)
    }

    /// The names of the columns.
    private func take(_ found: [[UInt8]]) {
        columns = found.map { name in
            names += name
            return Extent(names.count - name.count, names.count)
        }
        surroundings = RecordSurroundings(
            format: surroundings.format, place: surroundings.place, list: surroundings.list,
            columns: found.map { String(decoding: $0, as: UTF8.self) }, host: surroundings.host)
    }

    private func page(_ code: DocumentError.Code, _ at: Int, _ detail: String? = nil) -> DocumentError {
        surroundings.page(code, window.position(of: at), detail: detail)
    }

    private func reject(
        _ raw: [UInt8], _ code: DocumentError.Code, _ at: Int, _ detail: String? = nil, isWhole: Bool = true
    ) {
        events.append(
            surroundings.rejected(
                raw, code, window.position(of: at), ordinal: ordinal, detail: detail, isWhole: isWhole))
    }
}
