// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import CatalogueContract
public import Diagnostics
import LicenceModel

/// Pulls one interface into the catalogue, once: lease, pages, budget, retries, end.
///
/// A page's records, rejects, tombstones and cursor are one write; the cursor is never durable before them. Whatever
/// ends a run, what was committed stays and nothing is concluded from what was not seen.
public struct SyncRunner: Sendable {
    let catalogue: any Catalogue
    let clock: any GatewayClock
    let policy: RetryPolicy
    let chance: @Sendable () -> Double
    let observe: @Sendable (SyncEvent) -> Void

    /// An interrupted pull is taken up only while its window is this young; older, it starts again.
    static let resumableFor: Duration = .seconds(86_400)

    /// Makes a runner.
    ///
    /// - Parameter chance: a number from 0 to 1 for the jitter of waits; passed in, so that tests know it.
    public init(
        catalogue: any Catalogue, clock: any GatewayClock, policy: RetryPolicy = RetryPolicy(),
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        observe: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) {
        self.catalogue = catalogue
        self.clock = clock
        self.policy = policy
        self.chance = chance
        self.observe = observe
    }

    /// Runs one target to its end, and says how it ended.
    ///
    /// Returns nil when there is no record of it (the reason went to the observer): the source is paused or retired,
    /// it may not be asked now, another run holds its lease, or the catalogue refuses.
    @discardableResult
    public func run(
        _ source: any LicenceSource, _ interface: InterfaceDescription, partition: String? = nil, full: Bool = false,
        owner: String, limit: WithdrawalLimit = WithdrawalLimit()
    ) async -> RunRecord? {
        let order = RunOrder(full: full, limit: limit)
        return await attempt(source, interface, partition: partition, owner: owner, order: order).record
    }

    /// Runs one target to its end, and says how it ended or why it did not begin; the observer is told as well.
    public func attempt(
        _ source: any LicenceSource, _ interface: InterfaceDescription, partition: String? = nil, owner: String,
        order: RunOrder = RunOrder()
    ) async -> RunAttempt {
        let target = SyncTarget(interface.id, partition: partition)
        do throws(CatalogueError) {
            let state = try await catalogue.states().first { $0.interface == interface.id && $0.partition == partition }
            if let refusal = refusal(interface, state, order) {
                observe(.refused(target, refusal))
                return .refused(refusal)
            }
            var full = order.full
            if !full { full = try await isWholeDue(interface, partition, state) }
            let lease = try await catalogue.acquireLease(interface.id.source, owner: owner)
            let attempt: RunAttempt
            do throws(CatalogueError) {
                attempt = try await leased(source, interface, target, plan(interface, state, full: full), order)
            } catch {
                await catalogue.release(lease)
                throw error
            }
            await catalogue.release(lease)
            if case .ended(let record) = attempt { observe(.finished(target, record)) }
            return attempt
        } catch {
            observe(.refused(target, error.diagnostic))
            return .refused(error.diagnostic)
        }
    }

    /// True when the manifest wants everything again because the last whole pull is too old.
    ///
    /// Judged by the run history; when it no longer reaches back to a whole pull, by the first one that is remembered.
    private func isWholeDue(
        _ interface: InterfaceDescription, _ partition: String?, _ state: InterfaceState?
    ) async throws(CatalogueError) -> Bool {
        guard let after = interface.fullAfter, interface.pulls.contains(.full), let state, state.resume != nil,
            let first = state.firstComplete
        else { return false }
        // An interrupted whole pull is taken up first.
        if let last = state.lastRun, last.outcome != .complete, last.mode == .full { return false }
        var last = first.finishedAt
        if let complete = state.lastComplete, complete.mode == .full { last = max(last, complete.finishedAt) }
        for run in try await catalogue.runs(of: interface.id, limit: 1000)
        where run.partition == partition && run.mode == .full && run.outcome == .complete {
            last = max(last, run.finishedAt ?? run.startedAt)
        }
        return clock.now - last > after
    }

    func refusal(_ interface: InterfaceDescription, _ state: InterfaceState?, _ order: RunOrder) -> Diagnostic? {
        let place = Place(source: interface.id.source.rawValue, interface: interface.id.name)
        if interface.pulls.isEmpty {
            return Diagnostic(
                code: "sync.not_pullable", what: "this interface answers questions only and cannot be pulled",
                place: place, consequence: "Nothing was done",
                remedy: "Leave it out of `licgate sync`; it is asked one question at a time")
        }
        switch state?.availability ?? .active {
        case .active:
            let now = clock.now
            guard !order.outsideHours, !interface.schedule.mayAsk(at: now) else { return nil }
            let next =
                interface.schedule.nextAllowed(from: now).map { "; it may be asked again at \($0.iso8601)" } ?? ""
            return Diagnostic(
                code: "sync.outside_hours",
                what: "the source may not be asked now (`schedule.allowed_hours`, `downtime`)" + next, place: place,
                consequence: "Nothing was pulled",
                remedy: "Wait, or order it with `licgate sync \(interface.id) --outside-hours`")
        case .paused:
            return Diagnostic(
                code: "sync.paused", what: "the source is paused", place: place,
                consequence: "Nothing was pulled, and its licence types answer \"cannot tell\"",
                remedy: "Resume it with `licgate sources resume \(interface.id.source)`")
        case .retired:
            return Diagnostic(
                code: "sync.retired", what: "the source is retired", place: place, consequence: "Nothing was pulled",
                remedy: "Take it back into service with `licgate sources resume \(interface.id.source)`")
        }
    }

    struct Plan {
        var mode: PullMode
        var resume: ResumeCursor?
        var resumed: Bool
        /// The stored cursor, also when the run begins anew, or the one that stood before a pull that came to nothing.
        var known: ResumeCursor?
    }

    /// What the next run covers: an interrupted pull is taken up, otherwise what changed since the cursor, otherwise all.
    func plan(_ interface: InterfaceDescription, _ state: InterfaceState?, full: Bool) -> Plan {
        var plan = covered(interface, state, full: full)
        plan.known = state?.resume ?? state?.known
        return plan
    }

    private func covered(_ interface: InterfaceDescription, _ state: InterfaceState?, full: Bool) -> Plan {
        let whole = Plan(mode: interface.pulls.contains(.full) ? .full : .incremental, resume: nil, resumed: false)
        guard !full, let state, let cursor = state.resume else { return whole }
        guard let last = state.lastRun, last.outcome != .complete else {
            return interface.pulls.contains(.incremental)
                ? Plan(mode: .incremental, resume: cursor, resumed: false) : whole
        }
        // A pull that showed too little is not taken up, it is repeated whole until it is believed or approved.
        guard interface.pulls.contains(last.mode), last.code != CatalogueError.Code.withdrawalsWithheld.rawValue else {
            return whole
        }
        if last.mode == .full, clock.now - last.startedAt > Self.resumableFor { return whole }
        return Plan(mode: last.mode, resume: cursor, resumed: true)
    }

    private func leased(
        _ source: any LicenceSource, _ interface: InterfaceDescription, _ target: SyncTarget, _ plan: Plan,
        _ order: RunOrder
    ) async throws(CatalogueError) -> RunAttempt {
        let start = RunStart(
            id: newRun(), interface: interface.id, partition: target.partition, mode: plan.mode, startedAt: clock.now,
            resumed: plan.resumed)
        try await catalogue.begin(start)
        observe(.started(target, start.id, plan.mode, resumed: plan.resumed))
        var walk = Walk(
            run: start, target: target, interface: interface, resume: plan.resume, known: plan.known,
            skipsPages: order.skipsPages)
        let end = await walk.toTheEnd(of: source, runner: self)
        let attempt = await finish(start.id, target, end, order, kept: walk.kept)
        if case .ended = attempt { try await putAway(source, target, resume: walk.resume ?? plan.known) }
        return attempt
    }

    func newRun() -> RunID {
        RunID(rawValue: "r\(clock.now.milliseconds)-\(String(UInt32.random(in: .min ... .max), radix: 36))")
    }

    /// Keeps a run's end; a store that cannot is not a run that never began.
    func finish(_ run: RunID, _ target: SyncTarget, _ end: RunEnd, _ order: RunOrder, kept: String) async -> RunAttempt
    {
        do throws(CatalogueError) {
            let record = try await catalogue.finish(run, end, limit: order.limit)
            if record.outcome == .complete, let code = record.code {
                let place = Place(
                    source: target.interface.source.rawValue, interface: target.interface.name, run: run.rawValue)
                let note = Diagnostic(
                    .warning, code: code, what: "the run is complete and has a note: \(record.message ?? code)",
                    place: place, remedy: "See `licgate sources show \(target.interface.source)`")
                observe(.noted(target, note))
            }
            return .ended(record)
        } catch {
            var finding = error.diagnostic
            let place = Place(
                source: target.interface.source.rawValue, interface: target.interface.name, run: run.rawValue)
            finding.place = finding.place.within(place)
            let cause = if case .stopped(let stop) = end { " It had stopped: [\(stop.code)] \(stop.what)." } else { "" }
            finding.consequence =
                "The run went to its end, and that could not be kept: it will stand as interrupted, nothing was withdrawn."
                + cause + " " + kept
            observe(.unfinished(target, run, finding))
            return .unfinished(finding)
        }
    }

    /// Has the source put away what was taken; what is moved is a promise, so it is made durable before.
    private func putAway(
        _ source: any LicenceSource, _ target: SyncTarget, resume: ResumeCursor?
    ) async throws(CatalogueError) {
        guard source.putsAway(target.interface) else { return }
        try await catalogue.sync()
        for finding in await source.putAway(target.interface, resume: resume) { observe(.noted(target, finding)) }
    }
}
