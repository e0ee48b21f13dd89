// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import Synchronization

/// Spaces the requests to one source: never more than so many started in a second.
final class RequestPace: Sendable {
    private let interval: Duration
    private let next = Mutex<Duration>(.zero)

    init(perSecond: Int) { interval = .seconds(1) / max(1, perSecond) }

    /// Waits for this request's turn; throws `CancellationError`.
    func wait(_ clock: any GatewayClock) async throws {
        let now = clock.elapsed
        let turn = next.withLock { next in
            let turn = max(next, now)
            next = turn + interval
            return turn
        }
        if turn > now { try await clock.sleep(for: turn - now) }
    }
}
