import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `A field's rule` {
    private func face(_ rule: String, _ record: String) throws -> String? {
        let one = try OneRecord(
            fields: "{ number: $.no, status: { constant: valid } }",
            rest: "face_fields: { keep: none, named: { f: \(rule) } }")
        return try one.licence(record).faceFields.first { $0.name == "f" }?.value
    }

    private func fault(_ rule: String, _ record: String) throws -> String {
        let one = try OneRecord(
            fields: "{ number: $.no, status: { constant: valid } }",
            rest: "face_fields: { keep: none, named: { f: \(rule) } }")
        return try one.reject(record).reason.code
    }

    @Test func `replaces by a table, in the order written, before it trims`() throws {
        #expect(
            try face(
                "{ from: $.a, replace: { \"／\": \"/\", \"（\": \"(\", \"）\": \")\", \"()\": \"\" } }",
                #"{"id":"1","no":"N","a":"甲／乙（丙）（） "}"#)
                == "甲/乙(丙)")
    }

    @Test func `joins all of several places, leaving out what is empty`() throws {
        let rule = "{ all_of: [$.a, $.b, $.c], join: \" \", empty_values: [空] }"
        #expect(try face(rule, #"{"id":"1","no":"N","a":"岳麓区","b":"空","c":" 1号 "}"#) == "岳麓区 1号")
        #expect(try face(rule, #"{"id":"1","no":"N","a":"","b":"空"}"#) == nil)
    }

    @Test(arguments: [
        ("1234567890123456789.10", "1234567890123456789.10"), ("0.10", "0.10"), ("-3", "-3"), ("1E400", "1E400"),
    ])
    func `keeps a number digit by digit`(text: String, value: String) throws {
        #expect(try face("{ from: $.a, number: exact }", "{\"id\":\"1\",\"no\":\"N\",\"a\":\(text)}") == value)
        #expect(try face("{ from: $.a, number: exact }", "{\"id\":\"1\",\"no\":\"N\",\"a\":\"\(text)\"}") == value)
    }

    @Test(arguments: ["1,234", "12 m²", "0x10", "1.", ".5", "--1", "1e"]) func `refuses what is no number`(text: String)
        throws
    {
        #expect(
            try fault("{ from: $.a, number: exact }", "{\"id\":\"1\",\"no\":\"N\",\"a\":\"\(text)\"}")
                == "record.number_unreadable")
    }

    @Test(arguments: [("是", "true"), ("Y", "true"), ("1", "true"), ("否", "false"), ("0", "false")])
    func `reads words for true and false`(text: String, value: String) throws {
        let rule = "{ from: $.a, boolean: { true: [是, Y, \"1\"], false: [否, N, \"0\"] } }"
        #expect(try face(rule, "{\"id\":\"1\",\"no\":\"N\",\"a\":\"\(text)\"}") == value)
        #expect(try fault(rule, #"{"id":"1","no":"N","a":"也许"}"#) == "record.value_unknown")
    }

    @Test(arguments: [
        ("\"+00:00\"", "2026-01-01 16:30:00", "2026-01-02"), ("\"+08:00\"", "2026-01-01 16:30:00", "2026-01-01"),
        ("\"-05:00\"", "2026-01-01 11:00:00", "2026-01-02"), ("Z", "2026-01-01T15:59:59", "2026-01-01"),
        ("Z", "2026-01-01T16:00:00", "2026-01-02"), ("Z", "2026-01-01", "2026-01-01"),
        ("Z", "2026-01-01T23:00:00+08:00", "2026-01-01"),
    ])
    func `takes the day of a time in its zone`(zone: String, text: String, day: String) throws {
        let one = try OneRecord(
            fields:
                "{ number: $.no, status: { constant: valid }, issued_on: { from: $.d, date: [\"yyyy-MM-dd HH:mm:ss\", iso8601], zone: \(zone) } }"
        )
        #expect(try one.licence("{\"id\":\"1\",\"no\":\"N\",\"d\":\"\(text)\"}").issuedOn == CalendarDay(day))
    }

    @Test(arguments: ["99991231", "长期", "9999-12-31"]) func `takes a sentinel for an open end`(text: String) throws {
        let one = try OneRecord(
            fields:
                "{ number: $.no, status: { constant: valid }, valid_until: { from: $.d, date: [yyyyMMdd, yyyy-MM-dd], open_ended: [长期, \"99991231\", \"9999-12-31\"] } }"
        )
        #expect(try one.licence("{\"id\":\"1\",\"no\":\"N\",\"d\":\"\(text)\"}").validity.until == .openEnded)
        #expect(
            try one.licence(#"{"id":"1","no":"N","d":"20991231"}"#).validity.until
                == .day(try #require(CalendarDay("2099-12-31"))))
    }

    @Test func `reads several holders out of one text by split, by list, and by pairs`() throws {
        let expected = [
            Holder(kind: .residentIdentityNumber, code: "430102199003070020", name: "甲"),
            Holder(kind: .residentIdentityNumber, code: "430102198506150038", name: "乙"),
        ]
        let split = try OneRecord(
            fields:
                "{ status: { constant: valid }, holder.name: { from: $.n, split: \",\" }, holder.code: { from: $.c, split: \",\" }, holder.code_kind: { constant: \"111\" } }"
        )
        #expect(
            try split.licence(#"{"id":"1","n":"甲,乙","c":"430102199003070020,430102198506150038"}"#).holders == expected)
        // A joiner or an accent behind a separator is no part of it.
        let joined = try split.licence(
            "{\"id\":\"1\",\"n\":\"甲,\u{200D}乙\",\"c\":\"430102199003070020,\u{301}430102198506150038\"}")
        #expect(joined.holders.map(\.name) == ["甲", "\u{200D}乙"])
        #expect(joined.holders.first?.code == "430102199003070020")
        let list = try OneRecord(
            fields:
                "{ status: { constant: valid }, holders: { list: \"$.h[*]\", code: $.c, name: $.n, code_kind: { constant: \"111\" } } }"
        )
        #expect(
            try list.licence(#"{"id":"1","h":[{"n":"甲","c":"430102199003070020"},{"n":"乙","c":"430102198506150038"}]}"#)
                .holders
                == expected)
        let pairs = try OneRecord(
            fields:
                "{ status: { constant: valid }, holders: { from: $.h, split: ; , between: \":\", order: [name, code_kind, skip, code], code_kind: { vocabulary: licence_dto_holder_kinds } } }"
        )
        #expect(
            try pairs.licence(#"{"id":"1","h":"甲:10:50%:430102199003070020; 乙:10:50%:430102198506150038;"}"#).holders
                == expected)
        #expect(try pairs.reject(#"{"id":"1","h":"甲:10:430102199003070020"}"#).reason.code == "record.holders_uneven")
        #expect(try pairs.reject(#"{"id":"1","h":"甲:77:1:430102199003070020"}"#).reason.code == "record.value_unknown")
        let fixed = try OneRecord(
            fields:
                "{ status: { constant: valid }, holders: { from: $.h, split: \";\", between: \"/\", order: [name, code], code_kind: { constant: \"111\" } } }"
        )
        #expect(try fixed.licence(#"{"id":"1","h":"甲/430102199003070020;乙/430102198506150038"}"#).holders == expected)
    }

    static let refused: [(String, String, String)] = [
        ("{ number: { from: $.a, all_of: [$.b] }, status: { constant: valid } }", "manifest.conflict", "exclude"),
        ("{ number: { from: $.a, join: x }, status: { constant: valid } }", "manifest.conflict", "join"),
        (
            "{ number: { from: $.a, boolean: { true: [Y], false: [N] } }, status: { constant: valid } }",
            "manifest.conflict", "true or false"
        ),
        ("{ number: $.a, status: { from: $.s, map: { a: valid }, number: exact } }", "manifest.conflict", "number"),
        (
            "{ number: $.a, status: { constant: valid }, issued_on: { from: $.d, date: yyyyMMdd, zone: Z } }",
            "manifest.conflict", "time"
        ),
        (
            "{ number: $.a, status: { constant: valid }, issued_on: { from: $.d, date: iso8601, zone: CST } }",
            "manifest.bad_text", "zone"
        ),
        (
            "{ number: { from: $.a, replace: { \"\": x } }, status: { constant: valid } }", "manifest.conflict",
            "nothing"
        ),
        (
            "{ holder.code: { from: $.a, split: \"\" }, holder.code_kind: { constant: \"111\" }, status: { constant: valid } }",
            "manifest.conflict", "separates"
        ),
        (
            "{ status: { constant: valid }, holders: { from: $.h, split: \";\", between: \"\", order: [name, code], code_kind: { constant: \"111\" } } }",
            "manifest.conflict", "separates"
        ),
        (
            "{ number: { from: $.a, vocabulary: real_estate_status }, status: { constant: valid } }",
            "manifest.conflict", "vocabulary"
        ),
        (
            "{ status: { constant: valid }, holders: { from: $.h, split: \";\", order: [name, code], code_kind: { constant: \"111\" } } }",
            "manifest.missing_key", "between"
        ),
        (
            "{ status: { constant: valid }, holders: { from: $.h, split: \";\", between: \":\", order: [name], code_kind: { constant: \"111\" } } }",
            "manifest.conflict", "order"
        ),
        (
            "{ status: { constant: valid }, holders: { from: $.h, split: \";\", between: \":\", order: [code] } }",
            "manifest.missing_key", "code_kind"
        ),
        (
            "{ status: { constant: valid }, holders: { list: \"$.h[*]\", code_kind: { constant: \"111\" } } }",
            "manifest.missing_key", "code"
        ),
        (
            "{ dialect: long_english, dialect_style: attribute, status: { constant: valid } }", "manifest.conflict",
            "XML"
        ),
    ]

    @Test(arguments: refused) func `is refused when it says two things, with its place`(
        fields: String, code: String, word: String
    ) {
        let (manifest, findings) = OneRecord.lint(fields: fields)
        #expect(manifest == nil)
        #expect(findings.map(\.code) == [code], "\(findings.map(\.text))")
        #expect(findings.allSatisfy { $0.what.contains(word) && $0.place.line == 17 && ($0.place.column ?? 0) > 12 })
    }

    // MARK: - One field set aside

    private static let lenient =
        "{ number: $.no, status: { from: $.s, map: { \"1\": valid } }, issued_on: { from: $.d, date: yyyyMMdd, on_error: reject_field }, authority.name: { from: $.a, required: true, on_error: reject_field } }"

    @Test func `sets one field aside when told so, and the record is stored without it`() throws {
        let one = try OneRecord(
            fields: Self.lenient,
            rest: "face_fields: { keep: none, named: { area: { from: $.m, number: exact, on_error: reject_field } } }")
        let (licence, fields) = try one.partly(#"{"id":"1","no":"N","s":"1","d":"2021-13-40","m":"12 m²"}"#)
        #expect(licence.number?.raw == "N" && licence.status == .valid)
        #expect(licence.issuedOn == nil && licence.issuingAuthority == nil && licence.faceFields.isEmpty)
        #expect(fields.map(\.field) == ["issued_on, authority.name, area"])
        let reject = try #require(fields.first)
        #expect(reject.reason.code == "record.date_unreadable" && reject.key == licence.key && reject.holders.isEmpty)
        #expect(reject.reason.place.path?.hasSuffix(".d") == true)
        #expect(String(decoding: reject.raw, as: UTF8.self).contains("2021-13-40"))
        #expect(!reject.reason.text.contains("2021-13-40"))
        let (whole, none) = try one.partly(#"{"id":"1","no":"N","s":"1","d":"20210108","a":"局","m":"12"}"#)
        #expect(none.isEmpty && whole.issuedOn != nil)
    }

    @Test func `sets the whole record aside when anything else is wrong`() throws {
        let one = try OneRecord(fields: Self.lenient)
        let reject = try one.reject(#"{"id":"1","no":"N","s":"7","d":"x","a":"局"}"#)
        #expect(reject.field == nil && reject.reason.code == "record.value_unknown")
    }

    @Test func `comes out of a pull beside its record, and is not replayed while it fails`() async throws {
        let bench = try Bench(
            status: "[]",
            interface: """
                licence_type: "11100000000013127D916"
                pull: { path: /list, pages: { kind: none }, records: $.data, key: [$.id], version: arrival }
                find: { number: { path: /one, body: { kind: json, template: '{"n":"${number}"}' } } }
                fields: \(Self.lenient)
                """.replacing("find:", with: "not_found: []\nfind:"))
        let answer = #"{"data":[{"id":"1","no":"N","s":"1","d":"x","a":"局"}]}"#
        bench.transport.record(.init(.get, path: "/api/list"), .text(answer))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["1"])
        #expect(batches.rejects.map(\.field) == ["issued_on"])
        guard case .failure(let failure) = bench.source.remap(try #require(batches.rejects.first)) else {
            return #expect(Bool(false), "replayed")
        }
        #expect(failure.diagnostic.code == "record.date_unreadable")
        bench.transport.record(.init(.post, path: "/api/one"), .text(answer))
        let finding = try await bench.find(.number(LicenceNumber("N"), LicenceTypeCode("11100000000013127D916")))
        guard case .records(let found) = finding else { return #expect(Bool(false), "no records") }
        #expect(found.map(\.issuedOn) == [nil])
    }

    @Test func `stays beside its record from page to page, and goes with a record that came before`() async throws {
        let bench = try Bench(
            status: "[]",
            interface: """
                licence_type: "11100000000013127D916"
                pull: { path: /list, pages: { kind: page_number, parameter: page, size: 2 }, records: $.data, key: [$.id], version: arrival }
                fields: \(Self.lenient)
                """)
        func record(_ id: Int) -> String { "{\"id\":\"\(id)\",\"no\":\"N\",\"s\":\"1\",\"d\":\"x\",\"a\":\"局\"}" }
        func page(_ number: Int) -> RecordedTransport.Match {
            .init(.get, path: "/api/list", query: ["page": "\(number)"])
        }
        bench.transport.record(page(1), .text("{\"data\":[\(record(1)),\(record(2))]}"))
        bench.transport.record(page(2), .text("{\"data\":[\(record(2)),\(record(3))]}"))
        bench.transport.record(page(3), .text("{\"data\":[]}"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["1", "2", "3"])
        #expect(batches.rejects.map { $0.key?.parts.joined() } == ["1", "2", "3"])
        #expect(batches.rejects.allSatisfy { $0.field == "issued_on" })
    }

    @Test(arguments: [
        "status: { from: $.s, map: { a: valid }, on_error: reject_field }",
        "status: { constant: valid }, valid_until: { from: $.d, date: yyyyMMdd, on_error: reject_field }",
        "status: { constant: valid }, valid_from: { from: $.d, date: yyyyMMdd, on_error: reject_field }",
        "status: { constant: valid }, identifier: { from: $.i, on_error: reject_field }",
        "status: { constant: valid }, holder.code: { from: $.c, on_error: reject_field }, holder.code_kind: { constant: \"111\" }",
        "status: { constant: valid }, holder.code: $.c, holder.code_kind: { from: $.k, on_error: reject_field }",
    ])
    func `may not set aside what a verdict or a look-up rests on`(fields: String) {
        let (manifest, findings) = OneRecord.lint(fields: "{ number: $.no, \(fields) }")
        #expect(manifest == nil)
        #expect(findings.map(\.code) == ["manifest.conflict"], "\(findings.map(\.text))")
        #expect(findings.allSatisfy { $0.what.contains("rests on") && $0.place.line == 17 })
    }

    @Test(arguments: [
        ("volume: { least: 10, most: 5 }", "manifest.conflict"), ("volume: {}", "manifest.missing_key"),
        ("volume: { least: many }", "manifest.wrong_type"),
    ])
    func `beside it, an expected volume is checked`(rest: String, code: String) throws {
        let fields = "{ number: $.no, status: { constant: valid } }"
        #expect(OneRecord.lint(fields: fields, rest: rest).1.map(\.code) == [code])
        let (manifest, _) = OneRecord.lint(fields: fields, rest: "volume: { least: 100, most: 500 }")
        #expect(manifest?.description.interfaces.first?.volume == 100...500)
        #expect(OneRecord.lint(fields: fields, rest: "volume: { least: 5 }").0?.interfaces.first?.volume == 5...Int.max)
    }
}
