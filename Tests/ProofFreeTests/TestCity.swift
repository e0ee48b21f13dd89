// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import ProofFree
import Synchronization

/// A clock that moves when told.
final class HandClock: GatewayClock {
    private let moment: Mutex<Timestamp>
    init(_ start: Timestamp) { moment = Mutex(start) }
    var now: Timestamp { moment.withLock { $0 } }
    var elapsed: Duration { now - Timestamp(milliseconds: 0) }
    func sleep(for duration: Duration) async throws { advance(duration) }
    func advance(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

/// What is declared, by hand.
struct ListedCoverage: TypeCoverage {
    var byType: [LicenceTypeCode: [DeclaredInterface]]
    func interfaces(for type: LicenceTypeCode?, at now: Timestamp) async -> [DeclaredInterface] {
        guard let type else { return Array(Set(byType.values.joined())) }
        return byType[type] ?? []
    }
}

/// A small city on a hand clock: some sources, one catalogue, one desk.
struct TestCity {
    static let noon = CalendarDay(number: 20_782).start + .seconds(43_200)
    static let type = LicenceTypeCode("11100000000013338W011")
    static let holder = Holder(kind: .residentIdentityNumber, code: "430102199003070020", name: "张三")
    static let stranger = Holder(kind: .residentIdentityNumber, code: "430104198511110031", name: "李四")
    static let a = SourceID("source-a")
    static let b = SourceID("source-b")

    let clock = HandClock(noon)
    let catalogue: InMemoryCatalogue
    var coverage: ListedCoverage
    private let runs = Counter()

    init(_ sources: [SourceID] = [TestCity.a]) {
        catalogue = InMemoryCatalogue(clock: clock)
        coverage = ListedCoverage(byType: [Self.type: sources.map { TestCity.declare($0) }])
    }

    static func declare(_ source: SourceID) -> DeclaredInterface {
        DeclaredInterface(
            id: InterfaceID(source, "licences"), sourceName: "示例来源 \(source)", period: .seconds(86_400))
    }

    var desk: AnswerDesk { AnswerDesk(catalogue: catalogue, coverage: coverage, clock: clock) }

    mutating func change(_ source: SourceID, _ body: (inout DeclaredInterface) -> Void) {
        for type in coverage.byType.keys {
            for index in coverage.byType[type, default: []].indices
            where coverage.byType[type]?[index].id.source == source {
                if var interface = coverage.byType[type]?[index] {
                    body(&interface)
                    coverage.byType[type]?[index] = interface
                }
            }
        }
    }

    func licence(
        _ source: SourceID = TestCity.a, key: String = "1", status: LicenceStatus = .valid,
        until: Validity.End = .day(CalendarDay(number: 22_000)), holder: Holder = TestCity.holder,
        identifier: String? = nil, number: String? = nil, grade: TrustGrade? = nil, partition: String? = nil
    ) -> Licence {
        Licence(
            key: SourceRecordKey(source: source, parts: [key]), interface: InterfaceID(source, "licences"),
            partition: partition, typeCode: Self.type, identifier: identifier.map { LicenceIdentifier($0) },
            number: number.map { LicenceNumber($0) }, holders: [holder],
            validity: Validity(from: CalendarDay(number: 18_000), until: until), status: status, trustGrade: grade,
            provenance: Provenance(
                sourceVersion: .arrival, fetchedAt: clock.now,
                payloadDigest: SHA256.digest("\(key) \(status) \(until) \(holder) \(identifier ?? "") \(number ?? "")"),
                mappingRevision: "1", simulated: true))
    }

    func reject(_ source: SourceID = TestCity.a, key: String? = nil, holder: Holder? = nil) -> Reject {
        Reject(
            interface: InterfaceID(source, "licences"), raw: [UInt8]("?".utf8),
            reason: Diagnostic(code: "test.unreadable", what: "unreadable", remedy: "none"),
            key: key.map { SourceRecordKey(source: source, parts: [$0]) }, typeCode: Self.type,
            holders: holder.map { [$0.reference] } ?? [], fetchedAt: clock.now, mappingRevision: "1")
    }

    enum End {
        case complete
        case stopped
        case running
    }

    /// One full pull of one page.
    @discardableResult
    func pull(
        _ source: SourceID = TestCity.a, _ records: [Licence] = [], rejects: [Reject] = [],
        tombstones: [Tombstone] = [], mode: PullMode = .full, partition: String? = nil, end: End = .complete,
        limit: WithdrawalLimit = WithdrawalLimit()
    ) async throws -> RunID {
        let id = RunID(rawValue: "run-\(runs.next())")
        let interface = InterfaceID(source, "licences")
        try await catalogue.begin(
            RunStart(id: id, interface: interface, partition: partition, mode: mode, startedAt: clock.now))
        _ = try await catalogue.commit(
            PageCommit(run: id, page: 1, records: records, rejects: rejects, tombstones: tombstones))
        switch end {
        case .complete:
            _ = try await catalogue.finish(id, .complete(declaredTotal: nil, resume: nil), limit: limit)
        case .stopped:
            let reason = Diagnostic(code: "source.timeout", what: "no answer", remedy: "none")
            _ = try await catalogue.finish(id, .stopped(reason), limit: limit)
        case .running: break
        }
        return id
    }

    func ask(
        _ about: CatalogueQuery = .holder(TestCity.holder.reference, TestCity.type), on day: CalendarDay? = nil
    ) async -> ProofFreeAnswer {
        await desk.answer(
            ProofFreeQuestion(about: about, on: day, asking: QuestionContext(system: "test", purpose: "test")))
    }
}

/// A number that grows.
final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

extension Verdict {
    /// The verdict in a word, as the reference page writes it.
    var words: String {
        switch self {
        case .holds, .noRecord: name
        case .doesNotHold(.expired): "does_not_hold(expired)"
        case .doesNotHold(.notYetValid): "does_not_hold(not_yet_valid)"
        case .doesNotHold(.status(let status)): "does_not_hold(\(status.rawValue))"
        case .doesNotHold(.removedBySource): "does_not_hold(removed_by_source)"
        case .cannotTell(let doubt, _): "cannot_tell(\(doubt.name))"
        }
    }
}
