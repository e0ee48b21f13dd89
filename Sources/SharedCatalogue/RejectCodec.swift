// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import Diagnostics
internal import LicenceModel

/// A reject as the store keeps it; the raw bytes lie under a key of their own.
struct StoredReject: Sendable {
    var run: RunID
    var reject: Reject
    var rawBytes: Int
    var identity: Digest256

    func listed(_ number: Int64) -> QuarantinedRecord {
        QuarantinedRecord(id: number, run: run, reject: reject, rawBytes: rawBytes)
    }

    var bytes: [UInt8] {
        var out = ByteWriter(reserving: 512)
        // A field set aside needs form 2; whatever older programs can read stays form 1.
        out.byte(reject.field == nil ? 1 : 2)
        out.text(run.rawValue)
        out.count(rawBytes)
        out.raw(identity.bytes)
        out.text(reject.interface.source.rawValue)
        out.text(reject.interface.name)
        out.text(reject.partition)
        out.diagnostic(reject.reason)
        out.optional(reject.key) { out, key in
            out.count(key.parts.count)
            for part in key.parts { out.text(part) }
        }
        out.text(reject.typeCode?.rawValue)
        out.count(reject.holders.count)
        for holder in reject.holders {
            out.text(holder.kind.rawValue)
            out.text(holder.canonicalCode)
        }
        out.optional(reject.sourceVersion) { $0.sourceVersion($1) }
        out.signed(reject.fetchedAt.milliseconds)
        out.text(reject.mappingRevision)
        if reject.field != nil { out.text(reject.field) }
        return out.bytes
    }

    init(run: RunID, reject: Reject, rawBytes: Int, identity: Digest256) {
        self.run = run
        self.reject = reject
        self.rawBytes = rawBytes
        self.identity = identity
    }

    init(_ bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        let form = try reader.byte()
        guard form == 1 || form == 2 else { throw MalformedBytes() }
        run = RunID(rawValue: try reader.text())
        rawBytes = try reader.count()
        identity = try reader.digest()
        let source = SourceID(try reader.text())
        let interface = InterfaceID(source, try reader.text())
        let partition = try reader.optionalText()
        let reason = try reader.diagnostic()
        let key = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            var parts: [String] = []
            for _ in 0..<(try reader.listCount()) { parts.append(try reader.text()) }
            return SourceRecordKey(source: source, parts: parts)
        }
        let type = try reader.optionalText().map { LicenceTypeCode($0) }
        var holders: [HolderReference] = []
        for _ in 0..<(try reader.listCount()) {
            let kind = HolderCodeKind(rawValue: try reader.text())
            holders.append(HolderReference(kind: kind, code: try reader.text()))
        }
        let version = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            try reader.sourceVersion()
        }
        let fetchedAt = try reader.timestamp()
        reject = Reject(
            interface: interface, partition: partition, raw: [], reason: reason, key: key, typeCode: type,
            holders: holders, sourceVersion: version, fetchedAt: fetchedAt, mappingRevision: try reader.text())
        if form == 2 { reject.field = try reader.optionalText() }
    }
}

/// Keys in the quarantine: the reject, its bytes, and the ways to find it.
enum RejectKey {
    static let reject = UInt8(ascii: "r")
    static let raw = UInt8(ascii: "w")
    static let record = UInt8(ascii: "k")
    static let holder = UInt8(ascii: "h")
    static let identity = UInt8(ascii: "d")

    static func reject(_ number: Int64) -> [UInt8] { numbered(reject, [], number) }
    static func raw(_ number: Int64) -> [UInt8] { numbered(raw, [], number) }
    static func record(_ id: RecordID, _ number: Int64) -> [UInt8] { numbered(record, id.bytes, number) }
    static func holder(_ hash: UInt64, _ number: Int64) -> [UInt8] {
        numbered(holder, RowKey.sequence(hash), number)
    }
    static func identity(_ digest: Digest256) -> [UInt8] { [identity] + digest.bytes }

    private static func numbered(_ kind: UInt8, _ middle: [UInt8], _ number: Int64) -> [UInt8] {
        var out = ByteWriter()
        out.byte(kind)
        out.raw(middle)
        out.fixed(UInt64(bitPattern: number))
        return out.bytes
    }

    static func number(of key: [UInt8]) -> Int64 {
        Int64(bitPattern: key.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

extension ByteWriter {
    mutating func diagnostic(_ value: Diagnostic) {
        text(value.severity.rawValue)
        text(value.code)
        text(value.what)
        text(value.consequence)
        text(value.remedy)
        let place = value.place
        for word in [place.source, place.interface, place.run, place.request, place.file, place.path] { text(word) }
        for number in [place.page, place.record, place.line, place.column] { optional(number) { $0.signed(Int64($1)) } }
    }
}

extension ByteReader {
    mutating func diagnostic() throws(MalformedBytes) -> Diagnostic {
        let severity = try word(Severity.self)
        let code = try text()
        let what = try text()
        let consequence = try optionalText()
        let remedy = try text()
        var place = Place()
        place.source = try optionalText()
        place.interface = try optionalText()
        place.run = try optionalText()
        place.request = try optionalText()
        place.file = try optionalText()
        place.path = try optionalText()
        place.page = try optionalNumber()
        place.record = try optionalNumber()
        place.line = try optionalNumber()
        place.column = try optionalNumber()
        return Diagnostic(
            severity, code: code, what: what, place: place, consequence: consequence, remedy: remedy)
    }

    private mutating func optionalNumber() throws(MalformedBytes) -> Int? {
        try optional { (reader: inout ByteReader) throws(MalformedBytes) in Int(truncatingIfNeeded: try reader.signed())
        }
    }
}
