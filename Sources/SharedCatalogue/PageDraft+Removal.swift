// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import LicenceModel

// Removals: staged as the source tells them, carried out at the end of the run.
extension PageDraft {
    /// Notes a removal durably; it waits for the end of the run, where the limit is applied to all of them at once.
    func stage(_ tombstone: Tombstone) throws(CatalogueError) {
        let id = writer.key.id(of: tombstone.key)
        let work = try load(id)
        guard let record = work.record, record.withdrawal == nil,
            tombstone.sourceVersion.replaces(record.licence.provenance.sourceVersion),
            tombstone.sourceVersion.replaces(record.staged?.version ?? .arrival)
        else { return }
        unstage(work)
        work.record?.staged = StoredRecord.Staged(scope: scope, version: tombstone.sourceVersion)
        work.dirty = true
        batch.put(.meta, MetaKey.staged(scope, id), [])
        change(scope) { $0.staged += 1 }
    }

    func unstage(_ work: Working) {
        guard let staged = work.record?.staged else { return }
        work.record?.staged = nil
        work.dirty = true
        batch.delete(.meta, MetaKey.staged(staged.scope, work.id))
        change(staged.scope) { $0.staged -= 1 }
    }

    /// Withdraws a record: a version, never an erasure.
    func withdraw(_ id: RecordID, by evidence: Withdrawal.Evidence) throws(CatalogueError) {
        let work = try load(id)
        guard var licence = work.record?.licence, work.record?.withdrawal == nil else { return }
        if evidence == .tombstone, let staged = work.record?.staged {
            licence.provenance.sourceVersion = staged.version
        }
        unstage(work)
        append(.withdrawn, licence, work)
        work.record?.licence = licence
        work.record?.withdrawal = Withdrawal(at: now, evidence: evidence)
        counts.withdrawn += 1
        try judgeDoubt(id)
    }
}
