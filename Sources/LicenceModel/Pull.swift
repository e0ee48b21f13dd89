// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// One run of a sync over one interface: opaque, sortable by time, printed in logs and errors.
public struct RunID: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The id's text.
    public let rawValue: String
    /// Wraps an id.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The id's text.
    public var description: String { rawValue }
    /// Older runs sort first.
    public static func < (a: RunID, b: RunID) -> Bool { a.rawValue < b.rawValue }
}

/// Where a pull can be taken up again, in the adapter's own words; opaque to everyone else.
///
/// A page token dies with its run; this survives it. Limit: 4 KiB.
public struct ResumeCursor: RawRepresentable, Sendable, Hashable, Codable {
    /// The adapter's text.
    public let rawValue: String
    /// Wraps the adapter's text.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// How much of a source a pull covers.
public enum PullMode: String, Sendable, Codable, CaseIterable {
    /// Everything the interface has: the only mode from whose silence anything may be concluded.
    case full
    /// What changed since the last durable cursor.
    case incremental
}

/// A record that could not be mapped or validated: kept whole, explained, and replayed after the mend.
public struct Reject: Sendable, Hashable {
    /// The interface it came through.
    public var interface: InterfaceID
    /// The partition, when there is one.
    public var partition: String?
    /// The record's bytes as received (decoded to UTF-8), at most the record limit.
    public var raw: [UInt8]
    /// Why, where and what to do; without any value of the record.
    public var reason: Diagnostic
    /// The record's key, when it could be read: the stored version of that record then stops answering.
    public var key: SourceRecordKey?
    /// The licence type, when it could be read or the interface serves one only.
    public var typeCode: LicenceTypeCode?
    /// The holders, when they could be read: only their look-ups are in doubt then, else everybody's of this interface.
    public var holders: [HolderReference]
    /// The source's version of the record, when it could be read.
    public var sourceVersion: SourceVersion?
    /// When it was received.
    public var fetchedAt: Timestamp
    /// Which mapping refused it.
    public var mappingRevision: String
    /// The field that is set aside while its record is stored without it; nil when the whole record is.
    ///
    /// Such a reject hides no record and puts none in doubt: a verdict never rests on a field that may be set aside.
    public var field: String?

    /// Makes a reject.
    public init(
        interface: InterfaceID, partition: String? = nil, raw: [UInt8], reason: Diagnostic,
        key: SourceRecordKey? = nil, typeCode: LicenceTypeCode? = nil, holders: [HolderReference] = [],
        sourceVersion: SourceVersion? = nil, fetchedAt: Timestamp, mappingRevision: String, field: String? = nil
    ) {
        self.interface = interface
        self.partition = partition
        self.field = field
        self.raw = raw
        self.reason = reason
        self.key = key
        self.typeCode = typeCode
        self.holders = holders
        self.sourceVersion = sourceVersion
        self.fetchedAt = fetchedAt
        self.mappingRevision = mappingRevision
    }
}

/// The source's own word that a record is gone.
public struct Tombstone: Sendable, Hashable {
    /// The record.
    public var key: SourceRecordKey
    /// The source's version of this removal.
    public var sourceVersion: SourceVersion
    /// When it was received.
    public var fetchedAt: Timestamp
    /// Makes a tombstone.
    public init(key: SourceRecordKey, sourceVersion: SourceVersion, fetchedAt: Timestamp) {
        self.key = key
        self.sourceVersion = sourceVersion
        self.fetchedAt = fetchedAt
    }
}
