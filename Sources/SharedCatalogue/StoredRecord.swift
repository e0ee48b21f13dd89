// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
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

/// The first half of a payload's SHA-256: enough to tell a changed payload, half the bytes.
struct DigestHalf: Sendable, Hashable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    init(_ digest: Digest256) {
        let half = digest.half
        self.init(high: half.high, low: half.low)
    }
}

/// What a look-up by id reads first: where the row is, and what tells an unchanged record without reading it.
struct Locator: Sendable, Hashable {
    var holder: UInt64
    var type: UInt32
    var scope: UInt32
    var mapping: UInt32
    var digest: DigestHalf
    var settled: Bool
    var version: UInt64

    static let format: UInt8 = 1

    func write(_ out: inout ByteWriter) {
        out.byte(Self.format)
        out.flag(settled)
        out.fixed(holder)
        out.fixed(type)
        out.fixed(scope)
        out.fixed(mapping)
        out.fixed(digest.high)
        out.fixed(digest.low)
        out.number(version)
    }

    init(
        holder: UInt64, type: UInt32, scope: UInt32, mapping: UInt32, digest: DigestHalf, settled: Bool, version: UInt64
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
        let read = bytes.withUnsafeBytes { raw in Result { () throws(MalformedBytes) in try Locator(raw) } }
        self = try read.get()
    }

    /// Reads it where it lies; a page asks for a thousand of them.
    init(_ raw: UnsafeRawBufferPointer) throws(MalformedBytes) {
        guard raw.count > Self.fixedBytes, raw[0] == Self.format, raw[1] < 2 else { throw MalformedBytes() }
        func word(_ at: Int) -> UInt64 { UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
        func half(_ at: Int) -> UInt32 { UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)) }
        settled = raw[1] == 1
        holder = word(2)
        type = half(10)
        scope = half(14)
        mapping = half(18)
        digest = DigestHalf(high: word(22), low: word(30))
        var number: UInt64 = 0
        for (place, byte) in raw[Self.fixedBytes...].enumerated() {
            guard place < 9 || (place == 9 && byte < 2) else { throw MalformedBytes() }
            number |= UInt64(byte & 127) << UInt64(7 * place)
            if byte < 128 {
                version = number
                return
            }
        }
        throw MalformedBytes()
    }

    private static let fixedBytes = 38

    func rowKey(_ id: RecordID) -> [UInt8] { RowKey.bytes(holder: holder, type: type, id) }
}

/// Keys of rows and their neighbours.
enum RowKey {
    static func bytes(holder: UInt64, type: UInt32, _ id: RecordID) -> [UInt8] {
        var out = ByteWriter(reserving: 28)
        write(holder: holder, type: type, id, &out)
        return out.bytes
    }

    /// The key of a row into a room that is used again.
    static func write(holder: UInt64, type: UInt32, _ id: RecordID, _ out: inout ByteWriter) {
        out.clear()
        out.fixed(holder)
        out.fixed(type)
        out.fixed(id.high)
        out.fixed(id.low)
    }

    static func write(_ kind: LookupKind, _ hash: UInt64, _ id: RecordID, _ out: inout ByteWriter) {
        out.clear()
        out.byte(kind.rawValue)
        out.fixed(hash)
        out.fixed(id.high)
        out.fixed(id.low)
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
