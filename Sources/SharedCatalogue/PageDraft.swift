// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import Diagnostics
internal import LicenceModel

/// Everything one write will change: read from the store, altered in memory, and written as one batch.
///
/// Nothing of the writer moves before the batch is written, so a failure leaves both as they were.
final class PageDraft {
    /// A record that the draft has read or made.
    struct Working {
        var original: StoredRecord?
        var record: StoredRecord?
        var dirty = false
        /// Versions written by this draft, which the store cannot show yet.
        var added: [Licence] = []
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
        guard let bytes = try view.get(.ids, id.bytes) else {
            working[id] = Working()
            return Working()
        }
        let locator = try decoding("A locator") { () throws(MalformedBytes) in try Locator(bytes) }
        guard let row = try view.get(.rows, locator.rowKey(id)),
            case .record(let record) = try RecordCodec.row(row, writer.cache, view)
        else { throw StoreFailure.corrupt("A record is not where its id says") }
        let found = Working(original: record, record: record)
        working[id] = found
        return found
    }

    /// True when the stored record came from the same bytes through the same mapping and nothing is open about it.
    private func isUnchanged(_ licence: Licence, _ id: RecordID) throws(CatalogueError) -> Bool {
        guard working[id] == nil, !hasRejects(id), let bytes = try view.get(.ids, id.bytes) else { return false }
        let locator = try decoding("A locator") { () throws(MalformedBytes) in try Locator(bytes) }
        return locator.settled && locator.scope == scope
            && locator.mapping == names.number(of: .mapping(licence.provenance.mappingRevision))
            && locator.digest.elementsEqual(licence.provenance.payloadDigest.bytes.prefix(16))
    }

    /// Takes in a record as it arrived; `mayBeLate` is true for a replayed one that its source's later words overtook.
    func apply(_ licence: Licence, replaying reject: Reject? = nil) throws(CatalogueError) {
        let id = writer.key.id(of: licence.key)
        seen.append(id)
        if reject == nil, try isUnchanged(licence, id) {
            counts.unchanged += 1
            return
        }
        let version = licence.provenance.sourceVersion
        var work = try load(id)
        guard let stored = work.record else {
            work.record = StoredRecord(
                licence: licence, scope: scope, current: 0, last: 0, cause: .created, recordedAt: now, doubt: false)
            append(.created, licence, id, &work)
            counts.created += 1
            working[id] = work
            return try endRejects(id, by: version, late: false)
        }
        try check(stored.licence.key, is: licence.key)
        let late = !version.replaces(stored.licence.provenance.sourceVersion) || overtaken(reject, stored)
        if late {
            try applyLate(licence, id, &work)
        } else if stored.withdrawal == nil, CatalogueRules.isUnchanged(licence, from: stored.licence) {
            counts.unchanged += 1
            let same = CatalogueRules.isSameReading(licence.provenance, stored.licence.provenance)
            if !same || stored.scope != scope {
                work.record?.licence = licence
                work.record?.scope = scope
                work.dirty = true
            }
        } else {
            append(.updated, licence, id, &work)
            work.record?.licence = licence
            work.record?.scope = scope
            work.record?.withdrawal = nil
            counts.updated += 1
        }
        if !late, let staged = work.record?.staged, version.replaces(staged.version) { unstage(id, &work) }
        working[id] = work
        try endRejects(id, by: version, late: late)
    }

    private func applyLate(_ licence: Licence, _ id: RecordID, _ work: inout Working) throws(CatalogueError) {
        if try isKnown(licence, id, work) {
            counts.unchanged += 1
        } else {
            append(.late, licence, id, &work)
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

    private func isKnown(_ licence: Licence, _ id: RecordID, _ work: Working) throws(CatalogueError) -> Bool {
        let digest = licence.contentDigest
        func same(_ other: Licence) -> Bool {
            other.provenance.sourceVersion == licence.provenance.sourceVersion && other.contentDigest == digest
        }
        if let current = work.record?.licence, same(current) { return true }
        if work.added.contains(where: same) { return true }
        var known = false
        try view.scan(.versions, prefix: id.bytes) { (_, value) throws(CatalogueError) in
            guard case .record(let version) = try RecordCodec.row(value(), writer.cache, view) else { return true }
            known = same(version.licence)
            return !known
        }
        return known
    }

    /// Adds a version and its change; what was current goes into history.
    func append(_ cause: CatalogueVersion.Cause, _ licence: Licence, _ id: RecordID, _ work: inout Working) {
        guard var record = work.record else { return }
        let number = record.last + 1
        if cause == .late {
            var late = record
            late.licence = licence
            late.current = number
            late.cause = .late
            late.recordedAt = now
            put(version: late, id)
        } else {
            if record.current > 0 { put(version: record, id) }
            record.current = number
            record.cause = cause
            record.recordedAt = now
        }
        record.last = number
        work.record = record
        work.dirty = true
        work.added.append(licence)
        sequence += 1
        batch.put(.changes, RowKey.sequence(sequence), ChangeCodec.bytes(id, number, cause, now))
        totals.versions += 1
        totals.changes += 1
    }

    private func put(version: StoredRecord, _ id: RecordID) {
        var version = version
        version.withdrawal = nil
        version.staged = nil
        batch.put(.versions, RowKey.version(id, version.current), encode(version))
    }

    func encode(_ record: StoredRecord) -> [UInt8] {
        let plain = RecordCodec.bytes(
            record,
            RecordCodec.Numbers(
                type: names.number(of: .type(record.licence.typeCode), in: batch),
                mapping: names.number(of: .mapping(record.licence.provenance.mappingRevision), in: batch)),
            scope: scopeName(record.scope))
        return writer.packer.pack(plain)
    }
}
