import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel
import Sync
import Synchronization
import Testing

private let start = Timestamp(seconds: 1_795_570_350)

private struct Bench {
    let catalogue: any Catalogue
    let clock = TickingClock(start)

    init() { catalogue = InMemoryCatalogue(clock: clock) }

    func run(_ source: ScriptedSource, full: Bool = false, limit: WithdrawalLimit = WithdrawalLimit()) async
        -> RunRecord?
    {
        await SyncRunner(catalogue: catalogue, clock: clock, chance: { 0 }).run(
            source, source.description.interfaces[0], full: full, owner: "test", limit: limit)
    }

    func state() async throws -> InterfaceState {
        try #require(try await catalogue.states().first { $0.interface == scripted })
    }
}

/// A clock that sleeps in no time: it steps forward and remembers how long it was asked to wait.
final class TickingClock: GatewayClock {
    private let state: Mutex<(now: Timestamp, elapsed: Duration, waits: [Duration])>
    init(_ now: Timestamp) { state = Mutex((now, .zero, [])) }
    var now: Timestamp { state.withLock { $0.now } }
    var elapsed: Duration { state.withLock { $0.elapsed } }
    var waits: [Duration] { state.withLock { $0.waits } }
    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        state.withLock {
            $0.now = $0.now + duration
            $0.elapsed += duration
            $0.waits.append(duration)
        }
    }
}

@Suite struct `A run` {
    @Test func `takes every page to the source's end and remembers where to go on`() async throws {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [[.page(licences(0..<3), resume: "a", total: 5), .end(licences(3..<5), resume: "b", total: 5)]])
        let record = try #require(await bench.run(source))
        #expect(record.outcome == .complete)
        #expect(record.counts.created == 5)
        #expect(record.counts.pages == 2)
        let state = try await bench.state()
        #expect(state.resume == ResumeCursor(rawValue: "b"))
        #expect(state.firstComplete?.asOf == start)
        #expect(source.requests.first?.mode == .full)
    }

    @Test func `goes on with what changed after a complete one, and starts again when asked`() async throws {
        let bench = Bench()
        let source = ScriptedSource(scriptedInterface(), scripts: [[.end(licences(0..<3), resume: "b")]])
        _ = await bench.run(source)
        _ = await bench.run(source)
        _ = await bench.run(source, full: true)
        #expect(source.requests.map(\.mode) == [.full, .incremental, .full])
        #expect(source.requests.map(\.resume?.rawValue) == [nil, "b", nil])
    }

    @Test func `does not take a whole pull up at the cursor of the one before`() async throws {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [
                [.end(licences(0..<3), resume: "b")], [.fail(unavailable)], [.fail(unavailable)], [.fail(unavailable)],
                [.end(licences(0..<3), resume: "c")],
            ])
        _ = await bench.run(source)
        #expect(try #require(await bench.run(source, full: true)).outcome == .stopped)
        #expect(try #require(await bench.run(source)).outcome == .complete)
        #expect(source.requests.last?.mode == .full)
        #expect(source.requests.last?.resume == nil, "an outage must not end in a complete pull of an empty tail")
        #expect(
            source.requests.last?.known?.rawValue == "b",
            "what was taken before is still known: an older file of a drop must not pass for a new one")
    }

    @Test func `writes nothing for unchanged records`() async throws {
        let bench = Bench()
        let source = ScriptedSource(scriptedInterface(), scripts: [[.end(licences(0..<3), resume: "b")]])
        _ = await bench.run(source)
        let record = try #require(await bench.run(source))
        #expect(record.counts.unchanged == 3)
        #expect(try await bench.catalogue.statistics().changes == 3)
    }

    @Test func `repeats a failed page from the durable cursor, waiting longer each time`() async throws {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [
                [.page(licences(0..<3), resume: "a"), .fail(unavailable)], [.fail(unavailable)],
                [.end(licences(3..<5), resume: "b")],
            ])
        let record = try #require(await bench.run(source))
        #expect(record.outcome == .complete)
        #expect(source.requests.map(\.resume?.rawValue) == [nil, "a", "a"])
        #expect(bench.clock.waits == [.seconds(1), .seconds(2)])
    }

    @Test func `stops after the page failed three times, keeps what it has, and the next one takes it up`() async throws
    {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [
                [.page(licences(0..<3), resume: "a"), .fail(unavailable)], [.fail(unavailable)], [.fail(unavailable)],
                [.end(licences(3..<5), resume: "b")],
            ])
        let record = try #require(await bench.run(source))
        #expect(record.outcome == .stopped)
        #expect(record.code == "source.unavailable")
        #expect(try await bench.state().lastComplete == nil)
        let next = try #require(await bench.run(source))
        #expect(next.outcome == .complete)
        #expect(next.mode == .full)
        #expect(source.requests.last?.resume?.rawValue == "a")
        #expect(try await bench.catalogue.statistics().records == 5)
    }

    @Test func `does not wait for a Retry-After beyond its patience`() async throws {
        let bench = Bench()
        var asked = unavailable
        asked.recovery = .retry(after: .seconds(3600))
        let record = try #require(await bench.run(ScriptedSource(scriptedInterface(), scripts: [[.fail(asked)]])))
        #expect(record.outcome == .stopped)
        #expect(bench.clock.waits.isEmpty)
    }

    @Test func `honours a short Retry-After`() async throws {
        let bench = Bench()
        var asked = unavailable
        asked.recovery = .retry(after: .seconds(30))
        let source = ScriptedSource(scriptedInterface(), scripts: [[.fail(asked)], [.end([], resume: nil)]])
        #expect(try #require(await bench.run(source)).outcome == .complete)
        #expect(bench.clock.waits == [.seconds(30)])
    }

    @Test func `does not repeat what no repeat mends`() async throws {
        let bench = Bench()
        let refused = SourceError(.forbidden, "HTTP 403", remedy: "Ask", recovery: .fixConfiguration)
        let source = ScriptedSource(scriptedInterface(), scripts: [[.fail(refused)]])
        #expect(try #require(await bench.run(source)).code == "source.forbidden")
        #expect(source.requests.count == 1)
    }

    @Test func `does not take the page that crosses the failure budget`() async throws {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [[.page(licences(0..<100), resume: "a"), .page(licences(100..<110), rejects: 90, resume: "b")]])
        let record = try #require(await bench.run(source))
        #expect(record.code == "source.too_many_rejects")
        #expect(record.counts.created == 100)
        let state = try await bench.state()
        #expect(state.resume == ResumeCursor(rawValue: "a"))
        #expect(state.openRejects == 0)
    }

    @Test func `bears rejects within the budget and quarantines them`() async throws {
        let bench = Bench()
        let source = ScriptedSource(
            scriptedInterface(), scripts: [[.end(licences(0..<100), rejects: 4, resume: "a")]])
        let record = try #require(await bench.run(source))
        #expect(record.outcome == .complete)
        #expect(record.counts.rejected == 4)
        #expect(try await bench.state().openRejects == 4)
    }

    @Test func `stops after the page it is at when cancelled, and keeps the cursor`() async throws {
        let bench = Bench()
        let task = Mutex<Task<RunRecord?, Never>?>(nil)
        let source = ScriptedSource(
            scriptedInterface(),
            scripts: [
                [
                    .page(licences(0..<3), resume: "a"), .call { task.withLock { $0?.cancel() } },
                    .page(licences(3..<6), resume: "b"), .end([], resume: nil),
                ]
            ])
        let running = Task { () -> RunRecord? in
            while task.withLock({ $0 == nil }) { await Task.yield() }
            return await bench.run(source)
        }
        task.withLock { $0 = running }
        let record = try #require(await running.value)
        #expect(record.code == "sync.stopped")
        #expect(try await bench.state().resume?.rawValue == "a")
    }

    @Test func `refuses a paused source and one that another run holds`() async throws {
        let bench = Bench()
        let source = ScriptedSource(scriptedInterface(), scripts: [[.end([], resume: nil)]])
        let lease = try await bench.catalogue.acquireLease(scripted.source, owner: "other")
        #expect(await bench.run(source) == nil)
        await bench.catalogue.release(lease)
        _ = await bench.run(source)
        try await bench.catalogue.setAvailability(.paused, of: scripted.source, note: "test")
        #expect(await bench.run(source) == nil)
        #expect(source.requests.count == 1)
    }

    @Test func `calls an adapter's silent end a fault, not an end`() async throws {
        let bench = Bench()
        let source = ScriptedSource(scriptedInterface(), scripts: [[.page(licences(0..<3), resume: "a")]])
        let record = try #require(await bench.run(source))
        #expect(record.outcome == .stopped)
        #expect(record.code == "source.shape")
    }
}
