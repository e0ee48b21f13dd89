// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Synchronization

/// Takes operations from commands over the 0600 socket and performs them in the serving process.
///
/// One thread accepts, one thread per connection (at most 16) writes; the operation itself runs as a task. When the
/// command goes away, its operation is cancelled: a sync then stops after its page.
final class ControlServer: Sendable {
    typealias Perform = @Sendable (Operation, @escaping OperationOutput) async -> Int32

    private let socket: UnixSocket
    private let path: String
    private let perform: Perform
    private let connections = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let tasks = Mutex<[Int: Task<Void, Never>]>([:])
    private let nextTask = Atomic<Int>(0)

    static let connectionsMax = 16

    init(path: String, perform: @escaping Perform) throws(ControlError) {
        self.path = path
        self.perform = perform
        socket = try UnixSocket.listen(path)
    }

    func start() {
        let thread = Thread { self.acceptLoop() }
        thread.name = "licgate-control"
        thread.start()
    }

    /// Takes no more commands, cancels those at work, and waits until they have ended in order.
    func stop() async {
        stopping.store(true, ordering: .relaxed)
        socket.shutDown()
        let left = tasks.withLock { Array($0.values) }
        for task in left { task.cancel() }
        for task in left { await task.value }
        unlink(path)
    }

    private func acceptLoop() {
        while let connection = socket.accept() {
            if stopping.load(ordering: .relaxed) {
                connection.close()
                break
            }
            guard connections.add(1, ordering: .relaxed).newValue <= Self.connectionsMax else {
                connections.subtract(1, ordering: .relaxed)
                let busy = ControlError(
                    "control.busy", "\(Self.connectionsMax) commands are at work already",
                    remedy: "Try again in a moment")
                send(.problem(busy.diagnostic.text), to: connection)
                send(.exit(2), to: connection)
                connection.close()
                continue
            }
            let thread = Thread {
                self.serve(connection)
                connection.close()
                self.connections.subtract(1, ordering: .relaxed)
            }
            thread.name = "licgate-command"
            thread.start()
        }
        socket.close()
    }

    private func serve(_ connection: UnixSocket) {
        var rest: [UInt8] = []
        connection.limitReads(10)
        guard let line = connection.readLine(&rest, limit: 1 << 20) else { return }
        guard let operation = try? JSONDecoder().decode(Operation.self, from: Data(line)) else {
            let unknown = ControlError(
                "control.unknown_operation", "the running server does not know this command",
                remedy: "Its version differs from this program's: restart it")
            send(.problem(unknown.diagnostic.text), to: connection)
            send(.exit(2), to: connection)
            return
        }
        let lines = LineQueue()
        let perform = perform
        let task = Task {
            let code = await perform(operation) { lines.put($0) }
            lines.put(.exit(code))
        }
        let number = nextTask.add(1, ordering: .relaxed).newValue
        tasks.withLock { $0[number] = task }
        defer { tasks.withLock { $0[number] = nil } }
        while let next = lines.take() {
            guard send(next, to: connection) else {
                task.cancel()
                lines.discard()
                return
            }
            if case .exit = next { return }
        }
    }

    @discardableResult
    private func send(_ line: OperationLine, to connection: UnixSocket) -> Bool {
        guard var data = try? JSONEncoder().encode(line) else { return true }
        data.append(10)
        return connection.write(Array(data))
    }
}

/// Lines from a task to the thread that writes them; bounded, progress lines beyond the bound are dropped.
private final class LineQueue: Sendable {
    private struct State {
        var lines: [OperationLine] = []
        var discarding = false
    }
    private let state = Mutex(State())
    private let waiting = DispatchSemaphore(value: 0)

    func put(_ line: OperationLine) {
        let kept = state.withLock { state in
            if state.discarding { return false }
            if case .progress = line, state.lines.count >= 1000 { return false }
            state.lines.append(line)
            return true
        }
        if kept { waiting.signal() }
    }

    func take() -> OperationLine? {
        waiting.wait()
        return state.withLock { $0.lines.isEmpty ? nil : $0.lines.removeFirst() }
    }

    func discard() {
        state.withLock {
            $0.discarding = true; $0.lines = []
        }
    }
}
