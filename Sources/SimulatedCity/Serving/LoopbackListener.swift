// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// One port on loopback that speaks as much HTTP/1.1 as sources and their readers need.
///
/// Why no server framework: the city has to refuse connections, reset them, end bodies in their middle and drip, on
/// purpose and to the byte. The threads are `ServingLoop`'s, so nothing here waits on Swift's pool.
/// Limits: 256 connections, heads of 16 KiB, bodies of 1 MiB, 30 s of silence.
final class LoopbackListener: Sendable {
    let port: Int
    let socket: Int32
    let answer: @Sendable (CityRequest) -> CityReply
    /// How the bytes of a connection are read: plain, or behind TLS.
    let wire: @Sendable (Int32) -> any CityWire
    private let loop: ServingLoop
    private let state = Mutex(State())

    private struct State {
        var open: Set<Int32> = []
        var isListening = false
        var isStopped = false
    }

    init(
        port: Int, loop: ServingLoop, wire: @escaping @Sendable (Int32) -> any CityWire = { PlainWire(socket: $0) },
        answer: @escaping @Sendable (CityRequest) -> CityReply
    ) throws(CityError) {
        self.loop = loop
        self.wire = wire
        self.answer = answer
        let first = try Self.bound(to: port)
        guard port == 0 else {
            (socket, self.port) = (first.socket, first.port)
            return
        }
        // A port the machine chose is given away again by `shutdown`; one that was named is kept. So it is named.
        defer { close(first.socket) }
        (socket, self.port) = try Self.bound(to: first.port)
    }

    private static func bound(to port: Int) throws(CityError) -> (socket: Int32, port: Int) {
        let socket = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { throw CityError.noSocket() }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
            }
        }
        guard done else {
            close(socket)
            throw CityError.portTaken(port)
        }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Listens, or refuses connections and resets the open ones; the port stays ours either way.
    func setListening(_ listening: Bool) {
        state.withLock { state in
            guard !state.isStopped, state.isListening != listening else { return }
            if !listening {
                loop.leave(self)
                state.isListening = false
                // On Linux this stops listening and keeps the port; `listen` takes it up again.
                shutdown(socket, Int32(SHUT_RDWR))
                for connection in state.open { Self.reset(connection) }
            } else if listen(socket, 128) == 0 {
                state.isListening = true
                loop.enter(self)
            }
        }
    }

    /// Ends for good; the loop closes the connections.
    func stop() {
        setListening(false)
        state.withLock { $0.isStopped = true }
    }

    deinit { close(socket) }

    /// The next connection that waits to be taken, or nil.
    func accepted() -> Int32? {
        while true {
            let connection = accept(socket, nil, nil)
            guard connection >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return nil
            }
            let admitted = state.withLock { state in
                guard state.isListening, state.open.count < 256 else { return false }
                state.open.insert(connection)
                return true
            }
            if admitted {
                Self.prepare(connection)
                return connection
            }
            close(connection)
        }
    }

    /// A connection is over.
    func left(_ connection: Int32) {
        state.withLock { state in
            state.open.remove(connection)
            close(connection)
        }
    }

    private static func prepare(_ connection: Int32) {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var silence = timeval(tv_sec: ServingLoop.silence, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &silence, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &silence, socklen_t(MemoryLayout<timeval>.size))
    }

    static func reset(_ connection: Int32) {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        shutdown(connection, Int32(SHUT_RD))
    }
}

/// Runs work on a thread of its own, outside Swift's pool; false when the machine has no more threads.
@discardableResult
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let status = pthread_create(
        &thread, nil,
        { raw in
            guard let raw else { return nil }
            Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
            return nil
        }, work.toOpaque())
    if status == 0 { pthread_detach(thread) } else { work.release() }
    return status == 0
}
