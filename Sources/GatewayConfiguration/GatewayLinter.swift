// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
public import Diagnostics
import Foundation
import LicenceModel
import Transport

/// Checks configuration, register, dialects and adapters, offline and all at once.
public struct GatewayLinter: Sendable {
    private let configurationFile: String
    private let environment: [String: String]

    /// Makes a linter; the configuration says where the register, the dialects and the adapters are.
    ///
    /// - Parameter environment: where secrets may come from, when the configuration says so.
    public init(configurationFile: String, environment: [String: String] = [:]) {
        self.configurationFile = configurationFile
        self.environment = environment
    }

    /// What was found, sorted by file and line, and how many files were looked at.
    public struct Report: Sendable {
        /// The findings.
        public var findings: [Diagnostic]
        /// Files looked at; none means that the path led nowhere.
        public var files: Int
    }

    /// Checks what `paths` name: adapter folders, folders of them, configuration files; nothing means everything.
    public func lint(_ paths: [String]) -> Report {
        let (settings, ownFindings) = GatewaySettings.load(configurationFile)
        var report = Report(findings: [], files: 0)
        let register = settings.map { LicenceTypeRegister.load($0.licenceTypes) }
        let linter = ManifestLinter(dialectsFolder: settings?.dialects)
        if paths.isEmpty {
            report.files += FileManager.default.fileExists(atPath: configurationFile) ? 1 : 0
            report.findings += ownFindings
            if let settings {
                report.findings += (register?.findings ?? []) + linter.dialectFindings
                report.files += 1 + count(in: settings.dialects, suffix: ".yaml")
                report.files += count(in: settings.dialects + "/vocabularies", suffix: ".yaml")
                lint(folders: folders(in: settings.adapters), linter, register?.register, &report)
                report.findings += configured(settings)
                report.findings += lacking(settings)
            }
        }
        for path in paths {
            if path.hasSuffix(".yaml") || path.hasSuffix(".yml"), !path.hasSuffix("manifest.yaml") {
                let found = linter.lint(dialectFile: path) ?? GatewaySettings.load(path).findings
                report.files += FileManager.default.fileExists(atPath: path) ? 1 : 0
                report.findings += found
            } else {
                let folder = path.hasSuffix("/manifest.yaml") ? String(path.dropLast(14)) : path
                let isAdapter = FileManager.default.fileExists(atPath: folder + "/manifest.yaml")
                let before = report.files
                lint(folders: isAdapter ? [folder] : folders(in: folder), linter, register?.register, &report)
                configurations(in: folder, &report)
                dialects(in: folder, linter, &report)
                if report.files == before { report.findings.append(nothing(at: path)) }
            }
        }
        report.findings.sort {
            ($0.place.file ?? "", $0.place.line ?? 0, $0.place.column ?? 0, $0.code)
                < ($1.place.file ?? "", $1.place.line ?? 0, $1.place.column ?? 0, $1.code)
        }
        return report
    }

    private func lint(
        folders: [String], _ linter: ManifestLinter, _ register: LicenceTypeRegister?, _ report: inout Report
    ) {
        for folder in folders {
            let (manifest, findings) = linter.lint(folder: folder, licenceTypes: register?.codes)
            report.files += 1 + count(in: folder + "/interfaces", suffix: ".yaml")
            report.findings += findings
            let reported = Set(findings)
            report.findings += manifest?.unconfirmed.filter { !reported.contains($0) } ?? []
        }
    }

    /// A folder such as `Config`: its `gateway*.yaml` files.
    private func configurations(in folder: String, _ report: inout Report) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasPrefix("gateway") && name.hasSuffix(".yaml") {
            report.files += 1
            report.findings += GatewaySettings.load(folder + "/" + name).findings
        }
    }

    /// A folder of dialects: each file by itself, and those of `vocabularies` in it.
    private func dialects(in folder: String, _ linter: ManifestLinter, _ report: inout Report) {
        for place in [folder, folder + "/vocabularies"] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            for name in names.sorted() where name.hasSuffix(".yaml") {
                guard let found = linter.lint(dialectFile: place + "/" + name) else { continue }
                report.files += 1
                report.findings += found
            }
        }
    }

    private func nothing(at path: String) -> Diagnostic {
        Diagnostic(
            code: "lint.nothing", what: "there is nothing to lint here", place: Place(file: path),
            remedy: "Name an adapter folder, a folder of them, or a configuration")
    }

    private func configured(_ settings: GatewaySettings) -> [Diagnostic] {
        settings.sources.keys.sorted().compactMap { id in
            guard !FileManager.default.fileExists(atPath: settings.adapters + "/" + id.rawValue) else { return nil }
            return Diagnostic(
                code: "configuration.unknown_source",
                what: "the source `\(id)` has no folder in `\(settings.adapters)`", place: Place(file: settings.file),
                remedy: "Add the folder, or take the entry out of `sources:`")
        }
    }

    /// What sources in service still lack, as notes: secrets are rarely where a configuration is written.
    private func lacking(_ settings: GatewaySettings) -> [Diagnostic] {
        let clock = SystemGatewayClock()
        let loaded = SourceLoader(settings: settings, environment: environment)
            .load(transport: RecordedTransport(clock: clock), clock: clock)
        return loaded.findings.filter {
            $0.code == SourceError.Code.configuration.rawValue || $0.code == "configuration.secret_readable"
        }.map { finding in
            var finding = finding
            finding.severity = .note
            return finding
        }
    }

    private func folders(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
            .filter { FileManager.default.fileExists(atPath: $0 + "/manifest.yaml") }
    }

    private func count(in folder: String, suffix: String) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count { $0.hasSuffix(suffix) }
    }
}
