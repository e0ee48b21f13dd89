import AdapterKit
import AdapterTesting
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import Intake
import LicenceModel
import Transport

/// The adapter folders on disk: found, not listed.
enum AdapterFolders {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures"

    /// The folder `ADAPTER` names, when it names one.
    static var chosen: String? { ProcessInfo.processInfo.environment["ADAPTER"] }

    static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/manifest.yaml") }.sorted()
    }

    /// Every folder of `Adapters/`, or the one that is chosen.
    static var all: [String] { names(in: root + "/Adapters").filter { chosen == nil || chosen == $0 } }

    static let registered: Set<LicenceTypeCode>? = {
        let file = root + "/Config/licence-types.csv"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return LicenceTypeRegister.load(file).register.codes
    }()

    static func adapter(_ name: String, in folder: String, dialects: String) -> AdapterUnderTest {
        let linter = ManifestLinter(dialectsFolder: dialects)
        let path = "\(folder)/\(name)"
        let types = folder == root + "/Adapters" ? registered : nil
        let (manifest, findings) = linter.lint(folder: path, licenceTypes: types)
        return AdapterUnderTest(
            folderName: name, folder: path, findings: findings, waivers: manifest?.waivers ?? [:],
            registeredTypes: types,
            formats: (manifest?.formats ?? [:]).compactMapValues { AdapterUnderTest.Format(rawValue: $0) },
            fileInterfaces: manifest?.fileInterfaces ?? [], responseBytes: manifest?.bounds.response.bytes ?? 0,
            loginPath: manifest?.loginPath
        ) { (transport, settings, clock) throws(SourceError) in
            guard let manifest else {
                throw SourceError(
                    .configuration, "the manifest has errors", remedy: "Run lint", recovery: .fixConfiguration)
            }
            return try DeclarativeAdapter.make(
                manifest, transport: transport, settings: settings, clock: clock, files: FileDropSource(clock: clock))
        }
    }

    static func shipped(_ name: String) -> AdapterUnderTest {
        adapter(name, in: root + "/Adapters", dialects: root + "/Config/dialects")
    }

    static func sample(_ name: String) -> AdapterUnderTest {
        adapter(name, in: samples, dialects: samples + "/dialects")
    }
}
