// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// `yuelu-e-licence`: the status of the share-service standard in `head`, now a number, now a text; bodies are signed.
struct YueluFace: SourceFace {
    static let profile = SourceProfile(
        id: SourceID("yuelu-e-licence"), number: 14, interface: "licences", types: CityType.yuelu,
        words: [(.valid, "0"), (.cancelled, "21"), (.expired, "22"), (.restricted, "23")], strangeWord: "24",
        form: RecordForm(
            key: { ["YL-" + padded($0 % 97, 2), padded($0, 9)] },
            number: { index, year, _ in "岳麓证字\(year)-430104\(padded(index, 9))" },
            authority: { ["岳麓区行政审批服务局", "岳麓区市场监督管理局", "岳麓区民政局", "岳麓区卫生健康局"][$0 % 4] },
            faceFields: { dice in
                let address = CityPlaces.address(&dice)
                return [
                    FaceField("jycs", address),
                    FaceField("mj", "\(10 + dice.below(900)).\(dice.below(10))0"),
                ]
            }),
        pageSize: 100, approximateRecords: 864_300, face: YueluFace(), access: SignedBody(),
        settings: ["user": "licgate"])

    func refuse() -> CityReply { .json(#"{"head":{"status":11,"message":"身份验证不通过"},"data":{}}"#) }

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return .json(#"{"head":{"status":99,"message":"其他异常"},"data":{}}"#) }
        let words = request.words
        switch request.path {
        case "/yldzzz/ping": return .json(#"{"head":{"status":"0","message":"接口调用成功"},"data":{}}"#)
        case "/yldzzz/listCertInfo":
            let (low, high) = book.window(sinceMilliseconds: words["updateTimeFrom"], until: words["updateTimeTo"])
            let size = book.pageSize(words["pageSize"])
            let number = max(1, words["pageNo"].flatMap { Int($0) } ?? 1)
            let page = book.page(from: low, to: high, offset: (number - 1) * size, size: size, fault: fault)
            if page.records.isEmpty, fault != .empty { return nothing() }
            return envelope(page.records, page.total, asText: number % 2 == 0, fault)
        case "/yldzzz/queryCertInfo", "/yldzzz/queryCertInfoByHolderCode":
            let found = book.found(find(words, book), fault)
            if found.isEmpty, fault != .empty { return nothing() }
            return envelope(found, found.count, asText: true, fault)
        default: return .json(#"{"head":{"status":102,"message":"接口不存在"},"data":{}}"#, status: 404)
        }
    }

    private func find(_ words: [String: String], _ book: SourceBook) -> [CityRecord] {
        if let identifier = words["certIdentifier"] { return book.find(identifier: identifier) }
        return book.find(
            kind: words["holderTypeCode"] ?? "", code: words["holderCode"] ?? "", type: words["certTypeCode"])
    }

    private func nothing() -> CityReply { .json(#"{"head":{"status":"10","message":"未找到匹配的证照信息"},"data":{}}"#) }

    private func envelope(_ records: [CityRecord], _ total: Int, asText: Bool, _ fault: CityFault?) -> CityReply {
        var out = TextBuffer(capacity: records.count * 900 + 200)
        let status = asText ? "\"0\"" : "0"
        out.raw(#"{"head":{"status":\#(status),"message":"数据获取成功"},"data":{"total":\#(total),"list":["#)
        for record in records { write(record, &out) }
        out.close("]}}")
        return .json(out.bytes, fault)
    }

    private func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("{\"certId\":{")
        out.member("batch", licence.key.parts[0])
        out.member("serial", licence.key.parts[1])
        out.close("},")
        out.member("updateTime", number: record.changedSeconds * 1000)
        out.member("certName", record.type.name)
        out.member("certTypeCode", record.writtenType)
        out.member("certNo", licence.number?.raw)
        out.member("certIdentifier", licence.identifier?.raw)
        out.member("holder", record.joined("、") { $0.name })
        out.member("holderCode", record.joined("、") { $0.code })
        out.member("holderTypeCode", record.joined("、") { $0.kind.rawValue })
        out.member("issueOrg", licence.issuingAuthority?.name)
        out.member("issueOrgCode", licence.issuingAuthority?.code)
        out.member("issueDate", CityDates.day(licence.issuedOn, "", spoiled: record.dateIsSpoiled))
        out.member("zzyxqqsrq", CityDates.day(licence.validity.from, ""))
        out.member("zzyxqjzrq", record.until("", open: "长期"))
        out.raw("\"certStatus\":\(record.statusWord),")
        out.object("certData", licence.faceFields)
        out.close("},")
    }
}
