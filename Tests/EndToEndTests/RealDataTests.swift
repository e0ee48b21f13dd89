import AdapterTesting
import Foundation
import Testing

/// Registers nobody here wrote, from `LICGATE_REALDATA` or a folder beside the repository; skipped by name without it.
private let realData: String = {
    if let named = ProcessInfo.processInfo.environment["LICGATE_REALDATA"] { return named }
    return URL(fileURLWithPath: repository).deletingLastPathComponent().appendingPathComponent("shared/realdata").path
}()

private func files(_ folder: String, type: String) throws -> FixtureServer {
    let server = try FixtureServer()
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(realData)/\(folder)") {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(realData)/\(folder)/\(name)"))
        server.script("/" + name, .ok(Array(bytes), headers: [("Content-Type", type)]))
    }
    return server
}

@Suite(.enabled(if: FileManager.default.fileExists(atPath: realData + "/ares"), "no real data is here"))
struct `Registers of other countries, by manifest alone` {
    @Test func `are synced, looked up by number on both ways, and shown in health`() async throws {
        let ares = try files("ares/tests/fixtures/ares", type: "application/json")
        let regon = try files("gusapi/tests/resources/response", type: "application/xml; charset=utf-8")
        defer {
            ares.stop()
            regon.stop()
        }
        let folder = try TemporaryFolder()
        try folder.write(
            "types.csv", "type_code,name_zh\nFOREIGN-REGISTER-CZ,捷克企业登记\nFOREIGN-REGISTER-PL,波兰企业登记\n")
        try folder.write(
            "gateway.yaml",
            """
            listen: 127.0.0.1:0
            store: store
            index_key: index.key
            socket: s.sock
            adapters: \(repository)/Tests/DeclarativeAdapterTests/Fixtures/realdata
            dialects: \(repository)/Config/dialects
            licence_types: types.csv
            sources:
              cz-ares: { base_url: "\(ares.origin)" }
              pl-regon: { base_url: "\(regon.origin)" }

            """)
        let config = folder.path + "/gateway.yaml"
        let sync = try await licgate("sync", "--outside-hours", "--all", "--config", config)
        #expect(sync.status == 0, "\(sync.err)")
        let czech = try await licgate(
            "lookup", "--number", "27082440", "--type", "FOREIGN-REGISTER-CZ", "--config", config)
        #expect(czech.status == 0 && czech.out.contains("cz-ares"), "\(czech.out) \(czech.err)")
        let polish = try await licgate(
            "lookup", "--number", "02092251199990", "--type", "FOREIGN-REGISTER-PL", "--format", "json", "--config",
            config)
        #expect(polish.out.components(separatedBy: "\"catalogue_id\"").count == 3, "both rows: \(polish.out)")
        let health = try await licgate("health", "--probe", "--config", config)
        #expect(
            health.out.contains("cz-ares/organisations") && health.out.contains("2 healthy, unproven"), "\(health.out)")

        let (process, port) = try await serving(config)
        let (status, body) = try await http(
            port, "POST", "/v1/licences/search", #"{"number": "27082440", "type": "FOREIGN-REGISTER-CZ"}"#)
        #expect(status == 200 && body.contains("cz-ares"), "\(status) \(body)")
        process.signal(SIGTERM)
        #expect(await process.wait().status == 0)
    }
}
