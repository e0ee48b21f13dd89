// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import LicenceModel

/// Every key under which one record can be found.
struct RecordKeys: Hashable {
    var primary: UInt64
    var type: UInt32
    /// Hashes of further holders, whose rows point to the primary one.
    var pointers: Set<UInt64> = []
    var lookups: Set<[UInt8]> = []
    var member: UInt32?

    init(_ record: StoredRecord, _ id: RecordID, type: UInt32, _ key: IndexKey) {
        self.type = type
        var hashes: [UInt64] = []
        for holder in record.licence.holders {
            let code = holder.reference.canonicalCode
            if !code.isEmpty { hashes.append(key.holder(code)) }
        }
        primary = hashes.first ?? id.high
        pointers = Set(hashes)
        pointers.remove(primary)
        if let canonical = record.licence.identifier?.canonical, !canonical.isEmpty {
            lookups.insert(RowKey.lookup(.identifier, key.identifier(canonical), id))
        }
        if let canonical = record.licence.number?.canonical, !canonical.isEmpty {
            lookups.insert(RowKey.lookup(.number, key.number(canonical, record.licence.typeCode), id))
        }
        member = record.withdrawal == nil ? record.scope : nil
    }
}

extension PageDraft {
    /// Puts every changed record, and the counts, into the batch.
    func flush() {
        for (id, work) in working where work.dirty {
            guard let record = work.record else { continue }
            let new = RecordKeys(
                record, id, type: names.number(of: .type(record.licence.typeCode), in: batch), writer.key)
            let old = work.original.map {
                RecordKeys($0, id, type: names.number(of: .type($0.licence.typeCode), in: batch), writer.key)
            }
            move(id, from: old, to: new)
            batch.put(.rows, RowKey.bytes(holder: new.primary, type: new.type, id), encode(record))
            let locator = Locator(
                holder: new.primary, type: new.type, scope: record.scope,
                mapping: names.number(of: .mapping(record.licence.provenance.mappingRevision), in: batch),
                digest: Array(record.licence.provenance.payloadDigest.bytes.prefix(16)),
                settled: record.withdrawal == nil && record.staged == nil, version: record.current)
            batch.put(.ids, id.bytes, locator.bytes)
            count(work.original, by: -1)
            count(record, by: 1)
        }
        for (scope, state) in scopes { batch.put(.meta, MetaKey.scope(scope), state.bytes) }
        batch.put(.meta, [MetaKey.totals], totals.bytes)
    }

    /// Deletes what no longer leads to the record and adds what does now, so that no ghost is left.
    private func move(_ id: RecordID, from old: RecordKeys?, to new: RecordKeys) {
        let moved = old.map { $0.primary != new.primary || $0.type != new.type } ?? true
        if let old {
            if moved { batch.delete(.rows, RowKey.bytes(holder: old.primary, type: old.type, id)) }
            for hash in old.pointers where old.type != new.type || !new.pointers.contains(hash) {
                batch.delete(.rows, RowKey.bytes(holder: hash, type: old.type, id))
            }
            for key in old.lookups where !new.lookups.contains(key) { batch.delete(.lookups, key) }
            if let scope = old.member, scope != new.member { batch.delete(.members, RowKey.member(scope, id)) }
        }
        for hash in new.pointers where moved || !(old?.pointers.contains(hash) ?? false) {
            batch.put(
                .rows, RowKey.bytes(holder: hash, type: new.type, id), RecordCodec.pointer(to: new.primary))
        }
        for key in new.lookups where !(old?.lookups.contains(key) ?? false) { batch.put(.lookups, key, []) }
        if let scope = new.member, scope != old?.member { batch.put(.members, RowKey.member(scope, id), []) }
    }

    private func count(_ record: StoredRecord?, by step: Int) {
        guard let record else { return }
        if record.withdrawal == nil {
            totals.records += step
            change(record.scope) { $0.records += step }
        } else {
            totals.withdrawn += step
        }
    }
}
