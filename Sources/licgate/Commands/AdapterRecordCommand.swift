// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Transport
import Workbench

struct AdapterRecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Make a fixture of a live answer, with synthetic values in place of the real ones.",
        discussion: """
            Asks the source (or reads a saved answer), replaces every value but those the manifest lists or declares
            `not_personal`, the same value always by the same one, and writes the answer and what has to come out of it.
            Resident numbers and credit codes stay valid, dates move together, lengths and kinds of letters stay.
            When a value of the live answer would be left in any file, nothing is written.
            Exit code: 0 written, 2 not (the reason is on standard error).
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("The adapter, and which of its interfaces.", valueName: "source[/interface]"))
    var adapter: String
    @Option(name: .customLong("case"), help: "The fixture's name.") var caseName: String
    @Option(help: ArgumentHelp("A saved answer instead of asking; `-` for standard input.", valueName: "file"))
    var answer: String?
    @Option(help: "The saved answer's Content-Type, when its character set stands there.") var contentType: String?
    @Option(
        help: ArgumentHelp(
            "Ask instead of pulling: holder:KIND, number or identifier. The code comes from standard input.",
            valueName: "what"))
    var ask: String?
    @Option(help: "The licence type asked about.") var type: String?
    @Flag(help: "Make the fixture anew when it is there already, as after a correction of the manifest.")
    var replace = false

    func validate() throws {
        guard caseName.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }),
            !caseName.isEmpty
        else {
            throw ValidationError("--case is made of lower-case letters, digits and hyphens.")
        }
        if answer == "-", ask != nil {
            throw ValidationError("Standard input holds the code of --ask, or the answer; not both.")
        }
    }

    func run() async throws {
        let places = try WorkbenchPlaces(shared)
        let (folder, wanted) = places.split(adapter)
        let (manifest, findings) = try places.manifest(folder)
        let interface = try places.interface(wanted, of: manifest)
        let code = ask == nil ? nil : readLine(strippingNewline: true)?.trimmingCharacters(in: .whitespaces)
        let (body, type) = try await answer(places, manifest, interface, code)
        let recorder: Recorder
        let recording: Recording
        do throws(WorkbenchError) {
            recorder = try Recorder(manifest, interface: interface)
            recording = try recorder.record(body, contentType: type, question: code)
        } catch {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
        let writer = FixtureWriter(places: places, folder: folder, manifest: manifest, findings: findings)
        let written = try await writer.write(
            recording, recorder: recorder, interface: interface, name: caseName,
            question: recording.question.flatMap(question), replacing: replace)
        for file in written { Console.out(WorkbenchFiles.shown(file)) }
        Console.out(
            "\(recording.replaced) values were replaced, \(recording.kept) kept because the manifest lists them or declares their field `not_personal`."
        )
        Console.out(
            "Look at the files before you share them: `licgate adapter explain \(adapter) \(WorkbenchFiles.shown(folder))/fixtures/\(interface)/\(caseName)`."
        )
    }

    private func question(_ code: String) -> String? {
        let parts = (ask ?? "").split(separator: ":").map(String.init)
        guard let first = parts.first else { return nil }
        var pairs = ["\"ask\": \(quoted(first))"]
        if first == "holder" { pairs.append("\"kind\": \(quoted(parts.count > 1 ? parts[1] : "111"))") }
        pairs.append("\"code\": \(quoted(code))")
        if let type { pairs.append("\"type\": \(quoted(type))") }
        return "{\(pairs.joined(separator: ", "))}\n"
    }

    private func answer(
        _ places: WorkbenchPlaces, _ manifest: SourceManifest, _ interface: String, _ code: String?
    ) async throws -> (body: [UInt8], contentType: String?) {
        if let answer { return (try WorkbenchFiles.bytes(answer), contentType) }
        let live: LiveAnswers
        do throws(SourceError) {
            live = try LiveAnswers(places, manifest)
        } catch {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
        let problem: SourceError?
        if let ask {
            guard let code, let question = asked(ask, code) else {
                Console.problem(
                    "--ask is holder:KIND, number or identifier, with --type where it needs one; the code comes on standard input."
                )
                throw ExitCode(2)
            }
            problem = await live.find(question)
        } else {
            problem = await live.pull(interface, records: 1).problem
        }
        let exchange = live.exchanges.last
        await live.close()
        if let problem { Console.problem("The answer is recorded, though it did not do: " + problem.diagnostic.text) }
        guard let exchange else {
            Console.problem(
                Diagnostic(
                    code: "workbench.no_answer", what: "the source gave no answer", remedy: "See the error above"
                ).text)
            throw ExitCode(2)
        }
        return (exchange.body, exchange.headers.first("Content-Type"))
    }

    private func asked(_ ask: String, _ code: String) -> LookupQuestion? {
        let parts = ask.split(separator: ":").map(String.init)
        let licenceType = type.map { LicenceTypeCode($0) }
        switch parts.first {
        case "holder":
            return .holder(
                Holder(kind: HolderCodeKind(rawValue: parts.count > 1 ? parts[1] : "111"), code: code, name: nil),
                licenceType)
        case "number": return licenceType.map { .number(LicenceNumber(code), $0) }
        case "identifier": return .identifier(code)
        default: return nil
        }
    }
}
