// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `cs-real-estate`: XML in GB 18030, upper-case pinyin initials, offsets and a sequence number, two holders on some.
struct RealEstateFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("cs-real-estate"), number: 3, interface: "certificates", types: CityType.realEstate,
        words: [(.valid, "1"), (.cancelled, "2")], strangeWord: "7",
        form: RecordForm(
            key: { ["SL" + padded($0 / 2, 9), String($0 % 2 + 1)] },
            number: { index, year, _ in "湘(\(year))长沙市不动产权第\(padded(index, 9))号" },
            authority: { _ in "长沙市自然资源和规划局" },
            faceFields: { dice in
                var fields = [
                    FaceField("KZ_ZL", CityPlaces.address(&dice)),
                    FaceField("KZ_MJ", "\(40 + dice.below(200)).\(padded(dice.below(100), 2))"),
                ]
                if dice.chance(50) { fields.append(FaceField("KZ_BZ", "共同共有 <附记> & 其他")) }
                return fields
            }),
        pageSize: 200, approximateRecords: 7_412_900, downtime: DowntimeWindow("nightly 00:30-02:00"),
        face: RealEstateFace(), access: BasicDoor(), settings: ["user": "licgate"])

    func refuse() -> CityReply {
        var reply = envelope([], total: 0, code: "91", message: "用户名或密码错误", nil)
        reply.status = 401
        reply.headers.append(("WWW-Authenticate", "Basic realm=\"bdc\""))
        return reply
    }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return envelope([], total: 0, code: "99", message: "数据库连接失败", nil) }
        switch request.path {
        case "/bdc/ping": return envelope([], total: 0, code: "00", message: "正常", nil)
        case "/bdc/dzzz/list":
            let size = max(1, min(500, Int(request.query["rows"] ?? "") ?? 200))
            let page = book.page(
                from: book.position(sequence: request.query["gxxh"]), to: book.count,
                offset: Int(request.query["start"] ?? "") ?? 0, size: size, fault: fault)
            return envelope(page.records, total: page.total, code: "00", message: "成功", fault)
        case "/bdc/dzzz/query":
            var found = find(request, book)
            if fault == .empty { found = [] }
            if fault == .unknownStatusCode { found = SourceBook.withStrangeStatus(found, book.profile) }
            book.count(records: found.count)
            return envelope(found, total: found.count, code: "00", message: "成功", fault)
        default:
            var reply = envelope([], total: 0, code: "90", message: "服务不存在", nil)
            reply.status = 404
            return reply
        }
    }

    private func find(_ request: CityRequest, _ book: SourceBook) -> [CityRecord] {
        let type = request.element("ZZLXDM")
        if let number = request.element("ZZBH"), !number.isEmpty { return book.find(number: number, type: type) }
        if let identifier = request.element("ZZBS"), !identifier.isEmpty { return book.find(identifier: identifier) }
        return book.find(
            kind: request.element("CZZTDMLXDM") ?? "", code: request.element("CZZTDM") ?? "", type: type)
    }

    private func envelope(
        _ records: [CityRecord], total: Int, code: String, message: String, _ fault: CityFault?
    ) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1200 + 300)
        out.raw("<?xml version=\"1.0\" encoding=\"GB18030\"?>\n<ROOT><HEAD><CODE>\(code)</CODE>")
        out.element("MESSAGE", message)
        out.raw("<TOTAL>\(total)</TOTAL></HEAD><DATA>")
        for record in records { write(record, &out) }
        out.raw("</DATA></ROOT>\n")
        // The wrong one contradicts its own declaration: a UTF-8 byte order mark before "GB18030".
        let body = fault == .wrongCharset ? [0xEF, 0xBB, 0xBF] + out.bytes : gb18030(out.bytes) ?? []
        return CityReply("text/xml; charset=GB18030", body)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("<RECORD>")
        out.element("YWH", licence.key.parts[0])
        out.element("XH", licence.key.parts[1])
        out.raw("<GXXH>\(record.sequence)</GXXH>")
        out.element("ZZLXDM", record.writtenType)
        out.element("ZZMC", record.type.name)
        out.element("ZZBS", licence.identifier?.raw)
        out.element("ZZBH", licence.number?.raw)
        out.element("ZZBFJG", licence.issuingAuthority?.name)
        out.element("ZZBFJGDM", licence.issuingAuthority?.code)
        out.element("ZZBFRQ", CityDates.chinese(licence.issuedOn, spoiled: record.dateIsSpoiled))
        out.element("CZZT", record.joined(",") { $0.name })
        out.element("CZZTDM", record.joined(",") { $0.code })
        out.element("CZZTDMLXDM", record.joined(",") { $0.kind.rawValue })
        out.element("ZZYXQQSRQ", CityDates.chinese(licence.validity.from, spoiled: false))
        out.element("ZZYXQJZRQ", lastDay(licence))
        out.element("ZT", record.statusWord)
        out.element("KZ_ZL", record.face("KZ_ZL"))
        out.element("KZ_MJ", record.face("KZ_MJ"))
        out.element("KZ_BZ", record.face("KZ_BZ") ?? "空")
        out.raw("</RECORD>")
    }

    private func lastDay(_ licence: Licence) -> String {
        if case .day(let day) = licence.validity.until { return CityDates.chinese(day, spoiled: false) ?? "" }
        return ""
    }
}

/// Base64 of a text's UTF-8.
func base64(_ text: String) -> String { base64(bytes: Array(text.utf8)) }

/// Base64 of bytes.
func base64(bytes: [UInt8]) -> String {
    let table = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = Array(bytes[start..<min(start + 3, bytes.count)])
        let bits = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
        for place in 0..<4 {
            out.append(place <= group.count ? table[bits >> (18 - 6 * place) & 63] : 61)
        }
    }
    return String(decoding: out, as: UTF8.self)
}
