// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import Diagnostics
import Foundation
import LicenceModel
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
    @Option(help: "Records of each system.") var records = 2000
    @Option(help: "Records of each provincial interface.") var rowRecords = 200
    @Option(help: "Instead of both: this share of what the real ones hold, for example 0.001.") var scale: Double?
    @Option(help: "Every so many-th record is spoiled on purpose; 0 for none.") var spoiledEvery = 0
    @Option(help: "The sources to serve, separated by commas; all when left out.") var only: String?
    @Option(help: "First port; 0 lets the machine choose.") var port = 0
    @Option(help: "Where the configuration, the secrets and the dropped files go.") var folder: String
    @Option(help: "The repository's adapters.") var adapters = "Adapters"
    @Option(help: "The repository's dialects and register.") var configuration = "Config"
    @Option(help: "The time it is in the city at the start, ISO 8601; without it: now.") var now: String?
    @Flag(help: "No planned downtime, no daily quotas, no habits: every interface answers at its best.") var calm =
        false

    func validate() throws {
        if !(1...5_000_000).contains(records) { throw ValidationError("--records takes 1 to 5000000.") }
        if !(1...5_000_000).contains(rowRecords) { throw ValidationError("--row-records takes 1 to 5000000.") }
        if let scale, !(0.000_001...1).contains(scale) { throw ValidationError("--scale takes 0.000001 to 1.") }
        if port != 0, !(1024...65_000).contains(port) { throw ValidationError("--port takes 0, or 1024 to 65000.") }
        if spoiledEvery < 0 { throw ValidationError("--spoiled-every takes 0 or more.") }
        if now != nil, start == nil {
            throw ValidationError("--now takes ISO 8601, for example 2026-11-25T01:30:00+08:00.")
        }
        for name in chosen ?? [] where !SimulatedCity.sources.contains(name) {
            throw ValidationError("--only: the city has no source \(name).")
        }
    }

    private var chosen: Set<SourceID>? {
        only.map { Set($0.split(separator: ",").map { SourceID(String($0)) }) }
    }

    private var start: Timestamp? {
        now.flatMap { try? Date($0, strategy: .iso8601) }
            .map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }

    private var options: CityOptions {
        var options = CityOptions(
            seed: seed, records: records, scale: scale, rowRecords: rowRecords, only: chosen,
            spoiledEvery: spoiledEvery, port: port)
        options.windows = !calm
        options.quotas = !calm
        options.personalities = !calm
        if let start { options.clock = ShiftedClock(start: start) }
        return options
    }

    func run() async throws {
        do {
            let rig = CityRig(folder: folder, adapters: adapters, configuration: configuration)
            let city = try await rig.start(options)
            let size = scale.map { "\($0) of the real size" } ?? "\(grouped(records)) records a system"
            Console.out(
                "The simulated city serves \(city.interfaces.count) interfaces of \(city.sources.count) sources, \(size)."
            )
            for source in city.sources {
                Console.out(
                    "  \(source)  \(city.baseURL(source) ?? city.settings(source).settings["drop_folder"] ?? "")")
            }
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

/// A clock that was set once and runs on.
private struct ShiftedClock: GatewayClock {
    private let start: Timestamp
    private let own = SystemGatewayClock()

    init(start: Timestamp) { self.start = start }

    var now: Timestamp { Timestamp(milliseconds: start.milliseconds + elapsed.components.seconds * 1000) }
    var elapsed: Duration { own.elapsed }
    func sleep(for duration: Duration) async throws { try await own.sleep(for: duration) }
}
