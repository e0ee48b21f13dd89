// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-housing-construction`: the next page's address in the answer, long English names, HTTP 404 for "none".
struct HousingFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-housing-construction"), number: 11, interface: "certificates",
        types: CityType.housingConstruction,
        words: [
            (.valid, "01"), (.suspended, "02"), (.revoked, "03"), (.cancelled, "04"), (.expired, "05"),
            (.transferred, "06"), (.withdrawn, "07"), (.unknown, "99"),
        ], strangeWord: "42",
        form: RecordForm(
            key: { ["ZJ" + padded($0, 11)] }, number: { index, year, _ in "湘\(year)43010\(padded(index, 9))" },
            authority: { "长沙市\(CityPlaces.districts[$0])住房和城乡建设局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                var fields = [
                    FaceField("projectAddress", address),
                    FaceField("buildingArea", "\(100 + dice.below(90_000)).\(padded(dice.below(100), 2))"),
                ]
                if dice.chance(20) { fields.append(FaceField("stateDescription", "按部级说明填报")) }
                return fields
            }),
        pageSize: 100, approximateRecords: 2_208_100, downtime: DowntimeWindow("weekly Sun 02:00-04:00"),
        face: HousingFace(), access: OAuthDoor(path: "/zj/oauth/token", lifetime: 600, scope: "certificates.read"),
        settings: ["user": "licgate"])

    func refuse() -> CityReply {
        var reply = CityReply.json(#"{"error":"invalid_token","error_description":"令牌无效或已过期"}"#, status: 401)
        reply.headers.append(("WWW-Authenticate", "Bearer error=\"invalid_token\""))
        return reply
    }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"code":503,"message":"上游服务不可用","data":[]}"#) }
        switch request.path {
        case "/zj/api/status": return .json(#"{"code":200,"message":"OK"}"#)
        case "/zj/api/certificates": return list(request, book, fault)
        case "/zj/api/certificates/search":
            let found = book.found(find(request.words, book), fault)
            if found.isEmpty, fault != .empty { return nothing() }
            return envelope(found, found.count, next: nil, fault)
        default: return .json(#"{"code":404,"error":"no_such_resource","message":"资源不存在"}"#, status: 404)
        }
    }

    private func list(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        let (since, until) = (request.query["updatedSince"], request.query["updatedUntil"])
        let (low, high) = book.window(since: CityDates.local(since), until: CityDates.local(until))
        let size = book.pageSize(request.query["limit"])
        let offset = request.query["after"].flatMap { Int($0, radix: 36) } ?? 0
        let page = book.page(from: low, to: high, offset: offset, size: size, fault: fault)
        if page.records.isEmpty, fault != .empty { return nothing() }
        guard page.hasMore else { return envelope(page.records, page.total, next: nil, fault) }
        // The first link is a path, the others are whole addresses, as a gateway in front would write them.
        let origin = offset == 0 ? "" : request.headers["host"].map { "http://" + $0 } ?? ""
        var next = origin + "/zj/api/certificates?limit=\(size)&after=" + String(page.nextOffset, radix: 36)
        if let since { next += "&updatedSince=" + Self.escaped(since) }
        if let until { next += "&updatedUntil=" + Self.escaped(until) }
        return envelope(page.records, page.total, next: next, fault)
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == ":" ? "%3A" : $0 == "+" ? "%2B" : String($0) }.joined()
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        let type = words["certificateTypeCode"]
        if let number = words["certificateNumber"] { return book.find(number: number, type: type) }
        if let identifier = words["certificateIdentifier"] { return book.find(identifier: identifier) }
        return book.find(
            kind: words["certificateHolderTypeCode"] ?? "", code: words["certificateHolderCode"] ?? "", type: type)
    }

    private func nothing() -> CityReply {
        .json(#"{"code":404,"error":"certificate_not_found","message":"未查询到证书"}"#, status: 404)
    }

    private func envelope(_ records: [CityRecord], _ total: Int, next: String?, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1000 + 200)
        out.raw(#"{"code":200,"message":"OK","total":\#(total),"data":["#)
        for record in records { write(record, &out) }
        out.close("],\"links\":{\"next\":" + (next.map { "\"\($0)\"" } ?? "null") + "}}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("certificateId", licence.key.parts[0])
        out.member("updateTime", CityDates.universal(record.changedSeconds))
        out.member("certificateTypeName", record.type.name)
        out.member("certificateTypeCode", record.writtenType)
        out.member("certificateNumber", licence.number?.raw)
        out.member("certificateIdentifier", licence.identifier?.raw)
        out.member("certificateIssuingAuthorityName", licence.issuingAuthority?.name)
        out.member("certificateIssuingAuthorityCode", licence.issuingAuthority?.code)
        out.member("certificateIssuedDate", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled))
        // Older rows say certificateHolder for the name.
        let name = record.index % 5 == 2 ? "certificateHolder" : "certificateHolderName"
        out.member(name, record.joined(";") { $0.name })
        out.member("certificateHolderCode", record.joined(";") { $0.code })
        out.member("certificateHolderTypeCode", record.joined(";") { $0.kind.rawValue })
        out.member("certificateEffectiveDate", CityDates.day(licence.validity.from))
        out.member("certificateExpiringDate", record.until("-", open: "9999-12-31"))
        out.member("certState", record.statusWord)
        out.object("extendInfo", licence.faceFields)
        out.close("},")
    }
}
