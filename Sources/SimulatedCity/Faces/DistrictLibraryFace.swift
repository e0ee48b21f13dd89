// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `yuhua-e-licence`: JSON pages behind two envelopes, long English names, and an unresolved template for "none".
struct DistrictLibraryFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("yuhua-e-licence"), number: 1, interface: "licences", types: CityType.yuhua,
        words: [(.valid, "有效"), (.expired, "过期"), (.cancelled, "注销"), (.revoked, "撤销")], strangeWord: "冻结",
        form: RecordForm(
            key: { ["YH" + padded($0, 10)] }, number: { index, year, _ in "湘雨许字430111\(year)\(padded(index, 9))" },
            authority: { ["雨花区行政审批服务局", "雨花区市场监督管理局", "雨花区民政局"][$0 % 3] },
            faceFields: { dice in
                var fields = [FaceField("premisesAddress", CityPlaces.address(&dice))]
                if dice.chance(30) { fields.append(FaceField("remark", "复核后换发")) }
                return fields
            }),
        graded: true, pageSize: 50, approximateRecords: 913_700, downtime: DowntimeWindow("nightly 00:00-01:00"),
        face: DistrictLibraryFace(), access: HeaderKey(name: "X-App-Key"))

    func refuse() -> CityReply { reply(#"{"code":401,"msg":"应用标识无效","data":null}"#, status: 401) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError {
            return reply(#"{"code":200,"msg":"操作成功","data":{"head":{"status":99,"message":"其他异常"},"data":null}}"#)
        }
        switch request.path {
        case "/dzzz/ping": return reply(#"{"code":200,"msg":"操作成功","time":"2026-11-20 00:00:00"}"#)
        case "/dzzz/licences": return list(request, book, fault)
        case "/dzzz/licences/query": return find(request, book, fault)
        default: return reply(#"{"code":404,"msg":"接口不存在","data":null}"#, status: 404)
        }
    }

    private func list(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        let size = max(1, min(500, Int(request.query["size"] ?? "") ?? 50))
        let number = max(1, Int(request.query["page"] ?? "") ?? 1)
        let (low, high) = book.window(since: request.query["changed_since"], until: request.query["changed_until"])
        let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
        return envelope(page.records, total: page.total, fault)
    }

    private func find(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        let fields = request.jsonFields
        var found: [CityRecord] = []
        if let identifier = fields["certificateIdentifier"] {
            found = book.find(identifier: identifier)
        } else if let number = fields["certificateNumber"] {
            found = book.find(number: number, type: fields["certificateTypeCode"])
        } else if let code = fields["holderCode"], let kind = fields["holderTypeCode"] {
            found = book.find(kind: kind, code: code, type: fields["certificateTypeCode"])
        } else {
            return reply(
                #"{"code":200,"msg":"操作成功","data":{"head":{"status":12,"message":"要求必填的输入参数值不为空"},"data":null}}"#)
        }
        if fault == .empty { return envelope([], total: 0, fault) }
        if fault == .unknownStatusCode { found = SourceBook.withStrangeStatus(found, book.profile) }
        if found.isEmpty { return reply(#"{"code":200,"msg":"操作成功","data":"$get{node1.response.body.data}"}"#) }
        book.count(records: found.count)
        return envelope(found, total: found.count, fault)
    }

    private func envelope(_ records: [CityRecord], total: Int, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1000 + 200)
        out.raw(
            #"{"code":200,"msg":"操作成功","data":{"head":{"status":0,"message":"接口调用成功"},"data":{"total":"#
                + "\(total)" + #","dataList":["#)
        for record in records { write(record, &out) }
        out.close("]}}}")
        let body = fault == .wrongCharset ? gb18030(out.bytes) ?? [] : out.bytes
        return CityReply("application/json; charset=utf-8", body)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("recordId", licence.key.parts[0])
        out.member("certificateTypeName", record.type.name)
        out.member("certificateTypeCode", record.writtenType)
        out.member("certificateNumber", licence.number?.raw)
        out.member("certificateIdentifier", licence.identifier?.raw)
        // Real systems write "Authortiy"; here one record in seven does.
        let authority = record.index % 7 == 3 ? "certificateIssuingAuthortiy" : "certificateIssuingAuthority"
        out.member(authority + "Name", licence.issuingAuthority?.name)
        out.member(authority + "Code", licence.issuingAuthority?.code)
        out.member(
            "certificateIssuedDate",
            CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled).map { $0 + " 00:00:00" })
        out.member("certificateHolderName", record.joined(",") { $0.name })
        out.member("certificateHolderCode", record.joined(",") { $0.code })
        out.member("certificateHolderTypeCode", record.joined(",") { $0.kind.rawValue })
        out.member("certificateEffectiveDate", CityDates.day(licence.validity.from))
        out.member("certificateExpiringDate", record.until("-", open: "长期"))
        out.member("certificateLevel", licence.trustGrade?.rawValue)
        out.member("certificateStatus", record.statusWord)
        out.member("updatedAt", CityDates.moment(record.changedSeconds))
        out.raw("\"extendInfo\":{")
        for field in licence.faceFields { out.member(field.name, field.value) }
        out.close("}},")
    }

    private func reply(_ text: String, status: Int = 200) -> CityReply {
        CityReply(status: status, "application/json; charset=utf-8", Array(text.utf8))
    }
}
