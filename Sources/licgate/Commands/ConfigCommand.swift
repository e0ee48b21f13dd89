// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import GatewayConfiguration

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "What the configuration's keys mean.", subcommands: [Explain.self])

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Kind, default and purpose of every key, or of the ones whose path begins with KEY.",
            discussion: "With --format json also an example of each.")
        @Argument(help: "A key, for example sync.parallel.") var key: String?
        @Option(help: "table for people, json for machines.") var format: OutputFormat = .table

        func run() async throws {
            let keys = ConfigurationKey.all.filter { key == nil || $0.path.hasPrefix(key ?? "") }
            guard !keys.isEmpty else {
                Console.problem(
                    "[configuration.unknown_key] no key begins with this. `licgate config explain` lists all.")
                throw ExitCode(2)
            }
            if format == .json {
                let list = keys.map { key -> JSONValue in
                    [
                        "key": .text(key.path), "kind": .text(key.kind.rawValue), "default": .optional(key.defaultText),
                        "example": .text(key.example), "purpose": .text(key.purpose),
                    ]
                }
                return Console.out(JSONValue.list(list).rendered())
            }
            var table = Table(["key", "kind", "default", "what it does"])
            for key in keys { table.add([key.path, key.kind.rawValue, key.defaultText ?? "(manifest)", key.purpose]) }
            table.lines.forEach(Console.out)
        }
    }
}
