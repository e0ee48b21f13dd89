// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

/// A repeatable source of chance.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
    mutating func oneIn(_ bound: Int) -> Bool { below(bound) == 0 }
}

/// The same random life led by the catalogue in memory and by the embedded one.
struct Twins {
    var chance: Chance
    let clock = StandingClock()
    var oracle: InMemoryCatalogue
    var engine: any Catalogue
    let factory: CatalogueFactory
    var open: [(RunID, String?, Int)] = []
    var runs = 0

    init(seed: UInt64, _ factory: CatalogueFactory) async throws {
        chance = Chance(state: seed)
        self.factory = factory
        oracle = InMemoryCatalogue(clock: clock, quarantineLimit: ByteCount(20_000))
        engine = try await factory.make(clock, ByteCount(20_000))
    }

    mutating func specimen() -> Specimen {
        let people = ["11010519491231002X", "440524188001010014", "P-77", "110105491231002"]
        var specimen = Specimen("k\(chance.below(12))", "c\(chance.below(4))", holder: nil)
        for _ in 0..<chance.below(4) {
            let kind: HolderCodeKind = chance.oneIn(3) ? .otherPersonCode : .residentIdentityNumber
            specimen.holders.append(Holder(kind: kind, code: people[chance.below(4)]))
        }
        specimen.type = chance.oneIn(3) ? Specimen.typeB : Specimen.typeA
        if chance.oneIn(2) { specimen.number = "n\(chance.below(3))" }
        if chance.oneIn(2) { specimen.identifier = "i\(chance.below(3))" }
        if chance.oneIn(2) { specimen.version = .declared(Int64(chance.below(6))) }
        specimen.revision = "mapping-\(chance.below(2))"
        specimen.fetchedAt = clock.now
        return specimen
    }

    mutating func reject(_ partition: String?) -> Reject {
        var reject = specimen().reject(keyed: !chance.oneIn(4), held: !chance.oneIn(3), typed: !chance.oneIn(3))
        reject.partition = partition
        return reject
    }

    /// One step on both; the outcomes as text, to be compared.
    mutating func step() async throws -> (String, String) {
        clock.advance(.seconds(Int64(chance.below(100))))
        switch chance.below(20) {
        case 0:
            oracle = InMemoryCatalogue(reopening: oracle)
            engine = try await factory.reopen(engine)
            open = []
            return ("reopened", "reopened")
        case 1...4:
            runs += 1
            let partition = chance.oneIn(3) ? "north" : nil
            let start = RunStart(
                id: RunID(rawValue: "run-\(10_000 + runs)"), interface: Specimen.interface, partition: partition,
                mode: chance.oneIn(2) ? .full : .incremental, startedAt: clock.now, resumed: chance.oneIn(4))
            open.append((start.id, partition, 0))
            return await both { try await $0.begin(start) }
        case 5...13:
            guard !open.isEmpty else { return ("", "") }
            let index = chance.below(open.count)
            if !chance.oneIn(6) { open[index].2 += 1 }
            let page = page(open[index])
            return await both { try await $0.commit(page) }
        case 14...16:
            guard !open.isEmpty else { return ("", "") }
            let run = open.remove(at: chance.below(open.count)).0
            let limit = WithdrawalLimit(records: chance.below(6), fraction: 0.1, approved: chance.oneIn(6))
            let stopped = RunEnd.stopped(Diagnostic(code: "source.down", what: "Down", remedy: "Wait"))
            let end = chance.oneIn(4) ? stopped : .complete(declaredTotal: nil, resume: nil)
            return await both { try await $0.finish(run, end, limit: limit) }
        case 17:
            let availability: Availability = chance.oneIn(2) ? .paused : .active
            return await both { try await $0.setAvailability(availability, of: Specimen.source, note: "n") }
        default: return try await resolveOne()
        }
    }

    private mutating func page(_ run: (RunID, String?, Int)) -> PageCommit {
        var records: [Licence] = []
        for _ in 0..<chance.below(6) {
            var licence = specimen().licence
            licence.partition = run.1
            records.append(licence)
        }
        var rejects: [Reject] = []
        for _ in 0..<max(0, chance.below(6) - 3) { rejects.append(reject(run.1)) }
        var tombstones: [Tombstone] = []
        for _ in 0..<max(0, chance.below(6) - 3) { tombstones.append(specimen().tombstone) }
        return PageCommit(
            run: run.0, page: max(1, run.2), records: records, rejects: rejects, tombstones: tombstones,
            resume: chance.oneIn(2) ? ResumeCursor(rawValue: "c\(chance.below(100))") : nil)
    }

    /// Rejects have other numbers after a restart, so they are named by their place in the list.
    private mutating func resolveOne() async throws -> (String, String) {
        let mine = try await oracle.quarantine(QuarantineFilter(limit: 1000))
        let its = try await engine.quarantine(QuarantineFilter(limit: 1000))
        guard !mine.isEmpty, mine.count == its.count else { return ("\(mine.count)", "\(its.count)") }
        let index = chance.below(mine.count)
        var licence = specimen().licence
        licence.partition = mine[index].reject.partition
        let replay = chance.oneIn(2)
        let what = replay ? QuarantineResolution.replayed(licence) : .purged(note: "n")
        let first = await text { try await oracle.resolve(mine[index].id, what) }
        return (first, await text { try await engine.resolve(its[index].id, what) })
    }

    private func both<T>(_ body: (any Catalogue) async throws -> T) async -> (String, String) {
        (await text { try await body(oracle) }, await text { try await body(engine) })
    }

    private func text<T>(_ body: () async throws -> T) async -> String {
        do { return "\(try await body())" } catch { return "\((error as? CatalogueError)?.code.rawValue ?? "?")" }
    }
}

/// All that a licence says, in words: its content by digest, and where it came from.
private func told(_ licence: Licence) -> String {
    "\(licence.contentDigest) \(licence.interface) \(licence.partition as Any) \(licence.provenance)"
}

/// Everything one can see of a catalogue, as lines that two engines must share.
func portrait(_ catalogue: any Catalogue) async throws -> [String] {
    let all = Collector()
    try await catalogue.visitAll { all.add($0) }
    var lines: [String] = []
    var keys: [CatalogueID: String] = [:]
    for entry in all.entries {
        let key = entry.licence.key.joined
        keys[entry.id] = key
        lines.append(
            "\(key): \(told(entry.licence)) v\(entry.version) \(entry.recordedAt) \(entry.withdrawal as Any) "
                + "\(entry.newerVersionUnreadable)")
        for version in try await catalogue.versions(of: entry.id, limit: 1000) {
            lines.append(
                "\(key) had \(version.number) \(version.cause) \(told(version.licence)) \(version.recordedAt)")
        }
        if try await catalogue.entry(entry.id) != entry { lines.append("\(key) is not what its id finds") }
    }
    var feed: [String: String] = [:]
    for change in try await catalogue.changes(after: nil, limit: 10_000).entries {
        feed[keys[change.id] ?? "?", default: ""] += " \(change.version)\(change.cause)"
    }
    lines += feed.map { "feed \($0.key): \($0.value)" }
    for code in ["11010519491231002X", "440524188001010014", "P-77", "110105491231002"] {
        for kind in [HolderCodeKind.residentIdentityNumber, .otherPersonCode] {
            for type in [nil, Specimen.typeA, Specimen.typeB] {
                let query = CatalogueQuery.holder(HolderReference(kind: kind, code: code), type)
                lines.append("\(kind) \(code) \(type as Any): \(try await sight(of: query, catalogue))")
            }
        }
    }
    for n in 0..<3 {
        lines.append("i\(n): \(try await sight(of: .identifier("i\(n)"), catalogue))")
        for type in [Specimen.typeA, Specimen.typeB] {
            lines.append("n\(n): \(try await sight(of: .number(LicenceNumber("n\(n)"), type), catalogue))")
        }
    }
    for state in try await catalogue.states() { lines.append("\(state)") }
    for run in try await catalogue.runs(of: nil, limit: 1000) { lines.append("\(run)") }
    for var reject in try await catalogue.quarantine(QuarantineFilter(withRaw: true, limit: 1000)) {
        reject.id = 0
        lines.append("\(reject)")
    }
    var sums = try await catalogue.statistics()
    sums.bytesOnDisk = [:]
    lines.append("\(sums)")
    return lines.sorted()
}

private func sight(of query: CatalogueQuery, _ catalogue: any Catalogue) async throws -> String {
    let found = try await catalogue.entries(matching: query, limit: 1000)
    let keys = found.entries.map(\.licence.key.joined).sorted()
    return "\(keys) \(found.truncated) \(found.otherKinds.sorted()) \(found.unreadableForHolder)"
}

@Suite struct `Two engines leading the same life` {
    /// `LICGATE_SEED` leads one life again; `LICGATE_LIVES` leads more of them.
    static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["LICGATE_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        return (0..<(environment["LICGATE_LIVES"].flatMap { Int($0) } ?? 12)).map { _ in
            UInt64.random(in: 0...UInt64.max)
        }
    }()

    @Test(arguments: seeds) func `never differ`(seed: UInt64) async throws {
        try await live(seed: seed, steps: 150, Workshop.factory())
    }

    @Test func `never differ when all hashes collide`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        try await live(seed: seed, steps: 150, Workshop.factory { $0.hashBits = 1 })
    }

    private func live(seed: UInt64, steps: Int, _ factory: CatalogueFactory) async throws {
        print("seed \(seed)")
        var twins = try await Twins(seed: seed, factory)
        for step in 1...steps {
            let (mine, its) = try await twins.step()
            try #require(mine == its, "step \(step), seed \(seed)")
            guard step.isMultiple(of: 10) || step == steps else { continue }
            let (left, right) = (try await portrait(twins.oracle), try await portrait(twins.engine))
            try #require(left == right, "after step \(step), seed \(seed)")
        }
        await (twins.engine as? EmbeddedCatalogue)?.close()
    }
}
