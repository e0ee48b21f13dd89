// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
import DeclarativeAdapter
public import Diagnostics
import Foundation
import LicenceModel
public import Transport

/// Makes the sources in service: those with an entry under `sources:` in the configuration and a folder in `Adapters/`.
public struct SourceLoader: Sendable {
    private let settings: GatewaySettings
    private let environment: [String: String]

    /// Makes a loader; `environment` is where secrets may come from when the configuration says so.
    public init(settings: GatewaySettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// The sources in service and everything found on the way; none is made of a manifest with an error.
    public func load(
        transport: any HTTPExchanging, clock: any GatewayClock
    ) -> (sources: [any LicenceSource], findings: [Diagnostic]) {
        let (register, registerFindings) = LicenceTypeRegister.load(settings.licenceTypes)
        var findings = registerFindings
        let linter = ManifestLinter(dialectsFolder: settings.dialects)
        findings += linter.dialectFindings
        var sources: [any LicenceSource] = []
        for id in settings.sources.keys.sorted() {
            let folder = settings.adapters + "/" + id.rawValue
            guard FileManager.default.fileExists(atPath: folder) else {
                findings.append(missing(id))
                continue
            }
            let (manifest, found) = linter.lint(folder: folder, licenceTypes: register.codes)
            // Marks to confirm are said as one finding below: their source is declared and not asked, the others go on.
            findings += found.filter { manifest?.unconfirmed.contains($0) != true }
            guard let manifest else { continue }
            do throws(SourceError) {
                sources.append(
                    try Composition.source(
                        manifest, transport: transport,
                        settings: SourceSettings(settings, source: id, environment: environment), clock: clock,
                        taps: settings.taps, intake: settings.intake))
            } catch {
                var finding = error.diagnostic
                finding.severity = .warning
                finding.place.file = settings.file
                finding.consequence = "It is not asked, and its licence types answer \"cannot tell\""
                findings.append(finding)
                sources.append(MisconfiguredSource(description: manifest.description, reason: error))
            }
        }
        return (sources, readableSecrets() + findings)
    }

    /// Secrets that others may read are refused, and would otherwise only show as missing.
    private func readableSecrets() -> [Diagnostic] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: settings.secretsFolder)) ?? []
        return names.sorted().compactMap { name in
            guard !name.hasPrefix("."), let problem = SourceSettings.problem(of: name, in: settings.secretsFolder)
            else {
                return nil
            }
            return Diagnostic(
                .warning, code: "configuration.secret_readable", what: "the secret cannot be used: \(problem)",
                place: Place(file: settings.secretsFolder + "/" + name),
                consequence: "It counts as missing", remedy: "chmod 600 it, and its folder 700")
        }
    }

    private func missing(_ id: SourceID) -> Diagnostic {
        let known = (try? FileManager.default.contentsOfDirectory(atPath: settings.adapters)) ?? []
        let hint = nearest(id.rawValue, among: known).map { "Did you mean `\($0)`?" }
        return Diagnostic(
            code: "configuration.unknown_source",
            what: "the source `\(id)` has no folder in `\(settings.adapters)`", place: Place(file: settings.file),
            consequence: "Nothing is put in service",
            remedy: hint ?? "Add the folder, or take the entry out of `sources:`")
    }
}
