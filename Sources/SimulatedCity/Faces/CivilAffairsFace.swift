// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-civil-affairs`: JSON written into a text of JSON, holders as a list, and the word 空 for "none".
struct CivilAffairsFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-civil-affairs"), number: 10, interface: "certificates", types: CityType.civilAffairs,
        words: [(.valid, "有效"), (.revoked, "作废"), (.cancelled, "注销"), (.expired, "到期")], strangeWord: "待核",
        form: RecordForm(
            key: { ["MZ" + padded($0, 9)] },
            number: { index, year, _ in "J4301\(year % 100)-\(year)-\(padded(index, 9))" },
            authority: { "长沙市\(CityPlaces.districts[$0])民政局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("registeredAddress", address),
                    FaceField("remark", dice.pick(["补领", "原证遗失，声明作废", "初次登记", "\"双人\"登记"])),
                ]
            }),
        pageSize: 300, approximateRecords: 4_468_200, face: CivilAffairsFace(),
        access: LoginDoor(path: "/mz/api/login", header: "X-Access-Token"),
        settings: ["user": "licgate"])

    func refuse() -> CityReply { .json(#"{"code":"401","message":"令牌无效或已过期","result":null}"#) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"code":"99","message":"系统繁忙","result":""}"#) }
        let words = request.words
        switch request.path {
        case "/mz/api/ping": return .json(#"{"code":"00","message":"成功","result":"{\"alive\":true}"}"#)
        case "/mz/api/certificates/page":
            let (low, high) = book.window(
                since: CityDates.local(words["changedFrom"]), until: CityDates.local(words["changedTo"]))
            let size = book.pageSize(words["pageSize"])
            let number = max(1, words["pageIndex"].flatMap { Int($0) } ?? 1)
            let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
            // An empty list is an empty text; a question without an answer gets the word 空.
            if page.records.isEmpty, fault != .empty { return .json(#"{"code":"00","message":"成功","result":""}"#) }
            return envelope(page.records, page.total, fault)
        case "/mz/api/certificates/query":
            let found = book.found(find(words, book), fault)
            if found.isEmpty, fault != .empty { return .json(#"{"code":"00","message":"成功","result":"空"}"#) }
            return envelope(found, found.count, fault)
        default: return .json(#"{"code":"44","message":"接口不存在","result":null}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["certificateTypeCode"]
        if let number = words["certificateNumber"] { return book.find(number: number, type: type) }
        return book.find(
            kind: words["certificateHolderTypeCode"] ?? "", code: words["certificateHolderCode"] ?? "", type: type)
    }

    private func envelope(_ records: [CityRecord], _ total: Int, _ fault: CityFault?) -> CityReply {
        var inner = TextBuffer(capacity: records.count * 900 + 200)
        inner.raw("{\"total\":\(total),\"list\":[")
        for record in records { write(record, &inner) }
        inner.close("]}")
        var out = TextBuffer(capacity: inner.bytes.count * 5 / 4 + 100)
        out.raw(#"{"code":"00","message":"成功","result":"#)
        out.json(String(decoding: inner.bytes, as: UTF8.self))
        out.raw("}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("certificateId", licence.key.parts[0])
        out.member("lastModified", CityDates.moment(record.changedSeconds, separator: "T") + "+08:00")
        out.member("certificateTypeName", record.type.name)
        out.member("certificateTypeCode", record.writtenType)
        out.member("certificateNumber", licence.number?.raw)
        out.member("certificateIdentifier", licence.identifier?.raw)
        out.member("certificateIssuingAuthorityName", licence.issuingAuthority?.name)
        out.member("certificateIssuingAuthorityCode", licence.issuingAuthority?.code)
        out.member("certificateIssuedDate", CityDates.chinese(licence.issuedOn, spoiled: record.dateIsSpoiled))
        out.raw("\"certificateHolders\":[")
        for holder in licence.holders {
            out.raw("{")
            out.member("certificateHolderName", holder.name)
            out.member("certificateHolderCode", holder.code)
            out.member("certificateHolderTypeCode", holder.kind.rawValue)
            out.close("},")
        }
        out.close("],")
        out.member("certificateEffectiveDate", CityDates.chinese(licence.validity.from, spoiled: false))
        if case .day(let day) = licence.validity.until {
            out.member("certificateExpiringDate", CityDates.chinese(day, spoiled: false))
        } else {
            out.raw("\"certificateExpiringDate\":null,")
        }
        out.member("certificateStatus", record.statusWord)
        out.object("extendInfo", licence.faceFields)
        out.close("},")
    }
}
