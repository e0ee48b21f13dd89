// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import Diagnostics
internal import LicenceModel

/// Rows and versions as bytes.
///
/// Format 1: plain fields. Format 2: the same, packed by zstd with a numbered dictionary of the store; the first four
/// bytes of zstd's frame, always the same, are left out.
enum RecordCodec {
    static let pointer: UInt8 = 0
    static let format: UInt8 = 1
    static let packed: UInt8 = 2

    static func pointer(to holder: UInt64) -> [UInt8] {
        var out = ByteWriter()
        out.byte(pointer)
        out.fixed(holder)
        return out.bytes
    }

    /// The numbers of the names in one record.
    struct Numbers {
        var type: UInt32
        var mapping: UInt32
    }

    static func write(
        _ record: StoredRecord, _ numbers: Numbers, scope: CatalogueScope, _ out: inout ByteWriter
    ) {
        out.byte(format)
        out.number(UInt64(record.scope))
        out.number(record.current)
        out.number(record.last)
        out.byte(CauseCode.code(record.cause))
        out.signed(record.recordedAt.milliseconds)
        out.optional(record.withdrawal) { out, withdrawal in
            out.signed(withdrawal.at.milliseconds)
            out.flag(withdrawal.evidence == .absence)
        }
        out.flag(record.doubt)
        out.optional(record.staged) { out, staged in
            out.number(UInt64(staged.scope))
            out.sourceVersion(staged.version)
        }
        write(record.licence, numbers, scope, &out)
    }

    private static func write(
        _ licence: Licence, _ numbers: Numbers, _ scope: CatalogueScope, _ out: inout ByteWriter
    ) {
        out.count(licence.key.parts.count)
        for part in licence.key.parts { out.text(part) }
        out.number(UInt64(numbers.type))
        out.number(UInt64(numbers.mapping))
        out.optional(licence.partition == scope.partition ? nil : [licence.partition]) { out, own in
            for partition in own { out.text(partition) }
        }
        out.text(licence.identifier?.raw)
        out.text(licence.number?.raw)
        out.count(licence.holders.count)
        for holder in licence.holders {
            out.text(holder.kind.rawValue)
            out.text(holder.code)
            out.text(holder.name)
        }
        out.optional(licence.issuingAuthority) { out, authority in
            out.text(authority.code)
            out.text(authority.name)
            out.text(authority.region)
        }
        out.optional(licence.issuedOn) { out, day in out.signed(Int64(day.number)) }
        out.optional(licence.validity.from) { out, day in out.signed(Int64(day.number)) }
        switch licence.validity.until {
        case .absent: out.byte(0)
        case .openEnded: out.byte(1)
        case .day(let day):
            out.byte(2)
            out.signed(Int64(day.number))
        }
        out.text(licence.status.rawValue)
        out.count(licence.faceFields.count)
        for field in licence.faceFields {
            out.text(field.name)
            out.text(field.value)
        }
        out.text(licence.trustGrade?.rawValue)
        out.sourceVersion(licence.provenance.sourceVersion)
        out.signed(licence.provenance.fetchedAt.milliseconds)
        out.digest(licence.provenance.payloadDigest)
        out.flag(licence.provenance.simulated)
    }
}

/// Causes as bytes.
enum CauseCode {
    static func code(_ cause: CatalogueVersion.Cause) -> UInt8 {
        switch cause {
        case .created: 1
        case .updated: 2
        case .withdrawn: 3
        case .late: 4
        }
    }

    static func cause(_ code: UInt8) throws(MalformedBytes) -> CatalogueVersion.Cause {
        switch code {
        case 1: .created
        case 2: .updated
        case 3: .withdrawn
        case 4: .late
        default: throw MalformedBytes()
        }
    }
}

extension ByteWriter {
    mutating func digest(_ digest: Digest256) { raw(digest.bytes) }

    mutating func sourceVersion(_ version: SourceVersion) {
        switch version {
        case .arrival: byte(0)
        case .declared(let value):
            byte(1)
            signed(value)
        }
    }
}

extension ByteReader {
    mutating func sourceVersion() throws(MalformedBytes) -> SourceVersion {
        switch try byte() {
        case 0: return .arrival
        case 1: return .declared(try signed())
        default: throw MalformedBytes()
        }
    }

    mutating func timestamp() throws(MalformedBytes) -> Timestamp { Timestamp(milliseconds: try signed()) }

    mutating func day() throws(MalformedBytes) -> CalendarDay {
        guard let number = Int32(exactly: try signed()) else { throw MalformedBytes() }
        return CalendarDay(number: number)
    }

    mutating func number32() throws(MalformedBytes) -> UInt32 {
        guard let value = UInt32(exactly: try number()) else { throw MalformedBytes() }
        return value
    }

    /// Reads a word that must be one of an enumeration's.
    mutating func word<T: RawRepresentable>(_: T.Type) throws(MalformedBytes) -> T where T.RawValue == String {
        guard let value = T(rawValue: try text()) else { throw MalformedBytes() }
        return value
    }

    mutating func digest() throws(MalformedBytes) -> Digest256 {
        guard let digest = Digest256(bytes: try raw(32)) else { throw MalformedBytes() }
        return digest
    }
}
