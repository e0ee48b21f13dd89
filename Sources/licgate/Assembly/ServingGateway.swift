// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import CatalogueContract
import Diagnostics
import Dispatch
import Foundation
import GatewayAPI
import GatewayConfiguration
import Intake
import InterfaceHealth
import LicenceModel
import Logging
import ProofFree
import SharedCatalogue
import Sync
import Synchronization
import Transport

/// `serve`: catalogue, API, scheduler, probes and control socket in one process.
final class ServingGateway: Sendable {
    private let settings: GatewaySettings
    private let configurationFile: String
    private let clock: any GatewayClock
    private let transport: CurlTransport
    private let directory: SourceDirectory
    private let catalogue: EmbeddedCatalogue
    private let health: HealthKeeper
    private let metrics = GatewayMetrics()
    private let register: LicenceTypeRegister
    private let logger: Logger
    private let sink: LogSink
    private let scheduler: SyncScheduler
    private let context: GatewayContext
    private let desk: PushDesk

    /// Opens everything that must be there before the first answer; throws an exit code after saying why.
    init(
        settings: GatewaySettings, clock: any GatewayClock, configurationFile: String
    ) async throws {
        self.settings = settings
        self.clock = clock
        self.configurationFile = configurationFile
        let sink = LogSink(clock: clock)
        self.sink = sink
        let level = Logger.Level(rawValue: settings.logLevel) ?? .info
        let logger = Logger(label: "licgate") { JSONLogHandler(label: $0, sink: sink, logLevel: level) }
        self.logger = logger
        Startup.makeFolders(settings)
        let watch = ExchangeWatch(clock: clock)
        transport = CurlTransport(clock: clock, observer: watch)
        directory = SourceDirectory(try Startup.sources(settings, clock: clock, transport: transport))
        register = LicenceTypeRegister.load(settings.licenceTypes).register
        do throws(CatalogueError) {
            catalogue = try await EmbeddedCatalogue.open(EmbeddedOptions(settings, mode: .writer), clock: clock)
        } catch {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
        health = HealthKeeper(directory.all.map { $0.describe() }, clock: clock)
        watch.report(to: health)
        let metrics = metrics
        let health = health
        let log = ServeLog(logger: logger)
        let observe: @Sendable (SyncEvent) -> Void = { event in
            log(event)
            metrics.observe(event)
            if case .finished(_, let record) = event { health.observe(record) }
        }
        context = GatewayContext(
            settings: settings, directory: directory, catalogue: catalogue, clock: clock, health: health,
            observe: observe)
        desk = PushDesk(folder: settings.intake, clock: clock)
        scheduler = SyncScheduler(
            directory: directory, catalogue: catalogue, runner: context.runner(), clock: clock,
            parallel: settings.parallel)
    }

    /// Serves until SIGTERM or SIGINT (or until the task is cancelled), then stops in order.
    func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let runner = OperationRunner(context: context)
        let control: ControlServer
        do throws(ControlError) {
            control = try ControlServer(path: settings.socket) { operation, output in
                await runner.perform(operation, output: output)
            }
        } catch {
            Console.problem(error.diagnostic.text)
            await catalogue.close()
            throw ExitCode(2)
        }
        try? await health.refresh(from: catalogue)
        let reload = Signals.watch(SIGHUP) { self.reload() }
        let failure = await Signals.cancelling { await self.serve(control, onListening) }
        reload.cancel()
        await control.stop()
        try? await catalogue.sync()
        await catalogue.close()
        await transport.shutDown()
        logger.notice("stopped")
        let sink = sink
        try? await Blocking.run { sink.drain() }
        if let failure {
            Console.problem(failure.text)
            throw ExitCode(2)
        }
    }

    /// Runs the API, the scheduler and the prober until cancelled; returns what kept the API from listening.
    private func serve(
        _ control: ControlServer, _ onListening: @escaping @Sendable (Int) -> Void
    ) async -> Diagnostic? {
        let services = services()
        let host = settings.listenHost
        let port = settings.listenPort
        return await withTaskGroup(of: Diagnostic?.self) { group in
            group.addTask {
                do throws(APIError) {
                    let address = try LoopbackAddress(host: host, port: port)
                    let server = GatewayServer(services, address: address, seed: UInt64.random(in: .min ... .max))
                    try await server.run { port in
                        control.start()
                        self.logger.notice("serving", metadata: ["port": "\(port)"])
                        onListening(port)
                    }
                    return nil
                } catch {
                    return error.diagnostic
                }
            }
            group.addTask {
                await self.scheduler.run()
                return nil
            }
            group.addTask {
                await self.probeLoop()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
    }

    private func services() -> GatewayServices {
        let directory = directory
        let register = register
        let logger = logger
        let metrics = metrics
        let pushes = PushOperation(context: context, desk: desk)
        let desk = AnswerDesk(
            catalogue: catalogue, coverage: GatewayCoverage(directory: directory, health: health), clock: clock)
        return GatewayServices(
            catalogue: catalogue, health: health, answering: { await desk.answer($0) },
            sources: { directory.all.map { $0.describe() } },
            licenceTypes: { register.entries.map { LicenceTypeLine(code: $0.code, name: $0.nameChinese) } },
            readiness: { await self.readiness() }, metrics: metrics, clock: clock, version: gatewayVersion,
            taking: { (call, body) async throws(PushRefusal) in try await pushes.take(call, body) },
            accessLog: { entry in
                let level: Logger.Level = entry.isRoutine ? .debug : .info
                logger.log(
                    level: level, "request",
                    metadata: [
                        "request": "\(entry.requestID)", "route": "\(entry.route)", "status": "\(entry.status)",
                        "took_ms": "\(entry.took.wholeMilliseconds)", "code": "\(entry.code ?? "-")",
                    ])
            })
    }

    /// What must be there for the gateway to work; a source is never among it.
    private func readiness() async -> [ReadinessCheck] {
        let store: ReadinessCheck
        do {
            _ = try await catalogue.states()
            store = ReadinessCheck(name: "store", isReady: true, detail: "answers")
        } catch {
            store = ReadinessCheck(name: "store", isReady: false, detail: error.diagnostic.code)
        }
        let awake = scheduler.lastWake.map { clock.now - $0 < .seconds(120) } ?? false
        return [
            store,
            ReadinessCheck(
                name: "scheduler", isReady: awake, detail: awake ? "wakes" : "has not woken for two minutes"),
        ]
    }

    /// Probes every interface in service, spread over the period, inside its allowed hours.
    private func probeLoop() async {
        while !Task.isCancelled {
            await HealthOperation.probe(Selection([], in: directory).jobs, context)
            try? await health.refresh(from: catalogue)
            do { try await clock.sleep(for: .seconds(settings.probeMinutes * 60)) } catch { return }
        }
    }

    /// Checks the configuration and swaps the sources, or keeps the old ones and says why.
    private func reload() {
        let (fresh, findings) = GatewaySettings.load(configurationFile)
        guard let fresh else {
            for finding in findings { logger.error("reload refused: \(finding.text)") }
            return
        }
        let loaded = SourceLoader(settings: fresh, environment: ProcessInfo.processInfo.environment)
            .load(transport: transport, clock: clock)
        let errors = loaded.findings.filter { $0.severity == .error }
        guard errors.isEmpty else {
            for finding in errors { logger.error("reload refused: \(finding.text)") }
            return
        }
        for finding in loaded.findings where finding.severity == .warning { logger.warning("\(finding.text)") }
        directory.replace(with: loaded.sources)
        health.declare(loaded.sources.map { $0.describe() })
        logger.notice("reloaded", metadata: ["sources": "\(loaded.sources.count)"])
    }
}
