// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

// Runs and their ends.
extension MemoryStore {
    mutating func begin(_ run: RunStart, at now: Timestamp) throws(CatalogueError) {
        guard runs[run.id] == nil, !history.contains(where: { $0.id == run.id }) else {
            throw .misuse("A run with this id was begun before", run: run.id)
        }
        let scope = CatalogueScope(run.interface, run.partition)
        for open in runs.values where open.scope == scope { interrupt(open.start.id, at: now) }
        let asOf = run.resumed ? scopes[scope]?.chainStart ?? run.startedAt : run.startedAt
        let record = RunRecord(
            id: run.id, interface: run.interface, partition: run.partition, mode: run.mode, startedAt: run.startedAt)
        runs[run.id] = OpenRun(start: run, record: record, asOf: asOf)
        scopes[scope, default: ScopeState()].lastRun = record
        scopes[scope, default: ScopeState()].chainStart = asOf
        if run.mode == .full, !run.resumed {
            let known = scopes[scope]?.resume ?? scopes[scope]?.known
            scopes[scope]?.known = known
            scopes[scope]?.resume = nil
        }
    }

    mutating func interruptRuns(at now: Timestamp) {
        for id in Array(runs.keys) { interrupt(id, at: now) }
        leases = [:]
    }

    private mutating func interrupt(_ id: RunID, at now: Timestamp) {
        guard var open = runs.removeValue(forKey: id) else { return }
        open.record.outcome = .interrupted
        open.record.finishedAt = now
        history.append(open.record)
        scopes[open.scope]?.lastRun = open.record
    }

    mutating func commit(_ page: PageCommit, at now: Timestamp) throws(CatalogueError) -> RunCounts {
        guard var run = runs.removeValue(forKey: page.run) else { throw .unknownRun(page.run) }
        defer { runs[page.run] = run }
        try CatalogueRules.check(page, of: run.start.interface)
        guard page.page > run.watermark else { return RunCounts() }
        let scope = run.scope
        let fresh = page.rejects.filter { rejectIdentities[CatalogueRules.identity(of: $0, in: scope)] == nil }
        let added = fresh.reduce(0) { $0 + CatalogueRules.weight(of: $1) }
        guard added == 0 || quarantineBytes + added <= quarantineLimit.bytes else {
            throw .quarantineFull(scope.interface, run: page.run, limit: quarantineLimit.words)
        }
        var counts = RunCounts()
        counts.pages = 1
        counts.rejected = page.rejects.count { $0.field == nil }
        counts.received = page.records.count + counts.rejected
        fieldRejects = CatalogueRules.fieldRejects(page, in: scope)
        defer { fieldRejects = [] }
        for record in page.records {
            guard let id = Self.id(of: record.key) else { continue }
            run.seen.insert(id)
            apply(record, id, scope, counts: &counts, at: now)
        }
        for reject in page.rejects {
            if let id = reject.key.flatMap(Self.id) { run.seen.insert(id) } else { run.rejectsWithoutKey += 1 }
            quarantine(reject, run: page.run, scope)
        }
        for tombstone in page.tombstones { stage(tombstone, scope) }
        if let resume = page.resume { scopes[scope]?.resume = resume }
        run.watermark = page.page
        run.record.counts += counts
        scopes[scope]?.lastRun = run.record
        return counts
    }

    mutating func finish(
        _ id: RunID, _ end: RunEnd, limit: WithdrawalLimit, at now: Timestamp
    ) throws(CatalogueError) -> RunRecord {
        guard var run = runs[id] else { throw .unknownRun(id) }
        if case .complete(_, let resume) = end { try CatalogueRules.checkCursor(resume, run: id) }
        runs[id] = nil
        let scope = run.scope
        withdraw(&run, end, limit: limit, at: now)
        run.record.finishedAt = now
        var state = scopes[scope] ?? ScopeState()
        switch end {
        case .complete where run.record.counts.withheld > 0:
            run.record.stop(CatalogueRules.withheld(run.record))
        case .complete(let total, let resume):
            run.record.outcome = .complete
            let pull = CompletedPull(
                mode: run.start.mode, asOf: run.asOf, finishedAt: now, records: run.record.counts.received,
                declaredTotal: total)
            if run.start.mode == .full, state.firstComplete == nil { state.firstComplete = pull }
            state.lastComplete = pull
            state.chainStart = nil
            if let resume { state.resume = resume }
        case .stopped(let diagnostic):
            run.record.stop(diagnostic)
        }
        state.lastRun = run.record
        scopes[scope] = state
        history.append(run.record)
        return run.record
    }

    private mutating func withdraw(_ run: inout OpenRun, _ end: RunEnd, limit: WithdrawalLimit, at now: Timestamp) {
        let scope = run.scope
        let told = staged.filter { $0.value.scope == scope }
        let current = records.filter { $0.value.scope == scope && $0.value.withdrawal == nil }
        var absent: [CatalogueID] = []
        if case .complete = end, run.start.mode == .full, !run.start.resumed {
            absent = current.keys.filter { !run.seen.contains($0) && told[$0] == nil }
        }
        if !CatalogueRules.provesAbsence(run.record.counts, rejectsWithoutKey: run.rejectsWithoutKey, limit: limit) {
            run.record.counts.withheld += absent.count
            absent = []
        }
        guard told.count + absent.count <= CatalogueRules.allowance(limit, of: current.count) else {
            run.record.counts.withheld += told.count + absent.count
            return
        }
        for (id, removal) in told.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            withdraw(id, Withdrawal(at: now, evidence: .tombstone), version: removal.version)
        }
        for id in absent.sorted(by: { $0.rawValue < $1.rawValue }) {
            withdraw(id, Withdrawal(at: now, evidence: .absence), version: nil)
        }
        run.record.counts.withdrawn += told.count + absent.count
    }
}
