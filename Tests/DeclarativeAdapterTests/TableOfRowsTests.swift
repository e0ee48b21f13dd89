import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Testing

@testable import DeclarativeAdapter

/// A manifest with templates, and tables for it.
enum ManyAlike {
    static let header = "id,type_code,path,method,format,query_by,daily_quota,downtime"

    static func manifest(table: String = "interfaces.csv", templates: String = templates) -> String {
        """
        manifest_version: 1
        id: example-library
        name: 示例平台
        owner: 示例数据局
        kind: declarative
        simulated: true
        base_url: "${config:base_url}"
        auth: { kind: header, name: X-Key, value: "${secret:key}" }
        limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 5, pages_per_run: 20 }
        schedule: { cron: "0 3 * * *", jitter: 5m }
        probe: { path: /ping, expect: { status: 200, within: 2s } }
        status: [ { from: $.code, ok: ["0"], none: ["10"] } ]
        not_found: []
        table: \(table)
        templates:
        \(templates)
        """
    }

    static let templates = """
          - when: { query_by: holder, method: [POST], format: json }
            name: "${row:id}"
            licence_type: "${row:type_code}"
            format: "${row:format}"
            find:
              holder:
                method: "${row:method}"
                path: "${row:path}"
                body: { kind: json, template: '{"holder":"${holder_code}","type":"${row:type_code}"}' }
                records: $.data
              key: [$.id]
              version: arrival
            schedule: { downtime: "${row:downtime}" }
            limits: { daily_quota: "${row:daily_quota}" }
            fields: { number: $.no, status: { constant: valid } }
            golden:
              - { name: valid, ask: holder, holder_kind: "111", secret: "golden_${row:id}", expect: valid }
          - name: "${row:id}"
            licence_type: "${row:type_code}"
            format: "${row:format}"
            pull: { path: "${row:path}", pages: { kind: none }, records: $.data, key: [$.id], version: arrival }
            limits: { daily_quota: "${row:daily_quota}" }
            schedule: { downtime: "${row:downtime}" }
            fields: { number: $.no, status: { constant: valid } }
        """

    static func row(_ id: String, by query: String = "holder", quota: String = "5000", downtime: String = "none")
        -> String
    {
        "\(id),11100000000013127D916,/share/\(id),POST,json,\(query),\(quota),\(downtime)"
    }

    static func lint(_ rows: [String], header: String = header, manifest: String = manifest()) -> (
        SourceManifest?, [Diagnostic]
    ) {
        Fixtures.linter.lint(
            text: manifest, folder: "Adapters/example-library", licenceTypes: Fixtures.types,
            tables: ["interfaces.csv": ([header] + rows).map { $0 + "\n" }.joined()])
    }
}

@Suite struct `One template and a table of rows` {
    @Test func `makes one interface of each row, by the first template that takes it`() throws {
        let (manifest, findings) = ManyAlike.lint([
            ManyAlike.row("PI-001", downtime: "weekly Sat 22:00-24:00"),
            ManyAlike.row("PI-002", by: "list", quota: "288"),
        ])
        #expect(findings.map(\.text) == [])
        let made = try #require(manifest)
        #expect(made.interfaceNames == ["pi-001", "pi-002"])
        #expect(made.interfaces[0].find?.questions.keys.map { $0 } == [.holder])
        #expect(made.interfaces[0].find?.questions[.holder]?.request.path.source == "/share/PI-001")
        #expect(made.interfaces[0].schedule.downtime == [try #require(DowntimeWindow("weekly Sat 22:00-24:00"))])
        #expect(made.interfaces[0].schedule.slots != nil, "the manifest's slots stay")
        #expect(made.interfaces[0].golden.map(\.secretName) == ["golden_PI-001"])
        #expect(made.interfaces[1].pull != nil)
        #expect(made.interfaces[1].schedule.downtime == [])
        #expect(made.interfaces.map(\.dailyQuota) == [5000, 288])
    }

    @Test func `leaves out a key whose cell is empty`() throws {
        let (manifest, findings) = ManyAlike.lint([
            ManyAlike.row("PI-001", quota: "", downtime: ""), ManyAlike.row("L-1", by: "list"),
        ])
        #expect(findings.map(\.text) == [])
        #expect(manifest?.interfaces[0].dailyQuota == nil)
    }

    @Test(arguments: [
        ("nightly 25:00-01:00", "5000", "manifest.bad_downtime"), ("none", "many", "manifest.wrong_type"),
    ])
    func `names a wrong cell by the table's place and the manifest's`(
        downtime: String, quota: String, code: String
    ) throws {
        let rows = [ManyAlike.row("L-1", by: "list"), ManyAlike.row("PI-002", quota: quota, downtime: downtime)]
        let (manifest, findings) = ManyAlike.lint(rows)
        #expect(manifest == nil)
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.code == code)
        #expect(finding.place.file == "Adapters/example-library/interfaces.csv")
        #expect(finding.place.line == 3)
        let line = rows[1]
        let cell = code == "manifest.bad_downtime" ? downtime : quota
        let at = try #require(line.range(of: ",\(cell)"))
        #expect(finding.place.column == line.distance(from: line.startIndex, to: at.lowerBound) + 2)
        #expect(finding.what.contains("put in at Adapters/example-library/manifest.yaml:"))
    }

    @Test func `says a template's own fault once, with the rows it holds for`() throws {
        let broken = ManyAlike.templates.replacing("records: $.data\n", with: "records: /data\n")
        let (manifest, findings) = ManyAlike.lint(
            (1...305).map { ManyAlike.row("PI-\($0)") } + [ManyAlike.row("L-1", by: "list")],
            manifest: ManyAlike.manifest(templates: broken))
        #expect(manifest == nil)
        #expect(findings.map(\.code) == ["manifest.bad_path"])
        #expect(findings[0].place.file == "Adapters/example-library/manifest.yaml")
        #expect(findings[0].what.contains("interfaces.csv:2:1") && findings[0].what.contains("and 302 more"))
    }

    @Test func `shows the first faulty cells of one place and counts on`() {
        let (_, findings) = ManyAlike.lint(
            (1...305).map { ManyAlike.row("PI-\($0)", quota: "x") } + [ManyAlike.row("L-1", by: "list")])
        #expect(findings.count == 21)
    }

    @Test(arguments: [
        ("table.unknown_column", "{ quer_by: holder,", "{ query_by: holder,"),
        ("table.unknown_column", "\"${row:dayly_quota}\"", "\"${row:daily_quota}\""),
        ("table.template_without_row", "query_by: nobody,", "query_by: holder,"),
        (
            "manifest.wrong_type", "- when: [POST]\n    name",
            "- when: { query_by: holder, method: [POST], format: json }\n    name"
        ),
    ])
    func `refuses a template that does not fit the table`(code: String, wrong: String, right: String) throws {
        let text = ManyAlike.templates.replacing(right, with: wrong)
        try #require(text != ManyAlike.templates)
        let (_, findings) = ManyAlike.lint(
            [ManyAlike.row("PI-001"), ManyAlike.row("L-1", by: "list")], manifest: ManyAlike.manifest(templates: text))
        #expect(findings.contains { $0.code == code && $0.place.line != nil }, "\(findings.map(\.text))")
    }

    @Test func `refuses a row that no template takes, two rows of one name, and placeholders in cells`() {
        let one = ManyAlike.templates.components(separatedBy: "\n  - name")[0]
        let (none, findings) = ManyAlike.lint(
            [ManyAlike.row("PI-001"), ManyAlike.row("L-1", by: "list")], manifest: ManyAlike.manifest(templates: one))
        #expect(none == nil)
        #expect(findings.map(\.code) == ["table.row_without_template"])
        #expect(findings.first?.place.line == 3)
        let (twice, doubles) = ManyAlike.lint([ManyAlike.row("PI-001"), ManyAlike.row("pi_001", by: "list")])
        #expect(twice == nil)
        #expect(doubles.map(\.code) == ["manifest.duplicate_name"])
        #expect(doubles.first?.place.line == 3)
        let (_, cells) = ManyAlike.lint([ManyAlike.row("PI-${secret:key}"), ManyAlike.row("L-1", by: "list")])
        #expect(cells.contains { $0.code == "table.placeholder_in_cell" && $0.place.line == 2 })
    }

    @Test(arguments: [
        ("table.unreadable", ManyAlike.header + "\na,b\n"), ("table.unreadable", "id,id\n1,2\n"),
        ("table.empty", ManyAlike.header + "\n"), ("table.unreadable", ""),
        ("table.too_large", ManyAlike.header + "\n" + String(repeating: ManyAlike.row("x") + "\n", count: 2001)),
        ("table.too_large", String(repeating: "x", count: (4 << 20) + 1)),
    ])
    func `refuses a table that is none`(code: String, table: String) {
        let (manifest, findings) = Fixtures.linter.lint(
            text: ManyAlike.manifest(), folder: "Adapters/example-library", licenceTypes: Fixtures.types,
            tables: ["interfaces.csv": table])
        #expect(manifest == nil)
        #expect(findings.map(\.code) == [code], "\(findings.map(\.text))")
        #expect(findings.allSatisfy { $0.place.file == "Adapters/example-library/interfaces.csv" })
    }

    @Test func `warns of a column that nobody uses, unless it is named`() throws {
        let header = ManyAlike.header + ",owner"
        let rows = [ManyAlike.row("PI-001") + ",示例厅", ManyAlike.row("L-1", by: "list") + ",示例厅"]
        let (manifest, findings) = ManyAlike.lint(rows, header: header)
        #expect(manifest != nil)
        #expect(findings.map(\.code) == ["table.unused_column"])
        #expect(findings.first?.place.line == 1 && findings.first?.place.column == ManyAlike.header.utf8.count + 2)
        let named = ManyAlike.manifest(table: "{ file: interfaces.csv, unused: [owner] }")
        #expect(ManyAlike.lint(rows, header: header, manifest: named).1.map(\.text) == [])
    }

    @Test func `is missing beside its templates, or they beside it`() {
        let (_, missing) = Fixtures.lint(ManyAlike.manifest())
        #expect(missing.map(\.code) == ["table.unreadable"])
        let (_, alone) = Fixtures.lint(ManyAlike.manifest().replacing("table: interfaces.csv\n", with: ""))
        #expect(alone.map(\.code).contains("manifest.missing_key"))
        let (_, without) = Fixtures.lint(ManyAlike.manifest().components(separatedBy: "templates:")[0])
        #expect(without.map(\.code).contains("manifest.missing_key"))
    }

    @Test func `takes 305 rows`() throws {
        let rows = (1...305).map {
            ManyAlike.row("PI-\($0)", by: $0 % 8 == 0 ? "list" : "holder", downtime: "nightly 01:00-03:00")
        }
        let start = ContinuousClock.now
        let (manifest, findings) = ManyAlike.lint(rows)
        print("305 rows linted in \(ContinuousClock.now - start)")
        #expect(findings == [])
        #expect(manifest?.interfaceNames.count == 305)
        #expect(manifest?.description.interfaces.count == 305)
    }
}
