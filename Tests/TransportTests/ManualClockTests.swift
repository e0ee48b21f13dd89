// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Synchronization
import Testing

/// In which order sleepers woke.
final class Order: Sendable {
    let seconds = Mutex<[Int]>([])
}

@Suite struct `A clock moved by hand` {
    @Test func `stands still until it is moved`() {
        let clock = ManualClock(now: Timestamp(seconds: 1000))
        #expect(clock.now == Timestamp(seconds: 1000) && clock.elapsed == .zero)
        clock.advance(by: .milliseconds(1500))
        #expect(clock.now == Timestamp(milliseconds: 1_001_500) && clock.elapsed == .milliseconds(1500))
        clock.set(Timestamp(seconds: 5))
        #expect(clock.now == Timestamp(seconds: 5) && clock.elapsed == .milliseconds(1500))
    }

    @Test func `shows half past nine on 25 November 2026 when nothing is said`() {
        #expect(ManualClock().now.iso8601 == "2026-11-25T09:30:00+08:00")
    }

    @Test func `wakes sleepers in the order of their times`() async throws {
        let clock = ManualClock()
        let order = Order()
        let tasks = [3, 1, 2].map { seconds in
            Task {
                try await clock.sleep(for: .seconds(seconds))
                order.seconds.withLock { $0.append(seconds) }
            }
        }
        await clock.untilSleeping(3)
        for step in 1...3 {
            clock.advance(by: .seconds(1))
            #expect(clock.sleepers == 3 - step)
        }
        for task in tasks { try await task.value }
        #expect(Set(order.seconds.withLock { $0 }) == [1, 2, 3])
    }

    @Test func `lets a cancelled sleeper go at once, and one that was cancelled before`() async throws {
        let clock = ManualClock()
        let task = Task { try await clock.sleep(for: .seconds(60)) }
        await clock.untilSleeping()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleepers == 0)
        let early = Task {
            while !Task.isCancelled { await Task.yield() }
            try await clock.sleep(for: .seconds(60))
        }
        early.cancel()
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(clock.elapsed == .zero)
    }

    @Test func `does not sleep for no time`() async throws { try await ManualClock().sleep(for: .zero) }
}
