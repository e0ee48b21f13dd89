// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Diagnostics
public import LicenceModel
internal import SourceDocument

/// What a manifest says, checked and compiled: everything an adapter is made from.
public struct SourceManifest: Sendable {
    /// The source.
    public let id: SourceID
    /// Its name, shown to people.
    public let name: String
    /// Who answers the phone.
    public let owner: String
    /// The region it serves, when it says.
    public let region: String?
    /// True for a simulation.
    public let simulated: Bool
    /// The folder it was read from.
    public let folder: String
    /// What still carries `confirm: true`; sync and serve refuse such a source.
    public let unconfirmed: [Diagnostic]
    /// Conformance tests it is excused from, with the reason.
    public let waivers: [String: String]
    /// A short digest of everything that decides how a record maps.
    public let mappingRevision: String

    let baseURL: String?
    let authentication: [AuthStep]
    let limits: ManifestLimits
    var probe: ProbePlan?
    let tls: TLSPlan?
    let certificateWarningDays: Int
    var interfaces: [InterfacePlan]

    /// Its interfaces' names, in the manifest's order.
    public var interfaceNames: [String] { interfaces.map(\.name) }

    /// `json`, `xml` or `csv` by interface.
    public var formats: [String: String] {
        Dictionary(
            interfaces.map { interface in
                switch interface.document.format {
                case .json, .ndjson: (interface.name, "json")
                case .xml: (interface.name, "xml")
                case .csv: (interface.name, "csv")
                }
            }
        ) { $1 }
    }

    /// Interfaces that are read from a folder.
    public var fileInterfaces: Set<String> { Set(interfaces.filter { $0.ways.files != nil }.map(\.name)) }

    /// The path of the request for a token, for a source that wants a login first.
    public var loginPath: String? { authentication.login?.request.path.render { _ in nil } }

    /// The largest answer and the largest record it bears, and how long one exchange may take.
    public var bounds: (response: ByteCount, record: ByteCount, timeout: Duration) {
        (ByteCount(limits.responseBytes), ByteCount(limits.recordBytes), limits.timeout)
    }

    /// What this source offers; the same as its adapter's `describe()`.
    public var description: SourceDescription {
        SourceDescription(
            id: id, name: name, owner: owner, region: region, simulated: simulated,
            interfaces: interfaces.map { $0.description(of: self) }, mappingRevision: mappingRevision)
    }
}

/// The bounds of a source.
struct ManifestLimits: Sendable, Hashable {
    var timeout: Duration
    var connectTimeout: Duration
    var stallTimeout: Duration
    var responseBytes: Int
    var recordBytes: Int
    var requestsPerSecond: Int
    var inFlight: Int
    var rate: RequestRate?
    var dailyQuota: Int?
    var budget: FailureBudget
}

/// One cheap request and what must come back.
struct ProbePlan: Sendable {
    let request: RequestPlan
    var document: DocumentPlan
    let status: Int
    let equals: [EnvelopeTest]
    let within: Duration
}

/// Files for TLS, from the configuration.
struct TLSPlan: Sendable {
    let authorities: Template?
    let certificate: Template?
    let key: Template?
}

/// A request before its placeholders are filled.
struct RequestPlan: Sendable {
    let method: String
    let path: Template
    let query: [Entry]
    let headers: [Entry]
    let body: BodyPlan?

    struct Entry: Sendable, Hashable {
        let name: String
        let value: Template
    }

    var placeholders: [Placeholder] {
        path.placeholders + query.flatMap(\.value.placeholders) + headers.flatMap(\.value.placeholders)
            + (body?.placeholders ?? [])
    }
}

/// The body of a POST before its placeholders are filled.
struct BodyPlan: Sendable {
    enum Kind: String, Sendable { case json, form, xml, soap11, soap12 }
    let kind: Kind
    let template: Template?
    let fields: [RequestPlan.Entry]
    let action: String?

    var placeholders: [Placeholder] { (template?.placeholders ?? []) + fields.flatMap(\.value.placeholders) }
}

/// One layer of the business status.
struct StatusLayer: Sendable {
    enum Meaning: Sendable, Hashable {
        case ok, none, tryLater, unauthenticated, refused, gone, broken
        case notInForce(LicenceStatus)
    }
    let path: RecordPath
    let values: [String: Meaning]
    let absent: Meaning
}

/// One interface, compiled.
struct InterfacePlan: Sendable {
    let name: String
    let types: TypeRule
    var document: DocumentPlan
    let pull: PullPlan?
    let ways: OtherWays
    let find: FindPlan?
    let status: [StatusLayer]
    let notFound: [Condition]
    let schedule: PullSchedule
    let mapping: FieldMapping
    let golden: [GoldenQuestion]
    let freshness: Duration?
    let latency: Duration?
    /// Requests it may be asked a day, where the interface says so itself.
    let dailyQuota: Int?
    let errors: [ErrorRule]
    /// Records a whole pull should bring.
    let volume: ClosedRange<Int>?
    /// Names of fields whose values a recording keeps.
    let notPersonal: Set<String>

    func description(of manifest: SourceManifest) -> InterfaceDescription {
        var pulls = ways.pulls
        if let pull { pulls = pull.isIncremental ? [.full, .incremental] : [.full] }
        var description = InterfaceDescription(
            id: InterfaceID(manifest.id, name), licenceTypes: types.offered, pulls: pulls,
            partitions: pull?.partitions ?? [], questions: Set(find.map { Array($0.questions.keys) } ?? []),
            schedule: schedule, budget: manifest.limits.budget,
            certificateWarningDays: manifest.certificateWarningDays, goldenQuestions: golden, freshness: freshness,
            latencyObjective: latency, volume: volume)
        description.asksForPartitions = pull?.parent != nil
        description.fullAfter = pull?.cursor?.fullAfter
        if let size = pull?.pages.size, let smallest = pull?.pages.smallest, smallest < size {
            description.pageSizes = PageSizes(usual: size, smallest: smallest)
        }
        return description
    }
}

/// The licence type of a record.
enum TypeRule: Sendable {
    case fixed(LicenceTypeCode)
    case from(RecordPath, [String: LicenceTypeCode])

    /// The types offered, in code order.
    var offered: [LicenceTypeCode] {
        switch self {
        case .fixed(let code): [code]
        case .from(_, let table): Set(table.values).sorted()
        }
    }
}

/// How answers are read.
struct DocumentPlan: Sendable {
    /// The format of the document that holds the records.
    var format: DocumentFormat
    let charset: DocumentCharset?
    let namespaces: [String: String]
    var decode = DecodePlan()
    var endLine: EndLine?
}

/// What makes a record the same, newer, or gone.
struct RecordIdentity: Sendable {
    let key: [RecordPath]
    let version: VersionRule
    let tombstone: Tombstone?

    enum VersionRule: Sendable {
        case arrival
        case declared(RecordPath, OrderedValue)
    }
    struct Tombstone: Sendable {
        let path: RecordPath
        let values: Set<String>
    }
}

/// A value with an order: a number, or a time in one of several formats.
enum OrderedValue: Sendable, Hashable {
    case number
    case time([DateFormat], zone: Int)

    /// The value as a number: itself, or milliseconds.
    func read(_ text: String) -> Int64? {
        switch self {
        case .number: Int64(text).flatMap { $0.magnitude <= 1 << 62 ? $0 : nil }
        case .time(let formats, let zone): formats.lazy.compactMap { $0.milliseconds(text, zone: zone) }.first
        }
    }

    /// The value as it is written in requests.
    func write(_ value: Int64) -> String {
        switch self {
        case .number: String(value)
        case .time(let formats, let zone): formats.first?.text(milliseconds: value, zone: zone) ?? String(value)
        }
    }

    /// The smallest difference between two values.
    var step: Int64 {
        switch self {
        case .number: 1
        case .time(let formats, _): formats.first?.step ?? 1
        }
    }
}

/// How an interface is pulled.
struct PullPlan: Sendable {
    let isIncremental: Bool
    let request: RequestPlan
    let pages: PagePlan
    let partitions: [String]
    let records: StreamPath
    let total: RecordPath?
    let hasMore: RecordPath?
    let identity: RecordIdentity
    let cursor: CursorPlan?
    let rejectIf: [Condition]
    var filter: [RecordFilter] = []
    var parent: FeedPlan?
    var deletes: FeedPlan?
}

/// How one page leads to the next.
struct PagePlan: Sendable {
    let kind: PageKind
    let parameter: String?
    let sizeParameter: String?
    let size: Int?
    let first: Int
    let token: RecordPath?
    let next: RecordPath?
    var smallest: Int?
    var linkOrigins: [Template] = []
}

/// What a later pull takes up from.
struct CursorPlan: Sendable {
    let path: RecordPath
    let value: OrderedValue
    let start: String?
    let lookBack: Duration
    let inclusive: Bool
    let order: Order
    var window: Duration?
    var clientFilter = false
    var fullAfter: Duration?

    /// How the records of a pull follow one another.
    enum Order: String, Sendable, CaseIterable { case ascending, descending, any }
    var ascending: Bool { order == .ascending }
}

/// The questions an interface answers.
struct FindPlan: Sendable {
    let questions: [LookupQuestion.Kind: LookupPlan]
    let identity: RecordIdentity
}

/// One question as a request.
struct LookupPlan: Sendable {
    let request: RequestPlan
    let records: StreamPath
    let emptyMeansNone: Bool
    let holderKinds: [HolderCodeKind: String]
    let licenceTypes: [LicenceTypeCode: String]
}

/// How a record's fields become a licence's.
struct FieldMapping: Sendable {
    var fields: [String: FieldRule] = [:]
    var holders: HolderList?
    var pairs: HolderPairs?
    var face = FaceFields()

    /// Holders as parts of one text.
    struct HolderPairs: Sendable {
        enum Part: String, Sendable {
            case name, code, skip
            case kind = "code_kind"
        }
        let text: FieldRule
        let between: String
        let order: [Part]
        let kind: FieldRule?
    }

    struct HolderList: Sendable {
        let list: RecordPath
        let code: FieldRule
        let kind: FieldRule
        let name: FieldRule?
    }
    struct FaceFields: Sendable {
        enum Keep: Sendable, Hashable {
            case rest
            case none
            case names(Set<String>)
        }
        var keep: Keep = .rest
        var drop: Set<String> = []
        var inside: [RecordPath] = []
        var named: [(name: String, rule: FieldRule)] = []
    }
}

/// Where one field comes from and how it is converted.
struct FieldRule: Sendable {
    enum Otherwise: String, Sendable { case reject, unknown, absent, keep }
    enum Empty: String, Sendable {
        case absent
        case openEnded = "open_ended"
        case reject
    }
    var places: [RecordPath] = []
    var constant: String?
    var map: [String: String] = [:]
    var otherwise = Otherwise.reject
    var dates: [DateFormat] = []
    var openEnded: Set<String> = []
    var empty = Empty.absent
    var emptyValues: Set<String> = []
    var trim = true
    var halfWidth = false
    var upper = false
    var split: String?
    var required = false
    /// What stands between the values of all places; nil takes the first that has one.
    var join: String?
    var replace: [(text: String, by: String)] = []
    var isNumber = false
    /// Minutes east of UTC of a date with a time.
    var zone: Int?
    /// True when a fault sets aside the field, and not the record.
    var rejectsField = false
}
