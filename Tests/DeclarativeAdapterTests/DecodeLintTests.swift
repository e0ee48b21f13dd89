import Diagnostics
import Testing

@testable import DeclarativeAdapter

/// Each fault beside a block that has it mended.
@Suite struct `Decoding under lint` {
    struct Pair: Sendable, CustomTestStringConvertible {
        let name: String
        var code = "manifest.conflict"
        let bad: String
        let good: String
        var records = "$.data"
        var goodRecords: String?
        var format = "json"
        var testDescription: String { name }
    }

    static let pairs: [Pair] = [
        Pair(
            name: "a list outside the text that is opened", code: "manifest.bad_path",
            bad: "decode: { document: [ { at: $.result, kind: json } ] }",
            good: "decode: { document: [ { at: $.result, kind: json } ] }", goodRecords: "$.result.data"),
        Pair(
            name: "a second text outside the first",
            bad: "decode: { document: [ { at: $.a, kind: json }, { at: $.b, kind: json } ] }",
            good: "decode: { document: [ { at: $.a, kind: json }, { at: $.a.b, kind: json } ] }", records: "$.a.b.c"),
        Pair(
            name: "a path in the outer language inside XML", code: "manifest.bad_path",
            bad: "decode: { document: [ { at: $.r, kind: xml } ] }",
            good: "decode: { document: [ { at: $.r, kind: json } ] }", records: "$.r.rows"),
        Pair(
            name: "a member without a zip", bad: "decode: { container: gzip, member: a.json }",
            good: "decode: { container: zip, member: a.json }"),
        Pair(
            name: "a member that leads out", bad: "decode: { container: zip, member: ../a.json }",
            good: "decode: { container: zip, member: \"a*.json\" }"),
        Pair(
            name: "a cipher without its key", code: "manifest.missing_key",
            bad: "decode: { record: [ { at: $.x, kind: sm2 } ] }",
            good: #"decode: { record: [ { at: $.x, kind: sm2, key: "${secret:key}" } ] }"#),
        Pair(
            name: "an order for DER",
            bad: #"decode: { record: [ { at: $.x, kind: sm2, key: "${secret:key}", point: der, order: c1c2c3 } ] }"#,
            good: #"decode: { record: [ { at: $.x, kind: sm2, key: "${secret:key}", point: raw, order: c1c2c3 } ] }"#),
        Pair(
            name: "a key in the clear", code: "manifest.secret_literal",
            bad: "decode: { record: [ { at: $.x, kind: sm2, key: abcdef } ] }",
            good: #"decode: { record: [ { at: $.x, kind: sm2, key: "${secret:key}" } ] }"#),
        Pair(
            name: "`then` for JSON", bad: "decode: { record: [ { at: $.x, kind: json, then: text } ] }",
            good: "decode: { record: [ { at: $.x, kind: base64, then: text } ] }"),
        Pair(name: "a quote without CSV", bad: "quote: none", good: "decode: {}"),
        Pair(
            name: "two columns of one name", bad: "header: [ id, id ]", good: "header: [ id, no ]", records: "$",
            format: "csv"),
    ]

    private func lint(_ more: String, _ records: String, _ format: String) -> [Diagnostic] {
        let key = format == "csv" ? "id" : "$.id"
        return OneRecord.linter.lint(
            text: OneRecord.manifest(
                fields: "{ number: \(format == "csv" ? "no" : "$.no"), status: { constant: valid } }", format: format,
                rest: more,
                asking:
                    "pull: { path: /list, pages: { kind: none }, records: \"\(records)\", key: [\(key)], version: arrival }"
            ),
            folder: "Adapters/example-library", licenceTypes: Fixtures.types
        ).findings
    }

    @Test(arguments: pairs) func `refuses`(pair: Pair) {
        let bad = lint(pair.bad, pair.records, pair.format)
        #expect(bad.contains { $0.code == pair.code }, "\(bad.map(\.text))")
        let good = lint(pair.good, pair.goodRecords ?? pair.records, pair.format).filter { $0.severity == .error }
        #expect(good.map(\.text) == [])
    }

    @Test func `refuses an end line without lines`() {
        let text = OneRecord.manifest(
            fields: "{ number: $.no, status: { constant: valid } }",
            asking:
                #"pull: { path: /list, pages: { kind: none }, records: $, key: [$.id], version: arrival, end_line: { equals: { $.end: "1" } } }"#
        )
        func findings(_ text: String) -> [String] {
            OneRecord.linter.lint(text: text, folder: "Adapters/example-library", licenceTypes: Fixtures.types).findings
                .filter { $0.severity == .error }.map(\.code)
        }
        #expect(findings(text) == ["manifest.conflict"])
        #expect(findings(text.replacing("format: json", with: "format: ndjson")) == [])
    }
}
