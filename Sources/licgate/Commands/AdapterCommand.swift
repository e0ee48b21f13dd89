// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration

struct AdapterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapter",
        abstract: "The workbench: propose, explain and check adapters.",
        discussion: """
            The way to a new interface:
              licgate adapter new my-source --sample answer.json --url 'https://host/path?page=1&size=100'
              licgate sync my-source --dry-run 100       before and after, what is set aside; nothing written
              licgate adapter explain my-source answer.json      one record, field by field
              licgate lint Adapters/my-source            what still has to be confirmed
              licgate adapter record my-source --case sample --replace      the fixture again
              licgate adapter test my-source             the conformance suite
            """,
        subcommands: [
            AdapterNewCommand.self, AdapterExplainCommand.self, AdapterRecordCommand.self, AdapterTestCommand.self,
        ])
}

/// What the workbench's commands need of the configuration: where adapters, dialects and licence types are.
struct WorkbenchPlaces {
    let settings: GatewaySettings
    let linter: ManifestLinter
    let register: LicenceTypeRegister

    init(_ shared: SharedOptions) throws {
        settings = try Startup.settings(shared.configurationFile)
        linter = ManifestLinter(dialectsFolder: settings.dialects)
        register = LicenceTypeRegister.load(settings.licenceTypes).register
        let errors = linter.dialectFindings.filter { $0.severity == .error }
        for finding in errors { Console.problem(finding.text) }
        guard errors.isEmpty else { throw ExitCode(2) }
    }

    /// The folder of an adapter, named by its id or by its path.
    func folder(_ name: String) -> String {
        name.contains("/") || FileManager.default.fileExists(atPath: name + "/manifest.yaml")
            ? name : settings.adapters + "/" + name
    }

    /// The manifest of an adapter, or its errors on standard error and exit code 2.
    func manifest(_ folder: String) throws -> (manifest: SourceManifest, findings: [Diagnostic]) {
        let (manifest, findings) = linter.lint(folder: folder, licenceTypes: register.codes)
        guard let manifest else {
            for finding in findings where finding.severity == .error { Console.problem(finding.text) }
            throw ExitCode(2)
        }
        return (manifest, findings)
    }
}

/// Reads and writes the workbench's files.
enum WorkbenchFiles {
    /// A file's bytes, `-` for standard input; more than 16 MiB or nothing is a finding and exit code 2.
    static func bytes(_ path: String) throws -> [UInt8] {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let handle, let data = try? handle.read(upToCount: (16 << 20) + 1) else {
            Console.problem(
                Diagnostic(
                    code: "workbench.file_unreadable", what: "the file \(path) cannot be read",
                    remedy: "Check its name and permissions"
                ).text)
            throw ExitCode(2)
        }
        return Array(data)
    }

    /// A path as a person would type it from where they are.
    static func shown(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    /// Writes a new file, its folders with it; one that is there already is not touched.
    static func create(_ path: String, _ bytes: [UInt8], replacing: Bool = false) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let files = FileManager.default
        guard replacing || !files.fileExists(atPath: path) else {
            Console.problem(
                Diagnostic(
                    code: "workbench.file_exists", what: "\(path) is there already, and is not overwritten",
                    remedy: "Choose another name, or remove it first"
                ).text)
            throw ExitCode(2)
        }
        do {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            Console.problem(
                Diagnostic(
                    code: "workbench.file_unwritable", what: "\(path) cannot be written",
                    remedy: "Check the folder's permissions and the free space"
                ).text)
            throw ExitCode(2)
        }
    }
}
