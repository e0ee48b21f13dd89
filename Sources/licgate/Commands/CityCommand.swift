// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Diagnostics
import Foundation
import SimulatedCity

struct CityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "city",
        abstract: "Serve the simulated city on loopback: synthetic people, by seed, with faults to switch.",
        discussion: """
            Writes `gateway.yaml` and secrets (0600) for it into --folder, so that every other command can be tried against it:
              licgate city --folder var/city &      licgate sync --config var/city/gateway.yaml --all
            Faults are switched over the control address with the token printed at the start:
              curl -X POST -H "Authorization: Bearer TOKEN" CONTROL/faults/cs-transport/down
            """)

    @Option(help: "Every value depends on it.") var seed: UInt64 = 20_261_125
    @Option(help: "Records of each source.") var records = 2000
    @Option(help: "Every so many-th record is spoiled on purpose; 0 for none.") var spoiledEvery = 0
    @Option(help: "First port; 0 lets the machine choose.") var port = 0
    @Option(help: "Where the configuration, the secrets and the dropped files go.") var folder: String
    @Option(help: "The repository's adapters.") var adapters = "Adapters"
    @Option(help: "The repository's dialects and register.") var configuration = "Config"

    func validate() throws {
        if !(1...5_000_000).contains(records) { throw ValidationError("--records takes 1 to 5000000.") }
        if port != 0, !(1024...65_000).contains(port) { throw ValidationError("--port takes 0, or 1024 to 65000.") }
        if spoiledEvery < 0 { throw ValidationError("--spoiled-every takes 0 or more.") }
    }

    func run() async throws {
        do {
            let rig = CityRig(folder: folder, adapters: adapters, configuration: configuration)
            let city = try await rig.start(seed: seed, records: records, spoiledEvery: spoiledEvery, port: port)
            Console.out("The simulated city serves \(city.sources.count) sources, \(grouped(records)) records each.")
            for source in city.sources { Console.out("  \(source)  \(city.baseURL(source) ?? rig.dropFolder)") }
            Console.out("configuration  \(rig.configurationFile)")
            Console.out("control        \(city.controlURL)  token \(city.controlToken)")
            Console.out("Stop it with Ctrl-C.")
            await Signals.cancelling { try? await Task.sleep(for: .seconds(86_400 * 365)) }
            city.stop()
        } catch let error as any DiagnosedError {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
    }
}
