// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
internal import Diagnostics
public import LicenceModel

extension EmbeddedCatalogue {
    private func read<T: Sendable>(
        _ body: @escaping @Sendable (StoreReader) throws(CatalogueError) -> T
    ) async throws(CatalogueError) -> T {
        let core = core
        return try await reading.run { () throws(CatalogueError) in try core.read(body) }
    }

    /// The record with this id.
    public func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? {
        try await read { (store) throws(CatalogueError) in try store.entry(id) }
    }

    /// The records that match, by type and then by id.
    public func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        try CatalogueRules.checkLimit(limit, upTo: 1000)
        return try await read { (store) throws(CatalogueError) in try store.matches(query, limit: limit) }
    }

    /// The versions of a record, newest first.
    public func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] {
        try CatalogueRules.checkLimit(limit, upTo: 1000)
        return try await read { (store) throws(CatalogueError) in try store.versions(of: id, limit: limit) }
    }

    /// The changes after a token.
    public func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage {
        try CatalogueRules.checkLimit(limit, upTo: 10_000)
        return try await read { (store) throws(CatalogueError) in try store.changes(after: token, limit: limit) }
    }

    /// What is known of every interface.
    public func states() async throws(CatalogueError) -> [InterfaceState] {
        try await read { (store) throws(CatalogueError) in try store.states() }
    }

    /// Open rejects, oldest first.
    public func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] {
        try CatalogueRules.checkLimit(filter.limit, upTo: 1000)
        return try await read { (store) throws(CatalogueError) in try store.quarantine(filter) }
    }

    /// Runs, newest first.
    public func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] {
        try CatalogueRules.checkLimit(limit, upTo: 1000)
        let history = core.history
        return try await read { (store) throws(CatalogueError) in
            var found: [RunID: RunRecord] = [:]
            do throws(CatalogueError) {
                for run in try history?.runs(of: interface, limit: limit) ?? [] { found[run.id] = run }
            } catch {
                // The history may lag or be away; the store's own last runs are the answer then.
            }
            for run in try store.recentRuns(of: interface) { found[run.id] = run }
            return Array(found.values.sorted { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }.prefix(limit))
        }
    }

    /// Counts of what is held.
    public func statistics() async throws(CatalogueError) -> CatalogueStatistics {
        try await read { (store) throws(CatalogueError) in
            let totals = try store.totals()
            var bytes: [String: Int] = [:]
            for column in StoreColumn.allCases { bytes["\(column)"] = store.view.store.bytes(of: column) }
            return CatalogueStatistics(
                records: totals.records, withdrawn: totals.withdrawn, versions: totals.versions,
                changes: totals.changes, openRejects: totals.openRejects, bytesOnDisk: bytes)
        }
    }

    /// Visits every record in no particular order.
    public func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) {
        try await read { (store) throws(CatalogueError) in try store.visitAll(visit) }
    }

    /// The notes that operators left with switches and purges, oldest first; the subject is a source or an interface.
    public func notes(of subject: String) async throws(CatalogueError) -> [String] {
        let history = core.history
        return try await reading.run { () throws(CatalogueError) in try history?.notes(of: subject) ?? [] }
    }
}
