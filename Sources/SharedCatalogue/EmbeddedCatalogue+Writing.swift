// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
internal import Diagnostics
public import LicenceModel

extension EmbeddedCatalogue {
    private func write<T: Sendable>(
        always: Bool = false, _ body: @escaping @Sendable (StoreWriter) throws(CatalogueError) -> T
    ) async throws(CatalogueError) -> T {
        guard let writing, let writer = core.writer else {
            throw StoreFailure.locked("This catalogue was opened to read only")
        }
        return try await writing.run(always: always) { () throws(CatalogueError) in try body(writer) }
    }

    /// Takes the lease of a source.
    public func acquireLease(_ source: SourceID, owner: String) async throws(CatalogueError) -> Lease {
        try await write { (store) throws(CatalogueError) in try store.acquireLease(source, owner: owner) }
    }

    /// Gives a lease back.
    public func release(_ lease: Lease) async {
        do throws(CatalogueError) {
            try await write(always: true) { (store) throws(CatalogueError) in store.release(lease) }
        } catch {
            // Closed, or only read: there is no lease then.
        }
    }

    /// Opens a run; one that is open for the same interface and partition becomes `interrupted`.
    public func begin(_ run: RunStart) async throws(CatalogueError) {
        try await write { (store) throws(CatalogueError) in try store.begin(run) }
    }

    /// Applies a page in one write.
    public func commit(_ page: PageCommit) async throws(CatalogueError) -> RunCounts {
        try await write { (store) throws(CatalogueError) in try store.commit(page) }
    }

    /// Ends a run and withdraws what it may.
    public func finish(
        _ run: RunID, _ end: RunEnd, limit: WithdrawalLimit
    ) async throws(CatalogueError) -> RunRecord {
        try await write { (store) throws(CatalogueError) in try store.finish(run, end, limit: limit) }
    }

    /// Switches a source.
    public func setAvailability(
        _ availability: Availability, of source: SourceID, note: String
    ) async throws(CatalogueError) {
        try await write { (store) throws(CatalogueError) in
            try store.setAvailability(availability, of: source, note: note)
        }
    }

    /// Ends the stay of a reject.
    public func resolve(_ reject: Int64, _ resolution: QuarantineResolution) async throws(CatalogueError) {
        try await write { (store) throws(CatalogueError) in try store.resolve(reject, resolution) }
    }

    /// Makes everything promised so far survive a power cut.
    public func sync() async throws(CatalogueError) {
        try await write { (store) throws(CatalogueError) in try store.store.syncLog() }
    }

    /// Forgets all but the last so many changes: an older token is `catalogue.token_expired` from then on.
    public func trimChanges(keeping count: Int) async throws(CatalogueError) {
        try await write { (store) throws(CatalogueError) in try store.trimChanges(keeping: count) }
    }
}

extension StoreWriter {
    func trimChanges(keeping count: Int) throws(CatalogueError) {
        let excess = totals.changes - max(0, count)
        guard excess > 0 else { return }
        var last: UInt64 = 0
        var left = excess
        try store.present().scan(.changes, prefix: []) { (key, _) throws(CatalogueError) in
            last = try decoding("A change") { () throws(MalformedBytes) in
                var reader = ByteReader(key)
                return try reader.fixed64()
            }
            left -= 1
            return left > 0
        }
        let batch = RocksBatch(store)
        batch.deleteRange(.changes, RowKey.sequence(0), RowKey.sequence(last + 1))
        batch.put(.meta, [MetaKey.oldestChange], RowKey.sequence(last))
        var after = totals
        after.changes -= excess
        batch.put(.meta, [MetaKey.totals], after.bytes)
        try store.write(batch)
        totals = after
    }
}
