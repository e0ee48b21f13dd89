// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `Whole path languages inside a record` {
    static func json(number: String = "$.elements[?@.name == '证照编号'].value") throws -> Bench {
        try Bench(
            interface: """
                pull: { path: /list, pages: { kind: none }, records: $.data, key: [$.id], version: arrival }
                licence_type: "11100000000013127D916"
                fields:
                  number: "\(number)"
                  holder.name: "$..holder[?match(@.kind, 'p.*')].name"
                  holder.code: "$..holder[0].code"
                  holder.code_kind: { constant: "999" }
                  status: { from: "$.elements[?@.name == '状态'].value", map: { "1": valid } }
                """)
    }

    static func answer(_ bench: Bench, _ record: String) {
        bench.transport.record(.init(.get, path: "/api/list"), .text("{\"code\":\"0\",\"data\":[\(record)]}"))
    }

    @Test func `JSONPath picks a value by the name beside it`() async throws {
        let bench = try Self.json()
        Self.answer(
            bench,
            """
            {"id":"1","elements":[{"name":"状态","value":"1"},{"name":"证照编号","value":"N-1"}],\
            "more":{"holder":[{"kind":"firm","name":"甲","code":"C1"},{"kind":"person","name":"乙","code":"C2"}]}}
            """)
        let record = try #require(await bench.pull().batches.flatMap(\.records).first)
        #expect(record.number?.raw == "N-1")
        #expect(record.holders.map(\.name) == ["乙"] && record.holders.map(\.code) == ["C1"])
        #expect(record.status == .valid)
    }

    @Test func `XPath picks a value by the attribute beside it`() async throws {
        let bench = try Bench(
            status: "[]",
            interface: """
                pull: { path: /list, pages: { kind: none }, records: /R/r, key: ["@id"], version: arrival }
                licence_type: "11100000000013127D916"
                fields:
                  number: "D[@name='ZZBH']"
                  holder.code: "substring-after(D[@name='CZZTDM'], '-')"
                  holder.code_kind: { constant: "999" }
                  valid_until: { from: "D[@name='END']/following-sibling::D[1]", date: yyyyMMdd }
                  status: { constant: valid }
                """, format: "xml")
        bench.transport.record(
            .init(.get, path: "/api/list"),
            .text(
                "<R><r id='1'><D name='CZZTDM'>x-C9</D><D name='ZZBH'>N-2</D><D name='END'/><D>20301231</D></r></R>",
                type: "text/xml"))
        let record = try #require(await bench.pull().batches.flatMap(\.records).first)
        #expect(record.number?.raw == "N-2")
        #expect(record.holders.map(\.code) == ["C9"])
        #expect(record.validity.until == .day(try #require(CalendarDay(year: 2030, month: 12, day: 31))))
    }

    @Test func `lint notes that they are slow, which is no fault`() throws {
        let text = try Fixtures.text("faults/good.yaml").replacing(
            "key: [$.id]", with: "key: [\"$['ids'][?@.own].id\"]")
        let (manifest, findings) = Fixtures.lint(text)
        #expect(manifest != nil)
        #expect(findings.map(\.code) == ["manifest.slow_path"] && findings.map(\.severity) == [.note])
    }

    @Test func `they do not lead through the envelope`() throws {
        let text = try Fixtures.text("faults/good.yaml").replacing("from: $.code", with: "from: \"$..code\"")
        let (manifest, findings) = Fixtures.lint(text)
        #expect(manifest == nil)
        #expect(findings.map(\.code) == ["manifest.bad_path"])
    }

    @Test func `a record in which one does not end is set aside`() async throws {
        let bench = try Self.json(number: "$[?$..[?$..[?@ == 10]]].x")
        let wide = Array(repeating: "[[1,2,3],[4]]", count: 1200).joined(separator: ",")
        Self.answer(bench, "{\"id\":\"1\",\"elements\":[{\"name\":\"状态\",\"value\":\"1\"}],\"w\":[\(wide)]}")
        let batches = await bench.pull().batches
        #expect(batches.flatMap(\.records).isEmpty)
        #expect(batches.flatMap(\.rejects).map(\.reason.code) == ["record.path_failed"])
    }
}
