// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel
import SharedCatalogue
import Synchronization
import Testing

/// Fails once when a point is reached for the n-th time.
final class Trap: Sendable {
    private let state = Mutex<(CatalogueFailPoint, Int)?>(nil)
    let sprung = Mutex(false)

    func arm(_ point: CatalogueFailPoint, after count: Int = 0) { state.withLock { $0 = (point, count) } }

    var hook: CatalogueFailPointHook {
        { [self] (point) throws(CatalogueError) in
            let springs = state.withLock { armed in
                guard let (at, left) = armed, at == point else { return false }
                armed = left == 0 ? nil : (at, left - 1)
                return left == 0
            }
            guard springs else { return }
            sprung.withLock { $0 = true }
            throw CatalogueError(.disk, "The trap has sprung", remedy: "None")
        }
    }
}

@Suite struct `A store that is stopped at a fail point` {
    private func bench() async throws -> (CatalogueBench, Trap) {
        let trap = Trap()
        return (try await CatalogueBench(Workshop.factory { $0.failPoint = trap.hook }), trap)
    }

    private static let page = [Specimen("k1", "changed"), Specimen("k2"), Specimen("k3")]

    @Test(arguments: [false, true])
    func `before a batch has written nothing, after it everything`(after: Bool) async throws {
        let (bench, trap) = try await bench()
        try await bench.pull([Specimen("k1")])
        let run = try await bench.begin(.incremental)
        let before = try await bench.catalogue.statistics()
        trap.arm(after ? .afterBatch : .beforeBatch)
        await #expect(throws: CatalogueError.self) {
            try await bench.commit(run, Self.page, rejects: [Specimen("k4").reject()], resume: "after-1")
        }
        #expect(trap.sprung.withLock { $0 })
        try await bench.reopen()
        let now = try await bench.catalogue.statistics()
        #expect(now.records == before.records + (after ? 2 : 0))
        #expect(now.versions == before.versions + (after ? 3 : 0))
        #expect(now.changes == before.changes + (after ? 3 : 0))
        #expect(now.openRejects == (after ? 1 : 0))
        #expect(try await bench.state()?.resume?.rawValue == (after ? "after-1" : nil))
        let again = try await bench.begin(.incremental, resumed: true)
        try await bench.commit(again, Self.page, rejects: [Specimen("k4").reject()], resume: "after-1")
        try await bench.finish(again)
        let end = try await bench.catalogue.statistics()
        #expect([end.records, end.versions, end.changes, end.openRejects] == [3, 4, 4, 1])
    }

    @Test(arguments: [false, true])
    func `goes on in the same process as if the page had (not) been sent`(after: Bool) async throws {
        let (bench, trap) = try await bench()
        try await bench.pull([Specimen("k1")])
        let run = try await bench.begin(.incremental)
        trap.arm(after ? .afterBatch : .beforeBatch)
        await #expect(throws: CatalogueError.self) { try await bench.commit(run, Self.page, resume: "after-1") }
        let counts = try await bench.commit(run, Self.page, resume: "after-1")
        #expect(counts.pages == (after ? 0 : 1))
        let record = try await bench.finish(run)
        #expect([record.counts.created, record.counts.updated] == [2, 1])
        #expect(try await bench.catalogue.statistics().versions == 4)
    }

    @Test(arguments: [CatalogueFailPoint.finish, .withdrawal, .beforeBatch, .afterBatch])
    func `in the end of a run leaves a whole state that the next pull completes`(point: CatalogueFailPoint) async throws
    {
        let (bench, trap) = try await bench()
        let all = (0..<2200).map { Specimen("k\($0)") }
        let approved = WithdrawalLimit(approved: true)
        try await bench.pull(all)
        let run = try await bench.begin()
        try await bench.commit(run, Array(all.prefix(100)))
        trap.arm(point)
        await #expect(throws: CatalogueError.self) { try await bench.finish(run, approved) }
        try await bench.reopen()
        let now = try await bench.catalogue.statistics()
        let gone = [CatalogueFailPoint.withdrawal: 1000, .beforeBatch: 2000, .afterBatch: 2100][point] ?? 0
        #expect([now.records, now.withdrawn] == [2200 - gone, gone])
        #expect(now.versions == 2200 + gone && now.changes == now.versions)
        #expect(try await bench.state()?.records == 2200 - gone)
        #expect(try await bench.state()?.lastRun?.outcome == (point == .afterBatch ? .complete : .interrupted))
        let next = try await bench.pull(Array(all.prefix(100)), limit: approved)
        #expect(next.counts.withdrawn == 2100 - gone)
        let end = try await bench.catalogue.statistics()
        #expect([end.records, end.withdrawn, end.versions, end.changes] == [100, 2100, 4300, 4300])
    }

    @Test func `after a replay has replayed it once`() async throws {
        let (bench, trap) = try await bench()
        try await bench.pull([], rejects: [Specimen("k1").reject()])
        let number = try #require(try await bench.catalogue.quarantine(QuarantineFilter()).first?.id)
        trap.arm(.afterBatch)
        await #expect(throws: CatalogueError.self) {
            try await bench.catalogue.resolve(number, .replayed(Specimen("k1").licence))
        }
        try await bench.reopen()
        #expect(try await bench.catalogue.statistics().records == 1)
        await #expect(throws: CatalogueError.self) {
            try await bench.catalogue.resolve(number, .replayed(Specimen("k1").licence))
        }
    }
}
