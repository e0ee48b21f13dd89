// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import SimulatedCity
import Testing

@testable import Workbench

/// Small samples about people of the city.
enum Samples {
    static let city = CityPeople(seed: 20_261_125)

    /// Three rows of id, holder's code and name, kind of code, a date, an end, a status and a time of change.
    static let rows: [[String]] = (0..<3).map { place in
        let holder = place == 2 ? city.organisation(place) : city.person(place)
        return [
            "r\(place)", holder.code, holder.name ?? "", place == 2 ? "001" : "111", "2024-0\(place + 1)-05",
            place == 1 ? "长期" : "2034-12-31", place == 1 ? "注销" : "有效", "2026-11-0\(place + 1) 08:00:00",
        ]
    }
    static let names = [
        "recordId", "idCardNo", "holderName", "idType", "issueDate", "validUntil", "status", "updateTime",
    ]

    static var json: String {
        let list = rows.map { row in
            "{" + zip(names, row).map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",") + "}"
        }
        return "{\"code\":0,\"data\":{\"total\":7,\"list\":[\(list.joined(separator: ","))]}}"
    }
    static var xml: String {
        let list = rows.map { row in
            "<k:item no=\"\(row[0])\">" + zip(names, row).map { "<k:\($0)>\($1)</k:\($0)>" }.joined() + "</k:item>"
        }
        return "<k:answer xmlns:k=\"urn:k\"><k:code>0</k:code><k:items>\(list.joined())</k:items></k:answer>"
    }
    static var csv: String {
        ([names] + rows).map { $0.joined(separator: ";") }.joined(separator: "\r\n") + "\r\n"
    }

    static func input(_ text: String, _ url: String? = nil) -> ProposalInput {
        var input = ProposalInput(
            id: "a-source", sample: Array(text.utf8), sampleName: "answer.json", today: "2026-11-25")
        input.request = url.map { RequestSample(url: $0) }
        return input
    }
}

@Suite struct `A proposal` {
    @Test func `of a JSON answer and its request names list, pages, key, changes, dates and holder`() throws {
        let proposal = try House.proposer.propose(
            Samples.input(Samples.json, "https://zz.example.cn/api/list?page=1&size=3&updatedSince=2026-11-01"))
        let made = try Documents.outline(proposal)
        #expect(made.path == "/api/list" && made.records == "$.data.list" && made.total == "$.data.total")
        #expect(made.pages == "page_number" && made.pageParameter == "page" && made.key == ["$.recordId"])
        #expect(made.cursor == ["$.updateTime", "time", "yyyy-MM-dd HH:mm:ss"])
        #expect(made.fields["issued_on"]?.dates == ["yyyy-MM-dd"])
        #expect(made.fields["valid_until"]?.openEnded == ["长期"])
        #expect(made.fields["holder.code"]?.places == ["$.idCardNo"])
        #expect(
            made.fields["holder.code_kind"]?.map["111"] == "111" && made.fields["holder.code_kind"]?.map["001"] == "001"
        )
        #expect(made.fields["status"]?.map == ["有效": "valid", "注销": "cancelled"])
        #expect(proposal.records == 3)
        #expect(proposal.settings.map(\.meaning) == ["https://zz.example.cn"])
    }

    @Test func `marks what a sample cannot prove, and says why`() throws {
        let proposal = try House.proposer.propose(Samples.input(Samples.json))
        #expect(proposal.findings.allSatisfy { $0.code == "manifest.unconfirmed" } && proposal.unconfirmed >= 8)
        #expect(proposal.findings.allSatisfy { $0.place.line != nil })
        let doubts = Dictionary(proposal.conclusions.map { ($0.topic, $0.doubt) }) { first, _ in first }
        for topic in [
            "status", "request", "pages", "key", "version", "cursor", "licence_type", "total", "status field",
        ] {
            #expect(doubts[topic]??.isEmpty == false, "\(topic)")
        }
        // Three alike in one list: that needs nobody.
        #expect(doubts["records"] == .some(nil))
        for line in proposal.manifest.split(separator: "\n") where line.contains("# ") {
            #expect(Samples.rows.flatMap { $0.prefix(3) }.allSatisfy { !line.contains($0) }, "\(line)")
        }
    }

    @Test func `without evidence for a format, a kind or a code says so`() throws {
        let text =
            #"{"list":[{"id":1,"xm":"a","zjhm":"b-1","fzrq":"01/02/2024"},{"id":2,"xm":"b","zjhm":"b-2","fzrq":"03/04/2024"}]}"#
        let proposal = try House.proposer.propose(Samples.input(text))
        let doubts = Dictionary(proposal.conclusions.map { ($0.topic, $0.doubt) }) { first, _ in first }
        #expect(doubts["issued_on"] == "the values could be written day first or month first")
        #expect(doubts["holder.code"] == "no value passes a check digit")
        #expect(doubts["holder.code_kind"]??.hasPrefix("whether every code is of this kind") == true)
        #expect(proposal.conclusions.last { $0.topic == "status" }?.doubt?.contains("cannot tell") == true)
    }

    @Test func `of an answer with a time and a number of change says that it chose, unless the token shows the number`()
        throws
    {
        func records(_ token: String) -> String {
            let list = (7...9).map {
                "{\"id\":\"a\($0)\",\"zzbh\":\"n\($0)\",\"change_no\":\($0),\"updatedAt\":\"2026-11-01 08:00:0\($0)\"}"
            }
            return "{\(token)\"list\":[\(list.joined(separator: ","))]}"
        }
        func cursor(_ text: String) throws -> Proposal.Conclusion {
            let proposal = try House.proposer.propose(Samples.input(text))
            return try #require(proposal.conclusions.first { $0.topic == "cursor" })
        }
        let open = try cursor(records(""))
        #expect(open.value == "$.updatedAt" && open.others == ["change_no"])
        #expect(open.doubt?.hasSuffix("`change_no` could be what changes are asked by as well") == true)
        let shown = try cursor(records("\"next\":\"n9\","))
        #expect(shown.value == "$.change_no" && shown.others.isEmpty && shown.doubt != nil)
        #expect(try cursor(records("\"next\":\"n3\",")).value == "$.updatedAt")
    }

    @Test func `splits codes that stand together, also where one of them is a passport's`() throws {
        let codes = [
            "\(Samples.rows[0][1]),\(Samples.rows[1][1])", "E00000001,\(Samples.rows[1][1])", Samples.rows[0][1],
        ]
        let kinds = ["111,111", "414,111", "111"]
        let list = zip(codes, kinds).enumerated().map {
            "{\"id\":\"\($0.offset)\",\"holderCode\":\"\($0.element.0)\",\"idType\":\"\($0.element.1)\",\"holderName\":\"a,b\"}"
        }
        let proposal = try House.proposer.propose(Samples.input("{\"list\":[\(list.joined(separator: ","))]}"))
        let fields = try Documents.outline(proposal).fields
        #expect(fields["holder.code"]?.split == "," && fields["holder.code_kind"]?.split == ",")
    }

    @Test(arguments: ["seq_from", "sequenceFrom", "changeNoStart", "last_seq", "minVersion"])
    func `knows the parameter that asks for changes by what its name is made of`(name: String) throws {
        let rows = (1...3).map { "{\"id\":\"a\($0)\",\"zzbh\":\"n\($0)\",\"seqNo\":\($0)}" }.joined(separator: ",")
        let proposal = try House.proposer.propose(
            Samples.input("{\"list\":[\(rows)]}", "https://h/list?\(name)=0&offset=0&limit=3"))
        #expect(proposal.manifest.contains("query: { \(YAMLText.key(name)): \"${cursor}\" }"), "\(proposal.manifest)")
    }

    @Test func `of records that look like no licence still lints, and asks whether they are licences`() throws {
        let proposal = try House.proposer.propose(
            Samples.input(#"{"days":[{"d":"2026-01-01","off":true},{"d":"2026-01-02","off":false}]}"#))
        #expect(try Documents.outline(proposal).fields["number"]?.places == ["$.d"])
        #expect(proposal.conclusions.contains { $0.topic == "number" && $0.doubt?.contains("at all") == true })
    }

    @Test func `of an XML answer writes its namespaces and reads its attributes`() throws {
        let proposal = try House.proposer.propose(Samples.input(Samples.xml))
        let made = try Documents.outline(proposal)
        #expect(Verdict.plain(made.records) == "/answer/items/item" && made.key.map(Verdict.plain) == ["recordId"])
        #expect(proposal.manifest.contains("format: xml") && proposal.manifest.contains("\"urn:k\""))
        #expect(made.fields["holder.code"]?.places.map(Verdict.plain) == ["idCardNo"])
    }

    @Test func `of a table is of files in a folder, in the character set that it is in`() throws {
        var input = Samples.input("")
        input.sample = try #require(TextEncoding.convert(Array(Samples.csv.utf8), from: "UTF-8", to: "GB18030"))
        let proposal = try House.proposer.propose(input)
        let made = try Documents.outline(proposal)
        #expect(proposal.manifest.contains("format: csv") && proposal.manifest.contains("charset: gb18030"))
        #expect(proposal.settings.map(\.name) == ["drop_folder"] && made.key == ["recordId"])
        #expect(made.fields["valid_until"]?.openEnded == ["长期"] && made.pages == nil)
    }

    @Test func `opens a document inside a text`() throws {
        let inner = Samples.json.replacing("\"", with: "\\\"")
        let proposal = try House.proposer.propose(Samples.input("{\"success\":true,\"result\":\"\(inner)\"}"))
        #expect(proposal.manifest.contains("records: $.result.data.list\n"))
        #expect(proposal.manifest.contains("- { at: $.result, kind: json }"))
    }

    @Test func `keeps a credential of the request out of the manifest`() throws {
        let proposal = try House.proposer.propose(
            Samples.input(Samples.json, "https://h/list?page=1&appKey=s3cr3t-of-theirs&idCardNo=\(Samples.rows[0][1])"))
        #expect(!proposal.manifest.contains("s3cr3t") && !proposal.manifest.contains(Samples.rows[0][1]))
        #expect(proposal.secrets == ["a_source_appkey"])
    }

    @Test(arguments: [
        ("", "workbench.sample_empty"), ("<html><body>登录</body></html>", "workbench.sample_is_web_page"),
        ("PK\u{3}\u{4}", "workbench.sample_packed"), ("{\"a\": [1, 2", "workbench.sample_unreadable"),
        ("only words", "workbench.sample_unknown"), ("{\"code\":\"0\",\"msg\":\"ok\"}", "workbench.no_record"),
        ("{\"code\":\"0\",\"list\":[]}", "workbench.no_record"),
        ("\r\n--uuid:1\r\nContent-Type: application/xop+xml\r\n\r\n<a/>\r\n--uuid:1--", "workbench.sample_packed"),
        ("{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{\"get\":{}}}}", "workbench.sample_is_document"),
        ("<s:schema xmlns:s=\"urn:s\"><s:element name=\"a\"/></s:schema>", "workbench.sample_is_document"),
    ])
    func `of a sample that holds no record is refused with a code`(text: String, code: String) throws {
        let error = try #require(throws: WorkbenchError.self) { try House.proposer.propose(Samples.input(text)) }
        #expect(error.diagnostic.code == code, "\(error.diagnostic.text)")
    }
}

@Suite struct `An explanation` {
    @Test func `says where each value stands, how it was read and what came of it`() throws {
        let manifest = try Recorded.manifest()
        let code = Samples.rows[0][1]
        let text =
            "{\"data\":{\"list\":[\n{\"id\":\"a\",\"state\":\"1\",\"issued\":\"2024-01-05\","
            + "\"holder\":{\"code\":\"\(code)\"}},\n{\"id\":\"b\",\"state\":\"9\"}\n]}}"
        let shown = try #require(
            try manifest.explain(
                Array(text.utf8), interface: "licences", contentType: nil, most: 9,
                fetchedAt: Timestamp(milliseconds: 0)))
        #expect(shown.count == 2 && shown.listIsThere && shown.records.map { $0.licence != nil } == [true, false])
        let fields = Dictionary(shown.records[0].fields.map { ($0.field, $0) }) { first, _ in first }
        for (name, value, line) in [("key", "a", 2), ("holder.code", code, 2), ("issued_on", "2024-01-05", 2)] {
            let field = try #require(fields[name])
            #expect(field.raw == value && field.line == line, "\(name)")
            let offset = try #require(field.offset)
            #expect(
                String(decoding: Array(text.utf8)[offset...].prefix(value.utf8.count + 1), as: UTF8.self)
                    .contains(value), "\(name) at \(offset)")
        }
        #expect(fields["holder.code"]?.path == "$.holder.code" && fields["status"]?.result == "valid")
        let aside = try #require(shown.records[1].fields.first { $0.problem != nil })
        #expect(aside.field == "status" && aside.line == 3 && shown.records[1].problem != nil)
        #expect(shown.records[1].place.line == 3)
    }

    @Test func `of an answer whose list is elsewhere says that the path leads nowhere`() throws {
        let shown = try Recorded.manifest().explain(
            Array(#"{"data":{"rows":[]}}"#.utf8), interface: "licences", contentType: nil, most: 1,
            fetchedAt: Timestamp(milliseconds: 0))
        #expect(shown?.listIsThere == false && shown?.records.isEmpty == true)
        #expect(throws: DocumentFault.self) {
            try Recorded.manifest().explain(
                Array("<html>".utf8), interface: "licences", contentType: nil, most: 1,
                fetchedAt: Timestamp(milliseconds: 0))
        }
    }
}
