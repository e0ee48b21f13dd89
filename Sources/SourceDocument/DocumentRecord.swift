// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// One thing a reader found in the list of records.
public enum DocumentEvent: Sendable {
    /// A record that can be used.
    case record(DocumentRecord)
    /// A record that cannot; the document is read on.
    case reject(RejectedRecord)
}

/// What a record's bytes need beside themselves to be read again: shared by all records of a document.
public final class RecordSurroundings: Sendable {
    /// The format the bytes are in.
    public let format: DocumentFormat
    /// Where the document came from.
    public let place: Place
    /// The path to the list, for messages.
    public let list: String
    /// Prefixes declared around the record (XML); the default namespace under the empty prefix.
    public let namespaces: [String: String]
    /// The header row (CSV).
    public let columns: [String]
    /// Where the text stands that the document was read from, when it is inside another.
    public let host: Place?

    /// Makes surroundings, for example from what a quarantine kept.
    public init(
        format: DocumentFormat, place: Place, list: String = "$", namespaces: [String: String] = [:],
        columns: [String] = [], host: Place? = nil
    ) {
        self.host = host
        self.format = format
        self.place = place
        self.list = list
        self.namespaces = namespaces
        self.columns = columns
    }

    /// A place in the document; without an ordinal it is outside the records.
    func place(ordinal: Int?, _ position: DocumentPosition, path: String?) -> Place {
        if let host {
            let way = InnerPlace.path(host.path, path ?? "", position)
            return Place(record: ordinal, line: host.line, column: host.column, path: way).within(place)
        }
        return outermost(ordinal: ordinal, position, path)
    }

    private func outermost(ordinal: Int?, _ position: DocumentPosition, _ path: String?) -> Place {
        Place(record: ordinal, line: position.line, column: position.column, path: path).within(place)
    }

    /// `$.data.items[3]`, `/ROOT/RECORD[4]`, `row 4`: the record with this ordinal.
    func path(ordinal: Int) -> String {
        switch format {
        case .json: "\(list)[\(ordinal - 1)]"
        case .ndjson: "$"
        case .xml: "\(list)[\(ordinal)]"
        case .csv: "row \(ordinal)"
        }
    }
}

/// One record as a small tree, with the bytes it was read from.
public struct DocumentRecord: Sendable {
    /// The record.
    public let node: DocumentNode
    /// Its place in the list, from 1.
    public let ordinal: Int
    /// What the bytes need to be read again.
    public let surroundings: RecordSurroundings

    /// The record's bytes, exactly as in the document after decoding to UTF-8.
    public var raw: [UInt8] { node.tree.raw }

    /// The same record with another tree over the same bytes: one that has further trees inside.
    public func with(_ node: DocumentNode) -> DocumentRecord {
        DocumentRecord(node: node, ordinal: ordinal, surroundings: surroundings)
    }

    /// Where the record starts.
    public var place: Place {
        surroundings.place(ordinal: ordinal, node.position, path: surroundings.path(ordinal: ordinal))
    }

    /// Where a node of this record stands; for errors about a field.
    public func place(of field: DocumentNode) -> Place {
        let inner = field.path
        let path = surroundings.path(ordinal: ordinal)
        let steps = inner.hasPrefix("$") ? inner.dropFirst() : inner.drop(while: { $0 == "/" }).drop { $0 != "/" }
        return surroundings.place(ordinal: ordinal, field.position, path: path + steps)
    }
}

/// One record that cannot be used, with its bytes and the reason.
public struct RejectedRecord: Sendable {
    /// The record's bytes as in the document after decoding to UTF-8.
    ///
    /// Bytes that could not be decoded stand as they came, after a byte 0xFF where the document was not UTF-8.
    public let raw: [UInt8]
    /// Whether `raw` is all of it; of a record over the limit only the start is kept.
    public let rawIsWhole: Bool
    /// Its place in the list, from 1.
    public let ordinal: Int
    /// Why.
    public let error: DocumentError
    /// What the bytes need to be read again.
    public let surroundings: RecordSurroundings
}

/// What was found at the path to the list.
public enum ListOutcome: Int, Sendable, Hashable, Comparable {
    /// Nothing stands at the path: the list was not empty, it was not there.
    case absent
    /// `null`, or another scalar where a list was expected; it stays in the envelope.
    case scalar
    /// One object or element: a list of one.
    case single
    /// A list, empty or not.
    case list

    /// By how much was found.
    public static func < (a: ListOutcome, b: ListOutcome) -> Bool { a.rawValue < b.rawValue }
}

/// What is known when a document has been read whole.
public struct DocumentEnd: Sendable {
    /// The last records.
    public let events: [DocumentEvent]
    /// The document without its records: the list is empty, the elements are gone.
    public let envelope: DocumentNode
    /// What stood at the path to the list.
    public let list: ListOutcome
    /// Records and rejects together.
    public let records: Int
    /// The encoding the document was read in.
    public let charset: DocumentCharset
    /// Whether a last row or line had no line end: a file cut off inside its last field looks like that.
    public let lastLineUnended: Bool

    /// Whether the path led to a list or to one record; false means "not there", which is not "empty".
    public var recordsPathMatched: Bool { list >= .single }
}

extension DocumentRecord: CustomStringConvertible, CustomReflectable {
    /// Where the record is; never what is in it.
    public var description: String { "record at \(place.words)" }
    /// Nothing, so that `dump` shows no value either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension RejectedRecord: CustomStringConvertible, CustomReflectable {
    /// Why and where; never what is in it.
    public var description: String { error.description }
    /// Nothing, so that `dump` shows no value either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DocumentNode: CustomStringConvertible, CustomReflectable {
    /// Kind and path; never a value.
    public var description: String { "\(kind) at \(path)" }
    /// Nothing, so that `dump` shows no value either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
