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
import SharedCatalogue
import SimulatedCity
import Sync
import Transport

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Everything in one go, on loopback: a simulated city, a sync, look-ups, an outage, health.",
        discussion: "All people are synthetic. Nothing leaves this machine. With --keep it goes on serving.")

    @Flag(help: "Go on serving afterwards, city and gateway, until Ctrl-C.") var keep = false
    @Option(help: "Records of each source.") var records = 2000
    @Option(help: "Where to keep the demo's configuration and store; a temporary folder when left out.") var folder:
        String?
    @Option(help: "The repository's adapters.") var adapters = "Adapters"
    @Option(help: "The repository's dialects and register.") var configuration = "Config"

    /// The six that the demo shows.
    private static let shown = [
        "yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health", "cs-education", "hunan-provincial-platform",
    ].map { SourceID($0) }

    func validate() throws {
        if !(1...5_000_000).contains(records) { throw ValidationError("--records takes 1 to 5000000.") }
    }

    func run() async throws {
        do {
            try await show()
        } catch let error as any DiagnosedError {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
    }

    private func show() async throws {
        let place = folder ?? NSTemporaryDirectory() + "licgate-demo-\(ProcessInfo.processInfo.processIdentifier)"
        let rig = CityRig(folder: place, adapters: adapters, configuration: configuration)
        let clock = SystemGatewayClock()
        Self.title("1  A city on loopback: six source systems, synthetic people", "一、本机模拟城市：六个来源系统，人员均为虚构")
        let city = try await rig.start(
            CityOptions(seed: 20_261_125, records: records, only: Set(Self.shown)),
            listen: keep ? "127.0.0.1:8480" : "127.0.0.1:0")
        defer {
            city.stop()
            if folder == nil { try? FileManager.default.removeItem(atPath: place) }
        }
        for source in city.sources { Console.out("   \(source)  \(city.baseURL(source) ?? "files in a drop folder")") }
        try city.set(.down, for: DemoStory.silenced)
        Console.out("   \(DemoStory.silenced) is switched off on purpose: see step 4.")

        let settings = try Startup.settings(rig.configurationFile)
        let demo = try await DemoStory(settings: settings, city: city, clock: clock)
        Self.title("2  Sync: every source that can be pulled, into one catalogue", "二、同步：全部可拉取来源归集到一个目录")
        await demo.sync()
        Self.title("3  Look up a licence by its ID", "三、按证照标识查询")
        try await demo.lookUpByIdentifier()
        Self.title("4  A holder whose source was switched off: an outage is never a \"no\"", "四、来源停机时的查询：停机绝不等于“没有”")
        try await demo.askBehindTheOutage()
        Self.title(
            "5  Interface health: not \"does it answer\" but \"does it answer rightly\"", "五、接口健康：不只看能否应答，更看答得对不对")
        await demo.health()
        await demo.close()
        Self.title("What next", "接下来")
        if keep {
            try city.set(nil, for: DemoStory.silenced)
            Console.out("   The city and the gateway go on serving; \(DemoStory.silenced) is back. Stop with Ctrl-C.")
            Console.out("   In another terminal: licgate health --config \(rig.configurationFile)")
            let serving = try await ServingGateway(
                settings: settings, clock: clock, configurationFile: rig.configurationFile)
            try await serving.run { port in
                Console.out("   http://127.0.0.1:\(port)/v1/sources  /metrics  /openapi.json")
            }
            return
        }
        Console.out("   keep it running     licgate demo --keep   (city and gateway, until Ctrl-C)")
        Console.out("   run your own        cp Config/gateway.example.yaml Config/gateway.yaml && licgate serve")
        Console.out("   add your own source Adapters/README.md, five steps; then `licgate lint Adapters/<id>`")
    }

    private static func title(_ english: String, _ chinese: String) {
        Console.out("")
        Console.out("── \(chinese)")
        Console.out("   \(english)")
    }
}

/// The steps of the demo, on a real store and real libcurl.
private struct DemoStory {
    static let silenced = SourceID("cs-health")

    let settings: GatewaySettings
    let city: RunningCity
    let clock: any GatewayClock
    let context: GatewayContext
    let catalogue: EmbeddedCatalogue
    let transport: CurlTransport
    let register: LicenceTypeRegister

    init(settings: GatewaySettings, city: RunningCity, clock: any GatewayClock) async throws {
        self.settings = settings
        self.city = city
        self.clock = clock
        transport = CurlTransport(clock: clock)
        let directory = SourceDirectory(try Startup.sources(settings, clock: clock, transport: transport))
        catalogue = try await EmbeddedCatalogue.open(EmbeddedOptions(settings, mode: .writer), clock: clock)
        register = LicenceTypeRegister.load(settings.licenceTypes).register
        context = GatewayContext(
            settings: settings, directory: directory, catalogue: catalogue, clock: clock,
            health: HealthKeeper(directory.all.map { $0.describe() }, clock: clock), observe: { _ in })
    }

    private var output: OperationOutput { Console.output(.table, clock: clock) }

    func sync() async {
        _ = await SyncOperation(context: context, output: output).perform(
            [], full: false, approve: false, outsideHours: true, skipPage: false)
    }

    func lookUpByIdentifier() async throws {
        let valid: [GoldenHolder] = city.sources.filter { $0 != Self.silenced }.flatMap { city.golden($0) }
            .filter { $0.expectation == "valid" }
        let identifiers = valid.compactMap(\.identifier)
        guard let identifier = identifiers.first(where: { $0.conformance == .conforming }) else { return }
        Console.out(
            "   $ licgate lookup \(identifier.raw)")
        try await show(.matching(.identifier(identifier.raw)))
    }

    func askBehindTheOutage() async throws {
        guard let golden = city.golden(Self.silenced).first(where: { $0.expectation == "valid" }) else { return }
        Console.out("   $ licgate lookup --holder \(golden.holder.kind):- --type \(golden.typeCode)")
        try await show(.matching(.holder(golden.holder.reference, golden.typeCode)))
    }

    private func show(_ subject: LookupCommand.Subject) async throws {
        let answer = try await LookupCommand.ask(
            subject, CalendarDay(at: clock.now), catalogue, context.directory, clock)
        let view = AnswerView(answer: answer, register: register, reveal: false, now: clock.now)
        for line in view.lines { Console.out("   " + line) }
    }

    func health() async {
        _ = await HealthOperation(context: context, output: output).perform([], probe: true)
    }

    func close() async {
        await catalogue.close()
        await transport.shutDown()
    }
}
