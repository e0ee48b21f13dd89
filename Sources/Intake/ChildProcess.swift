// SPDX-License-Identifier: Apache-2.0
internal import CSystemCalls
internal import Diagnostics
internal import Dispatch
internal import Glibc
internal import Synchronization

/// How a child ended.
enum ChildExit: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)

    var words: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let number): "signal \(number)"
        }
    }
}

/// A running child with its whole process group.
///
/// Everything that waits does so on a queue of its own, never on the cooperative pool. Whoever lets go of it ends the
/// group.
final class ChildProcess: Sendable {
    /// What waiting for output brought.
    enum Reading: Sendable {
        case bytes([UInt8])
        /// Standard output and the process have ended.
        case ended(ChildExit)
        case stalled
        case tooLong
    }

    struct Bounds: Sendable {
        var stall: Duration
        var deadline: Duration
    }

    private struct State {
        var isReaped = false
        var exit = ChildExit.code(0)
        var tail: [UInt8] = []
        var sinceLine: Duration = .zero
        var outputEnded = false
        var errorsEnded = false
    }

    static let tailMax = 8 << 10
    private static let slice: Int32 = 100
    /// How long a child may live on after it closed its output.
    private static let grace: Duration = .seconds(10)

    private let process: pid_t
    private let output: Int32
    private let errors: Int32
    private let bounds: Bounds
    /// What must not go before the child has.
    private let folder: PrivateFolder
    private let started = ContinuousClock.now
    private let queue = DispatchQueue(label: "licgate.intake.child")
    private let state = Mutex(State())
    private let isGivenUp = Atomic<Bool>(false)

    /// Starts a program; blocking, call it on a lane.
    ///
    /// Throws: the error number.
    init(
        _ path: String, _ arguments: [String], folder: PrivateFolder, memory: Int, bounds: Bounds
    ) throws(ChildFailure) {
        var out: [Int32] = [-1, -1]
        var err: [Int32] = [-1, -1]
        let outFailure = private_pipe(&out)
        guard outFailure == 0 else { throw ChildFailure(number: outFailure) }
        let errFailure = private_pipe(&err)
        guard errFailure == 0 else {
            for one in out { close(one) }
            throw ChildFailure(number: errFailure)
        }
        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        argv.append(nil)
        defer { for one in argv { free(one) } }
        let cpu = UInt64(max(1, bounds.deadline.components.seconds + 1))
        let limits = child_limits(
            memory: UInt64(memory), cpu_seconds: cpu, file_bytes: 4 << 30, open_files: 256)
        var started: pid_t = 0
        let number = child_start(path, &argv, folder.path, out[1], err[1], limits, &started)
        close(out[1])
        close(err[1])
        guard number == 0 else {
            close(out[0])
            close(err[0])
            throw ChildFailure(number: number)
        }
        _ = fcntl(out[0], F_SETFL, O_NONBLOCK)
        _ = fcntl(err[0], F_SETFL, O_NONBLOCK)
        process = started
        output = out[0]
        errors = err[0]
        self.bounds = bounds
        self.folder = folder
    }

    deinit {
        close(output)
        close(errors)
        // Nobody waits for it any more; a thread of the queue takes its exit status.
        let (process, folder, isReaped) = (process, folder, state.withLock { $0.isReaped })
        if !isReaped {
            kill(-process, SIGKILL)
            queue.async {
                while waitpid(process, nil, 0) < 0, errno == EINTR {}
                withExtendedLifetime(folder) {}
            }
        }
    }

    /// The last of what it said on standard error.
    var tail: [UInt8] { state.withLock { $0.tail } }

    /// Waits for output, at most as long as the bounds allow; a cancelled task ends the group.
    func read() async -> Reading {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: self.waitForOutput()) }
            }
        } onCancel: {
            isGivenUp.store(true, ordering: .relaxed)
        }
    }

    /// Ends the whole group: asks, waits a second, forces; returns when the process is gone.
    func end() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.endGroup()
                continuation.resume()
            }
        }
    }

    // MARK: - On the queue

    private func waitForOutput() -> Reading {
        while true {
            if isGivenUp.load(ordering: .relaxed) {
                endGroup()
                return .ended(.signal(SIGKILL))
            }
            if ContinuousClock.now - started > bounds.deadline { return .tooLong }
            let (outputEnded, errorsEnded) = state.withLock { ($0.outputEnded, $0.errorsEnded) }
            if outputEnded { return waitForExit() }
            var watched = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorsEnded ? -1 : errors, events: Int16(POLLIN), revents: 0),
            ]
            let began = ContinuousClock.now
            poll(&watched, nfds_t(watched.count), Self.slice)
            if watched[1].revents != 0 { drainErrors() }
            if watched[0].revents != 0, let bytes = take(output, 64 << 10) {
                if bytes.isEmpty {
                    state.withLock { $0.outputEnded = true }
                    continue
                }
                let hasLine = bytes.contains(0x0A)
                state.withLock { $0.sinceLine = hasLine ? .zero : $0.sinceLine + (ContinuousClock.now - began) }
                if !hasLine, isStalled { return .stalled }
                return .bytes(bytes)
            }
            state.withLock { $0.sinceLine += ContinuousClock.now - began }
            if isStalled { return .stalled }
        }
    }

    private var isStalled: Bool { state.withLock { $0.sinceLine } > bounds.stall }

    private func waitForExit() -> Reading {
        let until = ContinuousClock.now + Self.grace
        while ContinuousClock.now < until, !isGivenUp.load(ordering: .relaxed) {
            drainErrors()
            if child_has_ended(process) != 0 {
                drainErrors()
                return .ended(reap())
            }
            usleep(5000)
        }
        return .stalled
    }

    /// Takes what there is; empty at the end, nil when there is nothing now.
    private func take(_ file: Int32, _ count: Int) -> [UInt8]? {
        var out = [UInt8](repeating: 0, count: count)
        while true {
            let got = Glibc.read(file, &out, count)
            if got < 0, errno == EINTR { continue }
            if got < 0 { return errno == EAGAIN ? nil : [] }
            out.removeLast(count - got)
            return out
        }
    }

    /// Keeps the last of what is on standard error.
    ///
    /// At most 1 MiB at once, so that a program that only writes errors does not hold the queue.
    private func drainErrors() {
        for _ in 0..<16 {
            guard let bytes = take(errors, 64 << 10) else { return }
            state.withLock { state in
                if bytes.isEmpty { state.errorsEnded = true }
                state.tail = Array((state.tail + bytes).suffix(Self.tailMax))
            }
            if bytes.isEmpty { return }
        }
    }

    /// Takes the exit status; whoever of the group is left is ended before, while the group's number is still ours.
    private func reap() -> ChildExit {
        if let known = state.withLock({ $0.isReaped ? $0.exit : nil }) { return known }
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let exit = signal == 0 ? ChildExit.code((status >> 8) & 0xFF) : .signal(signal)
        state.withLock { state in
            state.isReaped = true
            state.exit = exit
        }
        return exit
    }

    private func endGroup() {
        guard !state.withLock({ $0.isReaped }) else { return }
        kill(-process, SIGTERM)
        let until = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < until, child_has_ended(process) == 0 {
            drainErrors()
            usleep(5000)
        }
        _ = reap()
    }
}

/// Why a child could not be started.
struct ChildFailure: Error, Sendable { var number: Int32 }
