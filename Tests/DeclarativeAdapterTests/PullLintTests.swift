import AdapterKit
import Diagnostics
import Foundation
import Testing

@testable import DeclarativeAdapter

/// A manifest whose pull, limits and failures are given; everything else is right.
private func manifest(pull: String, limits: String = "", top: String = "") -> String {
    """
    manifest_version: 1
    id: example-library
    name: 示例区电子证照库
    owner: 示例区行政审批服务局
    kind: declarative
    simulated: true
    base_url: "http://127.0.0.1:8080"
    auth: { kind: none }
    limits: { timeout: 10s, response_bytes: 8MiB, requests_per_second: 5, pages_per_run: 100\(limits) }
    probe: { path: /ping, expect: { status: 200, within: 2s } }
    status: []
    \(top)
    interfaces:
      - name: licences
        licence_type: "11100000000013127D916"
        pull: { path: /licences, records: $.items, key: [$.id], version: arrival, \(pull) }
        fields: { number: $.no, status: { constant: valid } }
    """
}

private let cursor = "from: $.at, kind: time, format: yyyyMMddHHmmss"
private let since = "query: { a: \"${cursor}\", b: \"${window_end}\" }"

@Suite struct `A manifest's pull under lint` {
    @Test(arguments: [
        (
            "pages: { kind: none }, where: { $.kind: [\"1\", \"2\"] }",
            "pages: { kind: none }, where: { \"$[\": \"1\" }", "manifest.bad_path"
        ),
        (
            "\(since), pages: { kind: none }, cursor: { \(cursor), zone: \"+08:00\" }",
            "\(since), pages: { kind: none }, cursor: { \(cursor), zone: Beijing }", "manifest.bad_text"
        ),
        (
            "query: { a: \"${cursor}\" }, pages: { kind: none }, cursor: { from: $.n, kind: number }",
            "query: { a: \"${cursor}\" }, pages: { kind: none }, cursor: { from: $.n, kind: number, zone: \"+08:00\" }",
            "manifest.conflict"
        ),
        (
            "pages: { kind: none }, cursor: { \(cursor), order: descending }",
            "mode: full, pages: { kind: none }, cursor: { \(cursor), order: descending }", "manifest.conflict"
        ),
        (
            "\(since), pages: { kind: none }, cursor: { \(cursor), window: 24h, start: \"20260101000000\" }",
            "\(since), pages: { kind: none }, cursor: { \(cursor), window: 24h }", "manifest.missing_key"
        ),
        (
            "\(since), pages: { kind: none }, cursor: { \(cursor), window: 24h, start: \"20260101000000\" }",
            "query: { a: \"${cursor}\" }, pages: { kind: none }, cursor: { \(cursor), window: 24h, start: \"20260101000000\" }",
            "manifest.missing_key"
        ),
        (
            "\(since), pages: { kind: none }, cursor: { \(cursor), window: 24h, start: \"20260101000000\" }",
            "\(since), pages: { kind: keyset, size: 5 }, cursor: { \(cursor), window: 24h, start: \"20260101000000\" }",
            "manifest.conflict"
        ),
        (
            "pages: { kind: none }, cursor: { \(cursor), client_filter: true }",
            "pages: { kind: none }, cursor: { \(cursor) }", "manifest.missing_key"
        ),
        (
            "pages: { kind: offset, parameter: o, size: 100, smallest: 10 }",
            "pages: { kind: offset, parameter: o, size: 100, smallest: 100 }", "manifest.conflict"
        ),
        (
            "pages: { kind: next_link, link_origins: [\"https://files.example.gov\"] }",
            "pages: { kind: next_link, link_origins: [\"http://files.example.gov\"] }", "manifest.insecure_url"
        ),
        (
            "pages: { kind: next_link, link_origins: [\"https://files.example.gov\"] }",
            "pages: { kind: none, link_origins: [\"https://files.example.gov\"] }", "manifest.conflict"
        ),
        (
            "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: [\"1\", \"2\"]",
            "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: [\"1\", \"1\"]", "manifest.conflict"
        ),
        (
            "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: { parent: { path: /d, records: $.a, value: $.v } }",
            "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: { parent: { path: /d, records: $.a, value: $.v }, column: c }",
            "manifest.conflict"
        ),
        (
            "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: { parent: { path: /d, records: $.a, value: $.v } }",
            "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: { table: none-there.csv, column: c }",
            "table.unreadable"
        ),
        (
            "pages: { kind: none }, reject_if: [ { equals: { $.test: \"1\" } } ]",
            "pages: { kind: none }, reject_if: [ { in: pull, equals: { $.test: \"1\" } } ]", "manifest.conflict"
        ),
        (
            "pages: { kind: none }, deletes: { path: /gone, records: $.a, key: [$.id] }",
            "pages: { kind: none }, deletes: { path: /gone, records: $.a, key: [$.id, $.no] }", "manifest.conflict"
        ),
        (
            "pages: { kind: none }, deletes: { path: /gone, records: $.a, key: [$.id] }",
            "pages: { kind: none }, deletes: { path: /gone, records: $.a, key: [$.id], pages: { kind: keyset, size: 5 } }",
            "manifest.conflict"
        ),
        (
            "pages: { kind: none }, deletes: { path: /gone, records: $.a, key: [$.id] }",
            "pages: { kind: none }, deletes: { path: /gone, query: { s: \"${cursor}\" }, records: $.a, key: [$.id] }",
            "manifest.missing_key"
        ),
    ]) func `is accepted when it is right and refused when it is not`(right: String, wrong: String, code: String) {
        #expect(Fixtures.lint(manifest(pull: right)).1.filter { $0.severity == .error }.map(\.text) == [])
        let (none, findings) = Fixtures.lint(manifest(pull: wrong))
        #expect(none == nil)
        #expect(
            findings.contains { $0.code == code && $0.place.line != nil && !$0.remedy.isEmpty },
            "\(findings.map(\.text))")
    }

    @Test(arguments: [
        (
            "[ { status: 429, do: retry, times: 3, wait: { kind: constant, first: 5s } } ]",
            "[ { status: 429, do: stop, wait: { kind: constant } } ]", "manifest.conflict"
        ),
        ("[ { status: 404, do: none } ]", "[ { status: 503, do: none } ]", "manifest.conflict"),
        ("[ { status: 404, do: stop } ]", "[ { do: stop } ]", "manifest.missing_key"),
        ("[ { status: 404, do: stop } ]", "[ { status: 404, do: renew } ]", "manifest.conflict"),
        ("[ { status: 404, do: stop } ]", "[ { status: 404, do: ignore } ]", "manifest.unknown_word"),
        (
            "[ { text: busy, do: retry, wait: { jitter_percent: 0 } } ]",
            "[ { text: busy, do: retry, wait: { jitter_percent: 200 } } ]", "manifest.out_of_range"
        ),
    ]) func `says what failures mean, or is told what is wrong with that`(right: String, wrong: String, code: String) {
        let pull = "pages: { kind: none }"
        #expect(Fixtures.lint(manifest(pull: pull, top: "errors: \(right)")).1.map(\.text) == [])
        let (none, findings) = Fixtures.lint(manifest(pull: pull, top: "errors: \(wrong)"))
        #expect(none == nil)
        #expect(findings.map(\.code) == [code])
    }

    @Test(arguments: [
        ("pages: { kind: page_number, parameter: p, size: 5 }", true),
        ("pages: { kind: offset, parameter: o, size: 5 }", true), ("pages: { kind: none }", false),
        ("pages: { kind: cursor_token, parameter: t, token: $.next }", false), ("pages: { kind: next_link }", false),
    ]) func `leaves out only pages whose successor is known without them`(pull: String, isRight: Bool) {
        let findings = Fixtures.lint(manifest(pull: pull, top: "errors: [ { status: 500, do: skip } ]")).1
        #expect(findings.map(\.code) == (isRight ? [] : ["manifest.conflict"]), "\(findings.map(\.text))")
    }

    @Test(arguments: [
        (
            ", daily_quota: 100, requests_per: { count: 10, window: 1m }, retry_for: 10m", ", daily_quota: 0",
            "manifest.out_of_range"
        ),
        (", requests_per: { count: 10, window: 1m }", ", requests_per: { count: 10 }", "manifest.missing_key"),
        (", retry_for: 10m", ", retry_for: 600", "manifest.missing_unit"),
    ]) func `says what may be asked, or is told what is wrong with that`(right: String, wrong: String, code: String) {
        #expect(Fixtures.lint(manifest(pull: "pages: { kind: none }", limits: right)).1.map(\.text) == [])
        #expect(Fixtures.lint(manifest(pull: "pages: { kind: none }", limits: wrong)).1.map(\.code) == [code])
    }

    @Test func `takes partitions from a table beside it, and names a wrong cell by its place`() throws {
        let folder = NSTemporaryDirectory() + "lint-\(UInt64.random(in: 0 ... .max))/example-library"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = manifest(
            pull:
                "query: { d: \"${partition}\" }, pages: { kind: none }, partitions: { table: districts.csv, column: code }"
        )
        try text.write(toFile: folder + "/manifest.yaml", atomically: true, encoding: .utf8)
        func lint(_ table: String) throws -> (SourceManifest?, [Diagnostic]) {
            try table.write(toFile: folder + "/districts.csv", atomically: true, encoding: .utf8)
            return Fixtures.linter.lint(folder: folder, licenceTypes: Fixtures.types)
        }
        let (right, findings) = try lint("code,name\n430102,芙蓉区\n430111,雨花区\n")
        #expect(findings.map(\.text) == [])
        #expect(right?.description.interfaces[0].partitions == ["430102", "430111"])
        let (_, twice) = try lint("code,name\n430102,芙蓉区\n430102,雨花区\n")
        #expect(twice.map(\.code) == ["manifest.conflict"])
        #expect(twice.first?.place.file?.hasSuffix("districts.csv") == true)
        #expect(twice.first?.place.line == 3)
        #expect(try lint("kode,name\n430102,芙蓉区\n").1.map(\.code) == ["manifest.unknown_word"])
    }
}
