import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SimulatedCity
import Testing

/// A simulated city in this process, and a folder with a configuration that points `licgate` at it.
final class CityBench: Sendable {
    let city: RunningCity
    let folder: TemporaryFolder

    var config: String { folder.path + "/gateway.yaml" }

    init(
        records: [String: Int], spoiledEvery: Int = 0, extra: String = "", seed: UInt64 = 4301
    ) async throws {
        folder = try TemporaryFolder()
        let drop = folder.path + "/drop"
        try FileManager.default.createDirectory(atPath: drop, withIntermediateDirectories: true)
        let counts = Dictionary(
            uniqueKeysWithValues: SimulatedCity.sources.map { ($0, records[$0.rawValue] ?? 0) })
        city = try await SimulatedCity.start(
            CityOptions(
                seed: seed, records: 0, only: Set(records.keys.map { SourceID($0) }), recordsPerSource: counts,
                spoiledEvery: spoiledEvery, dropFolder: drop, slowPauseMilliseconds: 1))
        for (name, secret) in city.secrets { try folder.write("secrets/" + name, secret.revealed) }
        var text = """
            listen: 127.0.0.1:0
            store: store
            index_key: index.key
            socket: s.sock
            adapters: \(repository)/Adapters
            dialects: \(repository)/Config/dialects
            licence_types: \(repository)/Config/licence-types.csv
            secrets:
              folder: secrets
            \(extra)
            sources:

            """
        for source in city.sources where records[source.rawValue] != nil {
            text += "  \(source):\n"
            for (name, value) in city.settings(source).settings.sorted(by: { $0.key < $1.key }) {
                text += "    \(name): \"\(value)\"\n"
            }
        }
        try folder.write("gateway.yaml", text)
    }

    deinit { city.stop() }

    func run(_ arguments: String..., environment: [String: String] = [:], input: String? = nil) async throws
        -> CommandResult
    {
        try await GatewayProcess(arguments + ["--config", config], environment: environment, input: input).wait()
    }

    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> GatewayProcess {
        try GatewayProcess(arguments + ["--config", config], environment: environment)
    }

    /// What the catalogue holds, key digest to content digest, from `catalogue export`.
    func exported() async throws -> [String: String] {
        let result = try await run("catalogue", "export")
        #expect(result.status == 0, "\(result.err)")
        var out: [String: String] = [:]
        for line in result.out.split(separator: "\n") {
            let cells = line.split(separator: "\t").map(String.init)
            #expect(cells.count == 6)
            #expect(out.updateValue(cells[2], forKey: cells[1]) == nil, "a record stands twice")
        }
        return out
    }

    /// What the city says it holds.
    func ledger(_ sources: [String]) -> [String: String] {
        var out: [String: String] = [:]
        for source in sources { out.merge(digests(city.ledger(SourceID(source)))) { $1 } }
        return out
    }

    /// A ledger in the words of `catalogue export`.
    func digests(_ ledger: CityLedger) -> [String: String] {
        var out: [String: String] = [:]
        for entry in ledger.entries {
            let key = SHA256.digest(entry.key.source.rawValue + "\u{1F}" + entry.key.joined).description.prefix(32)
            out[String(key)] = entry.digest.description
        }
        return out
    }

    /// Compares, and names what differs by counts: a digest says nothing to a reader.
    func expectLedger(_ sources: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let wanted = ledger(sources)
        let found = try await exported()
        let missing = wanted.keys.count { found[$0] == nil }
        let extra = found.keys.count { wanted[$0] == nil }
        let different = wanted.count { found[$0.key] != nil && found[$0.key] != $0.value }
        #expect(
            missing == 0 && extra == 0 && different == 0,
            "of \(wanted.count) records \(missing) missing, \(extra) too many, \(different) different",
            sourceLocation: sourceLocation)
    }
}
