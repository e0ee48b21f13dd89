// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Diagnostics

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "How the interfaces stand: not whether they answer, but whether they answer rightly.",
        discussion: """
            Without --probe, from the last pulls and the probes of a running `serve`; with it, every interface inside its
            allowed hours is asked now, layer by layer, once. A running `serve` does it; without one, this process opens the
            store for writing.
            Exit code: 0 all healthy, 1 degraded, unproven or in maintenance, 2 one is down (or: no such source, a
            configuration with errors, a store that cannot be opened), 3 one is unknown and none down, or nothing in service.
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("What to report on; nothing means everything.", valueName: "source[/interface]"))
    var selection: [String] = []
    @Flag(help: "Ask every interface now that is inside its allowed hours.") var probe = false

    func run() async throws {
        let clock = SystemGatewayClock()
        let output = Console.output(shared.format, clock: clock)
        let settings = try Startup.settings(shared.configurationFile)
        let operation = Operation.health(selection: selection, probe: probe)
        if let code = try await Startup.throughServer(operation, settings, output) { throw ExitCode(code) }
        let code = try await Startup.withWriter(settings, clock: clock) { runner in
            await runner.perform(operation, output: output)
        }
        throw ExitCode(code)
    }
}
