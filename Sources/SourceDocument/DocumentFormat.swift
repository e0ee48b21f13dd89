// SPDX-License-Identifier: Apache-2.0

/// What the bytes of a document are.
public enum DocumentFormat: Sendable, Hashable {
    /// One JSON text (RFC 8259).
    case json
    /// One JSON text a line.
    case ndjson
    /// One XML 1.0 document; any DOCTYPE is refused.
    case xml
    /// Rows under a header row (RFC 4180).
    case csv(CSVDialect)

    /// The language that paths into this format are written in.
    public var pathLanguage: PathLanguage {
        switch self {
        case .json, .ndjson: .jsonPath
        case .xml: .xPath
        case .csv: .column
        }
    }
}

/// How a CSV file separates and quotes.
public struct CSVDialect: Sendable, Hashable {
    /// The byte between fields.
    public var delimiter: UInt8
    /// The byte around a field that holds delimiters or line ends; doubled inside.
    public var quote: UInt8
    /// Whether there is such a byte at all; without it every field runs to the next delimiter.
    public var isQuoted: Bool
    /// The columns' names, when the first row is a record already.
    public var names: [String]
    /// Whether a last row without a line end is refused as cut off.
    public var requiresFinalLineEnd: Bool

    /// Makes a dialect; the default is RFC 4180.
    public init(
        delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22, isQuoted: Bool = true, names: [String] = [],
        requiresFinalLineEnd: Bool = false
    ) {
        self.isQuoted = isQuoted
        self.names = names
        self.delimiter = delimiter
        self.quote = quote
        self.requiresFinalLineEnd = requiresFinalLineEnd
    }
}

/// The bounds of one document; what passes them is refused, never cut short silently.
public struct DocumentLimits: Sendable, Hashable {
    /// Levels of nesting inside a record, and inside the envelope.
    public var depth = 64
    /// Bytes of one string, one element's text, one field.
    public var textBytes = 1 << 20
    /// Bytes of one record.
    public var recordBytes = 4 << 20
    /// Values, elements, attributes and texts in one record.
    public var nodesPerRecord = 100_000
    /// Attributes of one element.
    public var attributesPerElement = 64
    /// Bytes of the document outside its records.
    public var envelopeBytes = 1 << 20
    /// Bytes of the whole document, as received and as decoded.
    public var totalBytes = 64 << 20
    /// Records in one document.
    public var records = 1_000_000

    /// Makes the default bounds.
    public init() {}
}
