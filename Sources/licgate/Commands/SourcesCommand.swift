// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import CatalogueContract
import Diagnostics
import LicenceModel

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Show sources, and take them in and out of service.",
        subcommands: [List.self, Show.self, Pause.self, Resume.self, Retire.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every interface with its last pull and next slot.")
        @OptionGroup var shared: SharedOptions

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            let clock = SystemGatewayClock()
            let sources = try Startup.sources(settings, clock: clock)
            let states =
                try await Startup.withReaderIfAny(settings, clock: clock) { reader in
                    try await reader.states()
                } ?? []
            SourceTable(sources: sources.map { $0.describe() }, states: states, now: clock.now).show(shared.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One source: its interfaces, runs and rejects.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "The source's id.") var source: String

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            let clock = SystemGatewayClock()
            let sources = try Startup.sources(settings, clock: clock)
            guard let found = sources.first(where: { $0.describe().id.rawValue == source }) else {
                Console.problem(Selection.noSource(source, sources.map { $0.describe().id.rawValue }).text)
                throw ExitCode(2)
            }
            let description = found.describe()
            try await Startup.withReaderIfAny(settings, clock: clock) { reader in
                let states = try await reader.states()
                SourceTable(sources: [description], states: states, now: clock.now).show(shared.format)
                guard shared.format == .table else { return }
                Console.out("")
                Console.out("owner \(description.owner), mapping \(description.mappingRevision)")
                var table = Table(["run", "interface", "mode", "ended", "received", "rejected", "how"])
                for interface in description.interfaces {
                    for run in try await reader.runs(of: interface.id, limit: 5) {
                        table.add([
                            run.id.rawValue, interface.id.name, run.mode.rawValue, run.finishedAt?.iso8601 ?? "-",
                            grouped(run.counts.received), grouped(run.counts.rejected),
                            run.code ?? run.outcome.rawValue,
                        ])
                    }
                }
                if !table.isEmpty { table.lines.forEach(Console.out) }
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop pulling a source; its licence types answer \"cannot tell\" until it is resumed.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "The source's id.") var source: String
        @Option(help: "Why; kept in the history.") var note = ""
        func run() async throws {
            try await perform(.setAvailability(source: source, .paused, note: note), shared)
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a paused or retired source back in service.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "The source's id.") var source: String
        @Option(help: "Why; kept in the history.") var note = ""
        func run() async throws {
            try await perform(.setAvailability(source: source, .active, note: note), shared)
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a source out of service for good; its records stay, no answer waits for it any more.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "The source's id.") var source: String
        @Option(help: "Why; kept in the history.") var note = ""
        func run() async throws {
            try await perform(.setAvailability(source: source, .retired, note: note), shared)
        }
    }
}
