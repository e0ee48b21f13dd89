// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// A pull that came to its end.
public struct CompletedPull: Sendable, Hashable, Codable {
    /// How much it covered.
    public var mode: PullMode
    /// The moment up to which the source was read: fixed before the first request.
    ///
    /// This is an answer's "as of".
    public var asOf: Timestamp
    /// When it ended.
    public var finishedAt: Timestamp
    /// Records received.
    public var records: Int
    /// The total the source declared, when it did.
    public var declaredTotal: Int?
    /// Makes one.
    public init(mode: PullMode, asOf: Timestamp, finishedAt: Timestamp, records: Int, declaredTotal: Int? = nil) {
        self.mode = mode
        self.asOf = asOf
        self.finishedAt = finishedAt
        self.records = records
        self.declaredTotal = declaredTotal
    }
}

/// Whether a source takes part.
public enum Availability: String, Sendable, Codable {
    /// It is synced and answers.
    case active
    /// An operator paused it: its types cannot be told.
    case paused
    /// It was taken out of service for good: its types no longer count on it, its records stay.
    case retired
}

/// What the catalogue knows of one interface (and partition).
public struct InterfaceState: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// The partition, when it is pulled in partitions.
    public var partition: String?
    /// Where the next incremental pull starts, or an interrupted one is taken up.
    public var resume: ResumeCursor?
    /// The cursor that stood before the last whole pull began anew: says what was taken before, not where to go on.
    public var known: ResumeCursor?
    /// The first pull that covered everything, or nil while there was none: before it nothing is known to be absent.
    public var firstComplete: CompletedPull?
    /// The last pull that came to its end.
    public var lastComplete: CompletedPull?
    /// The last run, complete or not.
    public var lastRun: RunRecord?
    /// Whether the source takes part.
    public var availability: Availability
    /// Current records (withdrawn ones left out).
    public var records: Int
    /// Open rejects.
    public var openRejects: Int
    /// Open rejects whose holder could not be read: while there are any, absence proves nothing here.
    public var openRejectsWithoutHolder: Int

    /// Makes a state.
    public init(
        interface: InterfaceID, partition: String? = nil, resume: ResumeCursor? = nil,
        known: ResumeCursor? = nil, firstComplete: CompletedPull? = nil, lastComplete: CompletedPull? = nil,
        lastRun: RunRecord? = nil,
        availability: Availability = .active, records: Int = 0, openRejects: Int = 0,
        openRejectsWithoutHolder: Int = 0
    ) {
        self.interface = interface
        self.partition = partition
        self.resume = resume
        self.known = known
        self.firstComplete = firstComplete
        self.lastComplete = lastComplete
        self.lastRun = lastRun
        self.availability = availability
        self.records = records
        self.openRejects = openRejects
        self.openRejectsWithoutHolder = openRejectsWithoutHolder
    }
}

/// One run in the history.
public struct RunRecord: Sendable, Hashable, Codable {
    /// How a run ended.
    public enum Outcome: String, Sendable, Codable {
        /// Still going, or its process is gone (`interrupted` after the next start).
        case running
        /// It came to the source's end.
        case complete
        /// It stopped by a rule or an error; `code` says which.
        case stopped
        /// Its process ended in the middle.
        case interrupted
    }
    /// The run.
    public var id: RunID
    /// The interface.
    public var interface: InterfaceID
    /// The partition.
    public var partition: String?
    /// How much it was to cover.
    public var mode: PullMode
    /// When it began.
    public var startedAt: Timestamp
    /// When it ended.
    public var finishedAt: Timestamp?
    /// How it ended.
    public var outcome: Outcome
    /// The error code that stopped it.
    public var code: String?
    /// The error's whole text (no personal values by construction).
    public var message: String?
    /// What it did.
    public var counts: RunCounts

    /// Makes a record of a run.
    public init(
        id: RunID, interface: InterfaceID, partition: String? = nil, mode: PullMode, startedAt: Timestamp,
        finishedAt: Timestamp? = nil, outcome: Outcome = .running, code: String? = nil, message: String? = nil,
        counts: RunCounts = RunCounts()
    ) {
        self.id = id
        self.interface = interface
        self.partition = partition
        self.mode = mode
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.outcome = outcome
        self.code = code
        self.message = message
        self.counts = counts
    }
}

/// What a run or a page did, in records.
public struct RunCounts: Sendable, Hashable, Codable {
    /// Pages committed.
    public var pages = 0
    /// Records received, rejects included.
    public var received = 0
    /// First seen.
    public var created = 0
    /// Changed.
    public var updated = 0
    /// Received and found unchanged: nothing written.
    public var unchanged = 0
    /// Older than what is stored; went into history.
    public var late = 0
    /// Quarantined.
    public var rejected = 0
    /// Withdrawn.
    public var withdrawn = 0
    /// Would have been withdrawn, and was held back by the limit.
    public var withheld = 0

    /// All zero.
    public init() {}

    /// Adds another count.
    public static func += (a: inout RunCounts, b: RunCounts) {
        a.pages += b.pages
        a.received += b.received
        a.created += b.created
        a.updated += b.updated
        a.unchanged += b.unchanged
        a.late += b.late
        a.rejected += b.rejected
        a.withdrawn += b.withdrawn
        a.withheld += b.withheld
    }
}

/// Counts of what the catalogue holds.
public struct CatalogueStatistics: Sendable, Hashable {
    /// Current records, withdrawn ones left out.
    public var records: Int
    /// Records that were withdrawn.
    public var withdrawn: Int
    /// Versions kept.
    public var versions: Int
    /// Entries of the change feed kept.
    public var changes: Int
    /// Open rejects.
    public var openRejects: Int
    /// Bytes on disk by part of the store, for engines that have a disk.
    public var bytesOnDisk: [String: Int]
    /// Makes statistics.
    public init(
        records: Int, withdrawn: Int, versions: Int, changes: Int, openRejects: Int, bytesOnDisk: [String: Int] = [:]
    ) {
        self.records = records
        self.withdrawn = withdrawn
        self.versions = versions
        self.changes = changes
        self.openRejects = openRejects
        self.bytesOnDisk = bytesOnDisk
    }
}
