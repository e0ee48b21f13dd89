// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Cryptography
import Diagnostics
import Foundation
import GatewayAPI
import Hummingbird
import HummingbirdTesting
import InterfaceHealth
import LicenceModel
import NIOCore
import ProofFree
import Synchronization
import Testing

let transport = InterfaceID(SourceID("cs-transport"), "licences")
let taxiPermit = LicenceTypeCode("11430000006117TEST001")
/// 2026-11-25 10:00 in UTC+8.
let morning = Timestamp(seconds: 1_795_572_000)
/// Synthetic: a resident number that passes its check and belongs to nobody, and a name nobody else here has.
let canaryCode = "430104199001011232"
let canaryName = "金丝雀七甲"

final class StoppedClock: GatewayClock {
    var now: Timestamp { morning }
    var elapsed: Duration { .zero }
    func sleep(for duration: Duration) async throws {}
}

/// Answers from the catalogue as far as these tests need it: the first record decides; none is told as scripted.
struct ScriptedDesk: Sendable {
    var catalogue: any CatalogueReading
    var empty: Verdict = .noRecord
    var says: RecordVerdict = .counts
    var verdict: Verdict?
    var choose: (@Sendable () -> Verdict)?

    @Sendable func answer(_ question: ProofFreeQuestion) async -> ProofFreeAnswer {
        let passport = Passport(
            source: transport.source, asOf: morning + .seconds(-3600), age: .seconds(3600), trustGrade: .b,
            ruleVersion: "test-1", simulated: true)
        let sentence = BilingualSentence(chinese: "有效。", english: "Valid.")
        do {
            let matches = try await catalogue.entries(matching: question.about, limit: 100)
            let records = matches.entries.map { entry in
                JudgedRecord(
                    entry: entry, says: says, heldBackBy: nil, asOf: morning + .seconds(-3600), age: .seconds(3600),
                    decided: true)
            }
            let decided: Verdict = records.isEmpty ? empty : .holds
            return ProofFreeAnswer(
                verdict: choose?() ?? verdict ?? decided, passport: passport, records: records, sentence: sentence,
                considered: [
                    ConsideredInterface(
                        interface: transport, sourceName: "道路运输", asOf: morning, copyLimit: .seconds(86_400), doubt: nil
                    )
                ], codeCheck: .ok)
        } catch {
            return ProofFreeAnswer(
                verdict: .cannotTell(.catalogueUnavailable, retryAt: nil), passport: passport, sentence: sentence,
                failure: error.diagnostic)
        }
    }
}

func licence(key: String = "1", code: String = canaryCode, name: String = canaryName) -> Licence {
    Licence(
        key: SourceRecordKey(source: transport.source, parts: [key]), interface: transport, typeCode: taxiPermit,
        identifier: LicenceIdentifier("1.2.156.3005.2.\(taxiPermit).11430100MB0000000X.\(code).001.X"),
        number: LicenceNumber(code), holders: [Holder(kind: .residentIdentityNumber, code: code, name: name)],
        issuingAuthority: IssuingAuthority(name: "市交通运输局"), issuedOn: CalendarDay("2024-01-02"),
        validity: Validity(from: CalendarDay("2024-01-02"), until: .openEnded), status: .valid,
        faceFields: [FaceField("车牌号", "湘A" + code)], trustGrade: .b,
        provenance: Provenance(
            sourceVersion: .arrival, fetchedAt: morning, payloadDigest: SHA256.digest(Array(key.utf8)),
            mappingRevision: "1", simulated: true))
}

struct APIFixture: Sendable {
    let clock = StoppedClock()
    let catalogue: InMemoryCatalogue
    let health: HealthKeeper
    let lines = LogLines()
    let metrics = GatewayMetrics()
    var reading: any CatalogueReading
    var desk: ScriptedDesk
    var ready = true

    init() async throws {
        catalogue = InMemoryCatalogue(clock: clock)
        reading = catalogue
        desk = ScriptedDesk(catalogue: catalogue)
        health = HealthKeeper([source], clock: clock)
        let run = RunID(rawValue: "run-1")
        try await catalogue.begin(RunStart(id: run, interface: transport, mode: .full, startedAt: morning))
        _ = try await catalogue.commit(PageCommit(run: run, page: 1, records: [licence(), licence(key: "2")]))
        let record = try await catalogue.finish(
            run, .complete(declaredTotal: 2, resume: nil), limit: WithdrawalLimit())
        try await health.refresh(from: catalogue)
        metrics.observe(record)
    }

    var services: GatewayServices {
        let ready = ready
        let lines = lines
        return GatewayServices(
            catalogue: reading, health: health, answering: desk.answer, sources: { [source] },
            licenceTypes: { [LicenceTypeLine(code: taxiPermit, name: "出租汽车经营许可证")] },
            readiness: { [ReadinessCheck(name: "catalogue", isReady: ready, detail: "Open.")] }, metrics: metrics,
            clock: clock, version: "0.1.0", accessLog: { lines.add($0) })
    }

    func server(port: Int = 0) throws -> GatewayServer {
        GatewayServer(services, address: try LoopbackAddress(host: "127.0.0.1", port: port), seed: 7)
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = headers
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let sent = headers
        return try await server().makeApplication().test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: sent, body: body.map { ByteBuffer(string: $0) }
            ) { Reply($0) }
        }
    }

    func anyID() async throws -> String {
        let page = try await catalogue.changes(after: nil, limit: 1)
        return try #require(page.entries.first?.id.rawValue)
    }
}

let source = SourceDescription(
    id: transport.source, name: "道路运输", owner: "市交通运输局信息中心", simulated: true,
    interfaces: [InterfaceDescription(id: transport, licenceTypes: [taxiPermit], pulls: [.full])], mappingRevision: "1")

final class LogLines: Sendable {
    private let lines = Mutex<[AccessEntry]>([])
    func add(_ entry: AccessEntry) { lines.withLock { $0.append(entry) } }
    var all: [AccessEntry] { lines.withLock { $0 } }
}

struct Reply: Sendable {
    var status: Int
    var headers: HTTPFields
    var text: String
    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        text = String(buffer: response.body)
    }
    subscript(path: String...) -> String? {
        var value: Any? = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
        for step in path {
            if let list = value as? [Any], let index = Int(step) {
                value = list.indices.contains(index) ? list[index] : nil
            } else {
                value = (value as? [String: Any])?[step]
            }
        }
        return (value as? String) ?? (value as? NSNumber)?.stringValue
    }
    var code: String? { self["code"] }
}

/// A text with planted values, as an argument of a test: the runner prints arguments, so it prints as a mark only.
struct Planted: Sendable, ExpressibleByStringInterpolation, CustomTestStringConvertible {
    var text: String
    init(stringLiteral value: String) { text = value }
    var testDescription: String { "<planted>" }
}
