// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `changsha-county-e-licence`: offsets and a sequence number, the national directory's names, a sentence for "none".
struct ChangshaCountyFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("changsha-county-e-licence"), number: 15, interface: "licences", types: CityType.changshaCounty,
        words: [(.valid, "U"), (.expired, "E"), (.cancelled, "C")], strangeWord: "F",
        form: RecordForm(
            key: { ["CSX" + padded($0, 10)] }, number: { index, year, _ in "湘长县〔\(year)〕430121\(padded(index, 9))号" },
            authority: { ["长沙县行政审批服务局", "长沙县市场监督管理局", "长沙县农业农村局"][$0 % 3] },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                var fields = [
                    FaceField("address", address),
                    FaceField("legal_person", dice.chance(50) ? "见附页" : "详见登记机关档案"),
                ]
                if dice.chance(25) { fields.append(FaceField("remark", "换发\t\"二维码\"版")) }
                return fields
            }),
        regionDigits: 12, pageSize: 200, approximateRecords: 1_287_500, downtime: DowntimeWindow("nightly 01:00-02:30"),
        face: ChangshaCountyFace(), access: HeaderKey(name: "X-Access-Key"))

    func refuse() -> CityReply { .json(#"{"status":"denied","message":"访问密钥无效","data":null}"#, status: 401) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"status":"error","message":"后台服务异常，请稍后再试","data":null}"#) }
        switch request.path {
        case "/county/health": return .json(#"{"status":"success","message":"正常"}"#)
        case "/county/licences":
            let low = book.position(sequence: request.query["seq_from"])
            let page = book.page(
                from: low, to: book.count, offset: request.query["offset"].flatMap { Int($0) } ?? 0,
                size: book.pageSize(request.query["limit"]), fault: fault)
            if page.records.isEmpty, fault != .empty { return nothing() }
            return envelope(page.records, page.total, fault)
        case "/county/licences/search":
            let found = book.found(find(request.words, book), fault)
            if found.isEmpty { return nothing() }
            return envelope(found, found.count, fault)
        default: return .json(#"{"status":"fail","message":"接口不存在","data":null}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["certificate_type_name_code"]
        if let number = words["certificate_number"] { return book.find(number: number, type: type) }
        if let identifier = words["certificate_identifier"] { return book.find(identifier: identifier) }
        return book.find(
            kind: words["certificate_holder_type"] ?? "", code: words["certificate_holder_code"] ?? "", type: type)
    }

    private func nothing() -> CityReply { .json(#"{"status":"fail","message":"未查询到符合条件的证照","data":null}"#) }

    private func envelope(_ records: [CityRecord], _ total: Int, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1100 + 200)
        out.raw(#"{"status":"success","message":"查询成功","data":{"count":\#(total),"rows":["#)
        for record in records { write(record, &out) }
        out.close("]}}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("licence_uid", licence.key.parts[0])
        out.member("seq_no", number: record.sequence)
        out.member("certificate_name", record.type.name)
        out.member("certificate_type_name_code", record.writtenType)
        out.member("certificate_number", licence.number?.raw)
        out.member("certificate_identifier", licence.identifier?.raw)
        out.member("certificate_version", "001")
        out.member("certificate_issuing_authority_name", licence.issuingAuthority?.name)
        out.member("certificate_issuing_authority_code", licence.issuingAuthority?.code)
        out.member(
            "certificate_issuing_authority_date", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled))
        out.member("certificate_holder_name", record.joined(",") { $0.name })
        out.member("certificate_holder_code", record.joined(",") { $0.code })
        out.member("certificate_holder_type", record.joined(",") { $0.kind.rawValue })
        out.member("certificate_validate_start", CityDates.day(licence.validity.from))
        out.member("certificate_validate_end", record.until("-", open: "9999-12-31"))
        out.member("certificate_area_code", licence.issuingAuthority?.region)
        out.member("certificate_status", record.statusWord)
        out.object("extend_info", licence.faceFields)
        out.close("},")
    }
}
