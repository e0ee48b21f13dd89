// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// The beginning of a run.
public struct RunStart: Sendable, Hashable {
    /// The run's id.
    public var id: RunID
    /// The interface.
    public var interface: InterfaceID
    /// The partition.
    public var partition: String?
    /// How much it covers.
    public var mode: PullMode
    /// When it begins; also the fixed end of its window.
    public var startedAt: Timestamp
    /// True when it takes up an interrupted pull: its silence then proves nothing about absent records.
    public var resumed: Bool
    /// Makes a start.
    public init(
        id: RunID, interface: InterfaceID, partition: String? = nil, mode: PullMode, startedAt: Timestamp,
        resumed: Bool = false
    ) {
        self.id = id
        self.interface = interface
        self.partition = partition
        self.mode = mode
        self.startedAt = startedAt
        self.resumed = resumed
    }
}

/// One page of a pull, committed as one write: records, versions, changes, rejects, tombstones and the cursor.
public struct PageCommit: Sendable {
    /// The run.
    public var run: RunID
    /// The page's number in the run, from 1.
    ///
    /// A page number at or below the run's watermark is applied again without effect.
    public var page: Int
    /// The records, in the source's order.
    public var records: [Licence]
    /// The rejects.
    public var rejects: [Reject]
    /// The source's removals.
    public var tombstones: [Tombstone]
    /// Where to resume once this page is durable; nil leaves the cursor where it is.
    public var resume: ResumeCursor?
    /// Makes a page.
    public init(
        run: RunID, page: Int, records: [Licence], rejects: [Reject] = [], tombstones: [Tombstone] = [],
        resume: ResumeCursor? = nil
    ) {
        self.run = run
        self.page = page
        self.records = records
        self.rejects = rejects
        self.tombstones = tombstones
        self.resume = resume
    }
}

/// How much a full pull may withdraw before an operator is asked.
public struct WithdrawalLimit: Sendable, Hashable {
    /// So many records always may go.
    public var records: Int
    /// Or this share of the partition.
    public var fraction: Double
    /// Set when an operator approved this run by name.
    public var approved: Bool
    /// The design's default: the larger of 50 records and 2 %.
    public init(records: Int = 50, fraction: Double = 0.02, approved: Bool = false) {
        self.records = records
        self.fraction = fraction
        self.approved = approved
    }
}

/// The end of a run.
public enum RunEnd: Sendable, Hashable {
    /// The source's end was reached; counted against its declared total by the caller already.
    case complete(declaredTotal: Int?, resume: ResumeCursor?)
    /// Stopped by a rule or an error: nothing is concluded from what was not seen.
    case stopped(Diagnostic)
}

/// Proof that a source is being written by one run only.
public struct Lease: Sendable, Hashable {
    /// The source.
    public let source: SourceID
    /// Who holds it, for people.
    public let owner: String
    /// A number that no two leases share.
    public let number: UInt64
    /// Makes a lease; engines only.
    public init(source: SourceID, owner: String, number: UInt64) {
        self.source = source
        self.owner = owner
        self.number = number
    }
}

/// Writing a catalogue.
///
/// One process writes; its calls are put in one order.
public protocol CatalogueWriting: Sendable {
    /// Takes the lease of a source. Throws `catalogue.lease_held` naming the holder.
    func acquireLease(_ source: SourceID, owner: String) async throws(CatalogueError) -> Lease
    /// Gives a lease back; a lease that is no longer held is ignored.
    func release(_ lease: Lease) async
    /// Opens a run.
    func begin(_ run: RunStart) async throws(CatalogueError)
    /// Applies a page in one write. Applying it twice changes nothing.
    func commit(_ page: PageCommit) async throws(CatalogueError) -> RunCounts
    /// Ends a run; a complete, not resumed full run withdraws what it did not see, within the limit.
    func finish(_ run: RunID, _ end: RunEnd, limit: WithdrawalLimit) async throws(CatalogueError) -> RunRecord
    /// Switches a source.
    func setAvailability(_ availability: Availability, of source: SourceID, note: String) async throws(CatalogueError)
    /// Ends the stay of a reject. Throws `catalogue.not_found` when it is not there (any more).
    func resolve(_ reject: Int64, _ resolution: QuarantineResolution) async throws(CatalogueError)
    /// Makes everything promised so far survive a power cut.
    func sync() async throws(CatalogueError)
}

/// A whole catalogue.
public typealias Catalogue = CatalogueReading & CatalogueWriting
