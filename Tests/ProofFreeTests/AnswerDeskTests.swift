// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel
import ProofFree
import Testing

private let past = Validity.End.day(CalendarDay(number: 20_000))
private let today = CalendarDay(at: TestCity.noon)

@Suite struct `A desk with two sources` {
    enum Other: String, CaseIterable, Sendable {
        case never
        case stale
        case down
        case paused
        case unreadable
    }

    static let doubts: [Other: String] = [
        .never: "cannot_tell(never_synced)", .stale: "cannot_tell(stale_copy)", .down: "cannot_tell(source_down)",
        .paused: "cannot_tell(paused)", .unreadable: "cannot_tell(record_unreadable)",
    ]

    private static func city(_ other: Other) async throws -> TestCity {
        var city = TestCity([TestCity.a, TestCity.b])
        if other != .never {
            try await city.pull(
                TestCity.b, [city.licence(TestCity.b, key: "9", holder: TestCity.stranger)],
                rejects: other == .unreadable ? [city.reject(TestCity.b)] : [])
        }
        switch other {
        case .stale: city.clock.advance(.seconds(172_801))
        case .down:
            city.clock.advance(.seconds(172_801))
            city.change(TestCity.b) { $0.isDown = true }
        case .paused: try await city.catalogue.setAvailability(.paused, of: TestCity.b, note: "test")
        case .never, .unreadable: break
        }
        return city
    }

    @Test(arguments: Other.allCases)
    func `says yes by one, and no only by both`(_ other: Other) async throws {
        let city = try await Self.city(other)
        try await city.pull(TestCity.a, [city.licence(key: "8", holder: TestCity.stranger)])
        #expect(await city.ask().verdict.words == Self.doubts[other])
        try await city.pull(TestCity.a, [city.licence(until: past), city.licence(key: "8", holder: TestCity.stranger)])
        let denied = await city.ask()
        #expect(denied.verdict.words == Self.doubts[other])
        #expect(denied.records.count == 1)
        try await city.pull(TestCity.a, [city.licence(), city.licence(key: "8", holder: TestCity.stranger)])
        #expect(await city.ask().verdict == .holds)
    }

    @Test func `no longer waits for a source that is retired`() async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        try await city.pull(TestCity.a, [city.licence(key: "8", holder: TestCity.stranger)])
        #expect(await city.ask().verdict.words == "cannot_tell(never_synced)")
        try await city.catalogue.setAvailability(.retired, of: TestCity.b, note: "test")
        #expect(await city.ask().verdict == .noRecord)
    }

    /// The same licence in two sources; A is fresh and holds it.
    enum Twin: String, CaseIterable, Sendable {
        case holds
        case revoked
        case revokedLongAgo
        case removed
        case endsEarlier
        case supersededBesideValid
        case newerUnreadable
        case otherNumber
    }

    static let twins: [Twin: String] = [
        .holds: "holds", .revoked: "cannot_tell(ambiguous)", .revokedLongAgo: "cannot_tell(ambiguous)",
        .removed: "cannot_tell(ambiguous)", .endsEarlier: "holds", .supersededBesideValid: "holds",
        .newerUnreadable: "cannot_tell(newer_version_unreadable)", .otherNumber: "holds",
    ]

    @Test(arguments: Twin.allCases)
    func `lets no yes stand against another word about the same licence`(_ twin: Twin) async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        func b(_ status: LicenceStatus, until: Validity.End = .openEnded, number: String = "N-1", key: String = "1")
            -> Licence
        { city.licence(TestCity.b, key: key, status: status, until: until, number: number) }
        switch twin {
        case .holds: try await city.pull(TestCity.b, [b(.valid)])
        case .revoked: try await city.pull(TestCity.b, [b(.revoked)])
        case .revokedLongAgo:
            try await city.pull(TestCity.b, [b(.revoked)])
            city.clock.advance(.seconds(10 * 86_400))
        case .removed:
            try await city.pull(TestCity.b, [b(.valid), b(.valid, number: "N-2", key: "2")])
            let gone = Tombstone(key: b(.valid).key, sourceVersion: .arrival, fetchedAt: city.clock.now)
            try await city.pull(TestCity.b, tombstones: [gone], mode: .incremental)
            // The other licence does not hold either, so that A's is the only one.
            try await city.pull(TestCity.b, [b(.revoked, number: "N-2", key: "2")], mode: .incremental)
        case .endsEarlier: try await city.pull(TestCity.b, [b(.valid, until: past)])
        case .supersededBesideValid: try await city.pull(TestCity.b, [b(.superseded), b(.valid, key: "2")])
        case .newerUnreadable:
            // The reject names nobody, so that only its key ties it to the twin.
            try await city.pull(TestCity.b, [b(.valid)], rejects: [city.reject(TestCity.b, key: "1")])
        case .otherNumber: try await city.pull(TestCity.b, [b(.revoked, number: "N-2")])
        }
        try await city.pull(TestCity.a, [city.licence(number: "N-1")])
        let answer = await city.ask()
        #expect(answer.verdict.words == Self.twins[twin])
        #expect(answer.records.contains { $0.entry.licence.key.source == TestCity.b })
    }

    @Test func `shows what disagrees beside the record that decided`() async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        try await city.pull(TestCity.b, [city.licence(TestCity.b, until: past, number: "N-1")])
        try await city.pull(TestCity.a, [city.licence(number: "N-1")])
        let answer = await city.ask()
        #expect(answer.records.map(\.decided) == [true, false])
        #expect(answer.records.map(\.disputed) == [false, true])
        #expect(answer.passport.source == TestCity.a)
    }

    @Test func `never makes a firmer no of a stale yes beside a fresh revocation`() async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        let identifier = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
        try await city.pull(TestCity.a, [city.licence(identifier: identifier)])
        city.clock.advance(.seconds(172_801))
        try await city.pull(TestCity.b, [city.licence(TestCity.b, status: .revoked, identifier: identifier)])
        #expect(await city.ask(.identifier(identifier)).verdict.words == "cannot_tell(stale_copy)")
        // With both fresh they contradict each other, which is no answer either.
        try await city.pull(TestCity.a, [city.licence(identifier: identifier)])
        #expect(await city.ask(.identifier(identifier)).verdict.words == "cannot_tell(ambiguous)")
    }

    @Test func `names the better graded of two that hold`() async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        try await city.pull(TestCity.a, [city.licence(grade: .c)])
        try await city.pull(TestCity.b, [city.licence(TestCity.b, grade: .a)])
        let answer = await city.ask()
        #expect(answer.passport.source == TestCity.b)
        #expect(answer.passport.trustGrade == .a)
    }
}

@Suite struct `A desk asked by identifier` {
    let identifier = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"

    @Test func `takes the fresh word of the licence's own source, whatever the others do`() async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        try await city.pull(TestCity.a, [city.licence(status: .cancelled, identifier: identifier)])
        #expect(await city.ask(.identifier(identifier)).verdict.words == "does_not_hold(cancelled)")
        #expect(
            await city.ask(.identifier(identifier.lowercased() + ".ofd")).verdict == .doesNotHold(.status(.cancelled)))
    }

    @Test func `asks the sources of the type inside, when the check character is right`() async throws {
        var city = TestCity([TestCity.a])
        try await city.pull(TestCity.a)
        city.coverage.byType[LicenceTypeCode("11100000000013338W999")] = [TestCity.declare(TestCity.b)]
        #expect(await city.ask(.identifier(identifier)).verdict == .noRecord)
        // A slip in the last place: the type inside is not believed, so every source would have to know.
        let slip = await city.ask(.identifier(String(identifier.dropLast()) + "V"))
        #expect(slip.verdict.words == "cannot_tell(never_synced)")
        #expect(slip.codeCheck == .checkFailed)
        #expect(slip.considered.count == 2)
        let foreign = "1.2.156.3005.2.11100000000013127D001.11430100006127176H.A1B2C3D4E5F6G7H8J9K0.001.4"
        #expect(await city.ask(.identifier(foreign)).verdict.words == "cannot_tell(no_source)")
    }

    @Test func `does not say none while any record of the type is unreadable`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a, rejects: [city.reject(holder: TestCity.stranger)])
        #expect(await city.ask(.identifier(identifier)).verdict.words == "cannot_tell(record_unreadable)")
        // By holder that reject is somebody else's.
        #expect(await city.ask().verdict == .noRecord)
    }

    @Test func `doubts what it found while an unreadable record names the same holder`() async throws {
        let city = TestCity()
        try await city.pull(
            TestCity.a, [city.licence(identifier: identifier)], rejects: [city.reject(holder: TestCity.holder)])
        #expect(await city.ask(.identifier(identifier)).verdict.words == "cannot_tell(record_unreadable)")
    }
}

@Suite struct `A desk asked by holder` {
    @Test func `does not take another kind of code for a no`() async throws {
        let city = TestCity()
        let passport = Holder(kind: .otherPersonCode, code: TestCity.holder.code)
        try await city.pull(TestCity.a, [city.licence(holder: passport)])
        #expect(await city.ask().verdict.words == "cannot_tell(ambiguous)")
    }

    @Test func `finds the 18 digits by the 15`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a, [city.licence()])
        let short = HolderReference(kind: .residentIdentityNumber, code: "430102900307002")
        #expect(await city.ask(.holder(short, TestCity.type)).verdict == .holds)
    }

    @Test func `without a type needs every source for a no`() async throws {
        var city = TestCity()
        city.coverage.byType[LicenceTypeCode("other")] = [TestCity.declare(TestCity.b)]
        try await city.pull(TestCity.a)
        let about = CatalogueQuery.holder(TestCity.holder.reference, nil)
        #expect(await city.ask(about).verdict.words == "cannot_tell(never_synced)")
        #expect(await city.ask().verdict == .noRecord)
        try await city.pull(TestCity.b)
        #expect(await city.ask(about).verdict == .noRecord)
    }

    @Test func `of a type that no source is declared for cannot tell`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a)
        let about = CatalogueQuery.holder(TestCity.holder.reference, LicenceTypeCode("nobody's"))
        #expect(await city.ask(about).verdict.words == "cannot_tell(no_source)")
    }

    @Test func `with an empty code is not told no`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a)
        let nobody = HolderReference(kind: .residentIdentityNumber, code: "  ")
        #expect(await city.ask(.holder(nobody, TestCity.type)).verdict.words == "cannot_tell(ambiguous)")
    }

    @Test func `says so when the number itself cannot be right`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a)
        let slip = HolderReference(kind: .residentIdentityNumber, code: "430102199003070021")
        let answer = await city.ask(.holder(slip, TestCity.type))
        #expect(answer.verdict == .noRecord)
        #expect(answer.codeCheck == .checkFailed)
        #expect(answer.sentence.chinese.contains("核对号码"))
    }

    @Test func `weighs no more records than it may`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a, (1...4).map { city.licence(key: "\($0)") })
        let desk = AnswerDesk(
            catalogue: city.catalogue, coverage: city.coverage, clock: city.clock,
            settings: ProofFreeSettings(recordsMax: 3))
        let answer = await desk.answer(
            ProofFreeQuestion(
                about: .holder(TestCity.holder.reference, TestCity.type),
                asking: QuestionContext(system: "test", purpose: "test")))
        #expect(answer.verdict.words == "cannot_tell(too_many)")
        #expect(answer.records.count == 3)
    }

    @Test(
        arguments: [
            (LicenceStatus.valid, Validity.End.absent, 0, "cannot_tell(validity_unknown)"),
            (.valid, .openEnded, 0, "holds"), (.unknown, .openEnded, 0, "cannot_tell(status_unknown)"),
            (.suspended, .openEnded, 0, "does_not_hold(suspended)"), (.valid, past, -1000, "holds"),
            (.valid, .openEnded, -5000, "does_not_hold(not_yet_valid)"),
            (.cancelled, .openEnded, -1, "cannot_tell(status_unknown)"),
            (.revoked, .openEnded, -1, "does_not_hold(revoked)"),
        ] as [(LicenceStatus, Validity.End, Int32, String)])
    func `goes by the day in question`(
        _ status: LicenceStatus, _ until: Validity.End, _ days: Int32, _ expected: String
    ) async throws {
        let city = TestCity()
        try await city.pull(TestCity.a, [city.licence(status: status, until: until)])
        let answer = await city.ask(on: CalendarDay(number: today.number + days))
        #expect(answer.verdict.words == expected)
    }

    @Test func `lets one that holds win over one that has expired, also inside one source`() async throws {
        let city = TestCity()
        try await city.pull(
            TestCity.a,
            [
                city.licence(key: "1", until: past, number: "N-1"), city.licence(key: "2", number: "N-1"),
                city.licence(key: "3", status: .superseded, number: "N-1"),
            ])
        let answer = await city.ask()
        #expect(answer.verdict == .holds)
        #expect(answer.records.first?.entry.licence.key.parts == ["2"])
    }

    @Test func `names the longest-lived of those that do not hold`() async throws {
        let city = TestCity()
        let later = CalendarDay(number: 20_500)
        try await city.pull(
            TestCity.a, [city.licence(key: "1", until: past), city.licence(key: "2", until: .day(later))])
        #expect(await city.ask().verdict == .doesNotHold(.expired(on: later)))
    }
}

@Suite struct `An answer's as of` {
    @Test func `moves with a completed pull and never with one that failed`() async throws {
        let city = TestCity()
        try await city.pull(TestCity.a, [city.licence()])
        let first = city.clock.now
        city.clock.advance(.seconds(3600))
        try await city.pull(TestCity.a, end: .stopped)
        #expect(await city.ask().passport.asOf == first)
        #expect(await city.ask().passport.age == .seconds(3600))
        try await city.pull(TestCity.a, mode: .incremental)
        #expect(await city.ask().passport.asOf == city.clock.now)
        #expect(await city.ask().passport.age == .zero)
    }

    @Test func `of none is that of the oldest pull it rests on`() async throws {
        let city = TestCity([TestCity.a, TestCity.b])
        try await city.pull(TestCity.a)
        let first = city.clock.now
        city.clock.advance(.seconds(60))
        try await city.pull(TestCity.b)
        let answer = await city.ask()
        #expect(answer.verdict == .noRecord)
        #expect(answer.passport.asOf == first)
    }

    @Test func `waits for every partition that is declared`() async throws {
        var city = TestCity()
        city.change(TestCity.a) { $0.partitions = ["430102", "430103"] }
        try await city.pull(TestCity.a, partition: "430102")
        #expect(await city.ask().verdict.words == "cannot_tell(never_synced)")
        try await city.pull(TestCity.a, partition: "430103")
        #expect(await city.ask().verdict == .noRecord)
        city.clock.advance(.seconds(172_801))
        try await city.pull(TestCity.a, partition: "430103")
        #expect(await city.ask().verdict.words == "cannot_tell(stale_copy)")
    }

    @Test func `ends at the declared limit, to the millisecond`() async throws {
        var city = TestCity()
        city.change(TestCity.a) { $0.copyLimit = .seconds(60) }
        try await city.pull(TestCity.a, [city.licence()])
        city.clock.advance(.seconds(60))
        let nobody = CatalogueQuery.holder(TestCity.stranger.reference, TestCity.type)
        #expect(await city.ask().verdict == .holds)
        #expect(await city.ask(nobody).verdict == .noRecord)
        city.clock.advance(.milliseconds(1))
        #expect(await city.ask().verdict.words == "cannot_tell(stale_copy)")
        #expect(await city.ask(nobody).verdict.words == "cannot_tell(stale_copy)")
    }
}

@Suite struct `A time to ask again` {
    private static func stale(_ retryA: Timestamp?, _ retryB: Timestamp?) async throws -> ProofFreeAnswer {
        var city = TestCity([TestCity.a, TestCity.b])
        try await city.pull(TestCity.a)
        try await city.pull(TestCity.b)
        city.clock.advance(.seconds(172_801))
        city.change(TestCity.a) { $0.retryAt = retryA }
        city.change(TestCity.b) { $0.retryAt = retryB }
        return await city.ask()
    }

    private static let soon = TestCity.noon + .seconds(172_801 + 60)
    private static let later = TestCity.noon + .seconds(172_801 + 3600)

    @Test func `is when the last source in the way will have been asked`() async throws {
        let answer = try await Self.stale(Self.soon, Self.later)
        #expect(answer.verdict == .cannotTell(.staleCopy(TestCity.a), retryAt: Self.later))
        #expect(answer.sentence.chinese.contains("2026-11-27 13:00"))
    }

    @Test func `is not known while one of them gives none, or one that has passed`() async throws {
        #expect(try await Self.stale(Self.soon, nil).verdict == .cannotTell(.staleCopy(TestCity.a), retryAt: nil))
        let before = try await Self.stale(Self.soon, TestCity.noon)
        #expect(before.verdict == .cannotTell(.staleCopy(TestCity.a), retryAt: nil))
    }
}
