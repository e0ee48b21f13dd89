// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-market-regulation`: the licence-DTO family behind two status layers, signed with `x-tif-*` headers.
struct MarketRegulationFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-market-regulation"), number: 7, interface: "licences", types: CityType.marketRegulation,
        words: [
            (.valid, "ISSUED"), (.suspended, "SUSPENDED"), (.expired, "EXPIRED"), (.cancelled, "ABOLISHED"),
            (.withdrawn, "REVOKED"),
        ], strangeWord: "PENDING",
        form: RecordForm(
            key: { ["SCJG" + padded($0, 10)] },
            number: { index, _, dice in "JY\(dice.below(10))4301\(padded(index, 9))" },
            authority: { "长沙市\(CityPlaces.districts[$0])市场监督管理局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("住所", address),
                    FaceField("经营范围", dice.pick(["食品销售（含散装）", "餐饮服务\\热食类制售", "医疗器械零售", "日用品批发；“其他”"])),
                    FaceField("注册资本", "\(1 + dice.below(5000)).00万元"),
                ]
            }),
        regionDigits: 6, graded: true, pageSize: 500, approximateRecords: 3_284_600,
        downtime: DowntimeWindow("nightly 01:00-03:00"), face: MarketRegulationFace(), access: TifDoor(),
        settings: ["user": "licgate"], goldenKind: .unifiedSocialCreditCode)

    /// Their own code of a type: the last four characters of ours behind a prefix of theirs.
    static func itemCode(_ type: String) -> String { "SCJG-" + type.suffix(4) }

    private static let kinds = ["111": "10", "414": "414", "001": "001"]

    func refuse() -> CityReply { .json(#"{"status":{"code":401,"text":"签名校验失败"},"custom":null}"#, status: 401) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError {
            return .json(#"{"status":{"code":200,"text":""},"custom":{"code":0,"text":"获取证照数据服务调用异常"}}"#)
        }
        switch request.path {
        case "/license/ping": return .json(#"{"status":{"code":200,"text":""},"custom":{"code":1,"text":"正常"}}"#)
        case "/license/list":
            let words = request.words
            let (low, high) = book.window(since: words["modified_from"], until: words["modified_to"])
            let size = book.pageSize(words["page_size"])
            let number = max(1, words["page_no"].flatMap { Int($0) } ?? 1)
            let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
            return envelope(page.records, page.total, fault)
        case "/license/get":
            let found = book.found(find(request.words, book), fault)
            return answer(found, fault)
        default: return .json(#"{"status":{"code":404,"text":"服务不存在"},"custom":null}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["license_item_code"].map { item in
            book.profile.types.first { Self.itemCode($0.code.rawValue) == item }?.code.rawValue
                ?? (item.isEmpty ? "" : "-")
        }
        if let number = words["id_code"] { return book.find(number: number, type: type) }
        if let identifier = words["license_code"] { return book.find(identifier: identifier) }
        let kind = Self.kinds.first { $0.value == words["holder_identity_type"] }?.key
        return book.find(kind: kind ?? "", code: words["holder_identity_num"] ?? "", type: type)
    }

    /// A page of a list: the whole transfer objects in `certdatas`.
    private func envelope(_ records: [CityRecord], _ total: Int, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1400 + 200)
        out.raw(
            #"{"status":{"code":200,"text":""},"custom":{"code":1,"text":"获取证照数据服务调用成功","total":\#(total),"certdatas":["#
        )
        for record in records { write(record, &out) }
        out.close("]}}")
        return .json(out.bytes, fault)
    }

    /// The answer to a question: an extract in `certdatas`, the whole in `licensedatas`, the rendering in `certfiles`.
    private func answer(_ records: [CityRecord], _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 2000 + 200)
        out.raw(#"{"status":{"code":200,"text":""},"custom":{"code":1,"text":"获取证照数据服务调用成功","certdatas":["#)
        for record in records {
            out.raw("{")
            out.member("name", record.type.name)
            out.member("id_code", record.licence.number?.raw)
            out.member("issue_org_name", record.licence.issuingAuthority?.name)
            out.close("},")
        }
        out.close("],\"licensedatas\":[")
        for record in records { write(record, &out) }
        out.close("],\"certfiles\":[")
        for record in records {
            out.raw("{")
            out.member("file_name", record.licence.key.parts[0] + ".pdf")
            out.member("file_data", base64("%PDF-1.4\n% simulated, nothing to be seen\n%%EOF\n"))
            out.close("},")
        }
        out.close("]}}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("biz_num", licence.key.parts[0])
        out.member("license_type", "CERTIFICATE")
        out.member("name", record.type.name)
        out.member(
            "license_item_code", record.spoiling == .unknownType ? "SCJG-X999" : Self.itemCode(record.writtenType))
        out.member("license_type_name", record.type.name)
        out.member("id_code", licence.number?.raw)
        out.member("license_code", licence.identifier?.raw)
        out.member("holder_name", record.joined(",") { $0.name })
        out.member("holder_identity_num", record.joined(",") { $0.code })
        // One kind for all holders of a licence, as the family has it.
        out.member("holder_identity_type", licence.holders.first.flatMap { Self.kinds[$0.kind.rawValue] })
        out.member("issue_org_name", licence.issuingAuthority?.name)
        out.member("issue_org_code", licence.issuingAuthority?.code)
        out.member(
            "issue_date", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled).map { $0 + " 00:00:00" })
        out.member("begin_date", CityDates.day(licence.validity.from).map { $0 + " 00:00:00" })
        out.member("expiry_date", record.until("-", open: "长期").map { $0.hasPrefix("长") ? $0 : $0 + " 00:00:00" })
        out.member("division", "湖南省长沙市")
        out.member("division_code", licence.issuingAuthority?.region)
        out.member("license_status", record.statusWord)
        out.member("trust_level", licence.trustGrade?.rawValue)
        out.member("last_modification_time", CityDates.moment(record.changedSeconds))
        out.raw("\"data_fields\":")
        out.json(Self.nameValue(licence.faceFields))
        out.raw("},")
    }

    /// `data_fields`: a list of names and values, written into a text.
    private static func nameValue(_ fields: [FaceField]) -> String {
        var out = TextBuffer()
        out.raw("[")
        for field in fields {
            out.raw("{\"valueType\":\"string\",")
            out.member("name", field.name)
            out.member("value", field.value)
            out.close("},")
        }
        out.close("]")
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
