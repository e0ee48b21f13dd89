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

    /// Makes a request.
    public init(
        interface: InterfaceID, mode: PullMode, partition: String? = nil, resume: ResumeCursor? = nil,
        windowEnd: Timestamp, run: RunID, pageSize: Int? = nil, known: ResumeCursor? = nil
    ) {
        self.interface = interface
        self.mode = mode
        self.partition = partition
        self.resume = resume
        self.known = known
        self.windowEnd = windowEnd
        self.run = run
        self.pageSize = pageSize
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

    /// Makes a batch.
    public init(
        records: [Licence], rejects: [Reject] = [], tombstones: [Tombstone] = [], position: Position,
        resume: ResumeCursor? = nil, declaredTotal: Int? = nil, bytes: Int = 0
    ) {
        self.records = records
        self.rejects = rejects
        self.tombstones = tombstones
        self.position = position
        self.resume = resume
        self.declaredTotal = declaredTotal
        self.bytes = bytes
    }
}
