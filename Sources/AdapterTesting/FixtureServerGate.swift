// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Holds a fixture server's answers back until the test opens it; open once, open for ever.
public final class FixtureGate: Sendable {
    /// A pipe whose writing end is closed on opening: every waiter sees the end of it.
    let readEnd: Int32
    private let writeEnd: Mutex<Int32>

    /// Makes a closed gate.
    public init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = ends[0]
        writeEnd = Mutex(ends[1])
    }

    deinit {
        open()
        close(readEnd)
    }

    /// Lets everybody pass.
    public func open() {
        writeEnd.withLock { end in
            if end >= 0 { close(end) }
            end = -1
        }
    }
}
