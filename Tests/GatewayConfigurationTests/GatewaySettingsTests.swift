import AdapterKit
import AdapterTesting
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import Testing
import Transport

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    .path

private let pairs: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: fixtures)) ?? [])
    .filter { $0.hasSuffix(".bad.yaml") }.map { String($0.dropLast(9)) }.sorted()

/// A folder that is gone when the test is.
private final class Folder {
    let path = NSTemporaryDirectory() + "licgate-configuration-\(UUID().uuidString)"
    init() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try #require(
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return file
    }
}

@Suite struct `A gateway's configuration` {
    @Test func `has a bad and a good file for every fault`() { #expect(pairs.count >= 10) }

    @Test(arguments: pairs) func `is refused with place and remedy, and accepted when mended`(name: String) throws {
        let (settings, findings) = GatewaySettings.load("\(fixtures)/\(name).bad.yaml")
        #expect(settings == nil)
        let expected = try String(contentsOfFile: "\(fixtures)/\(name).bad.txt", encoding: .utf8)
        #expect(
            findings.map { $0.text.replacing(fixtures + "/", with: "") }.joined(separator: "\n") + "\n" == expected)
        let (mended, none) = GatewaySettings.load("\(fixtures)/\(name).good.yaml")
        #expect(mended != nil && none.isEmpty, "\(none.map(\.text))")
    }

    @Test func `reports every fault at once, in the order of the file`() throws {
        let folder = try Folder()
        let file = try folder.write("g.yaml", "lisen: 1\nsync: { parallel: x }\nlog: { level: loud }\nstore: []\n")
        #expect(GatewaySettings.load(file).findings.compactMap(\.place.line) == [1, 2, 3, 4])
    }

    @Test(arguments: ["- a\n- b\n", "a: [", "listen: a\nlisten: b\n", "\u{0}\u{1}"])
    func `refuses what is not a map of keys without falling over`(text: String) throws {
        let folder = try Folder()
        let (settings, findings) = GatewaySettings.load(try folder.write("g.yaml", text))
        #expect(settings == nil && !findings.isEmpty)
    }

    @Test func `takes every default from the declaration, and paths from where the file is`() throws {
        let folder = try Folder()
        let settings = try #require(GatewaySettings.load(try folder.write("Config/g.yaml", "")).settings)
        #expect(settings.store == folder.path + "/var/store")
        #expect(settings.licenceTypes == folder.path + "/Config/licence-types.csv")
        #expect(settings.parallel == 4 && settings.memory == .mebibytes(128))
    }

    @Test func `counts a source's paths from where the file is`() throws {
        let folder = try Folder()
        let text =
            "sources: { a-source: { drop_folder: ../drop, ca_file: /etc/ca.pem, base_url: \"http://127.0.0.1:1\" } }"
        let settings = try #require(GatewaySettings.load(try folder.write("Config/g.yaml", text)).settings)
        let source = SourceSettings(settings, source: SourceID("a-source"), environment: [:])
        #expect(source.setting("drop_folder") == folder.path + "/drop")
        #expect(source.setting("ca_file") == "/etc/ca.pem")
        #expect(source.setting("base_url") == "http://127.0.0.1:1")
    }

    @Test func `is live and clean in the example that is shipped`() throws {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Config/gateway.example.yaml").path
        let report = GatewayLinter(configurationFile: example).lint([])
        #expect(report.findings.filter { $0.severity != .note }.map(\.text) == [])
        #expect(report.files > 6)
    }

    @Test func `lints dialects and vocabularies by themselves, a folder or one file`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let linter = GatewayLinter(configurationFile: root + "/Config/gateway.example.yaml")
        let all = linter.lint([root + "/Config/dialects"])
        #expect(all.files >= 24 && all.findings.map(\.text) == [])
        let folder = try Folder()
        let bad = try folder.write(
            "words.yaml",
            "vocabulary_version: 1\nname: words\ndoc: d\nsource: s\nverified: false\nof: status\nvalues: { a: valdi }\n"
        )
        let one = linter.lint([bad])
        #expect(one.files == 1 && one.findings.map(\.code) == ["manifest.unknown_word"])
        #expect(one.findings.first?.place.line == 7)
    }
}

@Suite struct `A secret` {
    private func secret(mode: Int, _ text: String, name: String = "key") throws -> String? {
        let folder = try Folder()
        try folder.write("secrets/key", text, mode: mode)
        let settings = try #require(GatewaySettings.load(try folder.write("g.yaml", "")).settings)
        return SourceSettings(settings, source: SourceID("x"), environment: [:]).secret(name)?.revealed
    }

    @Test func `is its file without the last line end`() throws {
        #expect(try secret(mode: 0o600, "a b \n") == "a b ")
    }

    @Test(arguments: [0o644, 0o640, 0o604]) func `is refused when others may read its file`(mode: Int) throws {
        #expect(try secret(mode: mode, "a") == nil)
    }

    @Test(arguments: ["../key", "", ".key", "none"]) func `has a file's name`(name: String) throws {
        #expect(try secret(mode: 0o600, "a", name: name) == nil)
    }

    @Test func `comes from the environment only when the configuration says so`() throws {
        let folder = try Folder()
        let off = try #require(GatewaySettings.load(try folder.write("a.yaml", "")).settings)
        let on = try #require(
            GatewaySettings.load(try folder.write("b.yaml", "secrets: { environment: true }\n")).settings)
        let environment = ["LICGATE_SECRET_CS_KEY": "v"]
        #expect(SourceSettings(off, source: SourceID("x"), environment: environment).secret("cs-key") == nil)
        #expect(SourceSettings(on, source: SourceID("x"), environment: environment).secret("cs-key")?.revealed == "v")
    }
}

@Suite struct `The register of licence types` {
    @Test func `keeps codes as text and reports rows that cannot be used`() throws {
        let folder = try Folder()
        let file = try folder.write("t.csv", "type_code,name_zh,name_en\n001,甲,A\n001,乙,B\n,丙,C\n002,丁,\n")
        let (register, findings) = LicenceTypeRegister.load(file)
        #expect(register.entries.map(\.code.rawValue) == ["001", "002"])
        #expect(register[LicenceTypeCode("002")]?.nameEnglish == "丁")
        #expect(findings.compactMap(\.place.line) == [3, 4])
    }

    @Test func `says so when it cannot be read`() {
        #expect(LicenceTypeRegister.load("/nowhere.csv").findings.map(\.code) == ["configuration.unreadable"])
    }
}

@Suite struct `The sources in service` {
    @Test func `are none while one of them has no folder, with the name that was meant`() throws {
        let folder = try Folder()
        try folder.write("Adapters/cs-transport/manifest.yaml", "manifest_version: 1\n")
        try folder.write("t.csv", "type_code,name_zh\n001,甲\n")
        let file = try folder.write(
            "g.yaml", "adapters: Adapters\nlicence_types: t.csv\nsources:\n  cs-transpor: { base_url: a }\n")
        let settings = try #require(GatewaySettings.load(file).settings)
        let loaded = SourceLoader(settings: settings, environment: [:])
            .load(transport: RecordedTransport(clock: SystemGatewayClock()), clock: SystemGatewayClock())
        #expect(loaded.sources.isEmpty)
        #expect(loaded.findings.contains { $0.text.contains("Did you mean `cs-transport`?") }, "\(loaded.findings)")
    }

    @Test func `stay declared when a secret is missing, are never asked, and say why`() async throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let folder = try Folder()
        let file = try folder.write(
            "g.yaml",
            """
            adapters: \(repository)/Adapters
            dialects: \(repository)/Config/dialects
            licence_types: \(repository)/Config/licence-types.csv
            sources:
              cs-transport: { base_url: "http://127.0.0.1:9" }

            """)
        let settings = try #require(GatewaySettings.load(file).settings)
        let transport = RecordedTransport(clock: SystemGatewayClock())
        let loaded = SourceLoader(settings: settings, environment: [:])
            .load(transport: transport, clock: SystemGatewayClock())
        #expect(loaded.findings.map(\.severity) == [.warning])
        let source = try #require(loaded.sources.first)
        let interface = try #require(source.describe().interfaces.first)
        #expect(!interface.licenceTypes.isEmpty)
        guard case .failed(let finding) = await source.probe(.connect, of: interface.id, question: nil).outcome else {
            Issue.record("a source without its secret passes a probe")
            return
        }
        #expect(finding.code == "source.configuration")
        #expect(transport.seen.isEmpty)
    }
}
