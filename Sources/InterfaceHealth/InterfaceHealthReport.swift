// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
public import Diagnostics
public import LicenceModel

/// The health of one interface at one moment: a verdict, its evidence, since when, what follows and what to do.
public struct InterfaceHealthReport: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// Who answers the phone.
    public var owner: String
    /// True for a simulation.
    public var simulated: Bool
    /// The licence types it serves.
    public var licenceTypes: [LicenceTypeCode]
    /// The verdict.
    public var verdict: HealthVerdict
    /// Since when it holds; across restarts when a memory is kept.
    public var since: Timestamp
    /// The aspect everything else follows from; nil when nothing is wrong.
    public var root: HealthAspect?
    /// Why.
    public var reason: BilingualSentence
    /// What follows for look-ups.
    public var consequence: BilingualSentence
    /// What to do.
    public var remedy: BilingualSentence
    /// Everything that is known, from the lowest layer up; what nobody found out yet is absent.
    public var findings: [HealthFinding] = []
    /// Days until the source's certificate ends, when there is one.
    public var certificateDaysLeft: Int?
    /// The middle one of the latest latencies.
    public var latency: Duration?
    /// The last pull that covered the interface; with partitions, the oldest of theirs.
    public var lastComplete: CompletedPull?
    /// When a new or changed record last arrived.
    public var newestChangeAt: Timestamp?
    /// How the golden questions were answered.
    public var golden = GoldenTally()
    /// Current records.
    public var records = 0
    /// Records in quarantine.
    public var openRejects = 0
    /// When planned downtime ends; nil when it is not down by plan.
    public var backAt: Timestamp?
    /// When it is worth trying again, when that is known.
    public var retryAt: Timestamp?

    /// Makes a report with what every report says; the rest is set afterwards.
    public init(
        interface: InterfaceID, owner: String, simulated: Bool, licenceTypes: [LicenceTypeCode],
        verdict: HealthVerdict, since: Timestamp, root: HealthAspect? = nil, reason: BilingualSentence,
        consequence: BilingualSentence, remedy: BilingualSentence
    ) {
        self.interface = interface
        self.owner = owner
        self.simulated = simulated
        self.licenceTypes = licenceTypes
        self.verdict = verdict
        self.since = since
        self.root = root
        self.reason = reason
        self.consequence = consequence
        self.remedy = remedy
    }
}

/// That a source cannot be asked now, for whoever answers from its copy.
public struct SourceOutage: Sendable, Hashable {
    /// What kind of outage.
    public enum Kind: String, Sendable {
        /// It fails.
        case down
        /// It is down by plan.
        case planned
        /// An operator paused it.
        case paused
    }
    /// What kind.
    public var kind: Kind
    /// Since when.
    public var since: Timestamp
    /// When it is worth asking again, when that is known.
    public var retryAt: Timestamp?
    /// Makes an outage.
    public init(kind: Kind, since: Timestamp, retryAt: Timestamp?) {
        self.kind = kind
        self.since = since
        self.retryAt = retryAt
    }
}

/// Whoever knows whether a source can be asked.
public protocol OutageReporting: Sendable {
    /// The outage of the interfaces of `source` that serve `type` (all its interfaces for nil), or nil while one works.
    func outage(of source: SourceID, type: LicenceTypeCode?, at moment: Timestamp) -> SourceOutage?
}

/// Whoever can say how the interfaces stand.
public protocol HealthReporting: OutageReporting {
    /// The report of every interface in service, by id.
    func report(at moment: Timestamp) -> [InterfaceHealthReport]
}
