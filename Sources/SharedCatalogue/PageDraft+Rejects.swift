// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import Diagnostics
internal import LicenceModel

/// Rejects that a draft adds or drops and that the store cannot show yet.
struct RejectOverlay {
    var added: [Int64: StoredReject] = [:]
    var identities: [Digest256: Int64] = [:]
    var dropped: Set<Int64> = []
    /// By how much a record's number of open rejects differs from what the writer holds.
    var keyed: [RecordID: Int] = [:]
}

extension PageDraft {
    func hasRejects(_ id: RecordID) -> Bool {
        (writer.keyedRejects[id] ?? 0) + (rejects.keyed[id] ?? 0) > 0
    }

    /// Refuses a page whose new rejects do not fit; asked before anything is drafted.
    func makeRoom(for page: [Reject], _ interface: InterfaceID) throws(CatalogueError) {
        guard !page.isEmpty else { return }
        var added = 0
        for reject in page {
            let identity = CatalogueRules.identity(of: reject, in: here)
            if try view.get(.quarantine, RejectKey.identity(identity)) == nil {
                added += CatalogueRules.weight(of: reject)
            }
        }
        guard added == 0 || totals.quarantineBytes + added <= writer.quarantineLimit.bytes else {
            throw .quarantineFull(interface, run: run, limit: writer.quarantineLimit.words)
        }
        try writer.needRejects(page.count)
    }

    func quarantine(_ reject: Reject) throws(CatalogueError) {
        var reject = reject
        reject.partition = here.partition
        let identity = CatalogueRules.identity(of: reject, in: here)
        let known = try number(of: identity)
        let number = known ?? nextReject
        if let known {
            if let old = try stored(known) { removeIndexes(known, old) }
        } else {
            nextReject += 1
            batch.put(.quarantine, RejectKey.raw(number), reject.raw)
            batch.put(.quarantine, RejectKey.identity(identity), RowKey.sequence(UInt64(bitPattern: number)))
            totals.quarantineBytes += CatalogueRules.weight(of: reject)
        }
        let entry = StoredReject(run: run, reject: reject, rawBytes: reject.raw.count, identity: identity)
        rejects.identities[identity] = number
        rejects.added[number] = entry
        rejects.added[number]?.reject.raw = []
        batch.put(.quarantine, RejectKey.reject(number), entry.bytes)
        addIndexes(number, entry)
        guard let key = reject.key else {
            rejectsWithoutKey += 1
            return
        }
        let id = writer.key.id(of: key)
        seen.append(id)
        try judgeDoubt(id)
    }

    private func number(of identity: Digest256) throws(CatalogueError) -> Int64? {
        if let number = rejects.identities[identity] { return rejects.dropped.contains(number) ? nil : number }
        guard let bytes = try view.get(.quarantine, RejectKey.identity(identity)) else { return nil }
        let number = RejectKey.number(of: bytes)
        return rejects.dropped.contains(number) ? nil : number
    }

    func stored(_ number: Int64) throws(CatalogueError) -> StoredReject? {
        if rejects.dropped.contains(number) { return nil }
        if let added = rejects.added[number] { return added }
        guard let bytes = try view.get(.quarantine, RejectKey.reject(number)) else { return nil }
        return try decoding("A reject") { () throws(MalformedBytes) in try StoredReject(bytes) }
    }

    private func addIndexes(_ number: Int64, _ entry: StoredReject) {
        indexes(number, entry) { batch.put(.quarantine, $0, []) }
        count(entry, by: 1)
    }

    private func removeIndexes(_ number: Int64, _ entry: StoredReject) {
        indexes(number, entry) { batch.delete(.quarantine, $0) }
        count(entry, by: -1)
    }

    private func indexes(_ number: Int64, _ entry: StoredReject, _ each: ([UInt8]) -> Void) {
        if let key = entry.reject.key { each(RejectKey.record(writer.key.id(of: key), number)) }
        for hash in Set(entry.reject.holders.map { writer.key.holder($0.canonicalCode) }) {
            each(RejectKey.holder(hash, number))
        }
    }

    private func count(_ entry: StoredReject, by step: Int) {
        totals.openRejects += step
        if let key = entry.reject.key {
            rejects.keyed[writer.key.id(of: key), default: 0] += step
            totals.keyedRejects += step
        }
        // A field set aside hides no record: the scope's count is what could be the record that is asked for.
        guard entry.reject.field == nil else { return }
        let scope = names.number(
            of: .scope(CatalogueScope(entry.reject.interface, entry.reject.partition)), in: batch)
        change(scope) {
            $0.openRejects += step
            if entry.reject.holders.isEmpty { $0.openRejectsWithoutHolder += step }
        }
    }

    /// Ends the stay of a reject.
    func drop(_ number: Int64, _ entry: StoredReject) {
        removeIndexes(number, entry)
        batch.delete(.quarantine, RejectKey.reject(number))
        batch.delete(.quarantine, RejectKey.raw(number))
        batch.delete(.quarantine, RejectKey.identity(entry.identity))
        totals.quarantineBytes -= CatalogueRules.weight(ofRaw: entry.rawBytes)
        rejects.dropped.insert(number)
        rejects.added[number] = nil
        if rejects.identities[entry.identity] == number { rejects.identities[entry.identity] = nil }
    }

    /// The open rejects of a record, those of this draft included.
    private func open(of id: RecordID) throws(CatalogueError) -> [(Int64, StoredReject)] {
        guard hasRejects(id) else { return [] }
        var numbers: Set<Int64> = []
        try view.scan(.quarantine, prefix: [RejectKey.record] + id.bytes) { (key, _) throws(CatalogueError) in
            numbers.insert(RejectKey.number(of: key))
            return true
        }
        for (number, entry) in rejects.added {
            if let key = entry.reject.key, writer.key.id(of: key) == id { numbers.insert(number) }
        }
        var out: [(Int64, StoredReject)] = []
        for number in numbers.sorted() { if let entry = try stored(number) { out.append((number, entry)) } }
        return out
    }

    func endRejects(_ id: RecordID, by version: SourceVersion, late: Bool) throws(CatalogueError) {
        guard hasRejects(id) else { return }
        for (number, entry) in try open(of: id)
        where !fieldRejects.contains(entry.identity)
            && CatalogueRules.ends(reject: entry.reject.sourceVersion, by: version, late: late)
        {
            drop(number, entry)
        }
        try judgeDoubt(id)
    }

    func judgeDoubt(_ id: RecordID) throws(CatalogueError) {
        let work = try load(id)
        guard let stored = work.record else { return }
        let version = stored.licence.provenance.sourceVersion
        let doubt = try open(of: id).contains {
            $0.1.reject.field == nil && CatalogueRules.doubts(reject: $0.1.reject.sourceVersion, stored: version)
        }
        guard doubt != stored.doubt else { return }
        work.record?.doubt = doubt
        work.dirty = true
    }
}
