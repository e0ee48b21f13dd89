// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-provident-fund`: one licence-DTO a line, and a last line that says that it is the last and how many there were.
struct ProvidentFundFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-provident-fund"), number: 12, interface: "certificates", types: CityType.providentFund,
        words: [(.valid, "ISSUED"), (.superseded, "REPLACED"), (.cancelled, "ABOLISHED")], strangeWord: "DRAFT",
        form: RecordForm(
            key: { ["GJJ" + padded($0, 10)] }, number: { index, year, _ in "长公积金证\(year)\(padded(index, 10))" },
            authority: { "长沙住房公积金管理中心\(CityPlaces.districts[$0])管理部" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("DWDZ", address),
                    FaceField("YE", "\(1_000 + dice.below(300_000)).\(padded(dice.below(100), 2))"),
                    FaceField("JCZT", dice.pick(["正常", "封存", "O'Neil 外籍", "\"转出\""])),
                ]
            }),
        regionDigits: 6, approximateRecords: 3_096_800, downtime: DowntimeWindow("nightly 18:30-20:30"),
        face: ProvidentFundFace(), access: SignedBody(), settings: ["user": "licgate"])

    private static let kinds = ["111": "10", "414": "414", "001": "001"]

    func refuse() -> CityReply { .json(#"{"error":"bad_signature"}"#, status: 401) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        switch request.path {
        case "/gjj/ping": return .json(#"{"alive":"true"}"#)
        case "/gjj/licences/stream": return stream(request, book, fault)
        case "/gjj/licences/find":
            if fault == .statusOKWithError { return failed() }
            let found = book.found(find(request.words, book), fault)
            // One holder without a licence: nothing at all, and HTTP 204 says so.
            if found.isEmpty, fault != .empty { return CityReply(status: 204, "application/x-ndjson", []) }
            return lines(found, count: found.count, fault)
        default: return .json(#"{"error":"no_such_resource"}"#, status: 404)
        }
    }

    private func stream(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return failed() }
        let generation = book.generation
        let low = book.position(sequence: request.words["from_seq"])
        let high = fault == .empty ? low : book.count
        var records = (low..<max(low, high)).map { book.record(at: $0, generation: generation) }
        if fault == .unknownStatusCode { records = SourceBook.withStrangeStatus(records, book.profile) }
        book.count(pages: 1, records: records.count)
        return lines(records, count: fault == .wrongTotal ? records.count + 1 : records.count, fault)
    }

    /// The stream breaks off in words, under HTTP 200.
    private func failed() -> CityReply {
        CityReply("application/x-ndjson", Array("{\"error\":\"source_unavailable\",\"end\":false}\n".utf8))
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["license_item_code"]
        if let number = words["id_code"] { return book.find(number: number, type: type) }
        let kind = Self.kinds.first { $0.value == words["holder_identity_type"] }?.key
        return book.find(kind: kind ?? "", code: words["holder_identity_num"] ?? "", type: type)
    }

    private func lines(_ records: [CityRecord], count: Int, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1000 + 100)
        for record in records { write(record, &out) }
        out.raw("{\"end\":true,\"count\":\(count)}\n")
        return CityReply(
            "application/x-ndjson; charset=utf-8", fault == .wrongCharset ? gb18030(out.bytes) ?? [] : out.bytes)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("biz_num", licence.key.parts[0])
        out.member("seq", number: record.sequence)
        out.member("name", record.type.name)
        out.member("license_item_code", record.writtenType)
        out.member("id_code", licence.number?.raw)
        out.member("license_code", licence.identifier?.raw)
        out.member("holder_name", record.joined(",") { $0.name })
        out.member("holder_identity_num", record.joined(",") { $0.code })
        out.member("holder_identity_type", record.joined(",") { Self.kinds[$0.kind.rawValue] })
        out.member("issue_org_name", licence.issuingAuthority?.name)
        out.member("issue_org_code", licence.issuingAuthority?.code)
        out.member("issue_date", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled))
        out.member("begin_date", CityDates.day(licence.validity.from))
        out.member("expiry_date", record.until("-", open: "长期"))
        out.member("division_code", licence.issuingAuthority?.region)
        out.member("license_status", record.statusWord)
        out.raw("\"data_fields\":")
        out.json(Self.singleQuoted(licence.faceFields))
        out.raw("}\n")
    }

    /// `{'name':'value',…}`, as a language that is not JSON writes it.
    private static func singleQuoted(_ fields: [FaceField]) -> String {
        func quoted(_ text: String) -> String {
            var out = "'"
            for letter in text {
                if letter == "'" || letter == "\\" { out += "\\" }
                out.append(letter)
            }
            return out + "'"
        }
        return "{" + fields.map { quoted($0.name) + ":" + quoted($0.value) }.joined(separator: ",") + "}"
    }
}
