// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

// One record, one reject, one tombstone.
extension MemoryStore {
    mutating func apply(
        _ licence: Licence, _ id: CatalogueID, _ scope: CatalogueScope, counts: inout RunCounts, at now: Timestamp,
        late forced: Bool = false
    ) {
        let version = licence.provenance.sourceVersion
        guard var record = records[id] else {
            records[id] = Record(licence: licence, scope: scope, current: 1, versions: [])
            append(.created, licence, to: id, at: now)
            counts.created += 1
            endRejects(of: id, by: version, late: false)
            return
        }
        let late = forced || !version.replaces(record.licence.provenance.sourceVersion)
        if late {
            let digest = licence.contentDigest
            let known = record.versions.contains {
                $0.licence.provenance.sourceVersion == version && $0.licence.contentDigest == digest
            }
            if known {
                counts.unchanged += 1
            } else {
                append(.late, licence, to: id, at: now)
                counts.late += 1
            }
        } else if record.withdrawal == nil, CatalogueRules.isUnchanged(licence, from: record.licence) {
            counts.unchanged += 1
            let same = CatalogueRules.isSameReading(licence.provenance, record.licence.provenance)
            if !same || record.scope != scope {
                record.licence = licence
                record.scope = scope
                record.versions[record.current - 1].licence = licence
                records[id] = record
            }
        } else {
            record.licence = licence
            record.scope = scope
            record.withdrawal = nil
            records[id] = record
            append(.updated, licence, to: id, at: now)
            counts.updated += 1
        }
        endRejects(of: id, by: version, late: late)
        if !late, let told = staged[id], version.replaces(told.version) { staged[id] = nil }
    }

    private mutating func append(
        _ cause: CatalogueVersion.Cause, _ licence: Licence, to id: CatalogueID, at now: Timestamp
    ) {
        guard let last = records[id]?.versions.count else { return }
        records[id]?.versions.append(
            CatalogueVersion(number: last + 1, cause: cause, licence: licence, recordedAt: now))
        if cause != .late { records[id]?.current = last + 1 }
        let token = ChangeToken(rawValue: "m.\(changes.count + 1)")
        changes.append(ChangeEntry(token: token, id: id, version: last + 1, cause: cause, recordedAt: now))
    }

    mutating func withdraw(_ id: CatalogueID, _ withdrawal: Withdrawal, version: SourceVersion?) {
        guard var record = records[id] else { return }
        if let version { record.licence.provenance.sourceVersion = version }
        record.withdrawal = withdrawal
        records[id] = record
        staged[id] = nil
        append(.withdrawn, record.licence, to: id, at: withdrawal.at)
        judgeDoubt(of: id)
    }

    mutating func stage(_ tombstone: Tombstone, _ scope: CatalogueScope) {
        guard let id = Self.id(of: tombstone.key), let record = records[id], record.withdrawal == nil,
            tombstone.sourceVersion.replaces(record.licence.provenance.sourceVersion),
            tombstone.sourceVersion.replaces(staged[id]?.version ?? .arrival)
        else { return }
        staged[id] = (scope, tombstone.sourceVersion)
    }

    mutating func quarantine(_ reject: Reject, run: RunID, _ scope: CatalogueScope) {
        var reject = reject
        reject.partition = scope.partition
        let identity = CatalogueRules.identity(of: reject, in: scope)
        let number: Int64
        if let known = rejectIdentities[identity] {
            number = known
        } else {
            lastReject += 1
            number = lastReject
            rejectIdentities[identity] = number
            quarantineBytes += CatalogueRules.weight(of: reject)
        }
        rejects[number] = QuarantinedRecord(id: number, run: run, reject: reject, rawBytes: reject.raw.count)
        if let id = reject.key.flatMap(Self.id) {
            rejectsByRecord[id, default: []].insert(number)
            judgeDoubt(of: id)
        }
    }

    mutating func resolve(
        _ number: Int64, _ resolution: QuarantineResolution, at now: Timestamp
    ) throws(CatalogueError) {
        guard let reject = rejects[number]?.reject else { throw .noSuchReject(number) }
        if case .replayed(let licence) = resolution {
            guard licence.interface == reject.interface, licence.key.source == reject.interface.source else {
                throw .misuse("A replayed record names another interface than its reject")
            }
        }
        drop(number)
        if case .replayed(let licence) = resolution, let id = Self.id(of: licence.key) {
            var counts = RunCounts()
            apply(
                licence, id, CatalogueScope(reject.interface, reject.partition), counts: &counts, at: now,
                late: arrivedBefore(reject, id))
        }
    }

    /// True when the source has no versions and the stored content arrived after the reject did.
    private func arrivedBefore(_ reject: Reject, _ id: CatalogueID) -> Bool {
        guard let stored = records[id]?.licence.provenance, case .arrival = stored.sourceVersion else { return false }
        return reject.fetchedAt < stored.fetchedAt
    }

    private mutating func endRejects(of id: CatalogueID, by version: SourceVersion, late: Bool) {
        guard let open = rejectsByRecord[id] else { return }
        for number in open {
            guard let reject = rejects[number]?.reject else { continue }
            let scope = CatalogueScope(reject.interface, reject.partition)
            if fieldRejects.contains(CatalogueRules.identity(of: reject, in: scope)) { continue }
            if CatalogueRules.ends(reject: reject.sourceVersion, by: version, late: late) { drop(number) }
        }
        judgeDoubt(of: id)
    }

    private mutating func drop(_ number: Int64) {
        guard let gone = rejects.removeValue(forKey: number)?.reject else { return }
        quarantineBytes -= CatalogueRules.weight(of: gone)
        rejectIdentities[CatalogueRules.identity(of: gone, in: CatalogueScope(gone.interface, gone.partition))] = nil
        guard let id = gone.key.flatMap(Self.id) else { return }
        rejectsByRecord[id]?.remove(number)
        if rejectsByRecord[id]?.isEmpty == true { rejectsByRecord[id] = nil }
        judgeDoubt(of: id)
    }

    private mutating func judgeDoubt(of id: CatalogueID) {
        guard let stored = records[id]?.licence.provenance.sourceVersion else { return }
        records[id]?.doubt = (rejectsByRecord[id] ?? []).contains {
            rejects[$0]?.reject.field == nil
                && CatalogueRules.doubts(reject: rejects[$0]?.reject.sourceVersion, stored: stored)
        }
    }
}
