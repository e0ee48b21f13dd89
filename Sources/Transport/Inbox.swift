// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics
import Synchronization

/// One exchange's identity, shared by the asking task and the curl thread.
final class Ticket: Sendable {
    let number: UInt64
    private let cancelled = Atomic<Bool>(false)

    init(number: UInt64) { self.number = number }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
    func markCancelled() { cancelled.store(true, ordering: .releasing) }
}

/// Where the result of an exchange goes.
enum Sink: Sendable {
    case whole(CheckedContinuation<Result<ExchangeResponse, TransportError>, Never>)
    case stream(StreamChannel)

    func fail(_ error: TransportError) {
        switch self {
        case .whole(let continuation): continuation.resume(returning: .failure(error))
        case .stream(let channel): channel.finish(.failure(error))
        }
    }
}

/// One exchange to make.
struct Job: Sendable {
    let ticket: Ticket
    let request: ExchangeRequest
    let target: RequestTarget
    let place: Place
    let sink: Sink
}

/// What other threads ask of the curl thread.
enum Command: Sendable {
    case start(Job)
    case cancel(UInt64)
    case resume(UInt64)
}

/// The only door to the curl thread.
///
/// Shape: the multi handle's address is kept as a number under the lock, so that it is woken only while it exists.
final class Inbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var multi: UInt
        var isClosed = false
        var isGone = false
        var outstanding = 0
        var nextNumber: UInt64 = 1
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let capacity: Int
    private let state: Mutex<State>

    init(multi: UnsafeMutableRawPointer?, capacity: Int) {
        self.capacity = capacity
        state = Mutex(State(multi: UInt(bitPattern: multi), isClosed: multi == nil, isGone: multi == nil))
    }

    func ticket() -> Ticket {
        Ticket(
            number: state.withLock { state in
                defer { state.nextNumber += 1 }
                return state.nextNumber
            })
    }

    /// Hands a job to the thread, or says why not.
    func start(_ job: Job) -> TransportError.Code? {
        state.withLock { state in
            if state.isClosed { return .cancelled }
            if state.outstanding >= capacity { return .busy }
            state.outstanding += 1
            Inbox.post(.start(job), to: &state)
            return nil
        }
    }

    func cancel(_ ticket: Ticket) {
        ticket.markCancelled()
        state.withLock { state in if !state.isClosed { Inbox.post(.cancel(ticket.number), to: &state) } }
    }

    func resume(_ ticket: Ticket) {
        state.withLock { state in if !state.isClosed { Inbox.post(.resume(ticket.number), to: &state) } }
    }

    /// Asks the thread to end; it fails what is left.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            Inbox.wake(state)
        }
    }

    /// Returns once the thread has let go of everything.
    func ended() async {
        await withCheckedContinuation { continuation in
            let already = state.withLock { state in
                if !state.isGone { state.waitingForEnd.append(continuation) }
                return state.isGone
            }
            if already { continuation.resume() }
        }
    }

    // MARK: the curl thread's side

    func take() -> (commands: [Command], isClosed: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isClosed)
        }
    }

    func finishedOne() { state.withLock { $0.outstanding -= 1 } }

    /// The thread is about to free the multi handle: from now on nobody wakes it.
    func forgetMulti() { state.withLock { $0.multi = 0 } }

    func gone() {
        let waiting = state.withLock { state in
            defer { state.waitingForEnd = [] }
            state.isClosed = true
            state.isGone = true
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    private static func post(_ command: Command, to state: inout State) {
        let wasEmpty = state.commands.isEmpty
        state.commands.append(command)
        if wasEmpty { wake(state) }
    }

    private static func wake(_ state: borrowing State) {
        if let multi = UnsafeMutableRawPointer(bitPattern: state.multi) { curl_multi_wakeup(multi) }
    }
}
