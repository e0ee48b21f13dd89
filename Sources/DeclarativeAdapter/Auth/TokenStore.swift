// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import Synchronization

/// The one token of a source: asked for once however many wait, renewed before it ends and when it was refused.
final class TokenStore: Sendable {
    /// How long a refused login, or a fresh token that was refused too, keeps us from trying again: accounts get locked.
    static let holdOff = Duration.seconds(30)

    /// A token as it came.
    struct Fresh: Sendable {
        var value: Secret
        /// When it ends, on the clock's `elapsed`; nil when nobody says.
        var endsAt: Duration?
        var renewBefore: Duration
        var asked: Duration
    }

    /// A token that is in use.
    struct Token: Sendable {
        var value: Secret
        /// Counts up with each login, so that a refusal of an older one does not throw away a newer one.
        var number: Int
        var endsAt: Duration?
        var renewAt: Duration?
    }

    private struct State {
        var token: Token?
        var number = 0
        var running: Task<Result<Token, SourceError>, Never>?
        var refusal: (until: Duration, error: SourceError)?
        var vainUntil: Duration?
    }
    private let state = Mutex(State())

    /// The token to use now; `refused` is the number of one that was not taken.
    ///
    /// Throws: what the login throws. One login at a time; whoever comes meanwhile waits for its result.
    func token(
        at now: Duration, refused: Int? = nil, login: @escaping @Sendable () async -> Result<Fresh, SourceError>
    ) async throws(SourceError) -> Token {
        enum Step {
            case use(Token)
            case fail(SourceError)
            case wait(Task<Result<Token, SourceError>, Never>, old: Token?)
        }
        let step: Step = state.withLock { state in
            if let refused, state.token?.number == refused { state.token = nil }
            if let token = state.token, token.renewAt.map({ now < $0 }) ?? true { return .use(token) }
            if let refusal = state.refusal, now < refusal.until { return .fail(refusal.error) }
            let old = state.token.flatMap { token in (token.endsAt.map { now < $0 } ?? true) ? token : nil }
            if let running = state.running { return .wait(running, old: old) }
            let task = Task { self.settle(await login(), now) }
            state.running = task
            return .wait(task, old: old)
        }
        switch step {
        case .use(let token): return token
        case .fail(let error): throw error
        case .wait(let task, let old):
            switch await task.value {
            case .success(let token): return token
            case .failure(let error):
                // A login that is down for a moment ends nothing while the old token still holds.
                if let old, error.isRetriable { return old }
                throw error
            }
        }
    }

    private func settle(_ result: Result<Fresh, SourceError>, _ now: Duration) -> Result<Token, SourceError> {
        state.withLock { state in
            state.running = nil
            switch result {
            case .success(let fresh):
                state.number += 1
                state.refusal = nil
                // A token that lives shorter than the lead time is renewed at half its life, not at every request.
                let renewAt = fresh.endsAt.map { max($0 - fresh.renewBefore, fresh.asked + ($0 - fresh.asked) / 2) }
                let token = Token(
                    value: fresh.value, number: state.number, endsAt: fresh.endsAt, renewAt: renewAt)
                state.token = token
                return .success(token)
            case .failure(let error):
                if error.code == .unauthenticated { state.refusal = (now + Self.holdOff, error) }
                return .failure(error)
            }
        }
    }

    /// Whether a refusal of this token is worth a new login.
    func mayRenew(_ number: Int, at now: Duration) -> Bool {
        state.withLock { state in
            guard let until = state.vainUntil, now < until else { return true }
            // Another has renewed it meanwhile: that costs no login.
            return state.token.map { $0.number != number } ?? false
        }
    }

    /// A fresh token was refused like the one before it: the token is not what is wrong.
    func renewalWasVain(at now: Duration) { state.withLock { $0.vainUntil = now + Self.holdOff } }
}
