// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The head of an answer.
struct StreamHead: Sendable {
    var status: Int
    var headers: HeaderFields
}

/// Joins the curl thread, which writes, and one reader, who may be slower.
///
/// Shape: the writer is told to pause when `ahead` bytes wait, and is asked to resume as soon as they are taken.
final class StreamChannel: Sendable {
    typealias HeadContinuation = CheckedContinuation<Result<StreamHead, TransportError>, Never>
    typealias ReadContinuation = CheckedContinuation<Result<[UInt8]?, TransportError>, Never>

    private struct State {
        var opening: HeadContinuation?
        var reader: ReadContinuation?
        var buffer: [UInt8] = []
        var isPaused = false
        var pauses = 0
        var highWater = 0
        var end: Result<ExchangeReceipt, TransportError>?
    }

    enum Taking {
        case now(Result<[UInt8]?, TransportError>, resume: Bool)
        case later
    }

    private let ahead: Int
    private let state: Mutex<State>

    init(ahead: Int, opening: HeadContinuation) {
        self.ahead = ahead
        state = Mutex(State(opening: opening))
    }

    var receipt: ExchangeReceipt? {
        state.withLock { state in
            guard state.buffer.isEmpty else { return nil }
            switch state.end {
            case .success(let receipt): return receipt
            case .failure(let error): return error.receipt
            case nil: return nil
            }
        }
    }

    /// How often the source was held back, and the most bytes that ever waited.
    var pressure: (pauses: Int, highWater: Int) { state.withLock { ($0.pauses, $0.highWater) } }

    // MARK: the curl thread's side

    func open(_ head: StreamHead) {
        let opening = state.withLock { state in
            defer { state.opening = nil }
            return state.opening
        }
        opening?.resume(returning: .success(head))
    }

    /// Takes the bytes, or refuses all of them because the reader is too far behind.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            if state.buffer.count >= ahead {
                state.isPaused = true
                state.pauses += 1
                return false
            }
            state.buffer.append(contentsOf: bytes)
            state.highWater = max(state.highWater, state.buffer.count)
            return true
        }
    }

    /// Hands what waits to a reader who waits; true when the writer was told to pause and may go on.
    @discardableResult
    func flush() -> Bool {
        let handed: (reader: ReadContinuation, chunk: [UInt8], mayGoOn: Bool)? = state.withLock { state in
            guard let reader = state.reader, !state.buffer.isEmpty else { return nil }
            defer {
                state.reader = nil
                state.buffer = []
                state.isPaused = false
            }
            return (reader, state.buffer, state.isPaused)
        }
        guard let handed else { return false }
        handed.reader.resume(returning: .success(handed.chunk))
        return handed.mayGoOn
    }

    func finish(_ result: Result<ExchangeReceipt, TransportError>) {
        flush()
        let (opening, reader) = state.withLock { state in
            defer {
                state.opening = nil
                state.reader = nil
            }
            if state.end == nil { state.end = result }
            return (state.opening, state.reader)
        }
        switch result {
        case .success: reader?.resume(returning: .success(nil))
        case .failure(let error):
            opening?.resume(returning: .failure(error))
            reader?.resume(returning: .failure(error))
        }
    }

    // MARK: the reader's side

    /// What there is now, or registers the reader.
    func take(_ reader: ReadContinuation) -> Taking {
        state.withLock { state in
            if state.reader != nil {
                return .now(.failure(TransportError(.misuse, detail: "two readers of one body")), resume: false)
            }
            if !state.buffer.isEmpty {
                let chunk = state.buffer
                state.buffer = []
                defer { state.isPaused = false }
                return .now(.success(chunk), resume: state.isPaused)
            }
            switch state.end {
            case .success: return .now(.success(nil), resume: false)
            case .failure(let error): return .now(.failure(error), resume: false)
            case nil:
                state.reader = reader
                return .later
            }
        }
    }
}

/// The reader's end of a running transfer; letting go of it ends the transfer.
final class RunningBody: BodySource {
    let channel: StreamChannel
    private let ticket: Ticket
    private let inbox: Inbox

    init(channel: StreamChannel, ticket: Ticket, inbox: Inbox) {
        self.channel = channel
        self.ticket = ticket
        self.inbox = inbox
    }

    deinit { inbox.cancel(ticket) }

    var receipt: ExchangeReceipt? { channel.receipt }

    func next() async -> Result<[UInt8]?, TransportError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                switch channel.take(continuation) {
                case .later: break
                case .now(let result, let resume):
                    if resume { inbox.resume(ticket) }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            inbox.cancel(ticket)
        }
    }
}
