// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
public import Diagnostics
public import LicenceModel

/// One interface, and one partition of it: what a run covers.
public struct SyncTarget: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// The partition, when it is pulled in partitions.
    public var partition: String?
    /// Names a target.
    public init(_ interface: InterfaceID, partition: String? = nil) {
        self.interface = interface
        self.partition = partition
    }
    /// `source/interface` or `source/interface[partition]`.
    public var words: String { interface.description + (partition.map { "[\($0)]" } ?? "") }
}

/// What a run tells while it goes: for progress bars, log lines and metrics.
public enum SyncEvent: Sendable {
    /// The run begins.
    case started(SyncTarget, RunID, PullMode, resumed: Bool)
    /// A page is durable. `total` is what the source declares, when it does.
    case page(SyncTarget, RunCounts, total: Int?, bytes: Int)
    /// A page failed and is tried again after a wait.
    case retrying(SyncTarget, Diagnostic, attempt: Int, after: Duration)
    /// The run ended.
    case finished(SyncTarget, RunRecord)
    /// Something to know that changes nothing of the run: a file that could not be put away, say.
    case noted(SyncTarget, Diagnostic)
    /// The run never began.
    case refused(SyncTarget, Diagnostic)
    /// The run went to its end, and the store could not keep how it ended.
    case unfinished(SyncTarget, RunID, Diagnostic)
}

/// How one call for a run ended.
public enum RunAttempt: Sendable {
    /// It ran; the record says how it ended.
    case ended(RunRecord)
    /// It never began.
    case refused(Diagnostic)
    /// It ran, and the store could not keep its end.
    case unfinished(Diagnostic)

    /// The record of a run whose end is kept.
    public var record: RunRecord? { if case .ended(let record) = self { record } else { nil } }
}

/// What an operator may order for a run beyond the ordinary.
public struct RunOrder: Sendable, Hashable {
    /// Everything again, not only what changed.
    public var full: Bool
    /// Also outside the allowed hours and inside planned downtime.
    public var outsideHours: Bool
    /// Leave out a page that keeps failing: the run goes on and cannot be complete.
    public var skipsPages: Bool
    /// How much may be withdrawn.
    public var limit: WithdrawalLimit
    /// Makes an order; by default nothing out of the ordinary.
    public init(
        full: Bool = false, outsideHours: Bool = false, skipsPages: Bool = false,
        limit: WithdrawalLimit = WithdrawalLimit()
    ) {
        self.full = full
        self.outsideHours = outsideHours
        self.skipsPages = skipsPages
        self.limit = limit
    }
}

/// How a failed page is tried again.
public struct RetryPolicy: Sendable, Hashable {
    /// The first wait.
    public var first: Duration
    /// The longest wait; a source's own `Retry-After` may ask for more, up to `retryAfterMax`.
    public var longest: Duration
    /// The longest `Retry-After` a run waits for; beyond it the run stops and the next slot tries again.
    public var retryAfterMax: Duration
    /// Makes a policy: waits of 1, 2, 4 … seconds, at most 60, each up to a quarter longer by chance.
    public init(
        first: Duration = .seconds(1), longest: Duration = .seconds(60), retryAfterMax: Duration = .seconds(300)
    ) {
        self.first = first
        self.longest = longest
        self.retryAfterMax = retryAfterMax
    }

    /// The wait before attempt `attempt` (2 is the first repeat); `chance` lies in 0 to 1.
    ///
    /// Returns nil when the source asks for a longer wait than a run may bear.
    func wait(beforeAttempt attempt: Int, asked: Duration?, chance: Double) -> Duration? {
        if let asked, asked > retryAfterMax { return nil }
        let doubling = min(longest, first * (1 << min(attempt - 2, 16)))
        return max(doubling, asked ?? .zero) + doubling * (chance / 4)
    }
}
