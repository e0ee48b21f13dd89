// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import LicenceModel

/// Every key under which one record can be found.
struct RecordKeys {
    /// What a look-up by identifier or number begins with.
    struct Lookup: Hashable {
        var kind: RowKey.LookupKind
        var hash: UInt64
    }

    var primary: UInt64
    var type: UInt32
    /// Hashes of further holders, whose rows point to the primary one; each once.
    var pointers: [UInt64] = []
    var identifier: Lookup?
    var number: Lookup?
    var member: UInt32?

    init(_ record: StoredRecord, _ id: RecordID, type: UInt32, _ key: IndexKey) {
        self.type = type
        var first: UInt64?
        for holder in record.licence.holders {
            let code = holder.reference.canonicalCode
            guard !code.isEmpty else { continue }
            let hash = key.holder(code)
            if first == nil { first = hash } else if hash != first, !pointers.contains(hash) { pointers.append(hash) }
        }
        primary = first ?? id.high
        if let canonical = record.licence.identifier?.canonical, !canonical.isEmpty {
            identifier = Lookup(kind: .identifier, hash: key.identifier(canonical))
        }
        if let canonical = record.licence.number?.canonical, !canonical.isEmpty {
            number = Lookup(kind: .number, hash: key.number(canonical, record.licence.typeCode))
        }
        member = record.withdrawal == nil ? record.scope : nil
    }
}

extension PageDraft {
    /// A record that is written, with its keys.
    private struct Writing {
        let work: Working
        let record: StoredRecord
        let keys: RecordKeys
    }

    /// Puts every changed record, and the counts, into the batch.
    ///
    /// Each column's keys go in sorted: the way to a key's neighbours is then in the processor's cache. RocksDB's own
    /// hint for sorted keys is not used: an assertion of 7.8 ends the process when a key is written again.
    func flush() {
        var writing: [Writing] = []
        writing.reserveCapacity(working.count)
        for work in working.values where work.dirty {
            guard let record = work.record else { continue }
            let keys = RecordKeys(record, work.id, type: typeNumber(record.licence.typeCode), writer.key)
            writing.append(Writing(work: work, record: record, keys: keys))
            count(work.original, by: -1)
            count(record, by: 1)
        }
        var key = ByteWriter(reserving: 32)
        putRows(writing, &key)
        putIDs(writing, &key)
        for (scope, state) in scopes { batch.put(.meta, MetaKey.scope(scope), state.bytes) }
        batch.put(.meta, [MetaKey.totals], totals.bytes)
    }

    /// Rows, and what no longer leads to a record, so that no ghost is left.
    private func putRows(_ writing: [Writing], _ key: inout ByteWriter) {
        var lookups: [(lookup: RecordKeys.Lookup, id: RecordID)] = []
        lookups.reserveCapacity(2 * writing.count)
        let inOrder = writing.indices.sorted {
            let (a, b) = (writing[$0], writing[$1])
            return (a.keys.primary, a.keys.type, a.work.id.high, a.work.id.low)
                < (b.keys.primary, b.keys.type, b.work.id.high, b.work.id.low)
        }
        for index in inOrder {
            let (one, id) = (writing[index], writing[index].work.id)
            let old = one.work.original.map {
                RecordKeys($0, id, type: typeNumber($0.licence.typeCode), writer.key)
            }
            move(one, from: old)
            for case let lookup? in [one.keys.identifier, one.keys.number]
            where lookup != old?.identifier && lookup != old?.number {
                lookups.append((lookup, id))
            }
            RowKey.write(holder: one.keys.primary, type: one.keys.type, id, &key)
            key.bytes.withUnsafeBytes { key in packed(one.record) { batch.put(.rows, key, $0) } }
        }
        lookups.sort {
            ($0.lookup.kind.rawValue, $0.lookup.hash, $0.id.high) < (
                $1.lookup.kind.rawValue, $1.lookup.hash, $1.id.high
            )
        }
        for (lookup, id) in lookups {
            RowKey.write(lookup.kind, lookup.hash, id, &key)
            key.bytes.withUnsafeBytes { batch.put(.lookups, $0, UnsafeRawBufferPointer(start: nil, count: 0)) }
        }
    }

    /// Deletes what no longer leads to the record and adds the rows of further holders.
    private func move(_ one: Writing, from old: RecordKeys?) {
        let (id, new) = (one.work.id, one.keys)
        let moved = old.map { $0.primary != new.primary || $0.type != new.type } ?? true
        if let old {
            if moved { batch.delete(.rows, RowKey.bytes(holder: old.primary, type: old.type, id)) }
            // The primary row is put after this, so a pointer that becomes the primary one is not lost.
            for hash in old.pointers where old.type != new.type || !new.pointers.contains(hash) {
                batch.delete(.rows, RowKey.bytes(holder: hash, type: old.type, id))
            }
            for case let lookup? in [old.identifier, old.number]
            where lookup != new.identifier && lookup != new.number {
                batch.delete(.lookups, RowKey.lookup(lookup.kind, lookup.hash, id))
            }
            if let scope = old.member, scope != new.member { batch.delete(.members, RowKey.member(scope, id)) }
        }
        for hash in new.pointers where moved || !(old?.pointers.contains(hash) ?? false) {
            batch.put(
                .rows, RowKey.bytes(holder: hash, type: new.type, id), RecordCodec.pointer(to: new.primary))
        }
    }

    /// Locators, and membership of a scope where that is new.
    private func putIDs(_ writing: [Writing], _ key: inout ByteWriter) {
        var value = ByteWriter(reserving: 64)
        let inOrder = writing.indices.sorted {
            let (a, b) = (writing[$0].work.id, writing[$1].work.id)
            return (a.high, a.low) < (b.high, b.low)
        }
        for index in inOrder {
            let (one, id) = (writing[index], writing[index].work.id)
            let locator = Locator(
                holder: one.keys.primary, type: one.keys.type, scope: one.record.scope,
                mapping: mappingNumber(one.record.licence.provenance.mappingRevision),
                digest: DigestHalf(one.record.licence.provenance.payloadDigest),
                settled: one.record.withdrawal == nil && one.record.staged == nil, version: one.record.current)
            key.clear()
            key.fixed(id.high)
            key.fixed(id.low)
            value.clear()
            locator.write(&value)
            key.bytes.withUnsafeBytes { key in value.bytes.withUnsafeBytes { batch.put(.ids, key, $0) } }
        }
        for index in inOrder {
            let one = writing[index]
            let before = one.work.original.flatMap { $0.withdrawal == nil ? $0.scope : nil }
            guard let scope = one.keys.member, scope != before else { continue }
            key.clear()
            key.fixed(scope)
            key.fixed(one.work.id.high)
            key.fixed(one.work.id.low)
            key.bytes.withUnsafeBytes { batch.put(.members, $0, UnsafeRawBufferPointer(start: nil, count: 0)) }
        }
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
