// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import CatalogueContract
public import Diagnostics
public import LicenceModel
import Synchronization

/// Keeps what was seen of every interface and says how each stands.
///
/// It needs no probe: runs and states of the catalogue are enough for everything but `healthy`, which wants a golden
/// question answered. Calls may come from any task; none blocks or waits.
public final class HealthKeeper: HealthReporting {
    struct Known: Sendable {
        var description: InterfaceDescription
        var owner: String
        var simulated: Bool
        var evidence = InterfaceEvidence()
        var mark: HealthMark?
        /// Verdicts at the latest pieces of evidence, oldest first.
        var recent: [HealthVerdict] = []
        var copyLimit: (day: CalendarDay, limit: Duration?)?
    }
    struct State: Sendable {
        var known: [InterfaceID: Known] = [:]
        var retired: Set<SourceID> = []
    }

    private let clock: any GatewayClock
    private let settings: HealthSettings
    private let memory: any HealthMemory
    private let state = Mutex(State())

    /// Makes a keeper for these sources.
    public init(
        _ sources: [SourceDescription] = [], clock: any GatewayClock, settings: HealthSettings = HealthSettings(),
        memory: any HealthMemory = InMemoryHealthMemory()
    ) {
        self.clock = clock
        self.settings = settings
        self.memory = memory
        declare(sources)
    }

    /// Takes these sources in place of the ones before; what was seen of interfaces that stay is kept.
    public func declare(_ sources: [SourceDescription]) {
        state.withLock { state in
            let before = state.known
            state.known = [:]
            for source in sources {
                for interface in source.interfaces {
                    var known = Known(description: interface, owner: source.owner, simulated: source.simulated)
                    if let old = before[interface.id] {
                        known.evidence = old.evidence
                        known.mark = old.mark
                        known.recent = old.recent
                    }
                    state.known[interface.id] = known
                }
            }
        }
    }

    /// Reads back since when each verdict holds.
    public func restore() async throws(HealthError) {
        let marks = try await memory.marks()
        state.withLock { state in
            for mark in marks where state.known[mark.interface]?.mark == nil {
                state.known[mark.interface]?.mark = mark
            }
        }
    }

    /// Keeps since when each verdict holds.
    public func save() async throws(HealthError) {
        let marks = state.withLock { $0.known.values.compactMap(\.mark) }
        try await memory.keep(marks.sorted { $0.interface < $1.interface })
    }

    /// Takes a round of probes.
    public func observe(_ round: ProbeRound) { observe(round.interface, at: round.at) { $0.add(round) } }

    /// Takes what a real exchange showed.
    public func observe(_ exchange: ExchangeObservation) {
        observe(exchange.interface, at: exchange.at) { $0.add(exchange) }
    }

    /// Takes a run that ended; one that still goes on is left alone.
    public func observe(_ run: RunRecord) {
        guard let ended = run.finishedAt else { return }
        observe(run.interface, at: ended) { $0.add(run) }
    }

    /// Takes all that the catalogue knows of its interfaces.
    public func observe(_ states: [InterfaceState]) {
        let bySource = Dictionary(grouping: states, by: \.interface.source)
        let byInterface = Dictionary(grouping: states, by: \.interface)
        state.withLock { state in
            state.retired = Set(bySource.filter { $0.value.contains { $0.availability == .retired } }.keys)
            for id in state.known.keys {
                guard var known = state.known[id] else { continue }
                known.evidence.paused = bySource[id.source]?.contains { $0.availability == .paused } ?? false
                known.evidence.states = byInterface[id] ?? []
                let newest = known.evidence.newest
                for run in known.evidence.states.compactMap(\.lastRun) { known.evidence.add(run) }
                if let seen = known.evidence.newest, seen != newest { judge(&known, at: seen, isEvidence: true) }
                state.known[id] = known
            }
        }
    }

    /// Reads the catalogue's states, and for interfaces with a declared rhythm when something new last arrived.
    public func refresh(from catalogue: any CatalogueReading) async throws(CatalogueError) {
        observe(try await catalogue.states())
        let wanted = state.withLock { state in
            state.known.values.filter { $0.description.freshness != nil && $0.evidence.newestChangeAt == nil }
                .map(\.description.id)
        }
        for id in wanted {
            let runs = try await catalogue.runs(of: id, limit: 100)
            state.withLock { state in for run in runs.reversed() { state.known[id]?.evidence.add(run) } }
        }
    }

    /// The report of every interface in service, by id.
    public func report(at moment: Timestamp) -> [InterfaceHealthReport] { reports(at: moment) { _ in true } }

    private func reports(
        at moment: Timestamp, _ wanted: (InterfaceDescription) -> Bool
    ) -> [InterfaceHealthReport] {
        state.withLock { state in
            let ids = state.known.values.map(\.description).filter(wanted).map(\.id)
            return ids.sorted().compactMap { id in
                guard !state.retired.contains(id.source), var known = state.known[id] else { return nil }
                let judgement = judge(&known, at: moment, isEvidence: false)
                state.known[id] = known
                return known.report(judgement, at: moment)
            }
        }
    }

    /// The report of every interface in service, now.
    public func report() -> [InterfaceHealthReport] { report(at: clock.now) }

    /// The report of one interface, or nil when it is not declared or retired.
    public func report(of interface: InterfaceID, at moment: Timestamp) -> InterfaceHealthReport? {
        reports(at: moment) { $0.id == interface }.first
    }

    /// The outage of the interfaces of a source that serve a type, or nil while one of them works.
    public func outage(of source: SourceID, type: LicenceTypeCode?, at moment: Timestamp) -> SourceOutage? {
        let reports = reports(at: moment) { interface in
            interface.id.source == source && (type.map { interface.licenceTypes.contains($0) } ?? true)
        }
        let outages = reports.compactMap { report -> SourceOutage? in
            switch report.verdict {
            case .down: SourceOutage(kind: .down, since: report.since, retryAt: report.retryAt)
            case .inMaintenance where report.backAt == nil:
                SourceOutage(kind: .paused, since: report.since, retryAt: nil)
            case .inMaintenance: SourceOutage(kind: .planned, since: report.since, retryAt: report.backAt)
            default: nil
            }
        }
        guard !reports.isEmpty, outages.count == reports.count else { return nil }
        return outages.min { ($0.retryAt ?? .distant) < ($1.retryAt ?? .distant) }
    }

    private func observe(_ id: InterfaceID, at moment: Timestamp, _ add: (inout InterfaceEvidence) -> Void) {
        state.withLock { state in
            guard var known = state.known[id] else { return }
            add(&known.evidence)
            judge(&known, at: moment, isEvidence: true)
            state.known[id] = known
        }
    }

    /// Judges, and moves the mark when the verdict changes; the verdict returned is the one that holds.
    @discardableResult
    private func judge(_ known: inout Known, at moment: Timestamp, isEvidence: Bool) -> Judgement {
        var judgement = HealthJudge(
            interface: known.description, evidence: known.evidence, copyLimit: known.limit(at: moment),
            settings: settings, now: moment
        ).judgement()
        let rule = settings.confirmation
        let fresh = judgement.verdict
        if isEvidence {
            known.recent.append(fresh)
            if known.recent.count > rule.of { known.recent.removeFirst(known.recent.count - rule.of) }
        }
        guard let held = known.mark?.verdict, held != fresh else {
            if known.mark == nil {
                known.mark = HealthMark(
                    interface: known.description.id, verdict: fresh, since: judgement.seenAt ?? moment)
            }
            return judgement
        }
        // What the clock alone decides (maintenance, silence, age) needs no second opinion.
        let byClock = known.recent.last != fresh || held == .unknown || held == .inMaintenance
        if byClock || known.recent.count(where: { $0 == fresh }) >= rule.needed {
            let seen = judgement.seenAt.map { min($0, moment) } ?? moment
            known.mark = HealthMark(
                interface: known.description.id, verdict: fresh, since: max(seen, known.mark?.since ?? seen))
        } else {
            judgement.reason = HealthWords.unconfirmed(judgement.reason, needed: rule.needed, of: rule.of)
            judgement.verdict = held
        }
        return judgement
    }
}

extension Timestamp {
    fileprivate static let distant = Timestamp(milliseconds: .max)
}
