// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// What a pull asks for.
public struct PullRequest: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// Everything, or what changed.
    public var mode: PullMode
    /// The partition, when the interface is pulled in partitions.
    public var partition: String?
    /// Where to take up; nil starts at the beginning.
    public var resume: ResumeCursor?
    /// The last durable cursor, also when a whole pull begins anew: for sources that must know what they have taken.
    public var known: ResumeCursor?
    /// The end of the window, fixed before the first request: nothing later is asked for.
    public var windowEnd: Timestamp
    /// The run, for places and logs.
    public var run: RunID
    /// A page size below the manifest's, after a page failed; nil leaves it.
    public var pageSize: Int?
    /// Where this run stood after its last page: a failed page is asked again instead of the whole pull; nil starts at
    /// `resume`.
    public var place: PullPlace?
    /// Pages to leave out from there, by an operator's order.
    public var skipPages: Int

    /// Makes a request.
    public init(
        interface: InterfaceID, mode: PullMode, partition: String? = nil, resume: ResumeCursor? = nil,
        windowEnd: Timestamp, run: RunID, pageSize: Int? = nil, known: ResumeCursor? = nil, place: PullPlace? = nil,
        skipPages: Int = 0
    ) {
        self.interface = interface
        self.mode = mode
        self.partition = partition
        self.resume = resume
        self.known = known
        self.windowEnd = windowEnd
        self.run = run
        self.pageSize = pageSize
        self.place = place
        self.skipPages = skipPages
    }
}

/// A batch of a pull: what one page gave, in the source's order.
public struct SourceBatch: Sendable {
    /// Whether there is more.
    public enum Position: Sendable, Hashable {
        /// There is more to come.
        case more
        /// This was the last; with the total the source declared, when it did.
        case end(declaredTotal: Int?)
    }
    /// Records that mapped.
    public var records: [Licence]
    /// Records that did not.
    public var rejects: [Reject]
    /// The source's removals.
    public var tombstones: [Tombstone]
    /// Whether there is more.
    public var position: Position
    /// Where a later run can resume once this batch is durable; nil when it cannot yet.
    public var resume: ResumeCursor?
    /// The total the source declares so far, for progress; nil when it declares none.
    public var declaredTotal: Int?
    /// Bytes received for this batch, after decompression.
    public var bytes: Int
    /// Records that the manifest's `where`, `client_filter` or a repeat left out; neither kept nor rejected.
    public var skipped: Int
    /// Where the pull stands after this batch, when a page ended with it; dies with the process.
    public var place: PullPlace?
    /// What the operator should know although nothing failed.
    public var notes: [Diagnostic]

    /// Makes a batch.
    public init(
        records: [Licence], rejects: [Reject] = [], tombstones: [Tombstone] = [], position: Position,
        resume: ResumeCursor? = nil, declaredTotal: Int? = nil, bytes: Int = 0, skipped: Int = 0,
        place: PullPlace? = nil, notes: [Diagnostic] = []
    ) {
        self.records = records
        self.rejects = rejects
        self.tombstones = tombstones
        self.position = position
        self.resume = resume
        self.declaredTotal = declaredTotal
        self.bytes = bytes
        self.skipped = skipped
        self.place = place
        self.notes = notes
    }
}

/// Where a pull stands between two pages, in the words of its adapter; opaque, and gone with the process.
///
/// A durable cursor survives a run, a place does not: page tokens, totals and what was seen live in it.
public struct PullPlace: Sendable, Hashable {
    private final class Box: Sendable {
        let value: any Sendable
        init(_ value: any Sendable) { self.value = value }
    }
    private let box: Box

    /// Wraps an adapter's own value.
    public init(_ value: any Sendable) { box = Box(value) }

    /// The adapter's own value, or nil when it is another adapter's.
    public func value<Value: Sendable>(as type: Value.Type) -> Value? { box.value as? Value }

    /// Two places are the same when they are one.
    public static func == (a: PullPlace, b: PullPlace) -> Bool { a.box === b.box }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(box)) }
}
