// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CatalogueContract
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Records that could not be read: why, where, and what to do with them.",
        discussion: """
            A reject keeps a record's bytes until it is replayed or given up; until then the record (or, when its holder
            could not be read, every absent record of its interface) answers "cannot tell".
            """,
        subcommands: [List.self, Show.self, Replay.self, Purge.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open rejects, oldest first.")
        @OptionGroup var shared: SharedOptions
        @Option(help: "Only of this source.") var source: String?
        @Option(help: "Only with this error code.") var code: String?
        @Option(help: "At most so many, 1 to 1000.") var limit = 50

        func validate() throws {
            if !(1...1000).contains(limit) { throw ValidationError("--limit takes 1 to 1000.") }
        }

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            if let source, settings.sources[SourceID(source)] == nil {
                Console.problem(Selection.noSource(source, settings.sources.keys.map(\.rawValue).sorted()).text)
                throw ExitCode(2)
            }
            let filter = QuarantineFilter(source: source.map { SourceID($0) }, code: code, limit: limit)
            let found =
                try await Startup.withReaderIfAny(settings, clock: SystemGatewayClock()) { reader in
                    try await reader.quarantine(filter)
                } ?? []
            if shared.format == .json {
                Console.out(JSONValue.list(found.map(JSONValue.init(reject:))).rendered())
                return
            }
            guard !found.isEmpty else { return Console.out("No open rejects.") }
            var table = Table(["id", "received", "interface", "where", "reason"], rightAligned: [0])
            for record in found {
                table.add([
                    String(record.id), String(record.reject.fetchedAt.iso8601.prefix(16)),
                    record.reject.interface.description, record.reject.reason.place.path ?? "-",
                    shortened("[\(record.reject.reason.code)] \(record.reject.reason.what)", to: 80),
                ])
            }
            table.lines.forEach(Console.out)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One reject: place, reason and remedy; with --raw its bytes, which hold personal values.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "The reject's id.") var id: Int64
        @Flag(help: "Also print the record as received. It holds personal values: not into logs or tickets.")
        var raw = false

        func run() async throws {
            let settings = try Startup.settings(shared.configurationFile)
            let found = try await Startup.withReaderIfAny(settings, clock: SystemGatewayClock()) { reader in
                try await reader.quarantine(QuarantineFilter(ids: [id], withRaw: raw))
            }
            guard let record = found?.first else {
                Console.problem(
                    "[catalogue.not_found] no open reject has the id \(id). `licgate quarantine list` shows them.")
                throw ExitCode(2)
            }
            if shared.format == .json {
                Console.out(JSONValue(reject: record).rendered())
            } else {
                Console.out(record.reject.reason.text)
                Console.out(
                    "received \(record.reject.fetchedAt.iso8601), run \(record.run), \(grouped(record.rawBytes)) bytes, "
                        + "mapping \(record.reject.mappingRevision)")
            }
            if raw { Console.out(String(decoding: record.reject.raw, as: UTF8.self)) }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Map rejects again with today's manifests. Exit code 0 when all could be read now, else 1.",
            discussion: "What still cannot be read stays as it was; the summary counts the reasons of today.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "Rejects by id; none means all (of --source).") var ids: [Int64] = []
        @Option(help: "Only of this source.") var source: String?
        func run() async throws { try await perform(.replay(ids: ids, source: source), shared) }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give rejects up. The doubt they cast on answers ends with them.")
        @OptionGroup var shared: SharedOptions
        @Argument(help: "Rejects by id.") var ids: [Int64]
        @Option(help: "Why; kept in the history.") var note: String
        func run() async throws { try await perform(.purge(ids: ids, note: note), shared) }
    }
}

extension JSONValue {
    init(reject record: QuarantinedRecord) {
        let reason = record.reject.reason
        self = [
            "id": .number(Int(record.id)), "run": .text(record.run.rawValue),
            "interface": .text(record.reject.interface.description), "code": .text(reason.code),
            "what": .text(reason.what), "where": .text(reason.place.words), "remedy": .text(reason.remedy),
            "received_at": .text(record.reject.fetchedAt.iso8601), "raw_bytes": .number(record.rawBytes),
            "mapping_revision": .text(record.reject.mappingRevision),
            "key_known": .bool(record.reject.key != nil), "holder_known": .bool(!record.reject.holders.isEmpty),
        ]
    }
}
