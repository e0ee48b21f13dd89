// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `hunan-provincial-platform`: one holder a question, the status of the share-service standard in `head`.
struct PlatformFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("hunan-provincial-platform"), number: 6, interface: "resident-identity",
        types: CityType.platform,
        words: [(.valid, "0"), (.cancelled, "21"), (.expired, "22"), (.restricted, "23")], strangeWord: "24",
        form: RecordForm(
            key: { ["HN" + padded($0, 10)] }, number: { index, _, _ in "4301\(padded(index, 9))" },
            authority: { "长沙市公安局\(CityPlaces.districts[$0])分局" },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("address", address), FaceField("nation", dice.pick(["汉", "汉", "汉", "土家", "苗", "侗"])),
                ]
            }),
        graded: true, registerInterface: "household-register", pageSize: 100, approximateRecords: 78_237_840,
        downtime: DowntimeWindow("nightly 00:00-00:30"), face: PlatformFace(),
        access: HeaderKey(name: "Authorization", word: "Bearer "))

    func refuse() -> CityReply { head(11, "身份验证不通过") }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return head(99, "其他异常") }
        if request.path == "/share/ping" { return head(0, "接口调用成功") }
        guard request.path == "/share/queryCertInfoByHolderCode", request.method == "POST" else {
            return CityReply(status: 404, "application/json", Array(#"{"head":{"status":101}}"#.utf8))
        }
        let fields = request.jsonFields
        guard let code = fields["holderCode"], let kind = fields["holderTypeCode"], let type = fields["certTypeCode"],
            !code.isEmpty, !kind.isEmpty, !type.isEmpty, !(fields["useCause"] ?? "").isEmpty
        else { return head(12, "要求必填的输入参数值不为空") }
        guard book.profile.types.contains(where: { $0.code.rawValue == type }) else {
            return type.hasPrefix("11100000000013127D") ? head(100, "该用户无访问该证的权限") : head(13, "证照类型不存在或未发布")
        }
        if fault == .empty { return list([], nil) }
        var found = book.find(kind: kind, code: code, type: type)
        if fault == .unknownStatusCode { found = [] }
        if fault == .unknownStatusCode { return head(77, "未知") }
        guard let first = found.first else { return head(10, "未找到匹配的证照信息") }
        let inForce = found.filter { $0.licence.status == .valid }
        if inForce.isEmpty { return head(Int(first.statusWord) ?? 99, "已废止、已过期或已受限使用") }
        book.count(records: inForce.count)
        return list(inForce, fault)
    }

    private func list(_ records: [CityRecord], _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: 2000)
        out.raw(#"{"head":{"status":"0","message":"数据获取成功"},"data":["#)
        for record in records {
            let licence = record.licence
            out.raw("{")
            out.member("certId", licence.key.parts[0])
            out.member("certName", record.type.name)
            out.member("certTypeCode", licence.typeCode.rawValue)
            out.member("certNo", licence.number?.raw)
            out.member("certIdentifier", licence.identifier?.raw)
            out.member("certificateIssuingAuthorityName", licence.issuingAuthority?.name)
            out.member("certificateIssuingAuthorityCode", licence.issuingAuthority?.code)
            out.member("certificateIssuedDate", CityDates.day(licence.issuedOn))
            out.member("holder", record.joined(",") { $0.name })
            out.member("holderCode", record.joined(",") { $0.code })
            out.member("holderTypeCode", record.joined(",") { $0.kind.rawValue })
            out.member("zzyxqqsrq", CityDates.day(licence.validity.from))
            out.member("zzyxqjzrq", record.until("-", open: "长期"))
            out.member("certLevel", licence.trustGrade?.rawValue)
            out.raw("\"certData\":{")
            for field in licence.faceFields { out.member(field.name, field.value) }
            out.close("}},")
        }
        out.close("]}")
        return CityReply(
            "application/json; charset=utf-8", fault == .wrongCharset ? gb18030(out.bytes) ?? [] : out.bytes)
    }

    /// The status is a number here and a text in answers that carry data, as real platforms have it.
    private func head(_ status: Int, _ message: String) -> CityReply {
        CityReply(
            "application/json; charset=utf-8",
            Array(#"{"head":{"status":\#(status),"message":"\#(message)"},"data":{}}"#.utf8))
    }
}
