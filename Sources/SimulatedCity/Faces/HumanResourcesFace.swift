// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-human-resources`: offsets, a provincial synchronisation table's columns, 200 for "none" and 0 for everything else.
struct HumanResourcesFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-human-resources"), number: 9, interface: "certificates", types: CityType.humanResources,
        words: [
            (.valid, "10"), (.superseded, "01"), (.expired, "02"), (.cancelled, "03"), (.revoked, "04"),
            (.unknown, "09"),
        ], strangeWord: "55",
        form: RecordForm(
            key: { ["RS" + padded($0 / 1000, 6), padded($0 % 1000, 3)] },
            number: { index, year, _ in "\(year)4301\(padded(index, 10))" },
            authority: { "长沙市\(CityPlaces.districts[$0])人力资源和社会保障局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("domicile", address),
                    FaceField("profession", dice.pick(["电工", "焊工", "保育师", "企业人力资源管理师", "养老护理员"])),
                    FaceField("skill_level", dice.pick(["三级/高级工", "四级/中级工", "五级/初级工"])),
                ]
            }),
        regionDigits: 6, pageSize: 1000, approximateRecords: 15_873_400,
        downtime: DowntimeWindow("nightly 22:00-23:30"),
        face: HumanResourcesFace(), access: SignedQuery(), settings: ["user": "licgate"])

    /// Their own numbers for the kinds of documents.
    static let kinds = ["111": "10", "414": "14", "001": "20"]

    func refuse() -> CityReply { .json(#"{"code":401,"msg":"签名错误","data":null}"#, status: 401) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"code":500,"msg":"系统异常","data":null}"#) }
        switch request.path {
        case "/rsj/ping": return .json(#"{"code":0,"msg":"操作成功","data":null}"#)
        case "/rsj/licence/list":
            let (low, high) = book.window(
                since: CityDates.unpacked(request.query["beginTime"]),
                until: CityDates.unpacked(request.query["endTime"]))
            let page = book.page(
                from: low, to: high, offset: request.query["start"].flatMap { Int($0) } ?? 0,
                size: book.pageSize(request.query["rows"]), fault: fault)
            if page.records.isEmpty, fault != .empty { return nothing() }
            return envelope(page.records, page.total, fault)
        case "/rsj/licence/query":
            let found = book.found(find(request.words, book), fault)
            if found.isEmpty { return nothing() }
            return envelope(found, found.count, fault)
        default: return .json(#"{"code":404,"msg":"接口不存在","data":null}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["certificate_type_code"]
        if let number = words["certificate_number"] { return book.find(number: number, type: type) }
        let kind = Self.kinds.first { $0.value == words["certificate_holder_type"] }?.key
        return book.find(kind: kind ?? "", code: words["certificate_holder_code"] ?? "", type: type)
    }

    /// A text where a list is expected: their way to say "none".
    private func nothing() -> CityReply {
        .json(#"{"code":200,"msg":"操作成功","data":{"result":"未找到匹配的证照信息"}}"#)
    }

    private func envelope(_ records: [CityRecord], _ total: Int, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1000 + 200)
        out.raw(#"{"code":0,"msg":"操作成功","data":{"total":\#(total),"result":["#)
        for record in records { write(record, &out) }
        out.close("]}}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("cd_batch", licence.key.parts[0])
        out.member("cd_no", licence.key.parts[1])
        out.member("cd_time", CityDates.packed(record.changedSeconds))
        out.member("cd_operation", record.sequence > 0 && record.licence.status == .valid ? "01" : "02")
        out.member("certificate_name", record.type.name)
        out.member("certificate_type", record.type.name)
        out.member("certificate_type_code", record.writtenType)
        out.member("certificate_number", licence.number?.raw)
        out.member("certificate_source_id", licence.identifier?.raw)
        out.member("issue_dept", licence.issuingAuthority?.name)
        out.member("issue_dept_code", licence.issuingAuthority?.code)
        out.member("issue_date", CityDates.day(licence.issuedOn, "", spoiled: record.dateIsSpoiled))
        out.member("certificate_holder", record.joined(",") { $0.name })
        out.member("certificate_holder_code", record.joined(",") { $0.code })
        out.member("certificate_holder_type", record.joined(",") { Self.kinds[$0.kind.rawValue] })
        out.member("certificate_area_code", licence.issuingAuthority?.region)
        out.member("valid_begin", CityDates.day(licence.validity.from, ""))
        out.member("valid_end", record.until("", open: ""))
        out.member("certificate_state", record.statusWord)
        for field in licence.faceFields { out.member(field.name, field.value) }
        out.close("},")
    }
}
