// SPDX-License-Identifier: Apache-2.0
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import Testing

@testable import Workbench

/// A manifest around a few fields, and its recorder.
enum Recorded {
    static let fields = """
        { holder.code: $.holder.code, holder.name: $.holder.name, holder.code_kind: { constant: "111" },
          issued_on: { from: $.issued, date: yyyy-MM-dd }, number: $.no,
          status: { from: $.state, map: { "1": valid, "2": revoked }, otherwise: reject } }
        """

    static func manifest(
        format: String = "json", records: String = "$.data.list", key: String = "$.id", version: String = "arrival",
        cursor: String = "", fields: String = fields, top: String = "", rest: String = ""
    ) throws -> SourceManifest {
        let text = """
            manifest_version: 1
            id: a-source
            name: 示例系统
            owner: 示例单位
            kind: declarative
            base_url: "${config:base_url}"
            auth: { kind: none }
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 5, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            format: \(format)
            \(top.isEmpty ? "status: []" : top)
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                pull: { path: /list, \(cursor.isEmpty ? "" : "query: { from: \"${cursor}\" }, ")pages: { kind: none }, records: \(records), key: [\(key)], version: \(version)\(cursor) }
                fields: \(fields)
                \(rest)
            """
        let (manifest, findings) = House.linter.lint(
            text: text, folder: "a-source", licenceTypes: House.register.codes)
        return try #require(manifest, "\(findings.map(\.text))")
    }

    static func recorder(_ manifest: SourceManifest) throws -> Recorder {
        try Recorder(manifest, interface: "licences")
    }

    static func text(_ recording: Recording) -> String { String(decoding: recording.body, as: UTF8.self) }

    /// The member at a path of names and indexes.
    static func value(_ recording: Recording, _ path: String...) throws -> String {
        var at: Any? = try JSONSerialization.jsonObject(with: Data(recording.body))
        for step in path {
            if let index = Int(step), let list = at as? [Any] {
                at = list.indices.contains(index) ? list[index] : nil
            } else {
                at = (at as? [String: Any])?[step]
            }
        }
        return try #require(at.map { "\($0)" }, "nothing at \(path)")
    }
}

/// One value a person could be known by, and a place to plant it; `@` stands for the value.
struct Canary: Sendable, CustomTestStringConvertible {
    let kind: String
    let value: String
    let template: String
    var testDescription: String { kind }

    static let resident = "11010519491231002X"
    static let credit = "914600007477761066"
    static let all = [
        Canary(kind: "a resident number", value: resident, template: #"{"holder":{"code":"@"}}"#),
        Canary(kind: "a resident number in a number", value: "440524188001010014", template: #"{"any":@}"#),
        Canary(kind: "an old resident number", value: "110105491231002", template: #"{"any":"@"}"#),
        Canary(kind: "a credit code", value: credit, template: #"{"any":"@"}"#),
        Canary(kind: "a name", value: "欧阳静姝", template: #"{"holder":{"name":"@"}}"#),
        Canary(kind: "a name of two letters", value: "邹衍", template: #"{"holder":{"name":"@"}}"#),
        Canary(kind: "a name in Latin letters", value: "Zacharias Quill", template: #"{"any":"@"}"#),
        Canary(kind: "a name in Tibetan letters", value: "བསྟན་འཛིན", template: #"{"any":"@"}"#),
        Canary(kind: "a name with a dot", value: "阿依古丽·买买提", template: #"{"any":"@"}"#),
        Canary(kind: "a telephone", value: "13974839201", template: #"{"phone":"@"}"#),
        Canary(kind: "a telephone as a number", value: "13974839201", template: #"{"phone":@}"#),
        Canary(kind: "an address", value: "岳麓区麓山南路932号5栋", template: #"{"addr":"@"}"#),
        Canary(kind: "a mail address", value: "quill.zach@mail.example", template: #"{"mail":"@"}"#),
        Canary(kind: "a passport number", value: "E83920174", template: #"{"doc":"@"}"#),
        Canary(kind: "a licence number", value: "湘交运管许可长字430100928374号", template: #"{"no":"@"}"#),
        Canary(
            kind: "a licence identifier", value: "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
            template: #"{"any":"@"}"#),
        Canary(kind: "a value in a list", value: "欧阳静姝", template: #"{"who":["@","x"]}"#),
        Canary(kind: "one of two names in a text", value: "欧阳静姝", template: #"{"who":"@、司马青衫"}"#),
        Canary(kind: "a name in escapes", value: "欧阳静姝", template: #"{"any":"\u6b27\u9633\u9759\u59dd"}"#),
        Canary(kind: "JSON in a text", value: "欧阳静姝", template: #"{"face":"{\"n\":\"@\"}"}"#),
        Canary(kind: "XML in a text", value: "欧阳静姝", template: #"{"face":"<a n='@'>@</a>"}"#),
        Canary(kind: "a member's name", value: resident, template: #"{"byCode":{"@":"x"}}"#),
        Canary(kind: "a member's name beside its value", value: "欧阳静姝", template: #"{"@":"1","any":"@"}"#),
        Canary(
            kind: "a web address", value: "holder=\(resident)", template: #"{"next":"https://h.example/p?@&page=2"}"#),
        Canary(kind: "a sentence", value: "欧阳静姝", template: #"{"message":"查询到@的证照1张"}"#),
        Canary(kind: "a key of the record", value: resident, template: #"{"id":"@"}"#),
    ]
}

@Suite struct `A recording` {
    static func answer(_ record: String) -> [UInt8] {
        Array(
            """
            {"code":"0","message":"成功","data":{"total":2,"list":[\(record),
             {"id":"77","holder":{"code":"430124199801010012","name":"林中鹤"},"issued":"2024-05-06","no":"9","state":"1"}]}}
            """.utf8)
    }

    @Test(arguments: Canary.all) func `leaves no original value in the answer`(canary: Canary) throws {
        let recorder = try Recorded.recorder(Recorded.manifest())
        let body = Self.answer(canary.template.replacingOccurrences(of: "@", with: canary.value))
        for _ in 0..<20 {
            let recording: Recording
            do throws(WorkbenchError) {
                recording = try recorder.record(body, contentType: "application/json")
            } catch {
                // A word that is the name of a member cannot be told from one: then nothing is written.
                #expect(error.diagnostic.code == "workbench.value_survives" && canary.kind.hasPrefix("a member's name"))
                #expect(!error.diagnostic.text.contains(canary.value))
                continue
            }
            let text = Recorded.text(recording)
            #expect(!text.contains(canary.value), "\(canary.kind)")
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(recording.body)) }
            #expect(!text.contains("林中鹤") && !text.contains("430124199801010012") && !text.contains("成功"))
        }
    }

    @Test func `keeps the shape, the check digits, the order of dates, and what the manifest lists`() throws {
        let recorder = try Recorded.recorder(Recorded.manifest())
        let body = Self.answer(
            #"{"id":"a-1","holder":{"code":"\#(Canary.resident)","name":"张三丰"},"issued":"2024-05-01","no":"长字 12","state":"2"}"#
        )
        let recording = try recorder.record(body, contentType: nil)
        let code = try Recorded.value(recording, "data", "list", "0", "holder", "code")
        #expect(ResidentIdentityNumber.check(code) == .ok)
        #expect(
            ResidentIdentityNumber.check(try Recorded.value(recording, "data", "list", "1", "holder", "code")) == .ok)
        #expect(try Recorded.value(recording, "data", "list", "0", "state") == "2", "listed in a map")
        let name = try Recorded.value(recording, "data", "list", "0", "holder", "name")
        #expect(name.count == 3 && name.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value > 0x3400 } })
        let number = try Recorded.value(recording, "data", "list", "0", "no")
        #expect(number.count == 5 && number.contains(" "), "lengths and kinds of letters stay")
        let first = try Recorded.value(recording, "data", "list", "0", "issued")
        let second = try Recorded.value(recording, "data", "list", "1", "issued")
        let days = try [first, second].map { try #require(CalendarDay($0), "\($0)") }
        #expect(first != "2024-05-01" && days[0] < days[1])
        #expect(recording.replaced >= 9 && recording.kept == 2)
    }

    @Test func `gives a credit code and an identifier check characters that are right`() throws {
        let identifier = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"
        let recorder = try Recorded.recorder(Recorded.manifest())
        for _ in 0..<40 {
            let recording = try recorder.record(
                Self.answer(
                    #"{"credit":"\#(Canary.credit)","identifier":"\#(identifier)","number":440524188001010014}"#),
                contentType: nil)
            let code = try Recorded.value(recording, "data", "list", "0", "credit")
            #expect(code != Canary.credit && UnifiedSocialCreditCode.check(code) == .ok)
            let made = try #require(
                LicenceIdentifier(try Recorded.value(recording, "data", "list", "0", "identifier")).parts)
            #expect(made.check == made.expectedCheck && made.typeCode == LicenceTypeCode("11100000MB03271699022"))
            #expect(made.serial != "000000016")
            let number = try Recorded.value(recording, "data", "list", "0", "number")
            #expect(ResidentIdentityNumber.check(number) == .ok, "a number has no X")
        }
    }

    @Test func `replaces one value by one, in every place and way of writing, and the question with it`() throws {
        let recorder = try Recorded.recorder(Recorded.manifest())
        let body = Self.answer(
            #"{"id":"a","holder":{"code":"\#(Canary.resident)"},"agent":"11010519491231002x","both":"\#(Canary.resident)、430124199801010012"}"#
        )
        let recording = try recorder.record(body, contentType: nil, question: "11010519491231002x ")
        let code = try Recorded.value(recording, "data", "list", "0", "holder", "code")
        let other = try Recorded.value(recording, "data", "list", "1", "holder", "code")
        #expect(try Recorded.value(recording, "data", "list", "0", "agent") == code)
        #expect(try Recorded.value(recording, "data", "list", "0", "both") == "\(code)、\(other)")
        #expect(recording.question == code && code != other)
    }

    @Test func `moves what a pull is ordered by without changing its order, unless it is somebody's code`() throws {
        let manifest = try Recorded.manifest(
            version: "{ from: $.seq, kind: number }",
            cursor: ", cursor: { from: $.seq, kind: number, order: ascending }",
            rest: "")
        let recorder = try Recorded.recorder(manifest)
        let recording = try recorder.record(
            Self.answer(#"{"seq":41},{"seq":440524188001010014},{"seq":40},{"seq":"00043"}"#), contentType: nil)
        let numbers = try (0..<4).map { try Recorded.value(recording, "data", "list", "\($0)", "seq") }
        #expect(Int(numbers[0]) == Int(numbers[2]).map { $0 + 1 } && numbers[0] != "41")
        #expect(Int(numbers[3]) == Int(numbers[0]).map { $0 + 2 } && numbers[3].count == 5)
        #expect(!numbers[1].hasPrefix("4405241880010"))
    }

    @Test func `keeps fields that were declared to say nothing of a person, but no resident number in them`() throws {
        let manifest = try Recorded.manifest(rest: "not_personal: [office, note]")
        let recorder = try Recorded.recorder(manifest)
        let recording = try recorder.record(
            Self.answer(#"{"office":"长沙市交通运输局","note":"补发，原号\#(Canary.resident)"}"#), contentType: nil)
        #expect(try Recorded.value(recording, "data", "list", "0", "office") == "长沙市交通运输局")
        #expect(!Recorded.text(recording).contains(Canary.resident))
    }

    @Test func `keeps our own words where no table turns the source's into them`() throws {
        let manifest = try Recorded.manifest(
            fields: "{ number: $.no, status: { constant: valid }, trust_grade: $.grade }")
        let recording = try Recorded.recorder(manifest).record(
            Array("{\"data\":{\"list\":[{\"id\":\"a1\",\"no\":\"N-1\",\"grade\":\"A\"}]}}".utf8), contentType: nil)
        #expect(
            try Recorded.value(recording, "data", "list", "0", "grade") == "A", "replaced, the record could not be read"
        )
    }

    @Test func `is refused, with the field's name and no value, when a kept text holds a replaced value`() throws {
        let recorder = try Recorded.recorder(Recorded.manifest(rest: "not_personal: [note]"))
        let error = try #require(throws: WorkbenchError.self) {
            try recorder.record(
                Self.answer(#"{"holder":{"name":"欧阳静"},"note":"欧阳静面馆"}"#), contentType: nil)
        }
        #expect(error.diagnostic.code == "workbench.value_survives")
        #expect(error.diagnostic.text.contains("data/list/holder/name") && !error.diagnostic.text.contains("欧阳"))
    }

    @Test func `is looked at again in every file that comes of it`() throws {
        let recorder = try Recorded.recorder(Recorded.manifest())
        let recording = try recorder.record(
            Self.answer(#"{"holder":{"code":"\#(Canary.resident)","name":"邹衍"}}"#), contentType: nil)
        try recorder.check(recording.body, against: recording)
        try recorder.check(Array(#"{"holder":"somebody else"}"#.utf8), against: recording)
        for leak in [
            Canary.resident, "邹衍", #"\u90b9\u884d"#, "<\(Canary.resident)>", "邹衍\u{200D}", "\u{FE0F}邹衍\u{301}",
        ] {
            #expect(throws: WorkbenchError.self, "\(leak)") {
                try recorder.check(Array("{\"expected\":\"\(leak)\"}".utf8), against: recording)
            }
        }
    }

    @Test(arguments: [
        "decode: { container: gzip }", "decode: { document: [{ at: $.data, kind: base64, then: json }] }",
    ])
    func `of what cannot be seen into is refused`(decode: String) throws {
        let manifest = try Recorded.manifest(top: "status: []\n\(decode)")
        #expect(manifest.interfaceNames == ["licences"])
        let error = try #require(throws: WorkbenchError.self) {
            try Recorded.recorder(manifest).record(Self.answer("{}"), contentType: nil)
        }
        #expect(error.diagnostic.code == "workbench.not_recordable")
    }
}

@Suite struct `A recording of XML and of tables` {
    static let xmlFields =
        "{ holder.code: code, holder.name: name, holder.code_kind: { constant: \"111\" }, number: no, status: { from: st, map: { \"1\": valid }, otherwise: reject } }"

    @Test(arguments: [
        "<r><id>1</id><name>欧阳静姝</name></r>", "<r><id>1</id><name><![CDATA[欧阳静姝]]></name></r>",
        "<r a='欧阳静姝'><id>1</id></r>", "<r a='1>0' b='欧阳静姝'><id>1</id></r>", "<r a=\"'\" b=\"欧阳静姝>\"><id>1</id></r>",
        "<r><!-- 欧阳静姝 --><id>1</id></r>", "<r><?note 欧阳静姝 > 欧阳静姝?><id>1</id></r>",
        "<r><id>1</id><name>&#x6b27;&#38451;静姝</name></r>", "<r><id>1</id>欧阳静姝<b/>欧阳静姝</r>",
        "<r xml:id='欧阳静姝'><id>1</id></r>", "<r><id>1</id><face>{\"n\":\"欧阳静姝\"}</face></r>",
        "<r><id>1</id><face>&lt;a n=\"欧阳静姝\"/&gt;</face></r>", "<r><id>1</id><name>\u{200D}欧阳静姝</name></r>",
        "<r a='\u{301}欧阳静姝'><id>1</id></r>", "<r a=\"\u{FE0F}欧阳静姝\" b='欧阳静姝'><id>1</id></r>",
        "<r><id>1</id><name><![CDATA[\u{200D}欧阳静姝\u{200D}]]></name></r>", "<r><!--\u{301}欧阳静姝--><id>1</id></r>",
        "<r\r\n a = '欧阳静姝'\n\tb\r\n='欧阳静姝'\r\n><id>1</id></r>",
    ])
    func `leaves no original value in XML`(record: String) throws {
        let recorder = try Recorded.recorder(
            Recorded.manifest(format: "xml", records: "/list/r", key: "id", fields: Self.xmlFields))
        let body = Array("<?xml version=\"1.0\"?><list total=\"1\">\(record)<r><id>2</id></r></list>".utf8)
        for _ in 0..<10 {
            let text = Recorded.text(try recorder.record(body, contentType: nil))
            #expect(!text.contains("静姝") && !text.contains("欧阳"), "\(text)")
            var names = NamespaceBook()
            #expect(SampleParser.document(Array(text.utf8), isXML: true, &names, depth: 0) != nil, "\(text)")
        }
    }

    @Test func `is written in the character set that its manifest says`() throws {
        let recorder = try Recorded.recorder(
            Recorded.manifest(
                format: "xml", records: "/list/r", key: "id", fields: Self.xmlFields,
                top: "status: []\ncharset: gb18030"))
        let body = try #require(
            TextEncoding.convert(
                Array("<?xml version=\"1.0\" encoding=\"GBK\"?><list><r><id>1</id><name>欧阳静姝</name></r></list>".utf8),
                from: "UTF-8", to: "GB18030"))
        let recording = try recorder.record(body, contentType: nil)
        let text = try #require(TextEncoding.convert(recording.body, from: "GB18030", to: "UTF-8"))
        #expect(!String(decoding: text, as: UTF8.self).contains("静姝") && recording.body.contains { $0 > 127 })
        #expect(throws: WorkbenchError.self) {
            try recorder.check(
                TextEncoding.convert(Array("欧阳静姝".utf8), from: "UTF-8", to: "UTF-8") ?? [], against: recording)
        }
    }

    @Test func `moves nobody into a column that says nothing of people`() throws {
        let recorder = try Recorded.recorder(
            Recorded.manifest(
                format: "csv", records: "$", key: "id", fields: Self.xmlFields,
                rest: "not_personal: [office]"))
        // A joiner at the beginning of a cell, a line separator inside one: columns stay where they are.
        for cell in ["\u{200D}x", "x\u{2028}y", "\"\u{200D}x\"", "x\u{85}"] {
            let rows = "id,code,office,name,no,st\n1,\(cell),北区,欧阳静姝,7,1\n2,y,\u{200D}北区,司马青衫,8,1\n"
            let text = Recorded.text(try recorder.record(Array(rows.utf8), contentType: nil))
            #expect(!text.contains("静姝") && !text.contains("青衫"), "\(text)")
            #expect(text.contains("北区"))
            #expect(CSVRows.read(text, ",").allSatisfy { $0.count == 6 })
        }
    }

    @Test func `in a character set that only the document says is written as UTF-8`() throws {
        let recorder = try Recorded.recorder(
            Recorded.manifest(format: "xml", records: "/list/r", key: "id", fields: Self.xmlFields))
        let xml = "<?xml version=\"1.0\" encoding=\"GB18030\"?><list><r><id>1</id><name>司马衫</name></r></list>"
        let body = try #require(TextEncoding.convert(Array(xml.utf8), from: "UTF-8", to: "GB18030"))
        let text = Recorded.text(try recorder.record(body, contentType: nil))
        #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") && !text.contains("司马衫"))
    }

    @Test(arguments: ["true", "[id, code, name, no]"]) func `leaves no original value in a table`(header: String) throws
    {
        let recorder = try Recorded.recorder(
            Recorded.manifest(
                format: "csv", records: "$", key: "id", fields: Self.xmlFields,
                rest: "header: \(header)"))
        let rows = "1,\(Canary.resident),\"欧阳\"\"静姝\"\"\",7\n2,430124199801010012,司马青衫,8\n"
        let recording = try recorder.record(
            Array(((header == "true" ? "id,code,name,no\n" : "") + rows).utf8), contentType: nil)
        let text = Recorded.text(recording)
        for value in [Canary.resident, "静姝", "司马青衫", "430124199801010012"] {
            #expect(!text.contains(value), "\(text)")
        }
        #expect(text.hasPrefix("id,code,name,no\n") == (header == "true"))
        #expect(text.split(separator: "\n").count == (header == "true" ? 3 : 2))
    }
}
