// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import LicenceModel

extension RecordCodec {
    /// A row's value: the record itself, or where it is.
    enum Row {
        case record(StoredRecord)
        case pointer(UInt64)
    }

    /// Reads a row or a version; names come from the cache.
    static func row(_ bytes: [UInt8], _ names: NameCache, _ view: RocksView) throws(CatalogueError) -> Row {
        let open = bytes.first == packed ? try names.unpacker.unpack(bytes, view) : bytes
        let plain = try decoding("A record") { () throws(MalformedBytes) in try parse(open) }
        switch plain {
        case .pointer(let holder): return .pointer(holder)
        case .record(let draft):
            let scope = try names.scope(draft.scope, view)
            let type = try names.type(draft.type, view)
            return .record(draft.finished(scope, type, try names.mapping(draft.mapping, view)))
        }
    }

    /// A record whose names are still numbers.
    private struct Draft {
        var scope: UInt32
        var type: UInt32
        var mapping: UInt32
        var parts: [String]
        /// Set when the record's own partition is not its run's.
        var ownPartition: String??
        var record: StoredRecord

        func finished(_ scope: CatalogueScope, _ type: LicenceTypeCode, _ mapping: String) -> StoredRecord {
            var out = record
            out.licence.key = SourceRecordKey(source: scope.interface.source, parts: parts)
            out.licence.interface = scope.interface
            if let own = ownPartition { out.licence.partition = own } else { out.licence.partition = scope.partition }
            out.licence.typeCode = type
            out.licence.provenance.mappingRevision = mapping
            return out
        }
    }

    private enum Plain {
        case record(Draft)
        case pointer(UInt64)
    }

    private static func parse(_ bytes: [UInt8]) throws(MalformedBytes) -> Plain {
        var reader = ByteReader(bytes)
        switch try reader.byte() {
        case pointer: return .pointer(try reader.fixed64())
        case format: break
        default: throw MalformedBytes()
        }
        let scope = try reader.number32()
        let current = try reader.number()
        let last = try reader.number()
        let cause = try CauseCode.cause(try reader.byte())
        let recordedAt = try reader.timestamp()
        let withdrawal = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            Withdrawal(at: try reader.timestamp(), evidence: try reader.flag() ? .absence : .tombstone)
        }
        let doubt = try reader.flag()
        let staged = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            StoredRecord.Staged(scope: try reader.number32(), version: try reader.sourceVersion())
        }
        var parts: [String] = []
        for _ in 0..<(try reader.listCount()) { parts.append(try reader.text()) }
        let type = try reader.number32()
        let mapping = try reader.number32()
        let own = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.optionalText() }
        let licence = try parseLicence(&reader)
        guard reader.remaining == 0 else { throw MalformedBytes() }
        let record = StoredRecord(
            licence: licence, scope: scope, current: current, last: last, cause: cause, recordedAt: recordedAt,
            withdrawal: withdrawal, doubt: doubt, staged: staged)
        return .record(
            Draft(scope: scope, type: type, mapping: mapping, parts: parts, ownPartition: own, record: record))
    }

    /// Everything but the names.
    private static func parseLicence(_ reader: inout ByteReader) throws(MalformedBytes) -> Licence {
        let identifier = try reader.optionalText().map { LicenceIdentifier($0) }
        let number = try reader.optionalText().map { LicenceNumber($0) }
        var holders: [Holder] = []
        for _ in 0..<(try reader.listCount()) {
            let kind = HolderCodeKind(rawValue: try reader.text())
            let code = try reader.text()
            holders.append(Holder(kind: kind, code: code, name: try reader.optionalText()))
        }
        let authority = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            let code = try reader.optionalText()
            let name = try reader.optionalText()
            return IssuingAuthority(code: code, name: name, region: try reader.optionalText())
        }
        let issuedOn = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.day() }
        let from = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.day() }
        let until: Validity.End
        switch try reader.byte() {
        case 0: until = .absent
        case 1: until = .openEnded
        case 2: until = .day(try reader.day())
        default: throw MalformedBytes()
        }
        let status = try reader.word(LicenceStatus.self)
        var fields: [FaceField] = []
        for _ in 0..<(try reader.listCount()) {
            let name = try reader.text()
            fields.append(FaceField(name, try reader.text()))
        }
        let grade = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            try reader.word(TrustGrade.self)
        }
        let version = try reader.sourceVersion()
        let fetchedAt = try reader.timestamp()
        let digest = try reader.digest()
        let provenance = Provenance(
            sourceVersion: version, fetchedAt: fetchedAt, payloadDigest: digest, mappingRevision: "",
            simulated: try reader.flag())
        return Licence(
            key: SourceRecordKey(source: SourceID(""), parts: []), interface: InterfaceID(SourceID(""), ""),
            typeCode: LicenceTypeCode(""), identifier: identifier, number: number, holders: holders,
            issuingAuthority: authority, issuedOn: issuedOn, validity: Validity(from: from, until: until),
            status: status, faceFields: fields, trustGrade: grade, provenance: provenance)
    }
}
