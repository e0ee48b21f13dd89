// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// The city's one waiting thread, and the few that work: hundreds of idle connections cost no thread.
///
/// Limits: 48 requests are answered at the same time, a slow answer holds its place; the others wait in order. A
/// connection that says nothing for 30 s is closed.
final class ServingLoop: Sendable {
    static let mostWorkers = 48
    static let silence = 30
    /// A pipe that ends the waiting: its reading and its writing end.
    private let wake: (read: Int32, write: Int32)
    private let state = Mutex(State())

    private struct State {
        var listeners: [LoopbackListener] = []
        /// Connections that wait for their next request, and since when.
        var idle: [Int32: (connection: CityConnection, since: Int)] = [:]
        /// Connections somebody works on.
        var busy: [Int32: CityConnection] = [:]
        /// Connections with a request, for the next thread that is free.
        var ready: [CityConnection] = []
        var workers = 0
        var isStopped = false
    }

    init() throws(CityError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CityError.noSocket() }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wake = (ends[0], ends[1])
        startThread { [self] in run() }
    }

    deinit {
        close(wake.read)
        close(wake.write)
    }

    func enter(_ listener: LoopbackListener) {
        state.withLock { if !$0.isStopped { $0.listeners.append(listener) } }
        stir()
    }

    func leave(_ listener: LoopbackListener) {
        state.withLock { state in state.listeners.removeAll { $0 === listener } }
        stir()
    }

    /// Ends for good: connections are shut, and closed by whoever has them.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.listeners = []
            for connection in state.busy.values { shutdown(connection.socket, Int32(SHUT_RDWR)) }
        }
        stir()
    }

    /// The waiting thread looks at its lists again.
    private func stir() {
        var byte: UInt8 = 1
        _ = write(wake.write, &byte, 1)
    }

    // MARK: The waiting thread

    private func run() {
        while true {
            let (listeners, sockets, isStopped) = state.withLock { state in
                (state.listeners, state.idle.keys.map { $0 }, state.isStopped)
            }
            guard !isStopped else { break }
            let descriptors = [wake.read] + listeners.map(\.socket) + sockets
            var looks = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&looks, nfds_t(looks.count), 5000) >= 0 || errno == EINTR else { break }
            if looks[0].revents != 0 { drain() }
            for (place, listener) in listeners.enumerated() where looks[place + 1].revents != 0 {
                while let socket = listener.accepted() { admit(socket, listener) }
            }
            for look in looks.dropFirst(1 + listeners.count) where look.revents != 0 { schedule(look.fd) }
            sweep()
        }
        let left = state.withLock { state in
            defer { state.idle = [:] }
            return state.idle.values.map(\.connection)
        }
        for connection in left { connection.listener.left(connection.socket) }
    }

    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(wake.read, &bytes, bytes.count) > 0 {}
    }

    private func admit(_ socket: Int32, _ listener: LoopbackListener) {
        let connection = CityConnection(socket: socket, listener: listener)
        state.withLock { $0.idle[socket] = (connection, time(nil)) }
    }

    private func sweep() {
        let now = time(nil)
        let silent = state.withLock { state in
            let silent = state.idle.values.filter { now - $0.since > Self.silence }.map(\.connection)
            for connection in silent { state.idle[connection.socket] = nil }
            return silent
        }
        for connection in silent { connection.listener.left(connection.socket) }
    }

    // MARK: The working threads

    private func schedule(_ socket: Int32) {
        let starts = state.withLock { state -> CityConnection? in
            guard let connection = state.idle.removeValue(forKey: socket)?.connection else { return nil }
            state.busy[socket] = connection
            guard state.workers < Self.mostWorkers else {
                state.ready.append(connection)
                return nil
            }
            state.workers += 1
            return connection
        }
        guard let starts else { return }
        let begun = startThread { [self] in
            var current: CityConnection? = starts
            while let next = current {
                serve(next)
                current = state.withLock { state in
                    if state.ready.isEmpty {
                        state.workers -= 1
                        return nil
                    }
                    return state.ready.removeFirst()
                }
            }
        }
        if !begun {
            state.withLock { $0.workers -= 1 }
            end(starts)
        }
    }

    private func serve(_ connection: CityConnection) {
        repeat { guard connection.answerOne() else { return end(connection) } } while connection.hasMore()
        let stays = state.withLock { state in
            guard !state.isStopped else { return false }
            state.busy[connection.socket] = nil
            state.idle[connection.socket] = (connection, time(nil))
            return true
        }
        if stays { stir() } else { end(connection) }
    }

    private func end(_ connection: CityConnection) {
        state.withLock { $0.busy[connection.socket] = nil }
        connection.listener.left(connection.socket)
    }
}

/// One connection; one thread at a time works on it.
final class CityConnection: Sendable {
    let socket: Int32
    let listener: LoopbackListener
    private let wire: any CityWire
    private let reader: Mutex<RequestReader>

    init(socket: Int32, listener: LoopbackListener) {
        self.socket = socket
        self.listener = listener
        wire = listener.wire(socket)
        reader = Mutex(RequestReader(wire))
    }

    /// Reads a request and answers it; false when the connection has come to its end.
    func answerOne() -> Bool {
        guard let request = reader.withLock({ $0.next() }) else { return false }
        return ReplyWriter.send(listener.answer(request), head: request.method == "HEAD", to: wire, socket)
    }

    /// True when the next request is there, or comes at once.
    func hasMore() -> Bool {
        if wire.holdsBytes || reader.withLock({ $0.holdsBytes }) { return true }
        var look = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&look, 1, 20) > 0
    }
}
