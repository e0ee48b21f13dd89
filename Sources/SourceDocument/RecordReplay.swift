// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension DocumentRecord {
    /// Reads the bytes of one record again, for example out of the quarantine.
    ///
    /// Positions count from the start of the bytes. Limits: `raw` must be one whole record, as `DocumentRecord.raw` and
    /// a `RejectedRecord.raw` with `rawIsWhole` are.
    /// Throws: what is wrong with the record, with scope `.record`.
    public init(
        raw: [UInt8], ordinal: Int = 1, surroundings: RecordSurroundings, limits: DocumentLimits = DocumentLimits()
    ) throws(DocumentError) {
        let (before, after, path) = try surroundings.frame()
        let reader = try DocumentReader(
            format: surroundings.format, records: path, charset: CharsetDeclaration(override: .utf8), limits: limits,
            place: surroundings.place)
        var events: [DocumentEvent] = []
        do throws(DocumentError) {
            events += try reader.feed(before)
            events += try reader.feed(raw)
            events += try reader.feed(after)
            events += try reader.finish().events
        } catch {
            throw DocumentError(error.code, scope: .record, place: surroundings.place, detail: error.detail)
        }
        switch events.first {
        case .record(let record)? where events.count == 1 && record.raw == raw:
            let read = record.node.tree
            let tree = DocumentTree(
                read.flavour, cells: read.cells, raw: read.raw, arena: read.arena, origin: .start)
            self.init(node: DocumentNode(tree: tree, index: 0), ordinal: ordinal, surroundings: surroundings)
        case .reject(let reject)? where events.count == 1:
            var place = reject.error.place
            place.record = ordinal
            // Positions in the frame mean nothing to a reader.
            place.line = nil
            place.column = nil
            throw DocumentError(reject.error.code, scope: .record, place: place, detail: reject.error.detail)
        default:
            throw DocumentError(
                .truncated, scope: .record, place: surroundings.place, detail: "the bytes are not one whole record")
        }
    }
}

extension RecordSurroundings {
    /// What must stand around a record to make a document of it.
    fileprivate func frame() throws(DocumentError) -> (before: [UInt8], after: [UInt8], path: StreamPath) {
        switch format {
        case .json: return ([0x5B], [0x5D], .whole)
        case .ndjson: return ([], [0x0A], .whole)
        case .xml:
            let declarations = namespaces.sorted { $0.key < $1.key }.map { prefix, uri in
                " xmlns\(prefix.isEmpty ? "" : ":" + prefix)=\"\(RecordSurroundings.escaped(uri))\""
            }
            // An element of ours around it; a prefix of the record may not be declared by anyone else.
            return (
                Array("<frame\(declarations.joined())>".utf8), Array("</frame>".utf8),
                try StreamPath("/*/*", language: .xPath)
            )
        case .csv(let dialect):
            // Named by the manifest, or by a header that is put back.
            if !dialect.names.isEmpty { return ([], [0x0A], .whole) }
            var header: [UInt8] = []
            for (index, column) in columns.enumerated() {
                if index > 0 { header.append(dialect.delimiter) }
                guard dialect.isQuoted else {
                    header += column.utf8
                    continue
                }
                header.append(dialect.quote)
                for byte in column.utf8 { header += byte == dialect.quote ? [byte, byte] : [byte] }
                header.append(dialect.quote)
            }
            return (header + [0x0A], [0x0A], .whole)
        }
    }

    private static func escaped(_ uri: String) -> String {
        var result = ""
        for character in uri {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}

extension DocumentNode {
    /// Reads one JSON text, for messages of our own and for tests.
    ///
    /// Throws: what is wrong with it.
    public init(json text: String) throws(DocumentError) {
        let surroundings = RecordSurroundings(format: .ndjson, place: Place())
        self = try DocumentRecord(
            raw: Array(text.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }[...].trimmedBlanks),
            surroundings: surroundings
        ).node
    }
}
