import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel
import Sync
import Synchronization
import Testing

private let start = Timestamp(seconds: 1_795_570_350)

private struct Bench {
    let memory: InMemoryCatalogue
    let catalogue: any Catalogue
    let clock = TickingClock(start)
    let events = Events()

    init(finishFails: Bool = false) {
        memory = InMemoryCatalogue(clock: clock)
        catalogue = finishFails ? FullDisk(inner: memory) : memory
    }

    func attempt(_ source: any LicenceSource, order: RunOrder = RunOrder()) async -> RunAttempt {
        let runner = SyncRunner(catalogue: catalogue, clock: clock, chance: { 0 }, observe: events.add)
        return await runner.attempt(source, source.describe().interfaces[0], owner: "test", order: order)
    }

    func round(_ source: any LicenceSource, order: RunOrder = RunOrder()) async -> [RunAttempt] {
        let runner = SyncRunner(catalogue: catalogue, clock: clock, chance: { 0 }, observe: events.add)
        return await runner.round(source, source.describe().interfaces[0], owner: "test", order: order)
    }
}

private final class Events: Sendable {
    private let all = Mutex<[SyncEvent]>([])
    func add(_ event: SyncEvent) { all.withLock { $0.append(event) } }
    var notes: [Diagnostic] {
        all.withLock { $0.compactMap { if case .noted(_, let note) = $0 { note } else { nil } } }
    }
    var unfinished: [Diagnostic] {
        all.withLock { $0.compactMap { if case .unfinished(_, _, let finding) = $0 { finding } else { nil } } }
    }
    var refusals: Int { all.withLock { $0.count { if case .refused = $0 { true } else { false } } } }
}

private func failing(_ wait: RetryWait? = nil, after: Duration? = nil) -> SourceError {
    var error = SourceError(.unavailable, "HTTP 503", remedy: "Wait", recovery: .retry(after: after), httpStatus: 503)
    error.wait = wait
    return error
}

@Suite struct `A failed page` {
    @Test func `is waited for as its rule says, and as often`() async throws {
        let bench = Bench()
        let rule = RetryWait(kind: .constant, first: .seconds(3), jitterFraction: 0, times: 4)
        let source = ScriptedSource(scriptedInterface(), scripts: [[.fail(failing(rule))]])
        let record = try #require(await bench.attempt(source).record)
        #expect(record.outcome == .stopped)
        #expect(bench.clock.waits == [3, 3, 3, 3].map { .seconds($0) })
        #expect(source.requests.count == 5)
    }

    @Test func `is waited for no longer than the manifest allows altogether`() async throws {
        let bench = Bench()
        let rule = RetryWait(first: .seconds(10), most: .seconds(40), jitterFraction: 0, times: 20)
        let source = ScriptedSource(
            scriptedInterface(budget: FailureBudget(retryFor: .seconds(100))), scripts: [[.fail(failing(rule))]])
        let record = try #require(await bench.attempt(source).record)
        #expect(record.outcome == .stopped)
        #expect(bench.clock.waits == [10, 20, 40].map { .seconds($0) }, "another 40 would be more than 100")
    }

    @Test func `whose source asks for a wait gets it, also a long one that the manifest bears`() async throws {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(budget: FailureBudget(retryFor: .seconds(900))),
            scripts: [[.fail(failing(after: .seconds(600)))], [.end([], resume: "a")]])
        #expect(try #require(await bench.attempt(source).record).outcome == .complete)
        #expect(bench.clock.waits == [.seconds(600)])
    }

    @Test func `is asked where the pull stood, and the whole pull again only when the list moved`() async throws {
        let bench = Bench()
        let moved = SourceError(.totalShrank, "fell", remedy: "Wait", recovery: .retry(after: nil))
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [
                [.page(licences(0..<3), resume: nil), .fail(failing())],
                [.page(licences(3..<5), resume: nil), .fail(moved)],
                [.end(licences(0..<5), resume: "b")],
            ])
        #expect(try #require(await bench.attempt(source).record).outcome == .complete)
        #expect(source.requests.map { $0.place?.value(as: Int.self) } == [nil, 3, nil])
    }

    @Test func `is asked in halves down to the smallest size, then the run stops`() async throws {
        let bench = Bench()
        var interface = scriptedInterface()
        interface.pageSizes = PageSizes(usual: 400, smallest: 100)
        let source = ScriptedSource(interface, scripts: [[.fail(failing())]])
        let record = try #require(await bench.attempt(source).record)
        #expect(record.outcome == .stopped)
        #expect(source.requests.map(\.pageSize) == [nil, nil, nil, 200, 200, 100, 100])
    }

    @Test func `that is left out by order leaves a trace, a cursor before it, and no complete pull`() async throws {
        let bench = Bench()
        let script: [[ScriptedSource.Step]] = [
            [.page(licences(0..<2), resume: "a"), .fail(failing())], [.fail(failing())], [.fail(failing())],
            [.page(licences(4..<6), resume: "c"), .end(licences(6..<7), resume: "d")],
        ]
        let source = ScriptedSource(scriptedInterface(), scripts: script)
        let record = try #require(await bench.attempt(source, order: RunOrder(skipsPages: true)).record)
        #expect(record.outcome == .stopped)
        #expect(record.code == "sync.page_skipped")
        #expect(record.message?.contains("page 2") == true)
        #expect(record.counts.received == 5)
        #expect(bench.events.notes.map(\.code) == ["source.unavailable"])
        #expect(source.requests.last?.skipPages == 1)
        let state = try #require(try await bench.catalogue.states().first)
        #expect(state.resume == ResumeCursor(rawValue: "a"))
        #expect(state.firstComplete == nil)
        #expect(try await bench.catalogue.runs(of: scripted, limit: 10).first?.code == "sync.page_skipped")
        let without = Bench()
        let same = ScriptedSource(scriptedInterface(), scripts: script)
        #expect(try #require(await without.attempt(same).record).code == "source.unavailable")
    }
}

@Suite struct `A run that is ordered` {
    private var closed: PullSchedule {
        get throws { PullSchedule(downtime: [try #require(DowntimeWindow("nightly 09:00-10:00"))]) }
    }

    @Test func `outside the allowed hours is refused with the hour, unless it is ordered so`() async throws {
        let bench = Bench()
        let source = ScriptedSource(scriptedInterface(schedule: try closed), scripts: [[.end([], resume: "a")]])
        guard case .refused(let finding) = await bench.attempt(source) else {
            Issue.record("it ran")
            return
        }
        #expect(finding.code == "sync.outside_hours")
        #expect(finding.what.contains("2026-11-25T10:00:00+08:00"))
        #expect(source.requests.isEmpty)
        #expect(await bench.attempt(source, order: RunOrder(outsideHours: true)).record?.outcome == .complete)
    }

    @Test func `asks the hours again before each partition`() async throws {
        let bench = Bench()
        var interface = scriptedInterface(
            schedule: PullSchedule(downtime: [try #require(DowntimeWindow("nightly 09:40-10:00"))]))
        interface.partitions = ["a", "b", "c"]
        let clock = bench.clock
        let source = ScriptedSource(
            interface,
            scripts: [[.call { try? await clock.sleep(for: .seconds(300)) }, .end([], resume: "x")]])
        let attempts = await bench.round(source)
        #expect(attempts.map { $0.record?.outcome } == [.complete, .complete, nil], "09:32:30, 09:37:30, 09:42:30")
        #expect(source.requests.map(\.partition) == ["a", "b"])
    }

    @Test func `is whole again when the last whole one is too old`() async throws {
        let bench = Bench()
        var interface = scriptedInterface()
        interface.fullAfter = .seconds(30 * 86_400)
        let source = ScriptedSource(interface, scripts: [[.end(licences(0..<1), resume: "a")]])
        _ = await bench.attempt(source)
        _ = await bench.attempt(source)
        try await bench.clock.sleep(for: .seconds(31 * 86_400))
        _ = await bench.attempt(source)
        _ = await bench.attempt(source)
        #expect(source.requests.map(\.mode) == [.full, .incremental, .full, .incremental])
    }

    @Test func `and whose end the disk does not take is no run that never began`() async throws {
        let bench = Bench(finishFails: true)
        let source = ScriptedSource(scriptedInterface(), scripts: [[.end(licences(0..<3), resume: "a")]])
        guard case .unfinished(let finding) = await bench.attempt(source) else {
            Issue.record("it is told otherwise")
            return
        }
        #expect(finding.code == "catalogue.disk_full")
        #expect(finding.place.run != nil)
        #expect(finding.consequence?.contains("3 records of this run are kept") == true)
        #expect(bench.events.unfinished.count == 1)
        #expect(bench.events.refusals == 0)
        let done = await Synchroniser(
            runner: SyncRunner(catalogue: bench.catalogue, clock: bench.clock, chance: { 0 }), parallel: 1
        ).run([.init(source: source, interfaces: source.description.interfaces)], full: false, owner: "test")
        #expect((done.records.count, done.refused, done.unfinished) == (0, 0, 1))
    }
}

@Suite struct `A round over partitions that the source names` {
    @Test func `is complete when every partition's run is, and stands for the interface`() async throws {
        let bench = Bench()
        let source = AskedSource(answers: [.success(["x", "y"])], [[.end([], resume: "a")]])
        let attempts = await bench.round(source)
        #expect(attempts.map { $0.record?.partition } == ["x", "y", nil])
        #expect(attempts.allSatisfy { $0.record?.outcome == .complete })
        let states = try await bench.catalogue.states()
        #expect(states.first { $0.partition == nil }?.firstComplete?.asOf == start)
    }

    @Test func `is not complete when one of them stopped`() async throws {
        let bench = Bench()
        let broken = SourceError(.shape, "no list", remedy: "Look", recovery: .stopRun)
        let source = AskedSource(
            answers: [.success(["x", "y"])], [[.fail(broken)], [.end([], resume: "a")]])
        let attempts = await bench.round(source)
        #expect(attempts.map { $0.record?.code } == ["source.shape", nil, "sync.partitions_incomplete"])
        #expect(try await bench.catalogue.states().first { $0.partition == nil }?.firstComplete == nil)
    }

    @Test func `that cannot be asked for is a stopped run in the history`() async throws {
        let bench = Bench()
        let source = AskedSource(answers: [.failure(failing())], [[.end([], resume: "a")]])
        let attempts = await bench.round(source)
        #expect(attempts.map { $0.record?.code } == ["source.unavailable"])
        #expect(bench.clock.waits == [.seconds(1), .seconds(2)])
        #expect(try await bench.catalogue.runs(of: scripted, limit: 5).count == 1)
    }
}

/// A scripted source that is asked for its partitions.
private final class AskedSource: LicenceSource {
    let inner: ScriptedSource
    let answers: [Result<[String], SourceError>]

    init(answers: [Result<[String], SourceError>], _ scripts: [[ScriptedSource.Step]]) {
        var interface = scriptedInterface()
        interface.asksForPartitions = true
        inner = ScriptedSource(interface, scripts: scripts)
        self.answers = answers
    }

    func describe() -> SourceDescription { inner.describe() }
    func partitions(of interface: InterfaceID, for run: RunID) async throws(SourceError) -> [String] {
        try answers[0].get()
    }
    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable { inner.pull(request) }
    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding { .none(evidence: "scripted") }
    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        ProbeResult(layer: layer, outcome: .passed, took: .zero)
    }
    func remap(_ reject: Reject) -> Result<Licence, SourceError> { inner.remap(reject) }
}

/// A catalogue whose disk is full when a run ends.
private struct FullDisk: CatalogueReading, CatalogueWriting {
    let inner: InMemoryCatalogue

    func finish(_ run: RunID, _ end: RunEnd, limit: WithdrawalLimit) async throws(CatalogueError) -> RunRecord {
        throw CatalogueError(.diskFull, "the disk is full", remedy: "Free space")
    }
    func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? { try await inner.entry(id) }
    func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        try await inner.entries(matching: query, limit: limit)
    }
    func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] {
        try await inner.versions(of: id, limit: limit)
    }
    func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage {
        try await inner.changes(after: token, limit: limit)
    }
    func states() async throws(CatalogueError) -> [InterfaceState] { try await inner.states() }
    func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] {
        try await inner.quarantine(filter)
    }
    func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] {
        try await inner.runs(of: interface, limit: limit)
    }
    func statistics() async throws(CatalogueError) -> CatalogueStatistics { try await inner.statistics() }
    func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) {
        try await inner.visitAll(visit)
    }
    func acquireLease(_ source: SourceID, owner: String) async throws(CatalogueError) -> Lease {
        try await inner.acquireLease(source, owner: owner)
    }
    func release(_ lease: Lease) async { await inner.release(lease) }
    func begin(_ run: RunStart) async throws(CatalogueError) { try await inner.begin(run) }
    func commit(_ page: PageCommit) async throws(CatalogueError) -> RunCounts { try await inner.commit(page) }
    func setAvailability(_ availability: Availability, of source: SourceID, note: String) async throws(CatalogueError) {
        try await inner.setAvailability(availability, of: source, note: note)
    }
    func resolve(_ reject: Int64, _ resolution: QuarantineResolution) async throws(CatalogueError) {
        try await inner.resolve(reject, resolution)
    }
    func sync() async throws(CatalogueError) { try await inner.sync() }
}
