// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel

/// Reads records at one moment of the store.
struct StoreReader {
    let view: RocksView
    let key: IndexKey
    let names: NameCache

    /// How many rows one look-up reads at most: some codes ("none", twelve zeros) have millions of licences.
    static let mostRows = 10_000

    func record(_ id: RecordID) throws(CatalogueError) -> StoredRecord? {
        guard let bytes = try view.get(.ids, id.bytes) else { return nil }
        let locator = try decoding("A locator") { () throws(MalformedBytes) in try Locator(bytes) }
        return try record(at: locator.rowKey(id))
    }

    /// The record whose row is exactly here.
    private func record(at row: [UInt8]) throws(CatalogueError) -> StoredRecord {
        guard let bytes = try view.get(.rows, row),
            case .record(let record) = try RecordCodec.row(bytes, names, view)
        else { throw StoreFailure.corrupt("A record is not where its id says") }
        return record
    }

    func entry(_ id: CatalogueID) throws(CatalogueError) -> CatalogueEntry? { try record(RecordID(id))?.entry(id) }

    func matches(_ query: CatalogueQuery, limit: Int) throws(CatalogueError) -> CatalogueMatches {
        var out = CatalogueMatches()
        switch query {
        case .identifier(let text):
            let asked = LicenceIdentifier(text).canonical
            guard !asked.isEmpty else { return out }
            try collect(.identifier, key.identifier(asked), limit, &out) { $0.identifier?.canonical == asked }
        case .number(let number, let type):
            let asked = number.canonical
            guard !asked.isEmpty else { return out }
            try collect(.number, key.number(asked, type), limit, &out) {
                $0.typeCode == type && $0.number?.canonical == asked
            }
        case .holder(let asked, let type):
            guard !asked.canonicalCode.isEmpty else { return out }
            try collect(asked, type, limit, &out)
            out.unreadableForHolder = try unreadable(asked, type)
        }
        out.entries.sort { ($0.licence.typeCode, $0.id.rawValue) < ($1.licence.typeCode, $1.id.rawValue) }
        return out
    }

    /// Adds a record; false when there is no room for more.
    private func add(
        _ record: StoredRecord, _ id: RecordID, _ limit: Int, _ out: inout CatalogueMatches
    ) throws(CatalogueError) -> Bool {
        guard out.entries.count < limit else {
            out.truncated = true
            return false
        }
        guard let known = id.catalogueID else { throw StoreFailure.corrupt("An id has the wrong length") }
        out.entries.append(record.entry(known))
        return true
    }

    /// Records under a hash; each is compared in full, so that two codes with one hash never mix.
    private func collect(
        _ kind: RowKey.LookupKind, _ hash: UInt64, _ limit: Int, _ out: inout CatalogueMatches,
        _ matches: (Licence) -> Bool
    ) throws(CatalogueError) {
        var rows = 0
        try view.scan(.lookups, prefix: RowKey.lookup(kind, hash)) { (key, _) throws(CatalogueError) in
            rows += 1
            guard rows <= Self.mostRows else {
                out.truncated = true
                return false
            }
            let id = RowKey.id(of: key)
            guard let record = try self.record(id) else {
                throw StoreFailure.corrupt("An index names a record that is not in the store")
            }
            return matches(record.licence) ? try add(record, id, limit, &out) : true
        }
    }

    private func collect(
        _ asked: HolderReference, _ type: LicenceTypeCode?, _ limit: Int, _ out: inout CatalogueMatches
    ) throws(CatalogueError) {
        var typeNumber: UInt32?
        if let type {
            guard let number = try NameCache.number(of: .type(type), view) else { return }
            typeNumber = number
        }
        var rows = 0
        var seen: Set<RecordID> = []
        for code in [asked.canonicalCode, CatalogueRules.otherForm(of: asked)].compactMap({ $0 }) {
            let prefix = RowKey.prefix(holder: key.holder(code), type: typeNumber)
            try view.scan(.rows, prefix: prefix) { (key, value) throws(CatalogueError) in
                rows += 1
                guard rows <= Self.mostRows else {
                    out.truncated = true
                    return false
                }
                let id = RowKey.id(of: key)
                guard seen.insert(id).inserted else { return true }
                let record = try resolved(value(), key)
                let same = record.licence.holders.map(\.reference).filter { CatalogueRules.sameCode($0, asked) }
                for holder in same where holder.kind != asked.kind { out.otherKinds.insert(holder.kind) }
                return same.contains(asked) ? try add(record, id, limit, &out) : true
            }
        }
    }

    /// The record of a row, by way of its pointer when the row is that of a further holder.
    private func resolved(_ bytes: [UInt8], _ row: [UInt8]) throws(CatalogueError) -> StoredRecord {
        switch try RecordCodec.row(bytes, names, view) {
        case .record(let record): return record
        case .pointer(let holder): return try record(at: RowKey.sequence(holder) + row.dropFirst(8))
        }
    }

    private func unreadable(_ asked: HolderReference, _ type: LicenceTypeCode?) throws(CatalogueError) -> Int {
        // As records are found: under any kind and in either form. A reject may stand under both.
        var found: Set<Int64> = []
        for code in [asked.canonicalCode, CatalogueRules.otherForm(of: asked)].compactMap({ $0 }) {
            var prefix = ByteWriter()
            prefix.byte(RejectKey.holder)
            prefix.fixed(key.holder(code))
            try view.scan(.quarantine, prefix: prefix.bytes) { (key, _) throws(CatalogueError) in
                let number = RejectKey.number(of: key)
                guard let reject = try reject(number)?.reject else { return true }
                let concerns = type == nil || reject.typeCode == nil || reject.typeCode == type
                if concerns, reject.holders.contains(where: { CatalogueRules.sameCode($0, asked) }) {
                    found.insert(number)
                }
                return found.count < Self.mostRows
            }
        }
        return found.count
    }

    func reject(_ number: Int64) throws(CatalogueError) -> StoredReject? {
        guard let bytes = try view.get(.quarantine, RejectKey.reject(number)) else { return nil }
        return try decoding("A reject") { () throws(MalformedBytes) in try StoredReject(bytes) }
    }

    func versions(of id: CatalogueID, limit: Int) throws(CatalogueError) -> [CatalogueVersion] {
        let id = RecordID(id)
        guard let current = try record(id) else { return [] }
        var all: [CatalogueVersion] = []
        try view.scan(.versions, prefix: id.bytes) { (_, value) throws(CatalogueError) in
            if case .record(let version) = try RecordCodec.row(value(), names, view) { all.append(version.version) }
            return true
        }
        all.append(current.version)
        all.sort { $0.number > $1.number }
        return Array(all.prefix(limit))
    }

    func visitAll(_ visit: (CatalogueEntry) -> Void) throws(CatalogueError) {
        try view.scan(.rows, prefix: []) { (key, value) throws(CatalogueError) in
            guard case .record(let record) = try RecordCodec.row(value(), names, view) else { return true }
            guard let id = RowKey.id(of: key).catalogueID else {
                throw StoreFailure.corrupt("An id has the wrong length")
            }
            visit(record.entry(id))
            return true
        }
    }
}
