// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why a document, or one record in it, cannot be used; with line, column and path, never with a value.
public struct DocumentError: DiagnosedError, Hashable {
    /// The stable name of a kind of error; open to new ones.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name, `document.…`.
        public let name: String

        /// Makes a code.
        public init(_ name: String) { self.name = name }

        /// The name.
        public var description: String { name }
    }

    /// How much is lost with it.
    public enum Scope: Sendable, Hashable {
        /// This record is set aside; the document is read on.
        case record
        /// Nothing of the document may be used.
        case page
        /// A path or a setting of ours is wrong; no document was read.
        case configuration
    }

    /// The kind of error.
    public var code: Code
    /// How much is lost.
    public var scope: Scope
    /// Where; the line and column are those of the text after decoding to UTF-8.
    public var place: Place
    /// A sentence more exact than the code's own, without any value.
    public var detail: String?
    /// What to do, when the code alone does not say it.
    public var remedy: String?

    /// Makes an error.
    public init(_ code: Code, scope: Scope, place: Place, detail: String? = nil, remedy: String? = nil) {
        self.remedy = remedy
        self.code = code
        self.scope = scope
        self.place = place
        self.detail = detail
    }

    /// The finding in its four parts.
    public var diagnostic: Diagnostic {
        let known = DocumentError.catalogue[code]
        let consequence: String? =
            switch scope {
            case .record: "This record is set aside with its bytes; the rest of the document is read"
            case .page: "Nothing of this document is used"
            case .configuration: nil
            }
        return Diagnostic(
            code: code.name, what: detail ?? known?.what ?? "the document cannot be read", place: place,
            consequence: consequence,
            remedy: remedy ?? known?.remedy ?? "Compare the document with the source's specification")
    }
}

extension DocumentError.Code {
    /// The body is empty, or blank.
    public static let empty = Self("document.empty")
    /// The body is not JSON.
    public static let notJSON = Self("document.not_json")
    /// The body is not well-formed XML.
    public static let notXML = Self("document.not_xml")
    /// The body is not CSV.
    public static let notCSV = Self("document.not_csv")
    /// The document stops before its end.
    public static let truncated = Self("document.truncated")
    /// A comma stands before a closing bracket.
    public static let trailingComma = Self("document.trailing_comma")
    /// The same name stands twice in one object.
    public static let duplicateKey = Self("document.duplicate_key")
    /// A `\u` escape is half of a surrogate pair.
    public static let loneSurrogate = Self("document.lone_surrogate")
    /// A backslash is followed by something JSON does not know.
    public static let badEscape = Self("document.bad_escape")
    /// A control character stands bare in a text.
    public static let controlCharacter = Self("document.control_character")
    /// A number is not spelt the way JSON spells numbers.
    public static let numberSpelling = Self("document.number_spelling")
    /// The XML document has a DOCTYPE.
    public static let doctypeRefused = Self("document.doctype_refused")
    /// The byte order mark and a declaration name different encodings.
    public static let charsetContradiction = Self("document.charset_contradiction")
    /// The declared encoding is not one we read.
    public static let charsetUnknown = Self("document.charset_unknown")
    /// Bytes that mean nothing in the document's encoding.
    public static let undecodable = Self("document.undecodable")
    /// Nested deeper than the limit.
    public static let tooDeep = Self("document.too_deep")
    /// One text is longer than the limit.
    public static let textTooLong = Self("document.text_too_long")
    /// One record is larger than the limit.
    public static let recordTooLarge = Self("document.record_too_large")
    /// One element has more attributes than the limit.
    public static let tooManyAttributes = Self("document.too_many_attributes")
    /// The part outside the records is larger than the limit.
    public static let envelopeTooLarge = Self("document.envelope_too_large")
    /// The document is larger than the limit.
    public static let tooLarge = Self("document.too_large")
    /// More records than the limit.
    public static let tooManyRecords = Self("document.too_many_records")
    /// The header row is missing, or names a column twice or not at all.
    public static let csvHeader = Self("document.csv_header")
    /// A row has more or fewer fields than the header.
    public static let csvFieldCount = Self("document.csv_field_count")
    /// A quote stands where CSV has none.
    public static let csvQuote = Self("document.csv_quote")
    /// A path cannot be understood, or asks for something not supported.
    public static let pathSyntax = Self("document.path_syntax")
    /// A text inside is missing, or is not what the manifest says.
    public static let embedded = Self("document.embedded")
    /// An encrypted text cannot be opened.
    public static let notDecrypted = Self("document.not_decrypted")
    /// A multipart body is not what its header says.
    public static let multipart = Self("document.multipart")
    /// A stream of lines does not end as declared.
    public static let endLine = Self("document.end_line")
    /// The disk of this machine does not keep an answer that is too large for memory.
    public static let spool = Self("document.spool")
    /// The reader was used after its end or after an error.
    public static let alreadyEnded = Self("document.already_ended")
}
