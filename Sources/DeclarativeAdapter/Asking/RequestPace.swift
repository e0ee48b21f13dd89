// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import Synchronization

/// Spaces the requests to one source: so many started in a second, so many in a longer window; questions go first.
final class RequestPace: Sendable {
    /// Who waits: somebody at a window, or a pull.
    enum Priority: Int, Sendable { case question, pull }

    private struct State {
        var next: Duration = .zero
        /// When the last requests of the window were started, oldest first.
        var started: [Duration] = []
        var waiting: [(priority: Priority, ticket: Int)] = []
        var tickets = 0
    }

    private let interval: Duration
    private let rate: RequestRate?
    private let state = Mutex(State())

    init(perSecond: Int, rate: RequestRate? = nil) {
        interval = .seconds(1) / max(1, perSecond)
        self.rate = rate
    }

    /// Waits for this request's turn; throws `CancellationError`.
    ///
    /// Nobody reserves a turn ahead of time, so a question that comes while a pull waits is asked before it.
    func wait(_ clock: any GatewayClock, _ priority: Priority = .pull) async throws {
        let ticket = state.withLock { state in
            state.tickets += 1
            state.waiting.append((priority, state.tickets))
            return state.tickets
        }
        defer { state.withLock { $0.waiting.removeAll { $0.ticket == ticket } } }
        while let pause = turn(of: ticket, priority, at: clock.elapsed) { try await clock.sleep(for: pause) }
    }

    /// Nil when it is this one's turn, which is then taken; else how long to wait before looking again.
    private func turn(of ticket: Int, _ priority: Priority, at now: Duration) -> Duration? {
        state.withLock { state in
            var free = max(state.next, now)
            if let rate {
                state.started.removeAll { $0 + rate.window <= now }
                if state.started.count >= rate.count {
                    free = max(free, state.started[state.started.count - rate.count] + rate.window)
                }
            }
            let ahead = state.waiting.count { other in
                (other.priority.rawValue, other.ticket) < (priority.rawValue, ticket)
            }
            guard free > now || ahead > 0 else {
                state.next = now + interval
                if rate != nil { state.started.append(now) }
                return nil
            }
            return max(.milliseconds(1), free - now + interval * ahead)
        }
    }
}
