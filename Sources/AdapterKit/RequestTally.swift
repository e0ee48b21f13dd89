// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Remembers how many requests were set aside for a source on a day, so that a daily quota outlives a restart.
public protocol RequestTally: Sendable {
    /// Sets aside `requests` more under a name (`source` or `source/interface`) on a day, durably, and returns how many
    /// are set aside on that day now.
    func setAside(_ requests: Int, for name: String, day: Int) async -> Int
}

/// A tally that forgets with the process: for tests, and where nothing durable is at hand.
public final class MemoryRequestTally: RequestTally {
    private let days = Mutex<[String: (day: Int, count: Int)]>([:])

    /// Makes an empty tally.
    public init() {}

    /// Sets aside more requests and returns the day's sum.
    public func setAside(_ requests: Int, for name: String, day: Int) async -> Int {
        days.withLock { days in
            let before = days[name].map { $0.day == day ? $0.count : 0 } ?? 0
            days[name] = (day, before + requests)
            return before + requests
        }
    }
}
