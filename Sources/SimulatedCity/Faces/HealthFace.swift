// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-health`: SOAP 1.2, long English names in a namespace, faults, and 无数据 for "none".
struct HealthFace: SourceFace {
    static let namespace = "urn:cs-health:certificate:v1"

    static let profile = SourceProfile(
        id: SourceID("cs-health"), number: 4, interface: "certificates", types: CityType.health,
        words: [(.valid, "1"), (.suspended, "2"), (.cancelled, "3"), (.withdrawn, "4"), (.expired, "5")],
        strangeWord: "8",
        form: RecordForm(
            key: { ["WS-" + padded($0, 9)] },
            number: { index, _, dice in "PDY\(dice.below(10))-43010\(padded(index, 9))" },
            authority: { "长沙市\(CityPlaces.districts[$0])卫生健康局" },
            faceFields: { dice in
                [
                    FaceField("practicePlace", CityPlaces.address(&dice)),
                    FaceField("registrationNo", "0\(padded(dice.below(100_000_000), 12))"),
                ]
            }),
        graded: true, pageSize: 200, approximateRecords: 8_156_700, downtime: DowntimeWindow("nightly 00:00-01:30"),
        face: HealthFace(), access: BasicDoor(), settings: ["user": "licgate"])

    func refuse() -> CityReply {
        // The web server in front refuses, before SOAP is thought of.
        var reply = CityReply("text/plain; charset=utf-8", Array("Unauthorized\n".utf8))
        reply.status = 401
        reply.headers.append(("WWW-Authenticate", "Basic realm=\"health\""))
        return reply
    }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        guard request.path == "/ws/CertificateService" else {
            return CityReply(status: 404, "text/plain; charset=utf-8", Array("not found".utf8))
        }
        if fault == .statusOKWithError {
            return soap(
                #"<env:Fault><env:Code><env:Value>env:Receiver</env:Value></env:Code>"#
                    + #"<env:Reason><env:Text xml:lang="zh">内部错误</env:Text></env:Reason></env:Fault>"#)
        }
        if request.text.contains("ping") {
            return soap(
                #"<h:pingResponse xmlns:h="\#(Self.namespace)"><h:resultCode>1</h:resultCode></h:pingResponse>"#)
        }
        if request.text.contains("queryByHolder") || request.text.contains("queryByNumber") {
            var found = find(request, book)
            if fault == .empty { return response([], total: 0, hasMore: false, fault) }
            if fault == .unknownStatusCode { found = SourceBook.withStrangeStatus(found, book.profile) }
            if found.isEmpty { return nothing() }
            book.count(records: found.count)
            return response(found, total: found.count, hasMore: false, fault)
        }
        guard request.text.contains("query") else {
            var reply = soap(
                #"<env:Fault><env:Code><env:Value>env:Sender</env:Value></env:Code>"#
                    + #"<env:Reason><env:Text xml:lang="zh">未知操作</env:Text></env:Reason></env:Fault>"#)
            reply.status = 500
            return reply
        }
        let size = max(1, min(500, Int(request.element("size") ?? "") ?? 200))
        let number = max(1, Int(request.element("page") ?? "") ?? 1)
        let (low, high) = book.window(since: request.element("from"), until: request.element("until"))
        let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
        if page.records.isEmpty, fault != .empty { return nothing() }
        return response(page.records, total: page.total, hasMore: page.hasMore, fault)
    }

    private func find(_ request: CityRequest, _ book: SourceBook) -> [CityRecord] {
        let type = request.element("certificateTypeCode")
        if let number = request.element("certificateNumber") { return book.find(number: number, type: type) }
        return book.find(
            kind: request.element("holderTypeCode") ?? "", code: request.element("holderCode") ?? "", type: type)
    }

    private func nothing() -> CityReply {
        soap(
            #"<h:queryResponse xmlns:h="\#(Self.namespace)"><h:resultCode>0</h:resultCode>"#
                + "<h:resultDesc>查询无数据</h:resultDesc></h:queryResponse>")
    }

    private func response(_ records: [CityRecord], total: Int, hasMore: Bool, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1600 + 400)
        out.raw(
            #"<h:queryResponse xmlns:h="\#(Self.namespace)"><h:resultCode>1</h:resultCode>"#
                + "<h:resultDesc>成功</h:resultDesc><h:total>\(total)</h:total><h:hasMore>\(hasMore)</h:hasMore>"
                + "<h:certificates>")
        for record in records { write(record, &out) }
        out.raw("</h:certificates></h:queryResponse>")
        return soap(String(decoding: out.bytes, as: UTF8.self), fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("<h:certificate>")
        out.element("h:recordId", licence.key.parts[0])
        out.element("h:certificateTypeName", record.type.name)
        out.element("h:certificateTypeCode", record.writtenType)
        out.element("h:certificateNumber", licence.number?.raw)
        out.element("h:certificateIdentifier", licence.identifier?.raw)
        out.element("h:certificateIssuingAuthorityName", licence.issuingAuthority?.name)
        out.element("h:certificateIssuingAuthorityCode", licence.issuingAuthority?.code)
        out.element("h:certificateIssuedDate", CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled))
        out.element("h:certificateHolderName", record.joined(",") { $0.name })
        out.element("h:certificateHolderCode", record.joined(",") { $0.code })
        out.element("h:certificateHolderTypeCode", record.joined(",") { $0.kind.rawValue })
        out.element("h:certificateEffectiveDate", CityDates.day(licence.validity.from))
        out.element("h:certificateExpiringDate", record.until("-", open: "2099-12-31"))
        out.element("h:certificateLevel", licence.trustGrade?.rawValue)
        out.element("h:certificateStatus", record.statusWord)
        out.raw("<h:updated>\(CityDates.moment(record.changedSeconds, separator: "T"))+08:00</h:updated><h:extendInfo>")
        for field in licence.faceFields { out.element("h:" + field.name, field.value) }
        out.raw("</h:extendInfo></h:certificate>")
    }

    private func soap(_ content: String, _ fault: CityFault? = nil) -> CityReply {
        let text =
            #"<?xml version="1.0" encoding="UTF-8"?>"#
            + #"<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>"# + content
            + "</env:Body></env:Envelope>"
        let bytes = Array(text.utf8)
        return CityReply(
            "application/soap+xml; charset=utf-8", fault == .wrongCharset ? gb18030(bytes) ?? [] : bytes)
    }
}
