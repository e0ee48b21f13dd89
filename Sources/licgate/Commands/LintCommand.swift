// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration

struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check the configuration and the adapters: offline, everything at once.",
        discussion: """
            Without a path: the configuration, the register of licence types and every adapter folder it names. With paths:
            those adapter folders, dialects or vocabularies (or a configuration file). Nothing is opened but files. A setting or secret that a source in
            service lacks is a note.
            Exit code: 0 clean or notes only, 1 errors or warnings, 2 could not run.
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: "Adapter folders, a folder of them, or a configuration file.") var paths: [String] = []

    @Flag(name: .customLong("json-schema"), help: "Print the JSON Schema of manifests, dialects and vocabularies.")
    var jsonSchema = false

    func run() async throws {
        guard !jsonSchema else {
            Console.put(ManifestSchema.json(), on: STDOUT_FILENO)
            return
        }
        let linter = GatewayLinter(
            configurationFile: shared.configurationFile, environment: ProcessInfo.processInfo.environment)
        let report = linter.lint(paths)
        guard report.files > 0 else {
            Console.problem(
                Diagnostic(
                    code: "lint.nothing", what: "there is nothing to lint at \(paths.joined(separator: ", "))",
                    remedy: "Name an adapter folder, a folder of them, or a configuration"
                ).text)
            throw ExitCode(2)
        }
        if shared.format == .json {
            let list = report.findings.map { finding -> JSONValue in
                [
                    "file": .optional(finding.place.file), "line": .optional(finding.place.line),
                    "column": .optional(finding.place.column), "severity": .text(finding.severity.rawValue),
                    "code": .text(finding.code), "what": .text(finding.what), "remedy": .text(finding.remedy),
                ]
            }
            Console.out(JSONValue.list(list).rendered())
        } else {
            for finding in report.findings { Console.out(finding.text) }
            let errors = report.findings.count { $0.severity == .error }
            let warnings = report.findings.count { $0.severity == .warning }
            let files = report.files == 1 ? "1 file" : "\(report.files) files"
            let notes = report.findings.count { $0.severity == .note }
            Console.out("\(errors) errors, \(warnings) warnings, \(notes) notes in \(files).")
        }
        if report.findings.contains(where: { $0.severity != .note }) { throw ExitCode(1) }
    }
}
