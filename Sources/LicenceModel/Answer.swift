// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// The four ways in which "does this holder have a valid licence of this type?" can be answered.
///
/// An outage is never a "no": "the source said there is none" and "we could not ask" are different cases.
public enum Verdict: Sendable, Hashable {
    /// There is a valid licence.
    case holds
    /// There is one, and it does not count.
    case doesNotHold(DenialReason)
    /// Every source that could have one was asked, completely and recently, and none has it.
    case noRecord
    /// Nobody can say now; `retryAt` when it is known when it will be worth asking again.
    case cannotTell(Doubt, retryAt: Timestamp?)

    /// The verdict's stable name: `holds`, `does_not_hold`, `no_record`, `cannot_tell`.
    public var name: String {
        switch self {
        case .holds: "holds"
        case .doesNotHold: "does_not_hold"
        case .noRecord: "no_record"
        case .cannotTell: "cannot_tell"
        }
    }
}

/// Why a licence that exists does not count.
public enum DenialReason: Sendable, Hashable {
    /// Its last valid day was before the date asked about.
    case expired(on: CalendarDay)
    /// Its first valid day is after the date asked about.
    case notYetValid(from: CalendarDay)
    /// Its authority says so (suspended, cancelled, revoked and so on).
    case status(LicenceStatus)
    /// Its source no longer has it.
    case removedBySource
}

/// Why nobody can say.
public enum Doubt: Sendable, Hashable {
    /// A source declared for this type has never completed a pull.
    case neverSynced(SourceID)
    /// The copy is older than its type's limit and the source fails.
    case sourceDown(SourceID)
    /// The copy is older than its type's limit.
    case staleCopy(SourceID)
    /// An operator paused the source.
    case paused(SourceID)
    /// A newer version of the record was received and could not be read.
    case newerVersionUnreadable
    /// A record that may concern this holder was received and could not be read.
    case recordUnreadable
    /// The code is found under another kind of holder code only, or records contradict each other.
    case ambiguous
    /// The source gave no end of validity and did not say that it is open.
    case validityUnknown
    /// The source's status says nothing about validity.
    case statusUnknown
    /// No source is connected for this type.
    case noSource
    /// More records than one answer may weigh.
    case tooMany
    /// Our own store could not be read in time.
    case catalogueUnavailable

    /// The doubt's stable name in JSON and metrics: a bounded set.
    public var name: String {
        switch self {
        case .neverSynced: "never_synced"
        case .sourceDown: "source_down"
        case .staleCopy: "stale_copy"
        case .paused: "paused"
        case .newerVersionUnreadable: "newer_version_unreadable"
        case .recordUnreadable: "record_unreadable"
        case .ambiguous: "ambiguous"
        case .validityUnknown: "validity_unknown"
        case .statusUnknown: "status_unknown"
        case .noSource: "no_source"
        case .tooMany: "too_many"
        case .catalogueUnavailable: "catalogue_unavailable"
        }
    }
}

/// What every answer carries: where it comes from, how old it is, and what to do next.
public struct Passport: Sendable, Hashable {
    /// The source whose record decided, or whose state is in doubt.
    public var source: SourceID?
    /// True when the source was asked for this answer, false for a copy.
    public var live: Bool
    /// The last time the source confirmed the record, or completed a pull that covers it.
    public var asOf: Timestamp?
    /// How old that is.
    public var age: Duration?
    /// The trust grade of the record.
    public var trustGrade: TrustGrade?
    /// The revision of the rules that decided.
    public var ruleVersion: String
    /// True when the source is a simulation.
    public var simulated: Bool

    /// Makes a passport.
    public init(
        source: SourceID? = nil, live: Bool = false, asOf: Timestamp? = nil, age: Duration? = nil,
        trustGrade: TrustGrade? = nil, ruleVersion: String, simulated: Bool = false
    ) {
        self.source = source
        self.live = live
        self.asOf = asOf
        self.age = age
        self.trustGrade = trustGrade
        self.ruleVersion = ruleVersion
        self.simulated = simulated
    }
}

/// A sentence in the two languages people at a window and integrators read.
public struct BilingualSentence: Sendable, Hashable {
    /// 中文.
    public var chinese: String
    /// English.
    public var english: String
    /// Makes a sentence.
    public init(chinese: String, english: String) {
        self.chinese = chinese
        self.english = english
    }
}
