// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-household-police`: SOAP 1.1 whose answer is a document of its own in CDATA; only known certificates are let in.
struct HouseholdPoliceFace: SourceFace {
    static let namespace = "http://service.hz.csga.example/"

    static let profile = SourceProfile(
        id: SourceID("cs-household-police"), number: 8, interface: "certificates", types: CityType.householdPolice,
        words: [(.valid, "U"), (.cancelled, "C"), (.expired, "X"), (.restricted, "L")], strangeWord: "Q",
        form: RecordForm(
            key: { ["HZ" + padded($0, 10)] }, number: { index, _, _ in "43010000\(padded(index, 9))" },
            authority: { "长沙市公安局\(CityPlaces.districts[$0])分局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("address", address), FaceField("nation", dice.pick(["汉", "汉", "汉", "土家", "苗", "侗"])),
                    FaceField("household_kind", dice.pick(["家庭户", "集体户 <学校>", "家庭户 & 空挂"])),
                ]
            }),
        regionDigits: 6, pageSize: 100, approximateRecords: 11_926_300, downtime: DowntimeWindow("nightly 00:00-02:00"),
        face: HouseholdPoliceFace(), mutualTLS: true)

    func refuse() -> CityReply {
        CityReply(status: 403, "text/html; charset=utf-8", Array("<html><body>403 Forbidden</body></html>\n".utf8))
    }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        guard request.path == "/services/CertificateService" else {
            return CityReply(status: 404, "text/plain; charset=utf-8", Array("not found\n".utf8))
        }
        if fault == .statusOKWithError {
            return soap(
                "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>内部错误</faultstring></soapenv:Fault>")
        }
        if request.text.contains("heartbeat") { return result("query", code: 0, "正常", total: 0, [], fault) }
        if request.text.contains("queryByHolder") || request.text.contains("queryByNumber") {
            let found = book.found(find(request, book), fault)
            return result("query", code: 0, "成功", total: found.count, found, fault)
        }
        guard request.text.contains("queryChanged") else {
            var reply = soap(
                "<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>未知操作</faultstring></soapenv:Fault>")
            reply.status = 500
            return reply
        }
        let size = book.pageSize(request.element("size"))
        let number = max(1, request.element("page").flatMap { Int($0) } ?? 1)
        let (low, high) = book.window(since: request.element("from"), until: request.element("to"))
        let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
        return result("query", code: 0, "成功", total: page.total, page.records, fault)
    }

    private func find(_ request: CityRequest, _ book: SourceBook) -> [CityRecord] {
        let type = request.element("type")
        if let number = request.element("number") { return book.find(number: number, type: type) }
        return book.find(kind: request.element("kind") ?? "", code: request.element("code") ?? "", type: type)
    }

    private func result(
        _ operation: String, code: Int, _ message: String, total: Int, _ records: [CityRecord], _ fault: CityFault?
    ) -> CityReply {
        var inner = TextBuffer(capacity: records.count * 1400 + 300)
        inner.raw(
            "<Response><Result><Code>\(code)</Code><Message>\(message)</Message></Result><Total>\(total)</Total><Nodes>"
        )
        for record in records { write(record, &inner) }
        inner.raw("</Nodes></Response>")
        let text = String(decoding: inner.bytes, as: UTF8.self)
        return soap(
            #"<q:\#(operation)Response xmlns:q="\#(Self.namespace)"><return><![CDATA[\#(text)]]></return>"#
                + "</q:\(operation)Response>", fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("<Node>")
        out.element("record_id", licence.key.parts[0])
        out.element("update_time", CityDates.moment(record.changedSeconds))
        out.element("certificate_name", record.type.name)
        out.element("certificate_type_name_code", record.writtenType)
        out.element("certificate_number", licence.number?.raw)
        out.element("certificate_identifier", licence.identifier?.raw)
        out.element("certificate_issuing_authority_name", licence.issuingAuthority?.name)
        out.element("certificate_issuing_authority_code", licence.issuingAuthority?.code)
        out.element(
            "certificate_issuing_authority_date", CityDates.day(licence.issuedOn, "", spoiled: record.dateIsSpoiled))
        out.element("certificate_holder_name", record.joined(",") { $0.name })
        out.element("certificate_holder_code", record.joined(",") { $0.code })
        out.element("certificate_holder_type", record.joined(",") { $0.kind.rawValue })
        out.element("certificate_validate_start", CityDates.day(licence.validity.from, ""))
        out.element("certificate_validate_end", record.until("", open: "长期"))
        out.element("certificate_area_code", licence.issuingAuthority?.region)
        out.element("certificate_status", record.statusWord)
        out.raw("<extend_info>")
        for field in licence.faceFields { out.element(field.name, field.value) }
        out.raw("</extend_info></Node>")
    }

    private func soap(_ content: String, _ fault: CityFault? = nil) -> CityReply {
        let text =
            #"<?xml version="1.0" encoding="UTF-8"?>"#
            + #"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>"# + content
            + "</soapenv:Body></soapenv:Envelope>"
        let bytes = Array(text.utf8)
        return CityReply("text/xml; charset=utf-8", fault == .wrongCharset ? gb18030(bytes) ?? [] : bytes)
    }
}
