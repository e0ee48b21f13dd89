// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import Diagnostics
internal import LicenceModel

/// Everything one write will change: read from the store, altered in memory, and written as one batch.
///
/// Nothing of the writer moves before the batch is written, so a failure leaves both as they were.
final class PageDraft {
    /// A record that the draft has read or made; one object, since a record is large and altered in many steps.
    final class Working {
        let id: RecordID
        let original: StoredRecord?
        var record: StoredRecord?
        var dirty = false
        /// Versions written by this draft, which the store cannot show yet.
        var added: [Licence] = []

        init(_ id: RecordID, _ original: StoredRecord?) {
            self.id = id
            self.original = original
            record = original
        }
    }

    let writer: StoreWriter
    let batch: RocksBatch
    let view: RocksView
    let now: Timestamp
    let run: RunID
    /// The interface and partition that this draft writes for, and its number.
    let here: CatalogueScope
    let scope: UInt32
    var names: NameNumbers
    var scopes: [UInt32: ScopeState] = [:]
    var totals: Totals
    var sequence: UInt64
    var nextReject: Int64
    var counts = RunCounts()
    /// The fields that the page being taken sets aside.
    var fieldRejects: Set<Digest256> = []
    var seen: [RecordID] = []
    var rejectsWithoutKey = 0
    var working: [RecordID: Working] = [:]
    var rejects = RejectOverlay()
    /// The names met last, with their numbers: records of a page have the same ones.
    private var lastMapping: (name: String, number: UInt32)?
    private var lastType: (name: String, number: UInt32)?
    /// Where records are written before they are packed; one room for all.
    private var plain = ByteWriter(reserving: 4096)

    init(_ writer: StoreWriter, scope: CatalogueScope, run: RunID) {
        self.writer = writer
        self.run = run
        batch = RocksBatch(writer.store)
        view = writer.store.present()
        now = writer.clock.now
        here = scope
        var names = writer.names
        self.scope = names.number(of: .scope(scope), in: batch)
        self.names = names
        totals = writer.totals
        sequence = writer.sequence
        nextReject = writer.nextReject
    }

    func scopeName(_ number: UInt32) -> CatalogueScope {
        if number == scope { return here }
        return writer.scopeNames[number] ?? here
    }

    /// A scope's state as this draft leaves it.
    func state(of scope: UInt32) -> ScopeState { scopes[scope] ?? writer.scopes[scope] ?? ScopeState() }

    func change(_ scope: UInt32, _ body: (inout ScopeState) -> Void) {
        var state = state(of: scope)
        body(&state)
        scopes[scope] = state
    }

    /// The record, read from the store the first time.
    func load(_ id: RecordID) throws(CatalogueError) -> Working {
        if let known = working[id] { return known }
        guard let bytes = try view.get(.ids, id.bytes) else { return keep(Working(id, nil)) }
        return try load(id, at: try decoding("A locator") { () throws(MalformedBytes) in try Locator(bytes) })
    }

    /// The record whose locator is known already, nil for one that the store does not have.
    private func load(_ id: RecordID, at locator: Locator?) throws(CatalogueError) -> Working {
        if let known = working[id] { return known }
        guard let locator else { return keep(Working(id, nil)) }
        guard let row = try view.get(.rows, locator.rowKey(id)),
            case .record(let record) = try RecordCodec.row(row, writer.cache, view)
        else { throw StoreFailure.corrupt("A record is not where its id says") }
        return keep(Working(id, record))
    }

    private func keep(_ work: Working) -> Working {
        working[work.id] = work
        return work
    }

    /// Takes in a page's records as they arrived; where they lie is asked for all of them at once.
    func apply(_ records: [Licence]) throws(CatalogueError) {
        guard !records.isEmpty else { return }
        let ids = records.map { writer.key.id(of: $0.key) }
        var keys = ByteWriter(reserving: 16 * ids.count)
        for id in ids {
            keys.fixed(id.high)
            keys.fixed(id.low)
        }
        var found = [Locator?](repeating: nil, count: ids.count)
        try view.each(.ids, keys.bytes, of: 16) { (index, bytes) throws(CatalogueError) in
            guard let bytes else { return }
            found[index] = try decoding("A locator") { () throws(MalformedBytes) in try Locator(bytes) }
        }
        seen.reserveCapacity(ids.count)
        for (index, licence) in records.enumerated() {
            let id = ids[index]
            seen.append(id)
            if let locator = found[index], isUnchanged(licence, id, locator) {
                counts.unchanged += 1
            } else {
                try apply(licence, try load(id, at: found[index]))
            }
        }
    }

    /// True when the stored record came from the same bytes through the same mapping and nothing is open about it.
    private func isUnchanged(_ licence: Licence, _ id: RecordID, _ locator: Locator) -> Bool {
        locator.settled && locator.scope == scope && locator.digest == DigestHalf(licence.provenance.payloadDigest)
            && locator.mapping == mappingNumber(licence.provenance.mappingRevision)
            && working[id] == nil && !hasRejects(id)
    }

    /// The number of a mapping, which is the same for a page's records.
    func mappingNumber(_ revision: String) -> UInt32 {
        if let last = lastMapping, last.name == revision { return last.number }
        let number = names.number(of: .mapping(revision), in: batch)
        // A revision is hexadecimal: texts that compare equal have the same bytes.
        lastMapping = (revision, number)
        return number
    }

    /// The number of a licence type.
    func typeNumber(_ code: LicenceTypeCode) -> UInt32 {
        if let last = lastType, last.name.utf8.elementsEqual(code.rawValue.utf8) { return last.number }
        let number = names.number(of: .type(code), in: batch)
        lastType = (code.rawValue, number)
        return number
    }

    /// Takes in a record that is replayed out of the quarantine: its source's later words may have overtaken it.
    func apply(_ licence: Licence, replaying reject: Reject) throws(CatalogueError) {
        let id = writer.key.id(of: licence.key)
        seen.append(id)
        try apply(licence, try load(id), replaying: reject)
    }

    private func apply(_ licence: Licence, _ work: Working, replaying reject: Reject? = nil) throws(CatalogueError) {
        let id = work.id
        let version = licence.provenance.sourceVersion
        guard let stored = work.record else {
            work.record = StoredRecord(
                licence: licence, scope: scope, current: 0, last: 0, cause: .created, recordedAt: now, doubt: false)
            append(.created, licence, work)
            counts.created += 1
            return try endRejects(id, by: version, late: false)
        }
        try check(stored.licence.key, is: licence.key)
        let late = !version.replaces(stored.licence.provenance.sourceVersion) || overtaken(reject, stored)
        if late {
            try applyLate(licence, work)
        } else if stored.withdrawal == nil, CatalogueRules.isUnchanged(licence, from: stored.licence) {
            counts.unchanged += 1
            let same = CatalogueRules.isSameReading(licence.provenance, stored.licence.provenance)
            if !same || stored.scope != scope {
                work.record?.licence = licence
                work.record?.scope = scope
                work.dirty = true
            }
        } else {
            append(.updated, licence, work)
            work.record?.licence = licence
            work.record?.scope = scope
            work.record?.withdrawal = nil
            counts.updated += 1
        }
        if !late, let staged = work.record?.staged, version.replaces(staged.version) { unstage(work) }
        try endRejects(id, by: version, late: late)
    }

    private func applyLate(_ licence: Licence, _ work: Working) throws(CatalogueError) {
        if try isKnown(licence, work) {
            counts.unchanged += 1
        } else {
            append(.late, licence, work)
            counts.late += 1
        }
    }

    /// True when the source has no versions and the stored content arrived after the reject did.
    private func overtaken(_ reject: Reject?, _ stored: StoredRecord) -> Bool {
        guard let reject, case .arrival = stored.licence.provenance.sourceVersion else { return false }
        return reject.fetchedAt < stored.licence.provenance.fetchedAt
    }

    /// Two keys with one id would mix two people's records: nothing is written then.
    private func check(_ stored: SourceRecordKey, is key: SourceRecordKey) throws(CatalogueError) {
        guard stored.source == key.source, stored.joined.utf8.elementsEqual(key.joined.utf8) else {
            throw CatalogueError(
                .identityCollision, "Two records of this page and of the store have the same catalogue id",
                place: Place(source: key.source.rawValue, run: run.rawValue), consequence: "Nothing was written.",
                remedy: "Report this with the run's id: 128 bits of a keyed hash should never collide.")
        }
    }

    private func isKnown(_ licence: Licence, _ work: Working) throws(CatalogueError) -> Bool {
        let digest = licence.contentDigest
        func same(_ other: Licence) -> Bool {
            other.provenance.sourceVersion == licence.provenance.sourceVersion && other.contentDigest == digest
        }
        if let current = work.record?.licence, same(current) { return true }
        if work.added.contains(where: same) { return true }
        var known = false
        try view.scan(.versions, prefix: work.id.bytes) { (_, value) throws(CatalogueError) in
            guard case .record(let version) = try RecordCodec.row(value(), writer.cache, view) else { return true }
            known = same(version.licence)
            return !known
        }
        return known
    }

    /// Adds a version and its change; what was current goes into history.
    func append(_ cause: CatalogueVersion.Cause, _ licence: Licence, _ work: Working) {
        guard let last = work.record?.last else { return }
        let number = last + 1
        if cause == .late {
            guard var late = work.record else { return }
            late.licence = licence
            late.current = number
            late.cause = .late
            late.recordedAt = now
            put(version: late, work.id)
        } else {
            if let record = work.record, record.current > 0 { put(version: record, work.id) }
            work.record?.current = number
            work.record?.cause = cause
            work.record?.recordedAt = now
        }
        work.record?.last = number
        work.dirty = true
        work.added.append(licence)
        sequence += 1
        batch.put(.changes, RowKey.sequence(sequence), ChangeCodec.bytes(work.id, number, cause, now))
        totals.versions += 1
        totals.changes += 1
    }

    private func put(version: StoredRecord, _ id: RecordID) {
        var version = version
        version.withdrawal = nil
        version.staged = nil
        let key = RowKey.version(id, version.current)
        key.withUnsafeBytes { key in packed(version) { batch.put(.versions, key, $0) } }
    }

    /// The record as its row holds it; the bytes are good until the next one.
    func packed(_ record: StoredRecord, _ body: (UnsafeRawBufferPointer) -> Void) {
        let numbers = RecordCodec.Numbers(
            type: typeNumber(record.licence.typeCode), mapping: mappingNumber(record.licence.provenance.mappingRevision)
        )
        plain.clear()
        RecordCodec.write(record, numbers, scope: scopeName(record.scope), &plain)
        writer.packer.pack(plain.bytes, body)
    }
}
