// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import ProofFree
import Testing

/// SplitMix64 with a printed seed; `LICGATE_SEED` repeats a run.
private struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ test: String) {
        let seed =
            ProcessInfo.processInfo.environment["LICGATE_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 1...9_999_999)
        state = seed
        print("\(test): LICGATE_SEED=\(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func one<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &self)] }
    mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
}

@Suite struct `In random cities` {
    /// The oracle, in the plainest words: what must be true of a source before its silence may count.
    private static func mayBeSilent(_ states: [InterfaceState], _ source: DeclaredInterface, at now: Timestamp) -> Bool
    {
        let mine = states.filter { $0.interface.source == source.id.source }
        if mine.contains(where: { $0.availability == .retired }) { return true }
        guard let state = mine.first(where: { $0.interface == source.id }), state.availability == .active,
            state.firstComplete != nil, let last = state.lastComplete, state.openRejectsWithoutHolder == 0
        else { return false }
        // A full pull that lost too much is no complete one: `last` is the believed one before it.
        return now - last.asOf <= (source.copyLimit ?? .seconds(172_800))
    }

    private static func happen(_ chance: inout Chance, _ city: inout TestCity, _ source: SourceID) async throws {
        let status = chance.one([LicenceStatus.valid, .valid, .valid, .revoked, .unknown, .superseded, .expired])
        let until = chance.one([
            Validity.End.openEnded, .day(CalendarDay(number: 20_000)), .day(CalendarDay(number: 22_000)), .absent,
        ])
        let holder = chance.one([TestCity.holder, TestCity.holder, TestCity.stranger])
        let key = chance.one(["1", "2"])
        let record = city.licence(
            source, key: key, status: status, until: until, holder: holder, number: chance.one(["N-1", "N-2"]))
        let rejects: [Reject] =
            chance.once(in: 5)
            ? [
                city.reject(
                    source, key: chance.one([nil, "1"]), holder: chance.one([nil, TestCity.holder, TestCity.stranger]))
            ] : []
        switch Int.random(in: 0..<10, using: &chance) {
        case 0...4:
            let limit = chance.one([WithdrawalLimit(), WithdrawalLimit(records: 0, fraction: 0)])
            try await city.pull(
                source, chance.once(in: 3) ? [] : [record], rejects: rejects,
                mode: chance.one([.full, .full, .incremental]),
                end: chance.one([.complete, .complete, .stopped, .running]),
                limit: limit)
        case 5...6: city.clock.advance(.seconds(Int64.random(in: 1...100_000, using: &chance)))
        case 7:
            try await city.catalogue.setAvailability(
                chance.one([.active, .active, .paused, .retired]), of: source, note: "test")
        case 8:
            let down = chance.once(in: 2)
            city.change(source) { $0.isDown = down }
        default:
            let limit: Duration? = chance.one([nil, .seconds(60), .seconds(500_000)])
            city.change(source) { $0.copyLimit = limit }
        }
    }

    @Test func `no gap is ever a no, and a yes always has a fresh record behind it`() async throws {
        var chance = Chance("no false no")
        var seen: [String: Int] = [:]
        for _ in 0..<250 {
            var city = TestCity([TestCity.a, TestCity.b])
            if !chance.once(in: 3) {
                for source in [TestCity.a, TestCity.b] { try await city.pull(source) }
            }
            for _ in 0..<12 {
                let source = chance.one([TestCity.a, TestCity.b])
                try await Self.happen(&chance, &city, source)
                let answer = await city.ask()
                seen[answer.verdict.words, default: 0] += 1
                try await Self.check(answer, in: city)
            }
        }
        print(seen.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        // The walk must have reached what it is about.
        #expect((seen["no_record"] ?? 0) > 20)
        #expect((seen["holds"] ?? 0) > 50)
        #expect(seen.filter { $0.key.hasPrefix("does_not_hold") }.values.reduce(0, +) > 20)
    }

    private static func check(_ answer: ProofFreeAnswer, in city: TestCity) async throws {
        let states = try await city.catalogue.states()
        let declared = await city.coverage.interfaces(for: TestCity.type, at: city.clock.now)
        let now = city.clock.now
        switch answer.verdict {
        case .noRecord, .doesNotHold:
            #expect(declared.allSatisfy { mayBeSilent(states, $0, at: now) })
            // No source that takes part has a record that would hold, fresh or not.
            let active = answer.records.filter { !$0.retired }
            #expect(!active.contains { $0.says == .counts })
            #expect(!active.contains { $0.entry.newerVersionUnreadable })
            #expect((answer.verdict == .noRecord) == active.isEmpty)
        case .holds:
            let deciding = try #require(answer.records.first)
            let interface = try #require(declared.first { $0.id == deciding.entry.licence.interface })
            #expect(deciding.decided)
            #expect(deciding.says == .counts)
            #expect(deciding.heldBackBy == nil && !deciding.retired)
            #expect(deciding.entry.licence.holders.contains(TestCity.holder))
            #expect(deciding.entry.withdrawal == nil && !deciding.entry.newerVersionUnreadable)
            #expect(now - deciding.asOf <= interface.copyLimit ?? .seconds(172_800))
            #expect(answer.passport.asOf == deciding.asOf)
        case .cannotTell(let doubt, let retryAt):
            #expect(retryAt == nil)
            #expect(doubt != .tooMany && doubt != .catalogueUnavailable)
        }
    }
}
