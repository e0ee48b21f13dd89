import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel
import Sync
import Synchronization
import Testing

/// 2026-11-25 was a Wednesday; this is 09:32:30 in the city.
private let morning = Timestamp(seconds: 1_795_570_350)

/// A clock that only moves when told, and wakes its sleepers in order.
final class StepClock: GatewayClock {
    private struct Sleeper {
        var until: Duration
        var id: Int
        var continuation: CheckedContinuation<Bool, Never>
    }
    private struct State {
        var now: Timestamp
        var elapsed: Duration = .zero
        var sleepers: [Sleeper] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }
    private let state: Mutex<State>

    init(_ now: Timestamp) { state = Mutex(State(now: now)) }
    var now: Timestamp { state.withLock { $0.now } }
    var elapsed: Duration { state.withLock { $0.elapsed } }
    var sleeping: Int { state.withLock { $0.sleepers.count } }

    func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let woken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refused = state.withLock { state in
                    if state.cancelled.contains(id) { return true }
                    state.sleepers.append(
                        Sleeper(until: state.elapsed + duration, id: id, continuation: continuation))
                    return false
                }
                if refused { continuation.resume(returning: false) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                state.cancelled.insert(id)
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !woken { throw CancellationError() }
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.elapsed += duration
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.until <= state.elapsed }.sorted { $0.until < $1.until }
            state.sleepers.removeAll { $0.until <= state.elapsed }
            return due
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }
}

/// A scheduler under a step clock; every wait is for a count, never for time.
private struct Rig {
    let clock = StepClock(morning)
    let catalogue: any Catalogue
    let source: ScriptedSource
    let scheduler: SyncScheduler
    let directory: SourceDirectory

    init(_ schedule: PullSchedule, scripts: [[ScriptedSource.Step]] = [[.end([], resume: "a")]], chance: Double = 0) {
        source = ScriptedSource(scriptedInterface(schedule: schedule), scripts: scripts)
        catalogue = InMemoryCatalogue(clock: clock)
        directory = SourceDirectory([source])
        let runner = SyncRunner(catalogue: catalogue, clock: clock, chance: { 0 })
        scheduler = SyncScheduler(
            directory: directory, catalogue: catalogue, runner: runner, clock: clock, parallel: 2, chance: { chance })
    }

    /// Yields until `condition` holds; a million turns without it is a failure, not a time-out.
    func until(_ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async {
        for _ in 0..<1_000_000 {
            if condition() { return }
            await Task.yield()
        }
        Issue.record("it never came to that", sourceLocation: sourceLocation)
    }

    func advance(by duration: Duration) async {
        await until { clock.sleeping > 0 }
        clock.advance(by: duration)
    }

    func running(_ body: () async throws -> Void) async throws {
        let task = Task { await scheduler.run() }
        do { try await body() } catch {
            task.cancel()
            await task.value
            throw error
        }
        task.cancel()
        await task.value
    }
}

private func every(_ text: String, downtime: String? = nil, jitter: Duration = .zero) throws -> PullSchedule {
    PullSchedule(
        slots: try CronExpression.parse(text).get(), jitter: jitter,
        downtime: try downtime.map { [try #require(DowntimeWindow($0))] } ?? [])
}

@Suite struct `A schedule` {
    @Test func `runs an interface that was never pulled at once, and then at its slots`() async throws {
        let rig = Rig(try every("0 * * * *"))
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 }
            #expect(rig.scheduler.due[scripted]?.iso8601 == "2026-11-25T10:00:00+08:00")
            for _ in 0..<111 { await rig.advance(by: .seconds(15)) }
            await rig.until { rig.source.requests.count == 2 }
        }
    }

    @Test func `runs a slot missed while it was down once at the start`() async throws {
        let rig = Rig(try every("0 * * * *"))
        let old = RunStart(
            id: RunID(rawValue: "old"), interface: scripted, mode: .full, startedAt: morning - .hours(50))
        try await rig.catalogue.begin(old)
        _ = try await rig.catalogue.finish(
            old.id, .complete(declaredTotal: nil, resume: ResumeCursor(rawValue: "z")), limit: WithdrawalLimit())
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 }
            for _ in 0..<4 { await rig.advance(by: .seconds(15)) }
        }
        #expect(rig.source.requests.count == 1)
    }

    @Test func `waits for the slot when none was missed`() async throws {
        let rig = Rig(try every("0 * * * *"))
        let recent = RunStart(
            id: RunID(rawValue: "x"), interface: scripted, mode: .full, startedAt: morning - .seconds(60))
        try await rig.catalogue.begin(recent)
        _ = try await rig.catalogue.finish(
            recent.id, .complete(declaredTotal: nil, resume: nil), limit: WithdrawalLimit())
        try await rig.running {
            await rig.until { rig.clock.sleeping > 0 }
            #expect(rig.scheduler.due[scripted]?.iso8601 == "2026-11-25T10:00:00+08:00")
        }
        #expect(rig.source.requests.isEmpty)
    }

    @Test func `asks nothing inside planned downtime`() async throws {
        let rig = Rig(try every("0 * * * *", downtime: "nightly 09:00-11:30"))
        try await rig.running {
            await rig.until { rig.clock.sleeping > 0 }
            #expect(rig.scheduler.due[scripted]?.iso8601 == "2026-11-25T11:30:00+08:00")
        }
        #expect(rig.source.requests.isEmpty)
    }

    @Test func `spreads slots by jitter`() async throws {
        let rig = Rig(try every("0 * * * *", jitter: .seconds(600)), chance: 0.5)
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 }
            #expect(rig.scheduler.due[scripted]?.iso8601 == "2026-11-25T10:05:00+08:00")
        }
    }

    @Test func `skips and counts a slot while the run before still goes on`() async throws {
        let gate = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let rig = Rig(
            try every("* * * * *"),
            scripts: [
                [
                    .call { await withCheckedContinuation { continuation in gate.withLock { $0 = continuation } } },
                    .end([], resume: "a"),
                ]
            ])
        try await rig.running {
            await rig.until { gate.withLock { $0 != nil } }
            for _ in 0..<9 { await rig.advance(by: .seconds(15)) }
            await rig.until { rig.scheduler.overruns[scripted] ?? 0 >= 1 }
            gate.withLock { $0?.resume() }
        }
        #expect(rig.source.requests.count == 1)
    }

    @Test func `asks a source that was down again after 5 and 10 minutes, not only a day later`() async throws {
        let down = SourceError(.unreachable, "refused", remedy: "Wait", recovery: .stopRun)
        let rig = Rig(
            try every("0 3 * * *"), scripts: [[.fail(down)], [.fail(down)], [.end([], resume: "a")]])
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 }
            await rig.until { rig.scheduler.due[scripted]?.iso8601 == "2026-11-25T09:37:30+08:00" }
            for _ in 0..<22 { await rig.advance(by: .seconds(15)) }
            await rig.until { rig.source.requests.count == 2 }
            for _ in 0..<44 { await rig.advance(by: .seconds(15)) }
            await rig.until { rig.source.requests.count == 3 }
            await rig.until { rig.scheduler.due[scripted]?.iso8601 == "2026-11-26T03:00:00+08:00" }
        }
    }

    @Test func `leaves what a person must mend to the next slot`() async throws {
        let refused = SourceError(.forbidden, "HTTP 403", remedy: "Ask", recovery: .fixConfiguration)
        let rig = Rig(try every("0 3 * * *"), scripts: [[.fail(refused)]])
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 }
            for _ in 0..<30 { await rig.advance(by: .seconds(15)) }
            #expect(rig.scheduler.due[scripted]?.iso8601 == "2026-11-26T03:00:00+08:00")
        }
        #expect(rig.source.requests.count == 1)
    }

    @Test func `lets a second interface of a busy source wait instead of losing its slot`() async throws {
        let gate = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let schedule = try every("0 * * * *")
        let first = ScriptedSource(
            scriptedInterface(schedule: schedule),
            scripts: [
                [
                    .call { await withCheckedContinuation { continuation in gate.withLock { $0 = continuation } } },
                    .end([], resume: "a"),
                ]
            ])
        var other = scriptedInterface(schedule: schedule)
        other.id = InterfaceID(scripted.source, "registers")
        let second = ScriptedSource(other, scripts: [[.end([], resume: "a")]])
        let clock = StepClock(morning)
        let catalogue = InMemoryCatalogue(clock: clock)
        let directory = SourceDirectory([TwoInterfaces(first: first, second: second)])
        let scheduler = SyncScheduler(
            directory: directory, catalogue: catalogue,
            runner: SyncRunner(catalogue: catalogue, clock: clock, chance: { 0 }), clock: clock, parallel: 2,
            chance: { 0 })
        let rig = Rig(schedule)
        let task = Task { await scheduler.run() }
        await rig.until { gate.withLock { $0 != nil } && clock.sleeping > 0 }
        #expect(second.requests.isEmpty)
        gate.withLock { $0?.resume() }
        for _ in 0..<200 where second.requests.isEmpty {
            await rig.until { clock.sleeping > 0 || !second.requests.isEmpty }
            clock.advance(by: .seconds(15))
        }
        #expect(second.requests.count == 1)
        task.cancel()
        await task.value
    }

    @Test func `does not lose a slot at which an operator's run holds the source`() async throws {
        let rig = Rig(try every("0 3 * * *"))
        let lease = try await rig.catalogue.acquireLease(scripted.source, owner: "licgate sync")
        try await rig.running {
            await rig.until { rig.clock.sleeping > 0 && rig.scheduler.due[scripted] != nil }
            for _ in 0..<3 { await rig.advance(by: .seconds(15)) }
            #expect(rig.source.requests.isEmpty)
            await rig.catalogue.release(lease)
            for _ in 0..<40 where rig.source.requests.isEmpty { await rig.advance(by: .seconds(15)) }
            #expect(rig.source.requests.count == 1, "due again after 60 s, and not the next night only")
        }
    }

    @Test func `waits for the next day when a quota is used up`() async throws {
        let used = SourceError(.quotaUsed, "used up", remedy: "Wait", recovery: .retry(after: .seconds(50_000)))
        let rig = Rig(try every("0 3 * * 0"), scripts: [[.fail(used)], [.end([], resume: "a")]])
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 && rig.clock.sleeping > 0 }
            await rig.until { rig.scheduler.due[scripted]?.iso8601 == "2026-11-26T00:00:00+08:00" }
        }
    }

    @Test func `drops interfaces that left the configuration`() async throws {
        let rig = Rig(try every("0 * * * *"))
        try await rig.running {
            await rig.until { rig.source.requests.count == 1 }
            rig.directory.replace(with: [])
            await rig.advance(by: .seconds(15))
            await rig.until { rig.scheduler.due.isEmpty }
        }
    }
}

extension Duration {
    fileprivate static func hours(_ hours: Int) -> Duration { .seconds(hours * 3600) }
}

extension Timestamp {
    fileprivate static func - (a: Timestamp, b: Duration) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds - b.wholeMilliseconds)
    }
}
