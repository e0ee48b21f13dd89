import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `A text inside a record` {
    static func one(_ decode: String, fields: String, rest: String = "", format: String = "json") throws -> OneRecord {
        try OneRecord(fields: fields, format: format, rest: "decode: { record: \(decode) }\n    " + rest)
    }

    @Test func `is JSON, and its members are fields`() throws {
        let one = try Self.one(
            "[ { at: $.extend_info, kind: json } ]",
            fields: "{ number: $.extend_info.zzbh, status: { constant: valid } }",
            rest: "face_fields: { inside: [ $.extend_info ] }")
        let licence = try one.licence(#"{"id":"1","extend_info":"{\"zzbh\":\"N1\",\"lx\":\"一类\"}"}"#)
        #expect(licence.number?.raw == "N1")
        #expect(licence.faceFields.contains(FaceField("lx", "一类")))
        #expect(!licence.faceFields.contains { $0.name == "extend_info" })
    }

    @Test func `is left as it is when it is empty, and then a required field is missing`() throws {
        let one = try Self.one(
            "[ { at: $.extend_info, kind: json } ]",
            fields:
                "{ number: { from: $.extend_info.zzbh, required: true }, identifier: $.id, status: { constant: valid } }"
        )
        for empty in ["\"\"", "null"] {
            #expect(try one.reject(#"{"id":"1","extend_info":\#(empty)}"#).reason.code == "record.field_missing")
        }
    }

    @Test func `that cannot be read sets the record aside, with both places and the key`() throws {
        let one = try Self.one(
            "[ { at: $.info, kind: json } ]",
            fields: "{ number: $.info.n, identifier: $.id, status: { constant: valid } }")
        let reject = try one.reject(#"{"id":"1","info":"{\"n\":\n tru }"}"#)
        #expect(reject.reason.code == "record.undecoded")
        #expect(reject.key?.parts == ["1"])
        #expect(reject.reason.place.column == 18)
        #expect(reject.reason.place.path?.hasSuffix("(line 2, column 2 of the text inside)") == true)
        #expect(!reject.reason.text.contains("tru "))
    }

    @Test func `is pseudo-JSON in single quotes`() throws {
        let one = try Self.one(
            "[ { at: $.data_fields, kind: single_quoted_json } ]",
            fields: "{ number: $.data_fields.ZZMC, identifier: $.id, status: { constant: valid } }")
        let licence = try one.licence(#"{"id":"1","data_fields":"{'ZZMC':'a\"b\\'c','N':1,'L':['x']}"}"#)
        #expect(licence.number?.raw == #"a"b'c"#)
    }

    @Test(arguments: [
        #"{\"ZZMC\":'x'}"#, "{'ZZMC':'x',}", "{ZZMC:'x'}", "{'ZZMC':None}", "{'ZZMC':'x'", "{'A':'x','A':'y'}",
    ])
    func `in single quotes is read strictly`(text: String) throws {
        let one = try Self.one(
            "[ { at: $.data_fields, kind: single_quoted_json } ]",
            fields: "{ number: $.data_fields.ZZMC, identifier: $.id, status: { constant: valid } }")
        #expect(try one.reject(#"{"id":"1","data_fields":"\#(text)"}"#).reason.code == "record.undecoded")
    }

    @Test func `is a list of names and values, after it was read as JSON`() throws {
        let one = try Self.one(
            "[ { at: $.data_fields, kind: json }, { at: $.data_fields, kind: name_value } ]",
            fields: "{ number: $.data_fields.编号, identifier: $.id, status: { constant: valid } }")
        let text = quoted(#"[{"valueType":"string","name":"编号","value":"N1"},{"name":"数","value":7}]"#)
        #expect(try one.licence(#"{"id":"1","data_fields":\#(text)}"#).number?.raw == "N1")
        let twice = quoted(#"[{"name":"编号","value":"N1"},{"name":"编号","value":"N2"}]"#)
        #expect(try one.reject(#"{"id":"1","data_fields":\#(twice)}"#).reason.text.contains("document.duplicate_key"))
    }

    @Test func `is a list of names and values in XML`() throws {
        let one = try Self.one(
            "[ { at: fields, kind: name_value, name: \"@n\", value: . } ]",
            fields: "{ number: \"fields$.bh\", identifier: id, status: { constant: valid } }", format: "xml")
        let licence = try one.licence(#"<r><id>1</id><fields><f n="bh">N1</f><f n="lx">x</f></fields></r>"#)
        #expect(licence.number?.raw == "N1")
    }

    @Test func `is base64, and found at its own path`() throws {
        let one = try Self.one(
            "[ { at: $.no, kind: base64, then: text } ]", fields: "{ number: $.no, status: { constant: valid } }")
        #expect(try one.licence(#"{"id":"1","no":"TjHliKs="}"#).number?.raw == "N1别")
        #expect(try one.reject(#"{"id":"1","no":"T!"}"#).reason.code == "record.undecoded")
    }

    @Test func `is encrypted with SM4 in CBC mode`() async throws {
        let key = "0123456789abcdeffedcba9876543210"
        let iv = Array("0011223344556677".utf8)
        let cipher = try SM4.encryptCBC(
            Array(#"{"zh":"N1"}"#.utf8), key: try #require(hexadecimalBytes(key)), iv: iv)
        let bench = try decodeBench(
            decode:
                #"{ record: [ { at: $.secret, kind: sm4_cbc, key: "${secret:sm2}", encoding: base64, then: json } ] }"#,
            records: "$.list", fields: "{ number: $.secret.zh, status: { constant: valid } }", secret: key)
        let (batches, error) = await bench.answers(
            #"{"list":[{"id":"L1","secret":"\#(BinaryText.base64.text(iv + cipher))"},{"id":"L2","secret":"AAAA"}]}"#)
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.number?.raw) == ["N1"])
        #expect(batches.rejects.map(\.reason.code) == ["record.undecoded"])
    }
}
