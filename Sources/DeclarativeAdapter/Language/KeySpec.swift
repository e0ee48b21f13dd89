// SPDX-License-Identifier: Apache-2.0

/// One key of the manifest language: declared once, read by the parser, the lint and the reference page alike.
struct KeySpec: Sendable {
    /// Whether a key must be there.
    enum Need: Sendable, Hashable {
        /// Missing is an error.
        case required
        /// May be missing; the text says what holds then.
        case optional(String)
        /// Required or refused depending on other keys; the text says when.
        case conditional(String)
    }

    let name: String
    let kind: ValueKind
    let need: Need
    let doc: String
    let example: String

    init(_ name: String, _ kind: ValueKind, _ need: Need, _ doc: String, example: String) {
        self.name = name
        self.kind = kind
        self.need = need
        self.doc = doc
        self.example = example
    }
}

/// A group of keys that stands in one mapping.
struct BlockSpec: Sendable {
    let name: String
    let doc: String
    let keys: [KeySpec]

    /// Declares a block; every block of a manifest can be marked with `confirm`.
    init(name: String, doc: String, keys: [KeySpec]) {
        self.name = name
        self.doc = doc
        let own = keys.filter { $0.name != KeySpec.confirm.name }
        self.keys = BlockSpec.withoutConfirm.contains(name) ? own : own + [.confirm]
    }

    func key(_ name: String) -> KeySpec? { keys.first { $0.name == name } }
}

/// What a value must look like.
indirect enum ValueKind: Sendable {
    /// Free text of at most so many characters.
    case text(max: Int)
    /// Text of a named form.
    case form(TextForm)
    /// One of these words.
    case word([String])
    case integer(ClosedRange<Int>)
    /// A number with at most two decimals, written without a sign of per cent.
    case percent
    case boolean
    /// A number and a unit, between these milliseconds.
    case duration(ClosedRange<Int64>)
    /// A number and a unit, between these bytes.
    case bytes(ClosedRange<Int>)
    /// Text with placeholders of this set.
    case template(PlaceholderSet)
    case list(ValueKind, max: Int)
    /// One value, or a list of them.
    case oneOrMore(ValueKind, max: Int)
    /// Free keys (of a form, when given) to values.
    case map(keys: TextForm?, ValueKind, max: Int)
    case block(String)
    /// A scalar of the first kind, or else the second, which is a block, list or map.
    case either(ValueKind, ValueKind)
}

/// The named forms of text; each is checked by lint and explained on the reference page.
enum TextForm: String, Sendable, CaseIterable {
    case kebab = "id"
    case region
    case cron
    case downtime
    case hours
    case url
    case uri
    case recordPath = "record path"
    case listPath = "list path"
    case envelopePath = "envelope path"
    case dateFormat = "date format"
    case licenceType = "licence type"
    case holderKind = "holder kind"
    case secretReference = "secret reference"
    case secretName = "secret name"
    case filePattern = "file pattern"
    case tableFile = "table file"
    case token
    case prefix = "namespace prefix"
    case conformanceNumber = "conformance number"
    case dialectName = "dialect name"
    case vocabularyName = "vocabulary name"
    case zone

    /// What the form accepts, in words, for messages and the page.
    var words: String {
        switch self {
        case .kebab: "lower-case letters, digits and single hyphens, starting with a letter, at most 64 characters"
        case .region: "six digits (GB/T 2260)"
        case .cron: "five cron fields in Asia/Shanghai: minute, hour, day of month, month, day of week"
        case .downtime: "`nightly HH:MM-HH:MM`, `weekly Sat HH:MM-HH:MM` or `monthly 1 HH:MM-HH:MM`; or `none`"
        case .hours: "`HH:MM-HH:MM` within one day, Asia/Shanghai"
        case .url: "an `https` URL without user, query and fragment, or one placeholder `${config:name}`"
        case .uri: "a namespace URI, compared letter by letter"
        case .recordPath:
            "a path inside one record: JSONPath for JSON (`$.zt`), XPath 1.0 for XML (`h:zt`), a column name for CSV"
        case .listPath:
            "a streaming path to the list: names, indexes and wildcards (`$.data.items`, `/ROOT/DATA/RECORD`); "
                + "`$` for a document that is itself the list or the one record, and for CSV"
        case .envelopePath:
            "a path from the document's root to one value outside the list (`$.code`, `/ROOT/HEAD/CODE`)"
        case .dateFormat:
            "letters `yyyy MM dd HH mm ss SSS` with any other characters between, or `iso8601`, `epoch_ms`, `epoch_s`"
        case .licenceType: "a code that stands in `Config/licence-types.csv`"
        case .holderKind: "three digits (`001` credit code, `111` resident identity number, `099`, `999`, …)"
        case .secretReference: "exactly one placeholder `${secret:name}`"
        case .secretName: "the name of a secret: letters, digits, `_`, `-` and `.`"
        case .filePattern: "a file name in which `*` stands for any run of characters; no `/`"
        case .tableFile:
            "the name of a CSV file beside the manifest: letters, digits, `-`, `_`, `.`, and `.csv` at its end"
        case .token: "an HTTP token: letters, digits and ``!#$%&'*+-.^_`|~``"
        case .prefix: "a name of letters, digits, `_` and `-` that starts with a letter"
        case .conformanceNumber: "`C01` to `C13`"
        case .vocabularyName: "the name of a file in the folder `vocabularies` of the dialects, without `.yaml`"
        case .zone: "`Z`, or `+HH:MM` or `-HH:MM`, at most 14 hours"
        case .dialectName: "the name of a file in the dialects folder, without `.yaml`: letters, digits and `_`"
        }
    }
}

/// Which placeholders a text may hold.
struct PlaceholderSet: Sendable, Hashable {
    let name: String
    let allowed: [Placeholder.Kind]

    static let configuration = PlaceholderSet(name: "configuration", allowed: [.config])
    static let account = PlaceholderSet(name: "account", allowed: [.config, .secret])
    static let pullAddress = PlaceholderSet(
        name: "pull address",
        allowed: [.config, .cursor, .windowEnd, .page, .pageSize, .offset, .pageToken, .partition])
    static let pullText = PlaceholderSet(name: "pull text", allowed: pullAddress.allowed + signed)
    static let askAddress = PlaceholderSet(
        name: "question address",
        allowed: [
            .config, .holderCode, .holderKind, .holderName, .licenceType, .number, .identifier, .purpose, .matter,
            .system, .operatorAccount,
        ])
    static let askText = PlaceholderSet(name: "question text", allowed: askAddress.allowed + signed)
    static let all = [
        configuration, account, probeText, pullAddress, pullText, askAddress, askText, canonical, put,
    ]
}
