// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
public import Diagnostics
public import LicenceModel

/// One of four verdicts, with everything that a person needs to trust or doubt it.
public struct ProofFreeAnswer: Sendable, Hashable {
    /// The verdict.
    public var verdict: Verdict
    /// Where it comes from, and how old that is.
    public var passport: Passport
    /// The records that were found, those that decided first; under `cannotTell` they are what was last known.
    public var records: [JudgedRecord]
    /// The next step in plain words, without any value out of a record.
    public var sentence: BilingualSentence
    /// The interfaces that could have such a licence, and how each stands.
    public var considered: [ConsideredInterface]
    /// What can be said of the code asked with.
    public var codeCheck: HolderCodeCheck
    /// What kept our own store from answering, for the operator; nil when it answered.
    public var failure: Diagnostic?

    /// Makes an answer.
    public init(
        verdict: Verdict, passport: Passport, records: [JudgedRecord] = [], sentence: BilingualSentence,
        considered: [ConsideredInterface] = [], codeCheck: HolderCodeCheck = .notChecked, failure: Diagnostic? = nil
    ) {
        self.verdict = verdict
        self.passport = passport
        self.records = records
        self.sentence = sentence
        self.considered = considered
        self.codeCheck = codeCheck
        self.failure = failure
    }
}

/// A record, what it says, and whether it may say it.
public struct JudgedRecord: Sendable, Hashable {
    /// The record.
    public var entry: CatalogueEntry
    /// What it says for the day in question.
    public var says: RecordVerdict
    /// Why it may not answer now; nil when it may.
    public var heldBackBy: Doubt?
    /// True when its source is retired: shown, and no part of the verdict.
    public var retired: Bool
    /// The last time its source confirmed it, or completed a pull that covers it.
    public var asOf: Timestamp
    /// How old that is.
    public var age: Duration
    /// True when the verdict rests on this record.
    public var decided: Bool
    /// True when another source says otherwise of the same licence.
    public var disputed: Bool

    /// Makes a judged record.
    public init(
        entry: CatalogueEntry, says: RecordVerdict, heldBackBy: Doubt?, retired: Bool = false, asOf: Timestamp,
        age: Duration, decided: Bool = false, disputed: Bool = false
    ) {
        self.entry = entry
        self.says = says
        self.heldBackBy = heldBackBy
        self.retired = retired
        self.asOf = asOf
        self.age = age
        self.decided = decided
        self.disputed = disputed
    }

    /// What it adds to the verdict: nothing while it is held back or retired.
    var word: RecordVerdict? {
        if retired { return nil }
        return heldBackBy.map { .doubtful($0) } ?? says
    }
}

/// An interface that could have such a licence.
public struct ConsideredInterface: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// The source's name, shown to people.
    public var sourceName: String
    /// The last time it completed a pull; the oldest of its partitions; nil when one has never been complete.
    public var asOf: Timestamp?
    /// How old that may be.
    public var copyLimit: Duration
    /// Why its silence proves nothing; nil when it does.
    public var doubt: Doubt?
    /// When it will be worth asking again, when there is a doubt that time may end.
    public var retryAt: Timestamp?
    /// True for a simulation.
    public var simulated: Bool

    /// Makes one.
    public init(
        interface: InterfaceID, sourceName: String, asOf: Timestamp?, copyLimit: Duration, doubt: Doubt?,
        retryAt: Timestamp? = nil, simulated: Bool = false
    ) {
        self.interface = interface
        self.sourceName = sourceName
        self.asOf = asOf
        self.copyLimit = copyLimit
        self.doubt = doubt
        self.retryAt = retryAt
        self.simulated = simulated
    }
}
