// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import SourceDocument

/// A table of rows beside a manifest, read by our own strict reader: text only, every cell with its place.
struct RowTable: Sendable {
    /// One value of a row.
    struct Cell: Sendable {
        let text: String
        let place: RowPlace
    }
    /// One row under the header.
    struct Row: Sendable {
        let place: RowPlace
        let cells: [String: Cell]
    }

    static let bytesMax = 4 << 20
    static let rowsMax = 2_000
    static let columnsMax = 64
    static let cellMax = 4_096

    let file: String
    let columns: [(name: String, spot: Spot)]
    let rows: [Row]

    var columnNames: [String] { columns.map(\.name) }

    /// Reads a table; what is wrong with it is a finding at its own line and column, and gives nil.
    static func read(_ bytes: [UInt8], file: String, findings: inout Findings) -> RowTable? {
        let start = Spot(file: file, line: 1, column: 1)
        guard bytes.count <= bytesMax else {
            findings.add(
                "table.too_large", at: start, "the table has more than \(ByteCount(bytesMax).words)",
                "Leave out columns that no template uses, or make two sources of it.")
            return nil
        }
        var limits = DocumentLimits()
        limits.textBytes = cellMax
        limits.recordBytes = 64 << 10
        limits.totalBytes = bytesMax
        limits.nodesPerRecord = columnsMax
        limits.records = rowsMax + 1
        let errorsBefore = findings.list.count
        do throws(DocumentError) {
            let reader = try DocumentReader(
                format: .csv(CSVDialect()), records: .whole, charset: CharsetDeclaration(override: .utf8),
                limits: limits)
            var events = try reader.feed(bytes)
            events += try reader.finish().events
            let rows = events.compactMap { row($0, file, &findings) }
            guard events.count <= rowsMax else { return tooMany(start, &findings) }
            guard let first = rows.first, findings.list.count == errorsBefore else {
                if events.isEmpty {
                    findings.add(
                        "table.empty", at: start, "the table has no row under its header", "Write one row an interface."
                    )
                }
                return nil
            }
            return RowTable(file: file, columns: header(first.columns, bytes, file), rows: rows.map(\.row))
        } catch {
            if error.code == .tooManyRecords { return tooMany(start, &findings) }
            broken(error, file, &findings)
            return nil
        }
    }

    private static func tooMany(_ start: Spot, _ findings: inout Findings) -> RowTable? {
        findings.add(
            "table.too_large", at: start, "the table has more than \(rowsMax) rows",
            "Make two sources of it, each with its own manifest and table.")
        return nil
    }

    private static func row(_ event: DocumentEvent, _ file: String, _ findings: inout Findings) -> (
        row: Row, columns: [String]
    )? {
        switch event {
        case .reject(let rejected):
            broken(rejected.error, file, &findings)
            return nil
        case .record(let record):
            var cells: [String: Cell] = [:]
            for child in record.node.children {
                guard let name = child.name else { continue }
                let place = record.place(of: child)
                cells[name] = Cell(
                    text: child.scalarText ?? "",
                    place: RowPlace(file: file, line: place.line ?? 1, column: place.column ?? 1))
            }
            return (
                Row(place: RowPlace(file: file, line: record.place.line ?? 1, column: 1), cells: cells),
                record.surroundings.columns
            )
        }
    }

    private static func broken(_ error: DocumentError, _ file: String, _ findings: inout Findings) {
        findings.add(
            "table.unreadable",
            at: Spot(file: file, line: error.place.line ?? 1, column: error.place.column ?? 1),
            error.detail ?? error.diagnostic.what,
            "The table is CSV (RFC 4180) in UTF-8 with a header row, commas, and as many fields in each row.")
    }

    /// Where each name stands in the header row.
    private static func header(_ names: [String], _ bytes: [UInt8], _ file: String) -> [(name: String, spot: Spot)] {
        let line = bytes.prefix { $0 != 10 }
        var from = line.startIndex
        return names.map { name in
            let wanted = Array(name.utf8)
            var at = from
            while at + wanted.count <= line.endIndex, Array(line[at..<at + wanted.count]) != wanted { at += 1 }
            if at + wanted.count > line.endIndex { at = from }
            from = min(at + wanted.count, line.endIndex)
            return (name, Spot(file: file, line: 1, column: at + 1))
        }
    }
}
