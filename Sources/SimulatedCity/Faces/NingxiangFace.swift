// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `ningxiang-e-licence`: whole pulls of JSON in a text, a session's token in the body, codes as text and as number.
struct NingxiangFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("ningxiang-e-licence"), number: 17, interface: "licences", types: CityType.ningxiang,
        words: [(.valid, "1"), (.cancelled, "0"), (.expired, "2")], strangeWord: "3",
        form: RecordForm(
            key: { ["NX" + padded($0, 9)] }, number: { index, year, _ in "宁证\(year)430182\(padded(index, 9))" },
            authority: { ["宁乡市行政审批服务局", "宁乡市市场监督管理局", "宁乡县人民政府"][$0 % 3] },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [FaceField("address", address), FaceField("scope", dice.pick(["按许可核定范围", "见副本", "一般项目"]))]
            },
            // The county was made a city in 2017; what it had issued before keeps its old code.
            region: { $0 % 3 == 2 ? "430124" : "430182" }),
        regionDigits: 6, pageSize: 100, approximateRecords: 1_316_400,
        downtime: DowntimeWindow("weekly Sat 22:00-24:00"),
        face: NingxiangFace(), access: LoginDoor(path: "/nx/auth/login", header: nil, field: "token", lifetime: 1200),
        settings: ["user": "licgate"])

    private static let kinds = ["111": "公民身份号码", "414": "普通护照号", "001": "统一社会信用代码"]

    func refuse() -> CityReply { .json(#"{"code":"9001","msg":"token无效","data":null}"#) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"code":9500,"msg":"系统忙","data":null}"#) }
        let words = request.words
        switch request.path {
        case "/nx/licence/ping": return .json(#"{"code":"00","msg":"ok","data":"{}"}"#)
        case "/nx/licence/list":
            let size = book.pageSize(words["pageSize"])
            let number = max(1, words["pageNum"].flatMap { Int($0) } ?? 1)
            let page = book.page(from: 0, to: book.count, offset: (number - 1) * size, size: size, fault: fault)
            // An empty inner text is null; the code says ok all the same.
            if page.records.isEmpty, fault != .empty { return .json(#"{"code":0,"msg":"ok","data":null}"#) }
            return envelope(page.records, page.total, code: number % 2 == 1 ? "\"00\"" : "0", fault)
        case "/nx/licence/query":
            let found = book.found(find(words, book), fault)
            if found.isEmpty, fault != .empty { return .json(#"{"code":9998,"msg":"未找到证照","data":null}"#) }
            return envelope(found, found.count, code: "0", fault)
        default: return .json(#"{"code":"9404","msg":"接口不存在","data":null}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["certificate_type_code"]
        if let identifier = words["certificate_source_id"] { return book.find(identifier: identifier) }
        if let number = words["certificate_number"] { return book.find(number: number, type: type) }
        let kind = Self.kinds.first { $0.value == words["certificate_holder_type"] }?.key
        return book.find(kind: kind ?? "", code: words["certificate_holder_code"] ?? "", type: type)
    }

    private func envelope(_ records: [CityRecord], _ total: Int, code: String, _ fault: CityFault?) -> CityReply {
        var inner = TextBuffer(capacity: records.count * 900 + 200)
        inner.raw("{\"total\":\(total),\"rows\":[")
        for record in records { write(record, &inner) }
        inner.close("]}")
        var out = TextBuffer(capacity: inner.bytes.count * 5 / 4 + 100)
        out.raw("{\"code\":\(code),\"msg\":\"ok\",\"data\":")
        out.json(String(decoding: inner.bytes, as: UTF8.self))
        out.raw("}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("record_no", licence.key.parts[0])
        out.member("certificate_name", record.type.name)
        out.member("certificate_type_code", record.writtenType)
        out.member("certificate_number", licence.number?.raw)
        out.member("certificate_source_id", licence.identifier?.raw)
        out.member("issue_dept", licence.issuingAuthority?.name)
        out.member("issue_dept_code", licence.issuingAuthority?.code)
        out.member(
            "issue_date", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled).map { $0 + " 00:00:00" })
        out.member("certificate_holder", record.joined("|") { $0.name })
        out.member("certificate_holder_code", record.joined("|") { $0.code })
        out.member("certificate_holder_type", record.joined("|") { Self.kinds[$0.kind.rawValue] })
        out.member("certificate_area_code", licence.issuingAuthority?.region)
        out.member("start_date", CityDates.day(licence.validity.from))
        out.member("end_date", record.until("-", open: "长期有效"))
        out.raw("\"status\":\(record.statusWord),")
        out.member("cd_time", CityDates.moment(record.changedSeconds))
        out.raw("\"extend\":")
        out.json(TextBuffer.object(licence.faceFields))
        out.raw("},")
    }
}
