// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Sockets must not live on in child processes, or the peer never sees them closed.
private let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)

/// A small raw HTTP server on loopback for tests: scripted answers, real sockets, and counts of everything.
///
/// Shape: one thread accepts and one serves each connection; answers of a path are given in order and the last one
/// repeats; a path without a script gets 404.
/// Limits: for tests only: requests up to 16 MiB, bodies by Content-Length only.
public final class FixtureServer: Sendable {
    /// The port.
    public let port: Int
    /// `http://127.0.0.1:port`.
    public var origin: String { "http://127.0.0.1:\(port)" }

    private let listener: Int32
    let shared = FixtureShared()

    /// Opens a server on a free port of 127.0.0.1.
    public init() throws(FixtureServerFailure) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        self.listener = listener
        guard listener >= 0 else { throw FixtureServerFailure(step: "socket", number: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let opened = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1024) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard opened else {
            let number = errno
            close(listener)
            throw FixtureServerFailure(step: "bind", number: number)
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        let accepting = FixtureThread { [shared] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    break
                }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                guard let number = shared.opened(connection) else {
                    close(connection)
                    break
                }
                FixtureThread { FixtureConnection(connection, number: number, shared: shared).serve() }.start()
            }
            // Closed here and nowhere else, so that this thread never accepts on a number that means another socket.
            close(listener)
        }
        accepting.start()
    }

    deinit { stop() }

    /// Sets the answers of a path, in order; the last one repeats.
    public func script(_ path: String, _ answers: FixtureAnswer...) { script(path, answers) }

    /// Sets the answers of a path, in order; the last one repeats.
    public func script(_ path: String, _ answers: [FixtureAnswer]) {
        shared.state.withLock { $0.scripts[path] = answers[...] }
    }

    /// What has been counted so far.
    public var counts: FixtureCounts { shared.state.withLock { $0.counts } }
    /// Every request so far, in order of arrival.
    public var requests: [FixtureRequest] { shared.state.withLock { $0.requests } }

    /// Waits until the counts fit, at most `seconds`; false when they never did.
    public func until(seconds: Double = 60, _ fit: @Sendable (FixtureCounts) -> Bool) async -> Bool {
        let end = ContinuousClock.now + .milliseconds(Int64(seconds * 1000))
        while !fit(counts) {
            if ContinuousClock.now > end { return false }
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return false }
        }
        return true
    }

    /// Closes every connection and the port.
    public func stop() {
        if shared.close() { shutdown(listener, Int32(SHUT_RDWR)) }
    }
}

/// A fixture server that could not start.
public struct FixtureServerFailure: Error, CustomStringConvertible {
    /// The call that failed.
    public let step: String
    /// Its error number.
    public let number: Int32
    /// Both in words.
    public var description: String { "the fixture server could not start: \(step) failed with error \(number)" }
}

/// A thread that runs one closure; blocking is what it is for.
final class FixtureThread: Sendable {
    private let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let started = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<FixtureThread>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        if started == 0 { pthread_detach(thread) } else { context.release() }
    }
}

/// What the threads of a server share.
final class FixtureShared: Sendable {
    struct State {
        var scripts: [String: ArraySlice<FixtureAnswer>] = [:]
        var counts = FixtureCounts()
        var requests: [FixtureRequest] = []
        var sockets: Set<Int32> = []
        var isStopped = false
    }
    let state = Mutex(State())

    /// Counts a new connection; nil once the server is stopped.
    func opened(_ socket: Int32) -> Int? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            state.sockets.insert(socket)
            state.counts.connections += 1
            state.counts.open += 1
            state.counts.mostOpen = max(state.counts.mostOpen, state.counts.open)
            return state.counts.connections
        }
    }

    func closed(_ socket: Int32) {
        state.withLock { state in
            state.sockets.remove(socket)
            state.counts.open -= 1
            Glibc.close(socket)
        }
    }

    /// The answer to a request.
    func answer(_ request: FixtureRequest) -> FixtureAnswer {
        state.withLock { state in
            state.requests.append(request)
            state.counts.requests += 1
            state.counts.answering += 1
            state.counts.mostAnswering = max(state.counts.mostAnswering, state.counts.answering)
            guard let script = state.scripts[request.path], let first = script.first else {
                return .text("no script for this path", status: 404, type: "text/plain")
            }
            if script.count > 1 { state.scripts[request.path] = script.dropFirst() }
            return first
        }
    }

    func answered(abandoned: Bool) {
        state.withLock { state in
            state.counts.answering -= 1
            if abandoned { state.counts.abandoned += 1 }
        }
    }

    func sent(_ bytes: Int) { state.withLock { $0.counts.bytesSent += bytes } }

    /// Whether this call was the first.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isStopped = true }
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            return !state.isStopped
        }
    }
}
