// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
import Synchronization

/// A clock that stands still until a test moves it.
///
/// Shape: sleepers wake in the order of their times, each before the clock goes on to the next.
public final class ManualClock: GatewayClock {
    private struct Sleeper {
        var due: Duration
        var number: Int
        var continuation: CheckedContinuation<Result<Void, CancellationError>, Never>
    }

    private struct State {
        var now: Timestamp
        var elapsed: Duration = .zero
        var sleepers: [Sleeper] = []
        var nextNumber = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    /// Makes a clock that shows this moment; 2026-11-25 09:30 in UTC+8 when nothing is said.
    public init(now: Timestamp = Timestamp(milliseconds: 1_795_570_200_000)) {
        state = Mutex(State(now: now))
    }

    /// The moment shown.
    public var now: Timestamp { state.withLock { $0.now } }
    /// Time moved so far; `set(_:)` does not count.
    public var elapsed: Duration { state.withLock { $0.elapsed } }
    /// How many sleep now.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Sets the wall clock, as an administrator would; `elapsed` and sleepers do not notice.
    public func set(_ now: Timestamp) { state.withLock { $0.now = now } }

    /// Moves the clock on and wakes whoever is due, in order.
    public func advance(by duration: Duration) {
        let goal = state.withLock { $0.elapsed + duration }
        while let due = nextDue(until: goal) { due.resume(returning: .success(())) }
    }

    /// Waits until at least `count` sleep, so that a test advances only when everybody is in bed.
    public func untilSleeping(_ count: Int = 1) async {
        while sleepers < count, !Task.isCancelled { await Task.yield() }
    }

    /// Sleeps until the clock has been moved that far.
    public func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        let result: Result<Void, CancellationError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early: Result<Void, CancellationError>? = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
                    if duration <= .zero { return .success(()) }
                    let due = state.elapsed + duration
                    state.sleepers.append(Sleeper(due: due, number: number, continuation: continuation))
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            cancel(number)
        }
        try result.get()
    }

    private func cancel(_ number: Int) {
        let sleeper: Sleeper? = state.withLock { state in
            guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(returning: .failure(CancellationError()))
    }

    private func nextDue(until goal: Duration) -> CheckedContinuation<Result<Void, CancellationError>, Never>? {
        state.withLock { state in
            let due = state.sleepers.indices.filter { state.sleepers[$0].due <= goal }.min { a, b in
                (state.sleepers[a].due, state.sleepers[a].number) < (state.sleepers[b].due, state.sleepers[b].number)
            }
            let until = due.map { max(state.sleepers[$0].due, state.elapsed) } ?? goal
            state.now = state.now + (until - state.elapsed)
            state.elapsed = until
            return due.map { state.sleepers.remove(at: $0).continuation }
        }
    }
}
