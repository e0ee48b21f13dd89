// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import CatalogueContract
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import InterfaceHealth
import LicenceModel
import SharedCatalogue
import Sync
import Transport

/// How commands get at their configuration, their sources and the catalogue.
enum Startup {
    /// The settings, or every finding on standard error and exit code 2.
    static func settings(_ file: String) throws -> GatewaySettings {
        let (settings, findings) = GatewaySettings.load(file)
        for finding in findings { Console.problem(finding.text) }
        guard let settings else { throw ExitCode(2) }
        return settings
    }

    /// The sources in service, or every finding on standard error and exit code 2.
    static func sources(
        _ settings: GatewaySettings, clock: any GatewayClock, transport: (any HTTPExchanging)? = nil
    ) throws -> [any LicenceSource] {
        let transport = transport ?? CurlTransport(clock: clock)
        let loaded = SourceLoader(settings: settings, environment: ProcessInfo.processInfo.environment)
            .load(transport: transport, clock: clock)
        for finding in loaded.findings where finding.severity != .note { Console.problem(finding.text) }
        guard !loaded.findings.contains(where: { $0.severity == .error }) else {
            Console.problem("Nothing was started: mend the errors above (`licgate lint` shows them all).")
            throw ExitCode(2)
        }
        return loaded.sources
    }

    /// Makes the folders in which the store, its key and the socket go, for their owner only.
    static func makeFolders(_ settings: GatewaySettings) {
        for file in [settings.store, settings.indexKey, settings.socket] {
            let folder = (file as NSString).deletingLastPathComponent
            guard !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) else { continue }
            // A folder that cannot be made is reported by whoever needs it, with its own code and remedy.
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    /// Performs an operation through a running `serve`; nil when nobody serves.
    static func throughServer(
        _ operation: Operation, _ settings: GatewaySettings, _ output: @escaping OperationOutput
    ) async throws -> Int32? {
        let socket = settings.socket
        do {
            return try await Blocking.run { try ControlClient.perform(operation, at: socket, output: output) }
        } catch let error as any DiagnosedError {
            // 1 would mean "degraded" or "not found" to a caller: this is "could not be done".
            Console.problem(error.diagnostic.text)
            return 2
        }
    }

    /// Opens the catalogue for writing, performs, and closes it again.
    static func withWriter(
        _ settings: GatewaySettings, clock: any GatewayClock,
        _ body: @escaping @Sendable (OperationRunner) async -> Int32
    ) async throws -> Int32 {
        makeFolders(settings)
        let transport = CurlTransport(clock: clock)
        let directory = SourceDirectory(try sources(settings, clock: clock, transport: transport))
        let catalogue: EmbeddedCatalogue
        do throws(CatalogueError) {
            catalogue = try await EmbeddedCatalogue.open(EmbeddedOptions(settings, mode: .writer), clock: clock)
        } catch {
            Console.problem(error.diagnostic.text)
            return 2
        }
        let context = GatewayContext(
            settings: settings, directory: directory, catalogue: catalogue, clock: clock,
            health: HealthKeeper(directory.all.map { $0.describe() }, clock: clock), observe: { _ in })
        let code = await Signals.cancelling { await body(OperationRunner(context: context)) }
        await catalogue.close()
        await transport.shutDown()
        return code
    }

    /// Reads the catalogue beside whoever writes it; nil when there is no catalogue yet.
    @discardableResult
    static func withReaderIfAny<T: Sendable>(
        _ settings: GatewaySettings, clock: any GatewayClock,
        _ body: (any CatalogueReading) async throws -> T
    ) async throws -> T? {
        guard FileManager.default.fileExists(atPath: settings.store) else { return nil }
        do {
            let reader = try await EmbeddedCatalogue.open(EmbeddedOptions(settings, mode: .reader), clock: clock)
            do {
                let value = try await body(reader)
                await reader.close()
                return value
            } catch {
                await reader.close()
                throw error
            }
        } catch let error as CatalogueError {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
    }
}

/// Runs blocking work on a thread of its own, away from Swift's cooperative pool.
enum Blocking {
    static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedContinuation { (continuation: CheckedContinuation<Result<T, any Error>, Never>) in
            let thread = Thread { continuation.resume(returning: Result { try work() }) }
            thread.stackSize = 1 << 20
            thread.start()
        }.get()
    }
}
