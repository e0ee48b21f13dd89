import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `An answer inside an answer` {
    @Test func `is JSON in a JSON text, with status, total and records inside`() async throws {
        let bench = try decodeBench(
            decode: "{ document: [ { at: $.result, kind: json } ] }", records: "$.result.data.list",
            status: #"[ { from: $.code, ok: ["200"] }, { from: $.result.code, ok: ["00"] } ]"#,
            pull: "total: $.result.data.total")
        let (batches, error) = await bench.answers(
            #"{"code":200,"result":\#(quoted(#"{"code":"00","data":{"total":2,"list":\#(decodedRows)}}"#))}"#)
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2"])
        #expect(batches.last?.position == .end(declaredTotal: 2))
    }

    @Test func `is refused by the inner status, and names it`() async throws {
        let bench = try decodeBench(
            decode: "{ document: [ { at: $.result, kind: json } ] }", records: "$.result.data",
            status: #"[ { from: $.code, ok: ["200"] }, { from: $.result.code, ok: ["00"] } ]"#)
        let (_, error) = await bench.answers(#"{"code":200,"result":\#(quoted(#"{"code":"98","data":[]}"#))}"#)
        #expect(error?.code == .businessStatus)
        #expect(error?.diagnostic.place.path == "$.result.code")
    }

    @Test func `is judged by the outer status when the text is not there`() async throws {
        let status = #"[ { from: $.code, ok: ["200"], try_later: ["503"] }, { from: $.result.code, ok: ["00"] } ]"#
        let decode = "{ document: [ { at: $.result, kind: json } ] }"
        let later = try decodeBench(decode: decode, records: "$.result.data", status: status)
        #expect(await later.answers(#"{"code":503}"#).error?.code == .unavailable)
        for body in [#"{"code":200}"#, #"{"code":200,"result":null}"#, #"{"code":200,"result":""}"#] {
            let missing = try decodeBench(decode: decode, records: "$.result.data", status: status)
            let (batches, error) = await missing.answers(body)
            #expect(error?.diagnostic.code == "document.embedded")
            #expect(batches.isEmpty)
        }
    }

    @Test(arguments: [
        #"not_found: [ { name: words, contains: { $.result: 未找到 } } ]"#,
        "not_found: [ { name: none, empty: [$.result] } ]",
    ])
    func `may say none instead`(condition: String) async throws {
        let bench = try decodeBench(
            decode: "{ document: [ { at: $.result, kind: json } ] }", records: "$.result.data",
            status: #"[ { from: $.code, ok: ["200"] } ]"#, more: condition)
        let text = condition.contains("words") ? "未找到匹配的证照信息" : ""
        let (batches, error) = await bench.answers(#"{"code":200,"result":"\#(text)"}"#)
        #expect(error == nil)
        #expect(batches.count == 1 && batches.keys.isEmpty)
    }

    @Test func `is XML in a JSON text`() async throws {
        let bench = try decodeBench(
            decode: "{ document: [ { at: $.result, kind: xml } ] }", records: "$.result/ROOT/ROW",
            status: #"[ { from: $.result/ROOT/CODE, ok: ["00"] } ]"#, key: "ID",
            fields: "{ number: NO, status: { constant: valid } }")
        let xml = #"<?xml version="1.0" encoding="GBK"?><ROOT><CODE>00</CODE><ROW><ID>一</ID><NO>N1</NO></ROW></ROOT>"#
        let (batches, error) = await bench.answers(#"{"result":\#(quoted(xml))}"#)
        #expect(error == nil)
        #expect(batches.keys == ["一"])
    }

    @Test(arguments: [true, false]) func `is JSON in an XML text, escaped or in CDATA`(isSection: Bool) async throws {
        let bench = try decodeBench(
            decode: "{ document: [ { at: /R/return, kind: json } ] }", records: "/R/return$.data",
            status: #"[ { from: /R/ok, ok: ["1"] }, { from: "/R/return$.code", ok: ["0"] } ]"#, format: "xml")
        let json = #"{"code":"0","data":\#(decodedRows)}"#
        let text = isSection ? "<![CDATA[\(json)]]>" : XMLText.escape(json)
        let (batches, error) = await bench.answers("<R><ok>1</ok><return>\(text)</return></R>", type: "text/xml")
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2"])
    }

    @Test func `is XML in an XML text`() async throws {
        let bench = try decodeBench(
            decode: "{ document: [ { at: /R/return, kind: xml } ] }", records: "/R/return/ROOT/ROW",
            format: "xml", key: "ID", fields: "{ number: NO, status: { constant: valid } }")
        let (batches, error) = await bench.answers(
            "<R><return><![CDATA[<ROOT><ROW><ID>a</ID><NO>1</NO></ROW></ROOT>]]></return></R>", type: "text/xml")
        #expect(error == nil)
        #expect(batches.keys == ["a"])
    }

    @Test func `lies in base64, and in a second text inside the first`() async throws {
        let bench = try decodeBench(
            decode:
                "{ document: [ { at: $.body, kind: base64, then: json, charset: gb18030 }, { at: $.body.data, kind: json } ] }",
            records: "$.body.data.list", status: #"[ { from: $.body.message, ok: ["成功"] } ]"#)
        let inner = #"{"message":"成功","data":\#(quoted(#"{"list":\#(decodedRows)}"#))}"#
        let gb = try #require(inner.data(using: .gb18030))
        let (batches, error) = await bench.answers(#"{"body":"\#(gb.base64EncodedString())"}"#)
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2"])
    }

    @Test(arguments: SM2Ciphertext.Form.allCases, SM2Ciphertext.Order.allCases)
    func `is encrypted for our SM2 key`(form: SM2Ciphertext.Form, order: SM2Ciphertext.Order) async throws {
        let scalar = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
        let key = try SM2PrivateKey(text: Secret(scalar))
        let decode = """
            { document: [ { at: $.data.certData, kind: sm2, key: "${secret:sm2}", point: \(form.rawValue)\(form == .der ? "" : ", order: \(order.rawValue)"), then: json } ] }
            """
        let bench = try decodeBench(
            decode: decode, records: "$.data.certData", status: #"[ { from: $.head.status, ok: ["0"] } ]"#,
            secret: scalar)
        let cipher = try key.publicKey.encrypt(Array(decodedRows.utf8)).bytes(form: form, order: order)
        let (batches, error) = await bench.answers(
            #"{"head":{"status":0},"data":{"certData":"\#(BinaryText.hexUpper.text(cipher))"}}"#)
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2"])
        // Another order, another key, a changed byte: nothing comes out, and no part of the text is told.
        var damaged = cipher
        damaged[damaged.count - 1] ^= 1
        let again = try DecodeBench.again(decode, scalar)
        let (none, refused) = await again.answers(
            #"{"head":{"status":0},"data":{"certData":"\#(BinaryText.hex.text(damaged))"}}"#)
        #expect(none.isEmpty)
        #expect(refused?.diagnostic.code == "document.not_decrypted")
    }

    @Test func `is refused where it is wrong: the outer place, and the one inside`() async throws {
        let bench = try decodeBench(decode: "{ document: [ { at: $.result, kind: json } ] }", records: "$.result.data")
        let (_, error) = await bench.answers(
            "{\n  \"result\": " + quoted("{\n\"data\": [ {\"id\":\"L1\"}, oops ]}") + "}")
        let place = try #require(error?.diagnostic.place)
        #expect(error?.diagnostic.code == "document.not_json")
        #expect(place.line == 2)
        #expect(place.column == 13)
        #expect(place.path == "$.result.data[1] (line 2, column 24 of the text inside)")
    }
}

private enum DecodeBench {
    static func again(_ decode: String, _ scalar: String) throws -> Bench {
        try decodeBench(
            decode: decode, records: "$.data.certData", status: #"[ { from: $.head.status, ok: ["0"] } ]"#,
            secret: scalar)
    }
}

extension String.Encoding {
    fileprivate static let gb18030 = String.Encoding(rawValue: 0x8000_0632)
}
