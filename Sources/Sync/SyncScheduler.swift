// SPDX-License-Identifier: Apache-2.0
import AdapterKit
public import CatalogueContract
public import Diagnostics
public import LicenceModel
import Synchronization

/// Starts runs at their slots: cron in Asia/Shanghai with jitter, inside allowed hours and outside planned downtime.
///
/// A slot missed while the program was down runs once at the start. A slot that comes while its interface still runs
/// is skipped and counted. At most `parallel` runs at once; the rest of the due ones wait their turn.
public final class SyncScheduler: Sendable {
    private struct Entry {
        var due: Timestamp
        var schedule: PullSchedule
        var running = false
        /// Runs in a row that a fault of the source stopped.
        var failures = 0
    }
    private struct State {
        var entries: [InterfaceID: Entry] = [:]
        var overruns: [InterfaceID: Int] = [:]
        var active = 0
        /// Sources that are being pulled: another interface of one waits, due as it is, rather than lose its slot.
        var busy: Set<SourceID> = []
        var lastWake: Timestamp?
    }

    private let directory: SourceDirectory
    private let catalogue: any Catalogue
    private let runner: SyncRunner
    private let clock: any GatewayClock
    private let parallel: Int
    private let chance: @Sendable () -> Double
    private let state = Mutex(State())

    /// The longest sleep of the loop: a changed configuration takes effect within it.
    static let wakeEvery: Duration = .seconds(15)

    /// Makes a scheduler; `run()` starts it.
    public init(
        directory: SourceDirectory, catalogue: any Catalogue, runner: SyncRunner, clock: any GatewayClock,
        parallel: Int, chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.directory = directory
        self.catalogue = catalogue
        self.runner = runner
        self.clock = clock
        self.parallel = max(1, parallel)
        self.chance = chance
    }

    /// Slots skipped because the run before was still going.
    public var overruns: [InterfaceID: Int] { state.withLock { $0.overruns } }

    /// When each interface is due next.
    public var due: [InterfaceID: Timestamp] { state.withLock { $0.entries.mapValues(\.due) } }

    /// When the loop last woke: readiness turns when it stops waking.
    public var lastWake: Timestamp? { state.withLock { $0.lastWake } }

    /// Runs until the task is cancelled; runs that go on then stop after their page.
    public func run() async {
        let known = (try? await catalogue.states()) ?? []
        plan(known)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                plan([])
                for interface in takeDue() {
                    group.addTask { await self.perform(interface) }
                }
                let now = clock.now
                let next = state.withLock { state in
                    state.lastWake = now
                    return state.entries.values.filter { !$0.running || $0.due > now }.map(\.due).min()
                }
                let wait = next.map { max(.milliseconds(10), min(Self.wakeEvery, $0 - now)) } ?? Self.wakeEvery
                do { try await clock.sleep(for: busyWait(wait)) } catch { break }
            }
            group.cancelAll()
        }
    }

    /// While due interfaces wait for a place or for their source: look again soon rather than at once.
    private func busyWait(_ wait: Duration) -> Duration {
        state.withLock { $0.active > 0 } ? max(wait, .milliseconds(200)) : wait
    }

    /// Adds interfaces that are new in the directory and drops those that left it.
    private func plan(_ known: [InterfaceState]) {
        let now = clock.now
        let scheduled = directory.all.flatMap { $0.describe().interfaces }.filter {
            !$0.pulls.isEmpty && $0.schedule.slots != nil
        }
        state.withLock { state in
            let present = Set(scheduled.map(\.id))
            state.entries = state.entries.filter { present.contains($0.key) }
            for interface in scheduled {
                if let entry = state.entries[interface.id] {
                    // A reload changed its schedule: the old slot no longer counts.
                    guard entry.schedule != interface.schedule else { continue }
                    state.entries[interface.id]?.schedule = interface.schedule
                    state.entries[interface.id]?.due = nextSlot(interface, after: now)
                    continue
                }
                let partitions: [String?] = interface.partitions.isEmpty ? [nil] : interface.partitions
                let runs = partitions.map { partition in
                    known.first { $0.interface == interface.id && $0.partition == partition }?.lastRun?.startedAt
                }
                // One partition that never ran makes the whole interface due.
                let last = runs.contains(nil) ? nil : runs.compactMap { $0 }.min()
                state.entries[interface.id] = Entry(
                    due: firstDue(interface, last: last, now: now), schedule: interface.schedule)
            }
        }
    }

    /// Now when a slot was missed (or nothing was ever pulled), otherwise the next slot.
    private func firstDue(_ interface: InterfaceDescription, last: Timestamp?, now: Timestamp) -> Timestamp {
        guard let slots = interface.schedule.slots else { return now }
        let missed = last.map { slots.next(after: $0).map { $0 <= now } ?? false } ?? true
        return missed ? allowed(interface, from: now) : nextSlot(interface, after: now)
    }

    private func nextSlot(_ interface: InterfaceDescription, after now: Timestamp) -> Timestamp {
        guard let slot = interface.schedule.slots?.next(after: now) else { return now + .seconds(86_400) }
        return allowed(interface, from: slot + interface.schedule.jitter * chance())
    }

    private func allowed(_ interface: InterfaceDescription, from moment: Timestamp) -> Timestamp {
        interface.schedule.nextAllowed(from: moment) ?? moment + .seconds(86_400)
    }

    /// Takes what is due as far as there are places, and counts the slots that come too early.
    private func takeDue() -> [InterfaceID] {
        let now = clock.now
        let described = Dictionary(
            directory.all.flatMap { $0.describe().interfaces }.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        return state.withLock { state in
            var taken: [InterfaceID] = []
            for (id, entry) in state.entries.sorted(by: { ($0.value.due, $0.key) < ($1.value.due, $1.key) })
            where entry.due <= now {
                guard let interface = described[id] else { continue }
                // It may have waited for a place until after its hours, or the machine slept.
                if !entry.running, !interface.schedule.mayAsk(at: now) {
                    state.entries[id]?.due = allowed(interface, from: now)
                    continue
                }
                if entry.running {
                    state.overruns[id, default: 0] += 1
                    state.entries[id]?.due = nextSlot(interface, after: now)
                } else if state.active < parallel, state.busy.insert(id.source).inserted {
                    state.entries[id]?.due = nextSlot(interface, after: now)
                    state.entries[id]?.running = true
                    state.active += 1
                    taken.append(id)
                }
            }
            return taken
        }
    }

    private func perform(_ id: InterfaceID) async {
        var failed = false
        if let source = directory.source(id.source),
            let interface = source.describe().interfaces.first(where: { $0.id == id })
        {
            let attempts = await runner.round(source, interface, owner: "schedule")
            failed = attempts.contains { attempt in
                if case .unfinished = attempt { return true }
                guard let record = attempt.record, record.outcome == .stopped else { return false }
                return Self.mayPassByItself(record.code)
            }
            let codes = attempts.map { attempt in
                if case .refused(let finding) = attempt { finding.code } else { attempt.record?.code }
            }
            if codes.contains(CatalogueError.Code.leaseHeld.rawValue) {
                dueAgain(interface, clock.now + Self.leaseWait)
            } else if codes.contains("sync.outside_hours") {
                dueAgain(interface, clock.now)
            } else if codes.contains(SourceError.Code.quotaUsed.rawValue) {
                dueAgain(interface, PullSchedule.nextDay(after: clock.now))
            } else if failed {
                takeUpSoon(interface)
            }
        }
        state.withLock { state in
            state.active -= 1
            state.busy.remove(id.source)
            state.entries[id]?.running = false
            if !failed { state.entries[id]?.failures = 0 }
        }
    }

    /// Makes an interface due at the first allowed minute from `moment`, when that is before its next slot.
    private func dueAgain(_ interface: InterfaceDescription, _ moment: Timestamp) {
        let soon = allowed(interface, from: moment)
        state.withLock { state in
            if let due = state.entries[interface.id]?.due { state.entries[interface.id]?.due = min(due, soon) }
        }
    }

    /// A source that was down at its slot is asked again before the next one, which may be a day or a week away: after
    /// 5 minutes, then 10, 20, 40, and every hour from then on, inside its allowed hours.
    private func takeUpSoon(_ interface: InterfaceDescription) {
        let failures = state.withLock { state -> Int in
            state.entries[interface.id]?.failures += 1
            return state.entries[interface.id]?.failures ?? 1
        }
        let wait = min(Self.repeatLongest, Self.repeatFirst * (1 << min(failures - 1, 8)))
        dueAgain(interface, clock.now + wait * (1 + chance() / 4))
    }

    /// When another run held the source at a slot (an operator's, say), the slot is not lost.
    static let leaseWait: Duration = .seconds(60)

    static let repeatFirst: Duration = .seconds(300)
    static let repeatLongest: Duration = .seconds(3600)

    /// True for a stop that time may mend: not our own doing, nor what a person has to mend first.
    static func mayPassByItself(_ code: String?) -> Bool {
        guard let code, code.hasPrefix("source.") || code.hasPrefix("transport.") || code.hasPrefix("document.") else {
            return false
        }
        return ![
            SourceError.Code.forbidden, .unauthenticated, .configuration, .tooManyRejects, .tooManyPages, .cancelled,
            .quotaUsed,
        ].map(\.rawValue).contains(code)
    }
}
