// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The program's version, shown by `--version`, `/healthz` and in the store's format refusals.
let gatewayVersion = "0.1.0"

@main
struct Licgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "licgate",
        abstract: "Licence gateway 电子证照共享网关: syncs licence sources, looks licences up, validates interfaces.",
        discussion: """
            Daily work:
              licgate sync --all                          pull every source now (`serve` does it on schedule)
              licgate lookup --holder 111:- --type CODE   does this holder have a valid licence? (code from stdin)
              licgate health --probe                      do the interfaces answer rightly?
            First steps: `licgate demo` shows everything on loopback with synthetic people.
            """,
        version: gatewayVersion,
        subcommands: [
            ServeCommand.self, SyncCommand.self, LookupCommand.self, SourcesCommand.self, HealthCommand.self,
            LintCommand.self, AdapterCommand.self, QuarantineCommand.self, CatalogueCommand.self, ConfigCommand.self,
            CityCommand.self,
            DemoCommand.self,
        ])
}
