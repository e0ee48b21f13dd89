// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// One row's way to talk: its family's envelope, and what the row's number decides.
struct ProvincialFace: SourceFace {
    let row: ProvincialRow
    let family: ProvincialFamily
    static let namespace = "urn:hunan:dzzz:query:v1"

    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        if fault == .statusOKWithError { return failure() }
        guard request.method == row.method else { return CityReply(status: 405, "text/plain", Array("405\n".utf8)) }
        let question = Question(request, row, family)
        if row.isList { return list(question, book, fault) }
        guard let found = question.find(in: book) else { return incomplete() }
        if fault == .empty || found.isEmpty { return none() }
        if family.envelope == .sealed {
            let inForce = found.filter { $0.licence.status == .valid }
            if inForce.isEmpty { return status(Int(found[0].statusWord) ?? 99, "已废止、已过期或已受限使用") }
            book.count(records: inForce.count)
            return answer(inForce, total: inForce.count, fault)
        }
        book.count(records: found.count)
        return answer(
            fault == .unknownStatusCode ? SourceBook.withStrangeStatus(found, book.profile) : found,
            total: found.count, fault)
    }

    private func list(_ question: Question, _ book: SourceBook, _ fault: CityFault?) -> CityReply {
        let (low, high) = question.window(in: book)
        let size = max(1, min(family.pageSize, question.size ?? family.pageSize))
        let page = book.page(from: low, to: high, offset: question.offset(size), size: size, fault: fault)
        return answer(page.records, total: page.total, next: page.hasMore ? page.nextOffset : nil, fault)
    }

    // MARK: Envelopes

    private func answer(
        _ records: [CityRecord], total: Int, next: Int? = nil, _ fault: CityFault?
    ) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1200 + 400)
        let writer = ProvincialWriter(row: row, family: family)
        switch family.envelope {
        case .bus:
            out.raw("{\"code\":200,\"msg\":\"操作成功\",\"data\":{\"head\":{\"status\":\(code(0)),\"message\":\"接口调用成功\"},")
            out.raw("\"data\":{\"total\":\(total),\"dataList\":")
            writer.list(records, &out)
            out.raw("}}}")
        case .result:
            out.raw("{\"code\":\(code(0)),\"message\":\"成功\",\"data\":{\"count\":\(total),\"result\":")
            writer.list(records, &out)
            out.raw("}}")
        case .licence:
            out.raw("{\"status\":{\"code\":200,\"text\":\"\"},\"custom\":{\"code\":1,\"text\":\"获取证照数据服务调用成功\",")
            out.raw("\"total\":\(total),\"next\":\(next.map { "\"n\($0)\"" } ?? "null"),\"licensedatas\":")
            writer.list(records, &out)
            out.raw("}}")
        case .share:
            out.raw("{\"head\":{\"status\":\(code(0)),\"message\":\"数据获取成功\"},\"data\":{\"total\":\(total),\"list\":")
            writer.list(records, &out)
            out.raw("}}")
        case .items:
            out.raw("{\"success\":true,\"total\":\(total),\"items\":")
            writer.list(records, &out)
            out.raw("}")
        case .single:
            out.raw("{\"code\":\(code(0)),\"data\":")
            if records.count == 1 { writer.object(records[0], &out) } else { writer.list(records, &out) }
            out.raw("}")
        case .nested:
            var inner = TextBuffer()
            inner.raw("{\"total\":\(total),\"list\":")
            writer.list(records, &inner)
            inner.raw("}")
            out.raw("{\"code\":\"00\",\"msg\":\"成功\",\"data\":")
            text(inner, &out)
            out.raw("}")
        case .outer:
            var inner = TextBuffer()
            inner.raw("{\"code\":\"00\",\"data\":")
            writer.list(records, &inner)
            inner.raw("}")
            out.raw("{\"result\":")
            text(inner, &out)
            out.raw("}")
        case .sealed:
            var inner = TextBuffer()
            writer.list(records, &inner)
            out.raw("{\"head\":{\"status\":\(code(0)),\"message\":\"数据获取成功\"},\"data\":{\"certData\":")
            out.raw(String(decoding: inner.bytes, as: UTF8.self))
            out.raw("}}")
        case .soap: return soap(records, total: total, fault, writer)
        }
        return json(out.bytes, fault)
    }

    private func text(_ inner: TextBuffer, _ out: inout TextBuffer) {
        out.raw(String(decoding: inner.bytes, as: UTF8.self))
    }

    private func soap(
        _ records: [CityRecord], total: Int, _ fault: CityFault?, _ writer: ProvincialWriter
    ) -> CityReply {
        var out = TextBuffer(capacity: records.count * 1400 + 400)
        out.raw("<CODE>00</CODE><DESC>成功</DESC><TOTAL>\(total)</TOTAL><LIST>")
        for record in records { writer.element(record, &out) }
        out.raw("</LIST>")
        return envelope(String(decoding: out.bytes, as: UTF8.self), fault)
    }

    private func envelope(_ content: String, _ fault: CityFault? = nil) -> CityReply {
        let text =
            #"<?xml version="1.0" encoding="UTF-8"?>"#
            + #"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>"#
            + "<q:queryResponse xmlns:q=\"\(Self.namespace)\"><RESPONSE>" + content
            + "</RESPONSE></q:queryResponse></soap:Body></soap:Envelope>"
        let bytes = Array(text.utf8)
        return CityReply("text/xml; charset=utf-8", fault == .wrongCharset ? gb18030(bytes) ?? [] : bytes)
    }

    private func json(_ bytes: [UInt8], _ fault: CityFault? = nil, status: Int = 200) -> CityReply {
        CityReply(
            status: status, "application/json; charset=utf-8", fault == .wrongCharset ? gb18030(bytes) ?? [] : bytes)
    }

    private func json(_ text: String, status: Int = 200) -> CityReply { json(Array(text.utf8), status: status) }

    /// Codes are numbers for rows with an even number, texts for the others.
    private func code(_ value: Int) -> String { row.number % 2 == 0 ? String(value) : "\"\(value)\"" }

    // MARK: Without records

    /// "There is none", in the shape the row's number chooses among its family's.
    func none() -> CityReply {
        switch family.envelope {
        case .bus:
            switch row.number % 3 {
            case 0: return json(#"{"code":200,"msg":"操作成功","data":"$get{node1.response.body.data}"}"#)
            case 1:
                return json(
                    #"{"code":200,"msg":"操作成功","data":{"head":{"status":\#(code(0))},"data":"#
                        + #""$get{node1.response.body.data.dataList.[0]}"}}"#)
            default:
                return json(
                    #"{"code":200,"msg":"操作成功","data":{"head":{"status":\#(code(10)),"message":"未找到匹配的证照信息"},"#
                        + #""data":null}}"#)
            }
        case .result: return json(#"{"code":\#(code(0)),"message":"成功","data":{"result":"未找到匹配的证照信息"}}"#)
        case .licence:
            return json(
                #"{"status":{"code":200,"text":""},"custom":{"code":1,"text":"","total":0,"licensedatas":[]}}"#)
        case .share, .sealed: return status(10, "未找到匹配的证照信息")
        case .items:
            return row.number % 2 == 0
                ? json(#"{"success":false,"code":"NOT_FOUND","items":[]}"#, status: 404)
                : json(#"{"success":true,"total":0,"items":[]}"#)
        case .nested: return json(row.number % 2 == 0 ? #"{"code":"00","data":"空"}"# : #"{"code":"00","data":""}"#)
        case .single: return json(#"{"code":"9998","msg":"查询无结果","data":null}"#)
        case .outer: return json(#"{"result":{"code":"10","data":null}}"#)
        case .soap:
            return envelope(
                row.number % 2 == 0
                    ? "<CODE>10</CODE><DESC>未查询到证照</DESC>" : "<CODE>00</CODE><DESC>成功</DESC><TOTAL>0</TOTAL><LIST/>")
        }
    }

    private func status(_ status: Int, _ message: String) -> CityReply {
        json(#"{"head":{"status":\#(code(status)),"message":"\#(message)"},"data":{}}"#)
    }

    private func failure() -> CityReply { code(99, "其他异常", http: 200) }

    private func incomplete() -> CityReply { code(12, "要求必填的输入参数值不为空", http: 200) }

    func refuse() -> CityReply { code(11, "身份验证不通过", http: 401) }

    /// A business code of the family's: 11 not let in, 12 incomplete, 99 try later.
    private func code(_ value: Int, _ words: String, http: Int) -> CityReply {
        switch family.envelope {
        case .bus:
            json(
                #"{"code":200,"msg":"操作成功","data":{"head":{"status":\#(code(value)),"message":"\#(words)"},"data":null}}"#,
                status: http)
        case .share, .sealed:
            json(#"{"head":{"status":\#(code(value)),"message":"\#(words)"},"data":{}}"#, status: http)
        case .licence:
            json(#"{"status":{"code":\#(value),"text":"\#(words)"},"custom":{"code":0}}"#, status: http)
        case .items:
            json(#"{"success":false,"code":"\#(value == 99 ? "SYS_BUSY" : "E\(value)")","items":[]}"#, status: http)
        case .result, .nested, .single:
            json(#"{"code":"\#(value)","message":"\#(words)","data":null}"#, status: http)
        case .outer: json(#"{"result":{"code":"\#(value)","data":null}}"#, status: http)
        case .soap:
            {
                var reply = envelope("<CODE>\(value)</CODE><DESC>\(words)</DESC>")
                reply.status = http
                return reply
            }()
        }
    }
}
