// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel

// Runs: begin, pages, end.
extension StoreWriter {
    func begin(_ run: RunStart) throws(CatalogueError) {
        guard runs[run.id] == nil, !history.contains(run.id) else {
            throw .misuse("A run with this id was begun before", run: run.id)
        }
        let draft = PageDraft(self, scope: CatalogueScope(run.interface, run.partition), run: run.id)
        let replaced = runs.values.filter { $0.scope == draft.scope }
        let chain = scopes[draft.scope]?.chainStart
        let asOf = run.resumed ? chain ?? run.startedAt : run.startedAt
        let record = RunRecord(
            id: run.id, interface: run.interface, partition: run.partition, mode: run.mode, startedAt: run.startedAt)
        let open = OpenRun(
            start: run, record: record, scope: draft.scope, asOf: asOf,
            seen: run.mode == .full && !run.resumed ? SeenSet(most: seenRecords) : nil)
        for old in replaced { interrupt(old.record, old.scope, in: draft.batch) }
        draft.change(draft.scope) {
            $0.lastRun = record
            $0.chainStart = asOf
            // A pull that begins anew has no part in the old cursor: stopped before its first page, it must not be
            // taken up there and be called complete after reading an empty tail.
            if run.mode == .full, !run.resumed {
                $0.known = $0.resume ?? $0.known
                $0.resume = nil
            }
        }
        draft.batch.put(.meta, Self.runKey(run.id), open.bytes)
        draft.flush()
        try store.write(draft.batch)
        adopt(draft)
        for old in replaced { runs[old.start.id] = nil }
        runs[run.id] = open
        history.keep([record])
    }

    func commit(_ page: PageCommit) throws(CatalogueError) -> RunCounts {
        guard var run = runs[page.run] else { throw .unknownRun(page.run) }
        try CatalogueRules.check(page, of: run.start.interface)
        guard page.page > run.watermark else { return RunCounts() }
        try trainWhenReady()
        let draft = PageDraft(self, scope: CatalogueScope(run.start.interface, run.start.partition), run: page.run)
        try draft.makeRoom(for: page.rejects, run.start.interface)
        draft.counts.pages = 1
        draft.counts.rejected = page.rejects.count { $0.field == nil }
        draft.counts.received = page.records.count + draft.counts.rejected
        draft.fieldRejects = CatalogueRules.fieldRejects(page, in: draft.here)
        try draft.apply(page.records)
        for reject in page.rejects { try draft.quarantine(reject) }
        for tombstone in page.tombstones { try draft.stage(tombstone) }
        run.watermark = page.page
        run.record.counts += draft.counts
        run.rejectsWithoutKey += draft.rejectsWithoutKey
        draft.change(draft.scope) {
            $0.lastRun = run.record
            if let resume = page.resume { $0.resume = resume }
        }
        draft.batch.put(.meta, Self.runKey(page.run), run.bytes)
        draft.flush()
        try at(.beforeBatch)
        try store.write(draft.batch)
        adopt(draft)
        runs[page.run] = nil
        for id in draft.seen { run.seen?.insert(id) }
        runs[page.run] = run
        try at(.afterBatch)
        return draft.counts
    }

    func finish(_ id: RunID, _ end: RunEnd, limit: WithdrawalLimit) throws(CatalogueError) -> RunRecord {
        guard var run = runs[id] else { throw .unknownRun(id) }
        if case .complete(_, let resume) = end { try CatalogueRules.checkCursor(resume, run: id) }
        try at(.finish)
        runs[id] = nil
        run.seen?.settle()
        runs[id] = run
        let scope = CatalogueScope(run.start.interface, run.start.partition)
        var plan = try planWithdrawals(run, end, limit: limit)
        run.record.counts.withheld += plan.withheld
        var draft = PageDraft(self, scope: scope, run: id)
        while let next = plan.next() {
            try draft.withdraw(next.id, by: next.evidence)
            guard draft.counts.withdrawn >= 1000 else { continue }
            try write(draft, &run)
            try at(.withdrawal)
            draft = PageDraft(self, scope: scope, run: id)
        }
        run.record.counts += draft.counts
        conclude(&run, end, draft)
        draft.batch.delete(.meta, Self.runKey(id))
        draft.flush()
        if run.record.counts.withdrawn > 0 { try at(.withdrawal) }
        try at(.beforeBatch)
        try store.write(draft.batch)
        adopt(draft)
        runs[id] = nil
        history.keep([run.record])
        try at(.afterBatch)
        return run.record
    }

    /// Writes a part of a run's withdrawals; each of them stands by itself.
    private func write(_ draft: PageDraft, _ run: inout OpenRun) throws(CatalogueError) {
        run.record.counts += draft.counts
        let record = run.record
        draft.change(draft.scope) { $0.lastRun = record }
        draft.batch.put(.meta, Self.runKey(run.start.id), run.bytes)
        draft.flush()
        try store.write(draft.batch)
        adopt(draft)
        runs[run.start.id] = run
    }

    private func conclude(_ run: inout OpenRun, _ end: RunEnd, _ draft: PageDraft) {
        run.record.finishedAt = draft.now
        var pull: CompletedPull?
        var cursor: ResumeCursor?
        switch end {
        case .complete where run.record.counts.withheld > 0:
            run.record.stop(CatalogueRules.withheld(run.record))
        case .complete(let total, let resume):
            run.record.outcome = .complete
            if run.seen?.overflowed == true { run.record.note(CatalogueRules.seenOverflowed(run.record)) }
            pull = CompletedPull(
                mode: run.start.mode, asOf: run.asOf, finishedAt: draft.now, records: run.record.counts.received,
                declaredTotal: total)
            cursor = resume
        case .stopped(let diagnostic):
            run.record.stop(diagnostic)
        }
        let record = run.record
        draft.change(draft.scope) {
            $0.lastRun = record
            guard let pull else { return }
            if pull.mode == .full, $0.firstComplete == nil { $0.firstComplete = pull }
            $0.lastComplete = pull
            $0.chainStart = nil
            if let cursor { $0.resume = cursor }
        }
    }

    /// Takes over what a written draft changed.
    func adopt(_ draft: PageDraft) {
        names = draft.names
        for (scope, state) in draft.scopes { scopes[scope] = state }
        scopeNames[draft.scope] = draft.here
        totals = draft.totals
        sequence = draft.sequence
        nextReject = draft.nextReject
        for (id, step) in draft.rejects.keyed where step != 0 {
            let count = (keyedRejects[id] ?? 0) + step
            keyedRejects[id] = count == 0 ? nil : count
        }
    }
}
