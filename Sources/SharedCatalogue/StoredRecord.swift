// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel

/// A record as a row holds it.
struct StoredRecord: Sendable {
    var licence: Licence
    var scope: UInt32
    /// The current version's number, and the highest number given out.
    var current: UInt64
    var last: UInt64
    var cause: CatalogueVersion.Cause
    var recordedAt: Timestamp
    var withdrawal: Withdrawal?
    var doubt: Bool
    /// A removal that the source told and that waits for the end of its run.
    var staged: Staged?

    struct Staged: Sendable {
        var scope: UInt32
        var version: SourceVersion
    }

    func entry(_ id: CatalogueID) -> CatalogueEntry {
        CatalogueEntry(
            id: id, licence: licence, version: Int(current), recordedAt: recordedAt, withdrawal: withdrawal,
            newerVersionUnreadable: doubt)
    }

    var version: CatalogueVersion {
        CatalogueVersion(number: Int(current), cause: cause, licence: licence, recordedAt: recordedAt)
    }
}

/// What a look-up by id reads first: where the row is, and what tells an unchanged record without reading it.
struct Locator: Sendable, Hashable {
    var holder: UInt64
    var type: UInt32
    var scope: UInt32
    var mapping: UInt32
    /// The first half of the payload's SHA-256: enough to tell a changed payload, half the bytes.
    var digest: [UInt8]
    var settled: Bool
    var version: UInt64

    static let format: UInt8 = 1

    var bytes: [UInt8] {
        var out = ByteWriter(reserving: 48)
        out.byte(Self.format)
        out.flag(settled)
        out.fixed(holder)
        out.fixed(type)
        out.fixed(scope)
        out.fixed(mapping)
        out.raw(digest)
        out.number(version)
        return out.bytes
    }

    init(
        holder: UInt64, type: UInt32, scope: UInt32, mapping: UInt32, digest: [UInt8], settled: Bool, version: UInt64
    ) {
        self.holder = holder
        self.type = type
        self.scope = scope
        self.mapping = mapping
        self.digest = digest
        self.settled = settled
        self.version = version
    }

    init(_ bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == Self.format else { throw MalformedBytes() }
        settled = try reader.flag()
        holder = try reader.fixed64()
        type = try reader.fixed32()
        scope = try reader.fixed32()
        mapping = try reader.fixed32()
        digest = try reader.raw(16)
        version = try reader.number()
    }

    func rowKey(_ id: RecordID) -> [UInt8] { RowKey.bytes(holder: holder, type: type, id) }
}

/// Keys of rows and their neighbours.
enum RowKey {
    static func bytes(holder: UInt64, type: UInt32, _ id: RecordID) -> [UInt8] {
        var out = ByteWriter(reserving: 28)
        out.fixed(holder)
        out.fixed(type)
        out.fixed(id.high)
        out.fixed(id.low)
        return out.bytes
    }

    static func prefix(holder: UInt64, type: UInt32?) -> [UInt8] {
        var out = ByteWriter()
        out.fixed(holder)
        if let type { out.fixed(type) }
        return out.bytes
    }

    static func id(of key: [UInt8]) -> RecordID { RecordID(key.suffix(16)) }

    static func version(_ id: RecordID, _ number: UInt64) -> [UInt8] {
        var out = ByteWriter(reserving: 24)
        out.fixed(id.high)
        out.fixed(id.low)
        out.fixed(number)
        return out.bytes
    }

    enum LookupKind: UInt8 {
        case identifier = 1
        case number = 2
    }

    static func lookup(_ kind: LookupKind, _ hash: UInt64, _ id: RecordID? = nil) -> [UInt8] {
        var out = ByteWriter(reserving: 25)
        out.byte(kind.rawValue)
        out.fixed(hash)
        if let id {
            out.fixed(id.high)
            out.fixed(id.low)
        }
        return out.bytes
    }

    static func member(_ scope: UInt32, _ id: RecordID? = nil) -> [UInt8] {
        var out = ByteWriter(reserving: 20)
        out.fixed(scope)
        if let id {
            out.fixed(id.high)
            out.fixed(id.low)
        }
        return out.bytes
    }

    static func sequence(_ number: UInt64) -> [UInt8] {
        var out = ByteWriter()
        out.fixed(number)
        return out.bytes
    }
}
