// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import SharedCatalogue
import SimulatedCity
import Testing
import Transport

/// `LICGATE_CITY_RECORDS` and `LICGATE_CITY_ROWS` make it larger: 2,000 and 400 in `Scripts/exam city`.
private func setting(_ name: String, _ otherwise: Int) -> Int {
    Int(ProcessInfo.processInfo.environment[name] ?? "") ?? otherwise
}

/// The whole city: 16 systems and 305 provincial interfaces are 321; the 17th system is the union of the 305.
@Suite(.serialized) struct `The whole city` {
    static let rows = SourceID("hunan-provincial-interfaces")
    static let platform = SourceID("hunan-provincial-platform")
    static let systems = SimulatedCity.sources.filter { $0 != rows && $0 != platform }

    private func bench(spoiledEvery: Int) async throws -> CityBench {
        let (records, rows) = (setting("LICGATE_CITY_RECORDS", 150), setting("LICGATE_CITY_ROWS", 120))
        let counts = SimulatedCity.sources.map { ($0.rawValue, $0 == Self.rows ? rows : records) }
        return try await CityBench(records: Dictionary(uniqueKeysWithValues: counts), spoiledEvery: spoiledEvery)
    }

    /// What is pulled: every system, and every row that is a list.
    private func pulled(_ bench: CityBench) -> [InterfaceID] {
        bench.city.interfaces.filter { interface in
            interface.source == Self.rows ? bench.city.asksBy(interface) == nil : interface.source != Self.platform
        }
    }

    /// What is asked: the rows that are no lists.
    private func asked(_ bench: CityBench) -> [InterfaceID] {
        bench.city.interfaces.filter { $0.source == Self.rows && bench.city.asksBy($0) != nil }
    }

    private func source(_ bench: CityBench, _ id: SourceID) throws -> any LicenceSource {
        let (settings, findings) = GatewaySettings.load(bench.config)
        let clock = SystemGatewayClock()
        let loaded = SourceLoader(settings: try #require(settings, "\(findings.map(\.text))"), environment: [:])
            .load(transport: CurlTransport(clock: clock), clock: clock)
        return try #require(loaded.sources.first { $0.describe().id == id }, "\(loaded.findings.map(\.text))")
    }

    /// One line of `sync --format json`.
    private struct Run: Decodable {
        let interface: String
        let outcome: String
        let code: String?
        let message: String?
        let received, created, updated, unchanged, rejected, withdrawn: Int
    }

    private func sync(_ bench: CityBench, full: Bool) async throws -> (runs: [String: Run], result: CommandResult) {
        let arguments = ["sync", "--outside-hours", "--all", "--format", "json"] + (full ? ["--full"] : [])
        let result = try await GatewayProcess(arguments + ["--config", bench.config]).wait()
        let runs = try JSONDecoder().decode([Run].self, from: Data(result.out.utf8))
        return (Dictionary(runs.map { ($0.interface, $0) }) { $1 }, result)
    }

    /// The runs of a round that failed.
    ///
    /// A drop whose files are taken once says so when none has come since; that is how it says "nothing new", and no
    /// failure here.
    private func failures(_ round: (runs: [String: Run], result: CommandResult)) -> [String] {
        round.runs.values.filter { $0.outcome != "complete" && !isNoNews($0) }
            .map { "\($0.interface): \($0.message ?? "")" }
    }

    private func isNoNews(_ run: Run) -> Bool {
        run.interface.hasPrefix("liuyang-e-licence/") && run.code == "intake.no_complete_file" && run.received == 0
    }

    private func quarantined(_ bench: CityBench, _ source: SourceID) async throws -> [SourceRecordKey] {
        var options = EmbeddedOptions(folder: bench.folder.path + "/store", mode: .reader)
        options.keyFile = bench.folder.path + "/index.key"
        let reader = try await EmbeddedCatalogue.open(options, clock: SystemGatewayClock())
        let found = try await reader.quarantine(QuarantineFilter(source: source, limit: 1000))
        await reader.close()
        return found.compactMap(\.reject.key)
    }

    /// Asks what an interface knows; nil when both answers are right.
    private func wrong(_ bench: CityBench, _ source: any LicenceSource, _ interface: InterfaceID) async -> String? {
        let asking = AskingContext(system: "whole-city", purpose: "核验")
        for golden in bench.city.golden(interface) {
            let question: LookupQuestion =
                switch bench.city.asksBy(interface) {
                case "number": .number(LicenceNumber(golden.asked), golden.typeCode)
                case "identifier": .identifier(golden.asked)
                default: .holder(golden.holder, golden.typeCode)
                }
            let deadline = Deadline(.seconds(30), from: SystemGatewayClock())
            guard let found = try? await source.find(question, for: asking, until: deadline) else {
                return "\(golden.expectation) cannot be told"
            }
            let isThere: Bool =
                switch found {
                case .records(let records): records.contains { $0.interface == interface && $0.simulated(golden) }
                case .notInForce: golden.expectation == "expired"
                case .none, .refused: false
                }
            if isThere != (golden.expectation != "absent") { return "\(golden.expectation) is answered wrongly" }
        }
        guard let described = source.describe().interfaces.first(where: { $0.id == interface }) else {
            return "missing"
        }
        for question in described.goldenQuestions {
            let probe = await source.probe(.content, of: interface, question: question)
            if probe.outcome != .passed { return "golden question \(question.name)" }
        }
        return described.goldenQuestions.count == 2 ? nil : "golden questions are missing"
    }

    @Test func `is synced to the digest, quarantined to the record, and asked: every interface of it`() async throws {
        let bench = try await bench(spoiledEvery: 41)
        let (pulled, asked) = (pulled(bench), asked(bench))
        let first = try await sync(bench, full: false)
        #expect(first.result.status == 0, "\(first.result.err.suffix(3000))")
        let second = try await sync(bench, full: true)
        #expect(failures(second).isEmpty, "\(failures(second)) \(second.result.err.suffix(3000))")
        #expect(!second.runs.isEmpty)
        let held = try await bench.exported()
        var right = 0
        var spoiled: [SourceID: [SourceRecordKey]] = [:]
        for interface in pulled {
            let ledger = bench.city.ledger(interface)
            spoiled[interface.source, default: []] += ledger.spoiled
            let missing = bench.digests(ledger).filter { held[$0.key] != $0.value }.count
            let (once, twice) = (first.runs[interface.description], second.runs[interface.description])
            let isRight =
                missing == 0 && once?.outcome == "complete" && once?.created == ledger.entries.count
                && once?.rejected == ledger.spoiled.count && twice?.created == 0 && twice?.updated == 0
                && twice?.withdrawn == 0
                && (twice.map(isNoNews) ?? false
                    || twice?.outcome == "complete" && twice?.unchanged == ledger.entries.count)
            #expect(
                isRight, "\(interface): \(missing) differ; \(String(describing: once)); \(String(describing: twice))")
            right += isRight ? 1 : 0
        }
        #expect(held.count == pulled.reduce(0) { $0 + bench.city.ledger($1).entries.count }, "nothing besides")
        for (source, keys) in spoiled {
            let found = try await quarantined(bench, source)
            #expect(Set(found) == Set(keys) && found.count == keys.count, "\(source): \(found.count) of \(keys.count)")
        }
        let rows = try source(bench, Self.rows)
        var answered = ["holder": 0, "number": 0, "identifier": 0]
        for interface in asked {
            let problem = await wrong(bench, rows, interface)
            #expect(problem == nil, "\(interface): \(problem ?? "")")
            if problem == nil, let way = bench.city.asksBy(interface) { answered[way, default: 0] += 1 }
        }
        let lists = pulled.filter { $0.source == Self.rows }.count
        let total = right + answered.values.reduce(0, +)
        print(
            """
            | interfaces | there | right |
            |---|---|---|
            | systems, pulled | \(Self.systems.count) | \(right) with the lists |
            | provincial lists, pulled | \(lists) | |
            | provincial, by holder | 162 | \(answered["holder"] ?? 0) |
            | provincial, by number | 62 | \(answered["number"] ?? 0) |
            | provincial, by identifier | 44 | \(answered["identifier"] ?? 0) |
            | together | 321 | \(total) |
            \(held.count) records agree, \(spoiled.values.reduce(0) { $0 + $1.count }) in quarantine
            """)
        expectWhole(total)
    }

    private func expectLedger(
        _ bench: CityBench, _ pulled: [InterfaceID], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let wanted = pulled.map { bench.digests(bench.city.ledger($0)) }.reduce(into: [:]) { $0.merge($1) { $1 } }
        let held = try await bench.exported()
        let different = wanted.count { held[$0.key] != $0.value }
        #expect(
            different == 0 && held.count == wanted.count,
            "\(different) of \(wanted.count) differ, \(held.count) are held",
            sourceLocation: sourceLocation)
    }

    /// 321 of 321.
    private func expectWhole(_ total: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.systems.count == 16 && total == 321, sourceLocation: sourceLocation)
    }

    /// Faults that a pull has to notice: the runs they strike fail and say why.
    static let loud: [CityFault] = [
        .down, .reset, .statusOKWithError, .truncated, .htmlWith200, .unavailable, .unauthorised,
    ]

    @Test func `loses, doubles and withdraws nothing under faults, and every failure has its name`() async throws {
        let bench = try await bench(spoiledEvery: 0)
        let (pulled, asked) = (pulled(bench), asked(bench))
        #expect(try await sync(bench, full: false).result.status == 0)
        let before = try await bench.exported()
        for source in SimulatedCity.sources { try bench.city.advance(source) }
        // A list under a fault is tried three times, seconds apart: one in three of them, and all in the exam.
        let some = setting("LICGATE_CITY_FAULTS", 3)
        let struck = pulled.enumerated().filter { $0.element.source != Self.rows || $0.offset % some == 0 }.map(
            \.element)
        for (place, interface) in (struck + asked).enumerated() {
            try bench.city.set(Self.loud[place % Self.loud.count], for: interface)
        }
        let broken = try await sync(bench, full: true)
        #expect(broken.result.status == 1)
        var named = 0
        for interface in struck {
            let run = broken.runs[interface.description]
            let message = run?.message ?? ""
            // Source and interface, page, request, and what to do about it; a drop has a file instead of a request.
            let isDrop = bench.city.baseURL(interface.source) == nil
            let says =
                run?.outcome != "complete" && message.contains("[") && message.contains("\(interface), run ")
                && message.contains("page 1") && (isDrop || message.contains("GET /") || message.contains("POST /"))
                && message.split(separator: ". ").count >= 3
            // A drop that is reset, slow or not let in is as usual.
            if says || (isDrop && run?.outcome == "complete") { named += 1 }
            #expect(says || isDrop, "\(interface): \(run?.outcome ?? "no run") \(message)")
        }
        let kept = try await bench.exported()
        #expect(Set(kept.keys) == Set(before.keys), "nothing is lost or withdrawn: \(kept.count) of \(before.count)")
        var silent = 0
        let rows = try source(bench, Self.rows)
        for interface in asked {
            guard let described = rows.describe().interfaces.first(where: { $0.id == interface }),
                let question = described.goldenQuestions.first(where: { $0.name == "nobody" })
            else { continue }
            // Nobody's licence: an outage must not be taken for "there is none".
            let probe = await rows.probe(.content, of: interface, question: question)
            guard case .failed(let finding) = probe.outcome, !finding.remedy.isEmpty,
                finding.place.source == Self.rows.rawValue
            else {
                Issue.record("\(interface): \(bench.city.fault(interface)?.rawValue ?? "") is not told")
                continue
            }
            silent += 1
        }
        for source in SimulatedCity.sources { try bench.city.set(nil, for: source) }
        let mended = try await sync(bench, full: true)
        #expect(failures(mended).isEmpty, "\(failures(mended)) \(mended.result.err.suffix(3000))")
        #expect(!mended.runs.isEmpty)
        try await expectLedger(bench, pulled)
        print(
            "\(named) of \(struck.count) pulls under faults and \(silent) of \(asked.count) questions named their failure"
        )
        #expect(named + silent == struck.count + asked.count)
    }

    @Test func `comes through its interfaces' habits in a few tries, whole`() async throws {
        let bench = try await bench(spoiledEvery: 0)
        let (pulled, asked) = (pulled(bench), asked(bench))
        bench.city.live(quotas: true, personalities: true)
        var open = Set(pulled.map(\.description))
        var rounds = 0
        while !open.isEmpty, rounds < 8 {
            rounds += 1
            let round = try await sync(bench, full: true)
            open.subtract(round.runs.values.filter { $0.outcome == "complete" }.map(\.interface))
            #expect(round.runs.values.allSatisfy { $0.withdrawn == 0 })
        }
        let nightly = pulled.filter { bench.city.personality($0) == .nightlyDown }.map(\.description)
        let struck = pulled.reduce(0) { $0 + bench.city.served($1).troubles.values.reduce(0, +) }
        #expect(struck > 0)
        #expect(open.subtracting(nightly).isEmpty, "\(open.sorted())")
        bench.city.live(personalities: false)
        let calm = try await sync(bench, full: true)
        #expect(failures(calm).isEmpty && !calm.runs.isEmpty, "\(failures(calm))")
        try await expectLedger(bench, pulled)
        bench.city.live(personalities: true)
        let rows = try source(bench, Self.rows)
        var wrongAfterAll: [InterfaceID] = []
        for interface in asked where bench.city.personality(interface) != .nightlyDown {
            var tries = 0
            while await wrong(bench, rows, interface) != nil {
                tries += 1
                if tries == 8 {
                    wrongAfterAll.append(interface)
                    break
                }
            }
        }
        #expect(wrongAfterAll.isEmpty, "\(wrongAfterAll)")
        print("all pulls complete after \(rounds) rounds with habits on, \(struck) requests struck")
    }
}

extension Licence {
    /// True when this is what the golden question knows.
    fileprivate func simulated(_ golden: GoldenHolder) -> Bool {
        number?.canonical == golden.number?.canonical && identifier?.canonical == golden.identifier?.canonical
            && typeCode == golden.typeCode
    }
}
