import Diagnostics
import Foundation
import LicenceModel
import Testing

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
}
