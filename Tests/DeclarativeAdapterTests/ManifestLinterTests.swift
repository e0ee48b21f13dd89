import Diagnostics
import Foundation
import LicenceModel
import Testing

@testable import DeclarativeAdapter

enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let linter = ManifestLinter(dialectsFolder: folder.appendingPathComponent("dialects").path)
    static let types: Set<LicenceTypeCode> = [
        LicenceTypeCode("11100000000013127D916"), LicenceTypeCode("11100000000013127D917"),
    ]

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    static func lint(_ text: String, id: String = "example-library") -> (SourceManifest?, [Diagnostic]) {
        linter.lint(text: text, folder: "Adapters/\(id)", licenceTypes: types)
    }

    static var isUpdating: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["UPDATE_GOLDEN"] == "1" && environment["CI"] == nil
    }

    /// Compares with a committed text, or rewrites it under `UPDATE_GOLDEN=1`.
    static func compare(_ text: String, with name: String) throws {
        let url = folder.appendingPathComponent(name)
        if isUpdating { try text.write(to: url, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: url, encoding: .utf8) == text)
    }
}

@Suite struct `A manifest under lint` {
    static let faults = [
        "unknown-key", "missing-key", "wrong-type", "missing-unit", "secret-literal", "bad-cron", "bad-downtime",
        "unknown-licence-type", "bad-path", "digest-as-key", "unknown-placeholder", "simulated-elsewhere",
        "duplicate-key", "anchor", "unknown-word",
    ]

    @Test func `passes when nothing is wrong`() throws {
        let (manifest, findings) = Fixtures.lint(try Fixtures.text("faults/good.yaml"))
        #expect(findings.map(\.text) == [])
        #expect(manifest?.interfaceNames == ["licences"])
    }

    @Test(arguments: faults) func `shows one fault with its place and remedy`(name: String) throws {
        let (manifest, findings) = Fixtures.lint(try Fixtures.text("faults/\(name).bad.yaml"))
        #expect(manifest == nil)
        #expect(findings.count == 1)
        #expect(findings.allSatisfy { $0.place.line != nil && $0.place.column != nil && !$0.remedy.isEmpty })
        try Fixtures.compare(findings.map { $0.text + "\n" }.joined(), with: "faults/\(name).bad.txt")
    }

    @Test func `shows all fifteen faults at once, in order`() throws {
        let (manifest, findings) = Fixtures.lint(try Fixtures.text("faults/all.bad.yaml"))
        #expect(manifest == nil)
        let alone = try Self.faults.flatMap { Fixtures.lint(try Fixtures.text("faults/\($0).bad.yaml")).1.map(\.code) }
        #expect(findings.map(\.code).sorted() == alone.sorted())
        let places = findings.map { ($0.place.line ?? 0) * 1000 + ($0.place.column ?? 0) }
        #expect(places == places.sorted())
        try Fixtures.compare(findings.map { $0.text + "\n" }.joined(), with: "faults/all.bad.txt")
    }

    @Test func `takes further interfaces from files of their own, with their own places`() throws {
        let folder = NSTemporaryDirectory() + "lint-\(UInt64.random(in: 0 ... .max))/example-library"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/interfaces", withIntermediateDirectories: true)
        try Fixtures.text("faults/good.yaml").write(
            toFile: folder + "/manifest.yaml", atomically: true, encoding: .utf8)
        let further = """
            name: numbers
            licence_type: "11100000000013127D917"
            pull: { path: /numbers, pages: { kind: none }, records: $.list, key: [$.id], version: arrival }
            fields: { number: $.no, status: { constant: valid } }
            """
        try further.write(toFile: folder + "/interfaces/numbers.yaml", atomically: true, encoding: .utf8)
        let (manifest, findings) = Fixtures.linter.lint(folder: folder, licenceTypes: Fixtures.types)
        #expect(findings.map(\.text) == [])
        #expect(manifest?.interfaceNames == ["licences", "numbers"])
        try further.replacing("$.list", with: "/list").write(
            toFile: folder + "/interfaces/others.yaml", atomically: true, encoding: .utf8)
        let (none, more) = Fixtures.linter.lint(folder: folder, licenceTypes: Fixtures.types)
        #expect(none == nil)
        let windows = Fixtures.lint("id: a\r\nname: b\r\nowner: c\r\nowner: d\r\n").1
        #expect(
            windows.contains { $0.code == "manifest.yaml" || $0.code == "manifest.duplicate_key" }, "and nothing ends")
        #expect(more.map(\.code) == ["manifest.duplicate_name", "manifest.id_mismatch", "manifest.bad_path"])
        #expect(more.allSatisfy { $0.place.file?.hasSuffix("interfaces/others.yaml") == true })
    }

    @Test func `reports a folder without a manifest`() {
        let (manifest, findings) = Fixtures.linter.lint(folder: "/nonexistent/example-library", licenceTypes: nil)
        #expect(manifest == nil)
        #expect(findings.map(\.code) == ["manifest.unreadable"])
    }

    @Test func `accepts the example of the reference page`() throws {
        let page = try String(contentsOf: `The manifest's reference page`.page, encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let example = try #require(blocks.first)
        let (manifest, findings) = Fixtures.lint(example, id: "example-district-library")
        #expect(findings.map(\.text) == [])
        #expect(manifest != nil)
        var shelf = DialectShelf()
        var problems = Findings()
        shelf.add(try #require(blocks.last), file: "pinyin_initials.yaml", name: "pinyin_initials", findings: &problems)
        #expect(problems.list.map(\.text) == [])
    }
}
