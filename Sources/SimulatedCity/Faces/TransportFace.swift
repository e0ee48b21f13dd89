// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-transport`: JSON with a cursor token, the national directory's snake names, a sequence number.
struct TransportFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-transport"), number: 2, interface: "licences", types: CityType.transport,
        words: [
            (.valid, "10"), (.superseded, "01"), (.expired, "02"), (.cancelled, "03"), (.revoked, "04"),
            (.withdrawn, "05"), (.unknown, "09"),
        ], strangeWord: "77",
        form: RecordForm(
            key: { ["4301T" + padded($0, 10)] }, number: { index, _, _ in "430100\(padded(index, 9))" },
            authority: { "长沙市\(CityPlaces.districts[$0])交通运输局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("business_scope", dice.pick(["普通货运", "道路旅客运输", "网络预约出租汽车客运", "机动车维修"])),
                    // A decimal whose last zero must survive, and a number beyond 53 bits.
                    FaceField("tonnage", "\(1 + dice.below(40)).\(dice.below(10))0"),
                    FaceField("archive_no", "43010000\(padded(dice.below(1_000_000_000), 10))"),
                    FaceField("address", address),
                ]
            }),
        regionDigits: 12, pageSize: 500, approximateRecords: 1_192_400,
        downtime: DowntimeWindow("nightly 01:00-02:00"), face: TransportFace(), access: HeaderKey(name: "X-Api-Key"))

    func refuse() -> CityReply {
        reply(#"{"success":false,"code":"UNAUTHORIZED","items":[],"cursor":null}"#, status: 401)
    }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError {
            return reply(#"{"success":false,"code":"SYS_BUSY","message":"系统繁忙","items":[],"cursor":null}"#)
        }
        switch request.path {
        case "/road/health": return reply(#"{"success":true,"code":"OK"}"#)
        case "/road/certificates": return list(request, book, fault)
        case "/road/certificates/search": return find(request, book, fault)
        default: return reply(#"{"success":false,"code":"NOT_FOUND"}"#, status: 404)
        }
    }

    private func list(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        let size = max(1, min(500, Int(request.query["limit"] ?? "") ?? 500))
        let low = book.position(sequence: request.query["sequence_from"])
        let offset = request.query["cursor"].flatMap { Int($0.dropFirst(2), radix: 36) } ?? 0
        let page = book.page(from: low, to: book.count, offset: offset, size: size, fault: fault)
        return envelope(
            page.records, cursor: page.hasMore ? "c_" + String(page.nextOffset, radix: 36) : nil, page.total, fault)
    }

    private func find(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        let fields = request.jsonFields
        var found: [CityRecord] = []
        if let number = fields["certificate_number"] {
            found = book.find(number: number, type: fields["certificate_type_name_code"])
        } else if let identifier = fields["certificate_identifier"] {
            found = book.find(identifier: identifier)
        } else {
            found = book.find(
                kind: fields["certificate_holder_type"] ?? "", code: fields["certificate_holder_code"] ?? "",
                type: fields["certificate_type_name_code"])
        }
        if fault == .empty { found = [] }
        if fault == .unknownStatusCode { found = SourceBook.withStrangeStatus(found, book.profile) }
        book.count(records: found.count)
        return envelope(found, cursor: nil, found.count, fault)
    }

    private func envelope(_ records: [CityRecord], cursor: String?, _ total: Int, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1000 + 100)
        out.raw("{\"success\":true,\"total\":\(total),\"items\":[")
        for record in records { write(record, &out) }
        out.close("],\"cursor\":" + (cursor.map { "\"\($0)\"" } ?? "null") + "}")
        let body = fault == .wrongCharset ? gb18030(out.bytes) ?? [] : out.bytes
        return CityReply("application/json", body)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{")
        out.member("record_no", licence.key.parts[0])
        out.raw("\"sequence\":\(record.sequence),")
        out.member("certificate_type_name", record.type.name)
        out.member("certificate_type_name_code", record.writtenType)
        out.member("certificate_number", licence.number?.raw)
        out.member("certificate_identifier", licence.identifier?.raw)
        out.member("certificate_issuing_authority_name", licence.issuingAuthority?.name)
        out.member("certificate_issuing_authority_code", licence.issuingAuthority?.code)
        out.member(
            "certificate_issuing_authority_date",
            CityDates.day(licence.issuedOn, "", spoiled: record.dateIsSpoiled))
        out.member("certificate_holder_name", record.joined(",") { $0.name })
        out.member("certificate_holder_code", record.joined(",") { $0.code })
        out.member("certificate_holder_type", record.joined(",") { $0.kind.rawValue })
        out.member("certificate_validate_start", CityDates.day(licence.validity.from, ""))
        out.member("certificate_validate_end", record.until("", open: "99991231"))
        out.member("certificate_area_code", licence.issuingAuthority?.region)
        out.member("certificate_state", record.statusWord)
        out.raw("\"extend_info\":{")
        out.member("business_scope", record.face("business_scope"))
        out.raw("\"tonnage\":\(record.face("tonnage") ?? "0"),\"archive_no\":\(record.face("archive_no") ?? "0"),")
        out.member("address", record.face("address"))
        out.close("}},")
    }

    private func reply(_ text: String, status: Int = 200) -> CityReply {
        CityReply(status: status, "application/json", Array(text.utf8))
    }
}
