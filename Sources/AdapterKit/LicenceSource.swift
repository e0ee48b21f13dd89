// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// What an adapter fulfils: one source system, however it talks.
///
/// Life: made from a manifest, then `describe()`, then any number of the other calls, in any order, concurrently, then
/// released. Nothing happens at init; no call keeps state for the next except through the cursor it returns.
/// Cancellation surfaces as `source.cancelled`. An adapter translates and never decides.
public protocol LicenceSource: Sendable {
    /// What this source offers: interfaces, licence types, which pulls and which questions each takes. Pure; no network.
    func describe() -> SourceDescription
    /// Batches of at most 1,000 records or 1 MiB, oldest first.
    ///
    /// Pulling stops when the consumer stops: nothing is fetched ahead of what was asked for, beyond one page. A bad
    /// record is a `Reject` in its batch, never a throw.
    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable
    /// The partitions an interface has now; asked at the source when the manifest says so, else those of `describe()`.
    func partitions(of interface: InterfaceID, for run: RunID) async throws(SourceError) -> [String]
    /// One question, now.
    ///
    /// "The source says none" is a finding with evidence; "could not ask" is thrown.
    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding
    /// One attempt at one layer: no retry, no cache.
    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult
    /// Maps one quarantined record again, with today's mapping.
    func remap(_ reject: Reject) -> Result<Licence, SourceError>
    /// What the source itself may push, by interface.
    var pushes: [PushIntake] { get }
    /// True when something is to be put away at the source after a run of this interface.
    func putsAway(_ interface: InterfaceID) -> Bool
    /// Puts away at the source what runs have taken (files into their folder), once that is durable.
    ///
    /// - Parameter resume: the last durable cursor. Returns what could not be put away; the next run tries again.
    func putAway(_ interface: InterfaceID, resume: ResumeCursor?) async -> [Diagnostic]
}

extension LicenceSource {
    /// The partitions that `describe()` names.
    public func partitions(of interface: InterfaceID, for run: RunID) async throws(SourceError) -> [String] {
        describe().interfaces.first { $0.id == interface }?.partitions ?? []
    }
}

/// What a source offers.
public struct SourceDescription: Sendable, Hashable {
    /// Its id.
    public var id: SourceID
    /// Its name, shown to people.
    public var name: String
    /// Who answers the phone.
    public var owner: String
    /// The region it serves (GB/T 2260), when it says.
    public var region: String?
    /// True for a simulation: shown in lists, passports and health.
    public var simulated: Bool
    /// Its interfaces.
    public var interfaces: [InterfaceDescription]
    /// The revision of the mapping: changes whenever a record could map differently.
    public var mappingRevision: String

    /// Makes a description.
    public init(
        id: SourceID, name: String, owner: String, region: String? = nil, simulated: Bool,
        interfaces: [InterfaceDescription], mappingRevision: String
    ) {
        self.id = id
        self.name = name
        self.owner = owner
        self.region = region
        self.simulated = simulated
        self.interfaces = interfaces
        self.mappingRevision = mappingRevision
    }
}

/// What one interface offers.
public struct InterfaceDescription: Sendable, Hashable {
    /// Its id.
    public var id: InterfaceID
    /// The licence types it serves.
    public var licenceTypes: [LicenceTypeCode]
    /// The pulls it takes; empty for an interface that only answers questions.
    public var pulls: Set<PullMode>
    /// The partitions it is pulled in; empty when it is pulled whole.
    public var partitions: [String]
    /// True when the source is asked for its partitions before each round of pulls; `partitions` is then empty.
    public var asksForPartitions = false
    /// The usual and the smallest page size, when a page that keeps failing may be asked in smaller pieces.
    public var pageSizes: PageSizes?
    /// A whole pull is due again when the last one is older than this; nil leaves it to the operator.
    public var fullAfter: Duration?
    /// The questions it answers.
    public var questions: Set<LookupQuestion.Kind>
    /// When it is pulled, and when it is down by plan.
    public var schedule: PullSchedule
    /// What stops a run.
    public var budget: FailureBudget
    /// Days before a certificate's end from which health warns.
    public var certificateWarningDays: Int
    /// Golden questions declared for it, by reference.
    public var goldenQuestions: [GoldenQuestion]
    /// How old the newest record may be before health wonders; nil when the source says nothing of its rhythm.
    public var freshness: Duration?
    /// The latency its owner promises for one exchange.
    public var latencyObjective: Duration?
    /// How many records a whole pull should bring; nil when nothing is expected.
    public var volume: ClosedRange<Int>?

    /// Makes a description.
    public init(
        id: InterfaceID, licenceTypes: [LicenceTypeCode], pulls: Set<PullMode>, partitions: [String] = [],
        questions: Set<LookupQuestion.Kind> = [], schedule: PullSchedule = PullSchedule(),
        budget: FailureBudget = FailureBudget(), certificateWarningDays: Int = 30,
        goldenQuestions: [GoldenQuestion] = [], freshness: Duration? = nil, latencyObjective: Duration? = nil,
        volume: ClosedRange<Int>? = nil
    ) {
        self.id = id
        self.licenceTypes = licenceTypes
        self.pulls = pulls
        self.partitions = partitions
        self.questions = questions
        self.schedule = schedule
        self.budget = budget
        self.certificateWarningDays = certificateWarningDays
        self.goldenQuestions = goldenQuestions
        self.freshness = freshness
        self.latencyObjective = latencyObjective
        self.volume = volume
    }
}

/// When a run gives up because too much is wrong.
public struct FailureBudget: Sendable, Hashable {
    /// Rejected records a run bears, as a share of those received (counted from the hundredth record on).
    public var rejectedFraction: Double
    /// Rejected records a run bears in any case below that share's reach.
    public var rejectedRecords: Int
    /// Times one page may fail before the run stops.
    public var pageFailures: Int
    /// Pages a run may take.
    public var pagesPerRun: Int
    /// How long a run may wait altogether for one page; nil leaves it to the program's patience.
    public var retryFor: Duration?
    /// Makes a budget; the defaults are the manifest language's.
    public init(
        rejectedFraction: Double = 0.05, rejectedRecords: Int = 1000, pageFailures: Int = 3, pagesPerRun: Int = 10_000,
        retryFor: Duration? = nil
    ) {
        self.rejectedFraction = rejectedFraction
        self.rejectedRecords = rejectedRecords
        self.pageFailures = pageFailures
        self.pagesPerRun = pagesPerRun
        self.retryFor = retryFor
    }
}
