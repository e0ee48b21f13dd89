internal import Cryptography
// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
package import LicenceModel

/// What an `InMemoryCatalogue` holds, and reading it.
struct MemoryStore: Sendable {
    struct Record: Sendable {
        var licence: Licence
        var scope: CatalogueScope
        var current: Int
        var versions: [CatalogueVersion]
        var withdrawal: Withdrawal?
        var doubt = false

        func entry(_ id: CatalogueID) -> CatalogueEntry {
            CatalogueEntry(
                id: id, licence: licence, version: current, recordedAt: versions[current - 1].recordedAt,
                withdrawal: withdrawal, newerVersionUnreadable: doubt)
        }
    }

    struct OpenRun: Sendable {
        var start: RunStart
        var record: RunRecord
        var watermark = 0
        var seen: Set<CatalogueID> = []
        var rejectsWithoutKey = 0
        var asOf: Timestamp
        var scope: CatalogueScope { CatalogueScope(start.interface, start.partition) }
    }

    struct ScopeState: Sendable {
        var resume: ResumeCursor?
        var known: ResumeCursor?
        var firstComplete: CompletedPull?
        var lastComplete: CompletedPull?
        var lastRun: RunRecord?
        /// When the pull began that a resumed run would take up.
        var chainStart: Timestamp?
    }

    let quarantineLimit: ByteCount
    var records: [CatalogueID: Record] = [:]
    var changes: [ChangeEntry] = []
    var scopes: [CatalogueScope: ScopeState] = [:]
    var availability: [SourceID: Availability] = [:]
    var runs: [RunID: OpenRun] = [:]
    var history: [RunRecord] = []
    var rejects: [Int64: QuarantinedRecord] = [:]
    /// The fields that the page being taken sets aside.
    var fieldRejects: Set<Digest256> = []
    var rejectIdentities: [Digest256: Int64] = [:]
    var rejectsByRecord: [CatalogueID: Set<Int64>] = [:]
    var quarantineBytes = 0
    var lastReject: Int64 = 0
    /// Removals that the source told and that wait for the end of a run of their scope; one per record.
    var staged: [CatalogueID: (scope: CatalogueScope, version: SourceVersion)] = [:]
    var leases: [SourceID: Lease] = [:]
    var lastLease: UInt64 = 0

    init(quarantineLimit: ByteCount) { self.quarantineLimit = quarantineLimit }

    static func id(of key: SourceRecordKey) -> CatalogueID? {
        CatalogueID(
            rawValue: hexadecimal(SHA256.digest("\(key.source.rawValue)\u{0}\(key.joined)").bytes.prefix(16)))
    }

    func matches(_ query: CatalogueQuery, limit: Int) -> CatalogueMatches {
        var out = CatalogueMatches()
        for (id, record) in records {
            switch query {
            case .identifier(let text):
                let asked = LicenceIdentifier(text).canonical
                guard !asked.isEmpty, record.licence.identifier?.canonical == asked else { continue }
            case .number(let number, let type):
                let asked = number.canonical
                guard !asked.isEmpty, record.licence.typeCode == type, record.licence.number?.canonical == asked
                else { continue }
            case .holder(let asked, let type):
                guard !asked.canonicalCode.isEmpty, type == nil || type == record.licence.typeCode else { continue }
                let same = record.licence.holders.map(\.reference).filter { CatalogueRules.sameCode($0, asked) }
                out.otherKinds.formUnion(same.map(\.kind).filter { $0 != asked.kind })
                guard same.contains(asked) else { continue }
            }
            out.entries.append(record.entry(id))
        }
        out.entries.sort { ($0.licence.typeCode, $0.id.rawValue) < ($1.licence.typeCode, $1.id.rawValue) }
        out.truncated = out.entries.count > limit
        out.entries = Array(out.entries.prefix(limit))
        if case .holder(let asked, let type) = query, !asked.canonicalCode.isEmpty {
            out.unreadableForHolder = rejects.values.count {
                $0.reject.holders.contains { CatalogueRules.sameCode($0, asked) }
                    && (type == nil || $0.reject.typeCode == nil || $0.reject.typeCode == type)
            }
        }
        return out
    }

    func changePage(after token: ChangeToken?, limit: Int) throws(CatalogueError) -> ChangePage {
        var start = 0
        if let token {
            guard token.rawValue.hasPrefix("m."), let number = Int(token.rawValue.dropFirst(2)),
                (0...changes.count).contains(number)
            else { throw .tokenUnknown }
            start = number
        }
        let entries = Array(changes[start...].prefix(limit))
        return ChangePage(entries: entries, next: entries.last?.token ?? token ?? ChangeToken(rawValue: "m.0"))
    }

    func interfaceStates() -> [InterfaceState] {
        var out: [InterfaceState] = scopes.map { scope, state in
            let open = rejects.values.filter { $0.reject.interface == scope.interface }
                .filter { $0.reject.partition == scope.partition && $0.reject.field == nil }
            return InterfaceState(
                interface: scope.interface, partition: scope.partition, resume: state.resume, known: state.known,
                firstComplete: state.firstComplete, lastComplete: state.lastComplete, lastRun: state.lastRun,
                availability: availability[scope.interface.source] ?? .active,
                records: records.values.count { $0.scope == scope && $0.withdrawal == nil }, openRejects: open.count,
                openRejectsWithoutHolder: open.count { $0.reject.holders.isEmpty })
        }
        let pulled = Set(scopes.keys.map(\.interface.source))
        for (source, value) in availability where !pulled.contains(source) {
            out.append(InterfaceState(interface: .switched(source), availability: value))
        }
        return out.sorted { ($0.interface, $0.partition ?? "") < ($1.interface, $1.partition ?? "") }
    }

    func rejectList(_ filter: QuarantineFilter) -> [QuarantinedRecord] {
        rejects.values.filter { filter.accepts($0) }.sorted { $0.id < $1.id }.prefix(filter.limit).map {
            var copy = $0
            if !filter.withRaw { copy.reject.raw = [] }
            return copy
        }
    }

    func runList(_ interface: InterfaceID?, limit: Int) -> [RunRecord] {
        let all = history + runs.values.map(\.record)
        return Array(
            all.filter { interface == nil || $0.interface == interface }
                .sorted { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }.prefix(limit))
    }
}

extension InterfaceID {
    /// Stands in for the interfaces of a source that was switched before any of them was pulled.
    package static func switched(_ source: SourceID) -> InterfaceID { InterfaceID(source, "*") }
}

extension QuarantineFilter {
    /// True when a reject is one of those asked for, the limit apart.
    package func accepts(_ record: QuarantinedRecord) -> Bool {
        record.id > after && (ids.isEmpty || ids.contains(record.id))
            && (source == nil || source == record.reject.interface.source)
            && (interfaceName == nil || interfaceName == record.reject.interface.name)
            && (code == nil || code == record.reject.reason.code)
    }
}
