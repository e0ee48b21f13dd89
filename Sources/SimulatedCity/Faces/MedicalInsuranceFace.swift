// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-medical-insurance`: the share-service standard's `head`, and every list sealed with SM2 for its one reader.
struct MedicalInsuranceFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-medical-insurance"), number: 13, interface: "certificates", types: CityType.medicalInsurance,
        words: [(.valid, "0"), (.cancelled, "21"), (.expired, "22"), (.restricted, "23")], strangeWord: "24",
        form: RecordForm(
            key: { ["YB" + padded($0, 10)] }, number: { index, _, _ in "YB4301\(padded(index, 10))" },
            authority: { "长沙市医疗保障局\(CityPlaces.districts[$0])分局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("cbdz", address),
                    FaceField("cblb", dice.pick(["职工基本医疗保险", "城乡居民基本医疗保险", "灵活就业人员"])),
                ]
            }),
        pageSize: 200, approximateRecords: 5_538_900, downtime: DowntimeWindow("nightly 02:00-04:00"),
        face: MedicalInsuranceFace(), access: TifDoor(), settings: ["user": "licgate"],
        furtherSecrets: { ["sm2_key": SealedList.privateKey($0)] })

    func refuse() -> CityReply { .json(#"{"head":{"status":11,"message":"身份验证不通过"},"data":{}}"#) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"head":{"status":99,"message":"其他异常"},"data":{}}"#) }
        let words = request.words
        switch request.path {
        case "/ybdzzz/ping": return .json(#"{"head":{"status":0,"message":"接口调用成功"},"data":{}}"#)
        case "/ybdzzz/certs":
            let (low, high) = book.window(since: words["beginTime"], until: words["endTime"])
            let size = book.pageSize(words["pageSize"])
            let number = max(1, words["pageNo"].flatMap { Int($0) } ?? 1)
            let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
            if page.records.isEmpty, fault != .empty { return nothing() }
            return envelope(page.records, page.total, book, fault)
        case "/ybdzzz/queryCertInfo", "/ybdzzz/queryCertInfoByHolderCode":
            let found = book.found(find(words, book), fault)
            if found.isEmpty, fault != .empty { return nothing() }
            return envelope(found, found.count, book, fault)
        default: return .json(#"{"head":{"status":102,"message":"接口不存在"},"data":{}}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["certTypeCode"]
        if let identifier = words["certIdentifier"] { return book.find(identifier: identifier) }
        if let number = words["certNo"], !number.isEmpty { return book.find(number: number, type: type) }
        return book.find(kind: words["holderTypeCode"] ?? "", code: words["holderCode"] ?? "", type: type)
    }

    private func nothing() -> CityReply { .json(#"{"head":{"status":10,"message":"未找到匹配的证照信息"},"data":{}}"#) }

    private func envelope(
        _ records: [CityRecord], _ total: Int, _ book: SourceBook, _ fault: CityFault?
    ) -> CityReply {
        var list = TextBuffer(capacity: records.count * 900 + 200)
        list.raw("[")
        for record in records { write(record, &list) }
        list.close("]")
        let plain = fault == .wrongCharset ? gb18030(list.bytes) ?? [] : list.bytes
        let sealed = SealedList.seal(plain, seed: book.generator.people.seed)
        var out = TextBuffer(capacity: sealed.utf8.count + 200)
        out.raw(#"{"head":{"status":0,"message":"数据获取成功"},"data":{"total":\#(total),"certData":""#)
        out.raw(sealed)
        out.raw(#""}}"#)
        return .json(out.bytes, nil)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("cert_id", licence.key.parts[0])
        out.member("gxsj", CityDates.moment(record.changedSeconds))
        out.member("certname", record.type.name)
        out.member("cert_type_code", record.writtenType)
        out.member("certno", licence.number?.raw)
        out.member("cert_identifier", licence.identifier?.raw)
        out.member("holder", record.joined(",") { $0.name })
        out.member("holderCode", record.joined(",") { $0.code })
        out.member("holderTypeCode", record.joined(",") { $0.kind.rawValue })
        out.member("fzjg", licence.issuingAuthority?.name)
        out.member("fzjgdm", licence.issuingAuthority?.code)
        out.member("fzrq", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled))
        out.member("zzyxqqsrq", CityDates.day(licence.validity.from))
        out.member("zzyxqjzrq", record.until("-", open: "长期"))
        out.member("cert_status", record.statusWord)
        for field in licence.faceFields { out.member(field.name, field.value) }
        out.close("},")
    }
}
