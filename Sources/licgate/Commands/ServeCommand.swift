// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import CatalogueContract
import Diagnostics
import Foundation
import GatewayAPI
import GatewayConfiguration
import InterfaceHealth
import LicenceModel
import Logging
import SharedCatalogue
import Sync
import Transport

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer over HTTP, pull on schedule and probe interfaces, until SIGTERM.",
        discussion: """
            Other commands work beside it: those that read open the catalogue themselves, those that write (and `health` and
            `catalogue verify`) reach it over its socket. SIGHUP checks the configuration and swaps the sources, with their
            manifests, settings and health, or keeps the old ones and says why; every other setting needs a restart. SIGTERM
            ends runs after the page they are at. Logs are JSON lines on standard error.
            """)

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        signal(SIGHUP, SIG_IGN)  // Until the reload is in place: a reload asked for during the start must not end it.
        let clock = SystemGatewayClock()
        let settings = try Startup.settings(shared.configurationFile)
        let server = try await ServingGateway(
            settings: settings, clock: clock, configurationFile: shared.configurationFile)
        try await server.run { port in
            Console.out("licgate \(gatewayVersion) answers on http://\(settings.listenHost):\(port)")
            Console.out("  try: licgate lookup --holder KIND:- --type CODE   licgate health   curl …/v1/sources")
        }
    }
}
