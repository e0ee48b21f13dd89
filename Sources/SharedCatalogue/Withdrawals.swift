// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import LicenceModel

/// What the end of a run takes away, decided before the first of it is written.
struct WithdrawalPlan {
    private(set) var told: [RecordID] = []
    private(set) var absent: [RecordID] = []
    var withheld = 0
    private var position = 0

    init() {}

    init(told: [RecordID], absent: [RecordID]) {
        self.told = told
        self.absent = absent
    }

    mutating func next() -> (id: RecordID, evidence: Withdrawal.Evidence)? {
        defer { position += 1 }
        if position < told.count { return (told[position], .tombstone) }
        if position < told.count + absent.count { return (absent[position - told.count], .absence) }
        return nil
    }
}

extension StoreWriter {
    /// Tells what a run may withdraw: all of it within the limit, else nothing and how many were held back.
    ///
    /// Memory: at most as many ids as the limit allows.
    func planWithdrawals(
        _ run: OpenRun, _ end: RunEnd, limit: WithdrawalLimit
    ) throws(CatalogueError) -> WithdrawalPlan {
        let view = store.present()
        let allowed = CatalogueRules.allowance(limit, of: scopes[run.scope]?.records ?? 0)
        var told: [RecordID] = []
        try view.scan(.meta, prefix: MetaKey.staged(run.scope)) { (key, _) throws(CatalogueError) in
            told.append(RowKey.id(of: key))
            return true
        }
        var absent: [RecordID] = []
        var absentCount = 0
        if case .complete = end, let seen = run.seen, !seen.overflowed {
            let removed = Set(told)
            try view.scan(.members, prefix: RowKey.member(run.scope)) { (key, _) throws(CatalogueError) in
                let id = RowKey.id(of: key)
                if !seen.contains(id), !removed.contains(id) {
                    absentCount += 1
                    if absent.count <= allowed { absent.append(id) }
                }
                return true
            }
        }
        var plan = WithdrawalPlan()
        if !CatalogueRules.provesAbsence(run.record.counts, rejectsWithoutKey: run.rejectsWithoutKey, limit: limit) {
            plan.withheld += absentCount
            absentCount = 0
            absent = []
        }
        guard told.count + absentCount <= allowed else {
            plan.withheld += told.count + absentCount
            return plan
        }
        let withheld = plan.withheld
        plan = WithdrawalPlan(told: told, absent: absent)
        plan.withheld = withheld
        return plan
    }
}
