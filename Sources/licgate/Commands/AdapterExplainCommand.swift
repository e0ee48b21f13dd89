// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation

struct AdapterExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show a record's way from the bytes of an answer to a licence, field by field.",
        discussion: """
            Offline. Values are masked; `--reveal` shows them whole, for a screen nobody else sees.
            Exit code: 0 every record shown becomes a licence, 1 one does not, 2 could not run.
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("The adapter, and which of its interfaces.", valueName: "source[/interface]"))
    var adapter: String
    @Argument(help: ArgumentHelp("A saved answer, or a fixture's folder; `-` for standard input.", valueName: "answer"))
    var answer: String
    @Option(help: "Only this record, counted from 1.") var record: Int?
    @Option(help: "How many records, from the first.") var most = 1
    @Option(help: "The answer's Content-Type, when its character set stands there.") var contentType: String?
    @Flag(help: "Show values whole instead of masked.") var reveal = false

    func validate() throws {
        guard (1...1000).contains(most), record.map({ (1...1_000_000).contains($0) }) ?? true else {
            throw ValidationError("--most is 1 to 1000, --record at least 1.")
        }
    }

    func run() async throws {
        let places = try WorkbenchPlaces(shared)
        let (folder, interface) = places.split(adapter)
        let manifest = try places.manifest(folder).manifest
        let name = try places.interface(interface, of: manifest)
        var file = answer
        var type = contentType
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: answer, isDirectory: &isFolder), isFolder.boolValue {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: answer)) ?? []
            file =
                names.filter { $0.hasPrefix("response") && !$0.hasSuffix(".headers") }.sorted().first.map {
                    answer + "/" + $0
                } ?? answer
            let headers = (try? String(contentsOfFile: answer + "/response.headers", encoding: .utf8)) ?? ""
            type =
                type
                ?? headers.split(separator: "\n").first { $0.lowercased().hasPrefix("content-type:") }.map {
                    String($0.dropFirst(13)).trimmingCharacters(in: .whitespaces)
                }
        }
        let bytes = try WorkbenchFiles.bytes(file)
        let explanation: AnswerExplanation?
        do throws(DocumentFault) {
            explanation = try manifest.explain(
                bytes, interface: name, contentType: type, most: record ?? most, fetchedAt: SystemGatewayClock().now)
        } catch {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
        guard var explanation else { throw ExitCode(2) }
        if let record { explanation.records = explanation.records.filter { $0.ordinal == record } }
        let view = ExplanationView(answer: explanation, reveal: reveal)
        if shared.format == .json { Console.out(view.json.rendered()) } else { view.lines.forEach(Console.out) }
        if explanation.records.isEmpty || explanation.records.contains(where: { $0.licence == nil && !$0.isGone }) {
            throw ExitCode(1)
        }
    }
}

extension WorkbenchPlaces {
    /// `source/interface`, or a folder, as a folder and an interface.
    func split(_ text: String) -> (folder: String, interface: String?) {
        if FileManager.default.fileExists(atPath: text + "/manifest.yaml") { return (text, nil) }
        let parts = text.split(separator: "/").map(String.init)
        if parts.count == 2, FileManager.default.fileExists(atPath: folder(parts[0]) + "/manifest.yaml") {
            return (folder(parts[0]), parts[1])
        }
        return (folder(text), nil)
    }

    /// The interface that is meant: the named one, or the only one.
    func interface(_ name: String?, of manifest: SourceManifest) throws -> String {
        if let name, manifest.interfaceNames.contains(name) { return name }
        if name == nil, manifest.interfaceNames.count == 1, let only = manifest.interfaceNames.first { return only }
        Console.problem(
            Diagnostic(
                code: "workbench.no_interface",
                what: name == nil ? "the adapter has several interfaces" : "the adapter has no interface of that name",
                remedy: "Say which: \(manifest.id)/\(manifest.interfaceNames.prefix(12).joined(separator: ", "))"
            ).text)
        throw ExitCode(2)
    }
}
