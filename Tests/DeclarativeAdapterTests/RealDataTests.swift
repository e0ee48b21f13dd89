import AdapterKit
import AdapterTesting
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

/// Data nobody here wrote, connected by manifest alone, served as files on loopback and fetched by libcurl.
///
/// The folder is named by `LICGATE_REALDATA`, or lies beside the repository; without it these tests are skipped.
private enum RealData {
    static let root: String = {
        if let named = ProcessInfo.processInfo.environment["LICGATE_REALDATA"] { return named }
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return repository.deletingLastPathComponent().appendingPathComponent("shared/realdata").path
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: root + "/ares") }

    static let types: Set<LicenceTypeCode> = [
        LicenceTypeCode("FOREIGN-REGISTER-CZ"), LicenceTypeCode("FOREIGN-REGISTER-PL"),
    ]

    /// Every file of a folder at `/name`.
    static func serve(_ folder: String, type: String) throws -> FixtureServer {
        let server = try FixtureServer()
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(folder)/\(name)"))
            server.script("/" + name, .ok(Array(bytes), headers: [("Content-Type", type)]))
        }
        return server
    }

    static func source(_ id: String, _ server: FixtureServer) throws -> (
        any LicenceSource, SourceManifest, CurlTransport
    ) {
        let (manifest, findings) = Fixtures.linter.lint(
            folder: Fixtures.folder.appendingPathComponent("realdata/\(id)").path, licenceTypes: types)
        #expect(findings.map(\.text) == [])
        let found = try #require(manifest)
        let transport = CurlTransport(clock: SystemGatewayClock())
        let source = try DeclarativeAdapter.make(
            found, transport: transport, settings: FixedAdapterSettings(settings: ["base_url": server.origin]),
            clock: SystemGatewayClock())
        return (source, found, transport)
    }

    static func pull(_ source: any LicenceSource) async throws -> [SourceBatch] {
        let interface = source.describe().interfaces[0]
        var batches: [SourceBatch] = []
        for partition in interface.partitions {
            let request = PullRequest(
                interface: interface.id, mode: .full, partition: partition, windowEnd: SystemGatewayClock().now,
                run: RunID(rawValue: "real"))
            for try await batch in source.pull(request) { batches.append(batch) }
        }
        return batches
    }
}

@Suite(.enabled(if: RealData.isThere, "no LICGATE_REALDATA and no ../shared/realdata"))
struct `A foreign register connected by manifest alone` {
    @Test func `gives the organisations of ARES, digit for digit`() async throws {
        let server = try RealData.serve("ares/tests/fixtures/ares", type: "application/json")
        defer { server.stop() }
        let (source, _, transport) = try RealData.source("cz-ares", server)
        let batches = try await RealData.pull(source)
        #expect(batches.rejects.map(\.reason.text) == [])
        let records = batches.flatMap(\.records)
        #expect(records.compactMap(\.number?.raw) == ["25110161", "27082440", "49240901", "61682039"])
        let second = try #require(records.dropFirst().first)
        #expect(second.holders == [Holder(kind: .otherOrganisationCode, code: "27082440", name: "Alza.cz a.s.")])
        // Written as midnight in +02:00: the day is the one printed, not the evening before in another zone.
        #expect(second.validity.from?.description == "2003-08-26")
        #expect(second.validity.until == .openEnded)
        #expect(second.status == .valid)
        let face = Dictionary(second.faceFields.map { ($0.name, $0.value) }) { $1 }
        #expect(face["zip"] == "17000")
        #expect(face["legal_form_code"] == "121")
        #expect(face["vat_payer"] == "true")
        #expect(face["city_district"] == "Holešovice")
        #expect(face["district"] == nil)
        #expect(face["first_activity"] == "461")
        await transport.shutDown()
    }

    @Test func `keeps both rows of REGON that share one number`() async throws {
        let server = try RealData.serve("gusapi/tests/resources/response", type: "text/xml")
        defer { server.stop() }
        let (source, _, transport) = try RealData.source("pl-regon", server)
        let batches = try await RealData.pull(source)
        #expect(batches.rejects.map(\.reason.text) == [])
        let records = batches.flatMap(\.records)
        #expect(
            records.map { $0.key.parts } == [
                ["02092251199990", "P", "6"], ["02092251199990", "F", "2"], ["02092251199990", "P", "6"],
            ])
        #expect(records[0].holders.first?.name == "ZAKŁAD MALARSKI TEST")
        #expect(records[1].issuingAuthority?.region == "LUBELSKIE")
        let face = Dictionary(records[1].faceFields.map { ($0.name, $0.value) }) { $1 }
        #expect(face["Nip"] == "0099112233")
        #expect(face["Powiat"] == "kraśnicki")
        #expect(face["NrLokalu"] == "33")
        #expect(records[0].faceFields.allSatisfy { $0.name != "NrLokalu" && $0.name != "StatusNip" })
        #expect(records[0].contentDigest == records[2].contentDigest)
        await transport.shutDown()
    }

    @Test(arguments: ["cz-ares", "pl-regon"]) func `is probed like any other source`(id: String) async throws {
        let server = try RealData.serve(
            id == "cz-ares" ? "ares/tests/fixtures/ares" : "gusapi/tests/resources/response",
            type: id == "cz-ares" ? "application/json" : "text/xml")
        defer { server.stop() }
        let (source, _, transport) = try RealData.source(id, server)
        let interface = source.describe().interfaces[0].id
        for layer in [ProbeLayer.connect, .http, .shape] {
            #expect(await source.probe(layer, of: interface, question: nil).outcome == .passed)
        }
        await transport.shutDown()
    }
}
