// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import CatalogueContract
import Diagnostics
import Foundation
import GatewayConfiguration
import InterfaceHealth
import LicenceModel
import ProofFree
import Sync

struct LookupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Is there a valid licence? By identifier, by number and type, or by holder.",
        discussion: """
            A personal code belongs neither into a shell's history nor into the list of processes: write `-` in its place and
            give it on standard input.
              echo "$CODE" | licgate lookup --holder 111:- --type 11100000000013127D916
              licgate lookup - < identifier.txt
            Exit code: 0 holds, 1 does not hold or no record, 3 cannot tell (the reason and the next step are printed),
            2 the question could not be asked.
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: "A licence identifier (证照标识), a catalogue id, or `-`.") var identifier: String?
    @Option(help: "A licence number (证照编号), or `-`; needs --type.") var number: String?
    @Option(help: ArgumentHelp("A holder: kind of code and code, `111:-`.", valueName: "kind:code")) var holder: String?
    @Option(help: "The licence type's code.") var type: String?
    @Option(help: ArgumentHelp("The day asked about; today when left out.", valueName: "yyyy-mm-dd")) var at: String?
    @Flag(help: "Show names and codes whole. Not into logs or tickets.") var reveal = false

    func validate() throws {
        let given = [identifier, number, holder].compactMap { $0 }.count
        guard given == 1 else {
            throw ValidationError("Ask by one of: an identifier, --number with --type, --holder KIND:CODE.")
        }
        if number != nil, type == nil {
            throw ValidationError("A number is only unique inside a type: add --type CODE.")
        }
        if let holder, !holder.contains(":") {
            throw ValidationError("Write --holder KIND:CODE, for example 111:- ; 111 resident, 001 organisation.")
        }
        if let at, CalendarDay(at) == nil { throw ValidationError("--at takes a day as yyyy-mm-dd.") }
    }

    func run() async throws {
        let clock = SystemGatewayClock()
        let settings = try Startup.settings(shared.configurationFile)
        let sources = try Startup.sources(settings, clock: clock)
        let register = LicenceTypeRegister.load(settings.licenceTypes).register
        let subject = try subject()
        let day = at.flatMap { CalendarDay($0) } ?? CalendarDay(at: clock.now)
        if let type, register[LicenceTypeCode(type)] == nil {
            Console.problem(
                Diagnostic(
                    code: "lookup.unknown_type", what: "no licence type has this code",
                    remedy: "`\(settings.licenceTypes)` lists the \(register.entries.count) there are"
                ).text)
            throw ExitCode(2)
        }
        let directory = SourceDirectory(sources)
        let found = try await Startup.withReaderIfAny(settings, clock: clock) { reader in
            try await Self.ask(subject, day, reader, directory, clock)
        }
        let answer: ProofFreeAnswer
        if let found {
            answer = found
        } else {
            // No catalogue yet is an empty one: nothing was ever synced, and the answer says so.
            answer = try await Self.ask(subject, day, InMemoryCatalogue(clock: clock), directory, clock)
        }
        AnswerView(answer: answer, register: register, reveal: reveal, now: clock.now).show(shared.format)
        throw ExitCode(AnswerView.exitCode(answer.verdict))
    }

    enum Subject {
        case record(CatalogueID)
        case matching(CatalogueQuery)
    }

    /// Asks one question of a catalogue, with what its runs tell of the interfaces' health.
    static func ask(
        _ subject: Subject, _ day: CalendarDay, _ catalogue: any CatalogueReading, _ directory: SourceDirectory,
        _ clock: any GatewayClock
    ) async throws -> ProofFreeAnswer {
        let health = HealthKeeper(directory.all.map { $0.describe() }, clock: clock)
        try? await health.refresh(from: catalogue)
        let desk = AnswerDesk(
            catalogue: catalogue, coverage: GatewayCoverage(directory: directory, health: health), clock: clock)
        switch subject {
        case .matching(let query):
            let asking = QuestionContext(system: "licgate lookup", purpose: "look-up by an operator")
            return await desk.answer(ProofFreeQuestion(about: query, on: day, asking: asking))
        case .record(let id):
            guard let answer = try await desk.answer(about: id, on: day) else {
                Console.problem("[catalogue.not_found] there is no record with this catalogue id.")
                throw ExitCode(2)
            }
            return answer
        }
    }

    private func subject() throws -> Subject {
        let code = type.map { LicenceTypeCode($0) }
        if let identifier {
            let text = try Self.text(identifier)
            if let id = CatalogueID(rawValue: text) { return .record(id) }
            return .matching(.identifier(text))
        }
        if let number, let code { return .matching(.number(LicenceNumber(try Self.text(number)), code)) }
        let parts = (holder ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let reference = HolderReference(kind: HolderCodeKind(rawValue: parts[0]), code: try Self.text(parts[1]))
        guard reference.kind.isKnown else {
            throw ValidationError(
                "What stands before the colon is no kind of holder code: 111 resident, 001 organisation, 414 passport …"
            )
        }
        return .matching(.holder(reference, code))
    }

    /// The text itself, or the first line of standard input for `-`; at most 4 KiB.
    static func text(_ given: String) throws -> String {
        var text = given
        if given == "-" {
            var bytes = [UInt8](repeating: 0, count: 4096)
            var count = 0
            while count < bytes.count, !bytes[..<count].contains(10) {
                let n = bytes.withUnsafeMutableBytes {
                    Glibc.read(STDIN_FILENO, $0.baseAddress.map { $0 + count }, 4096 - count)
                }
                if n <= 0 { break }
                count += n
            }
            guard count < bytes.count else {
                throw ValidationError("`-` reads one code, and there were more than 4 KiB.")
            }
            text = String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self)
        }
        text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw ValidationError("The code is empty.") }
        return text
    }
}
