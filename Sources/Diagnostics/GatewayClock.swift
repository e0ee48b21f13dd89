// SPDX-License-Identifier: Apache-2.0

/// The only way our code learns the time or waits; tests pass a manual one.
///
/// `now` may jump when the machine's clock is set; `elapsed` never does, so time-outs and intervals use `elapsed`.
public protocol GatewayClock: Sendable {
    /// The wall clock.
    var now: Timestamp { get }
    /// Time since an arbitrary start, never set back.
    var elapsed: Duration { get }
    /// Waits, and throws `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
public struct SystemGatewayClock: GatewayClock {
    private let start = ContinuousClock.now

    /// Makes a clock whose `elapsed` starts at zero now.
    public init() {}

    /// The machine's wall clock.
    public var now: Timestamp { Timestamp(milliseconds: wallMilliseconds()) }

    /// Time since this clock was made.
    public var elapsed: Duration { ContinuousClock.now - start }

    /// Sleeps on the continuous clock.
    public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
