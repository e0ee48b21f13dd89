// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import Synchronization

struct CatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "What the catalogue holds.",
        subcommands: [Stats.self, Show.self, Export.self, Verify.self], defaultSubcommand: Stats.self)

    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Counts of records, versions, changes and rejects.")
        @OptionGroup var shared: SharedOptions

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            let found = try await Startup.withReaderIfAny(settings, clock: SystemGatewayClock()) { reader in
                try await reader.statistics()
            }
            guard let stats = found else {
                return Console.out("There is no catalogue yet: `licgate sync --all` makes it.")
            }
            if shared.format == .json {
                let json: JSONValue = [
                    "records": .number(stats.records), "withdrawn": .number(stats.withdrawn),
                    "versions": .number(stats.versions), "changes": .number(stats.changes),
                    "open_rejects": .number(stats.openRejects),
                    "bytes_on_disk": .object(
                        stats.bytesOnDisk.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }),
                ]
                return Console.out(json.rendered())
            }
            var table = Table(["what", "count"], rightAligned: [1])
            table.add(["records", grouped(stats.records)])
            table.add(["withdrawn records", grouped(stats.withdrawn)])
            table.add(["versions", grouped(stats.versions)])
            table.add(["changes", grouped(stats.changes)])
            table.add(["open rejects", grouped(stats.openRejects)])
            for (part, bytes) in stats.bytesOnDisk.sorted(by: { $0.key < $1.key }) {
                table.add(["on disk: \(part)", ByteCount(bytes).words])
            }
            table.lines.forEach(Console.out)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One record by its catalogue id: its versions; masked unless --reveal.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "The catalogue id, 32 hexadecimal digits.") var id: String
        @Flag(help: "Show names and codes whole. Not into logs or tickets.") var reveal = false

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            guard let id = CatalogueID(rawValue: id) else {
                Console.problem("[catalogue.not_found] a catalogue id has 32 hexadecimal digits.")
                throw ExitCode(2)
            }
            let found = try await Startup.withReaderIfAny(settings, clock: SystemGatewayClock()) { reader in
                (try await reader.entry(id), try await reader.versions(of: id, limit: 20))
            }
            guard let (entry, versions) = found, let entry else {
                Console.problem("[catalogue.not_found] there is no record with this id.")
                throw ExitCode(1)
            }
            let view = EntryView(entry: entry, reveal: reveal)
            if shared.format == .json { return Console.out(view.json.rendered()) }
            view.lines.forEach(Console.out)
            Console.out("")
            var table = Table(["version", "cause", "recorded", "status", "until"], rightAligned: [0])
            for version in versions {
                table.add([
                    String(version.number), version.cause.rawValue, version.recordedAt.iso8601,
                    version.licence.status.rawValue, version.licence.validity.until.words,
                ])
            }
            table.lines.forEach(Console.out)
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every record, one line each: source, key digest, content digest, catalogue id, state, version.",
            discussion: """
                Withdrawn records stand in it too, and the column before the last says `withdrawn` instead of `current`.
                Carries no personal value: digests are what ledgers and other copies are compared by.
                """)
        @OptionGroup var shared: SharedOptions

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            try await Startup.withReaderIfAny(settings, clock: SystemGatewayClock()) { reader in
                try await reader.visitAll { entry in
                    let withdrawn = entry.withdrawal == nil ? "current" : "withdrawn"
                    Console.out(
                        "\(entry.licence.key.source)\t\(KeyDigest.of(entry.licence.key))\t\(entry.licence.contentDigest)\t"
                            + "\(entry.id)\t\(withdrawn)\t\(entry.version)")
                }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read every record's latest version and look it up again by holder, number and identifier.",
            discussion: """
                Withdrawn records too. Not read: old versions, the change feed and the quarantine. A running `serve` does it;
                without one, this process opens the store for writing.
                Exit code: 0 every record is found, 1 one is not found by something it bears, 2 the store cannot be read.
                """)
        @OptionGroup var shared: SharedOptions
        func run() async throws { try await perform(.verify, shared) }
    }
}
