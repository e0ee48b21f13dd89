// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel
internal import Synchronization

/// A catalogue in memory: the double that other rooms test with, and the oracle engines are compared with.
///
/// It follows the whole contract and forgets everything with the process. Cost: look-ups other than by id are linear.
public final class InMemoryCatalogue: CatalogueReading, CatalogueWriting {
    private let state: Mutex<MemoryStore>
    private let clock: any GatewayClock

    /// Makes an empty catalogue; the quarantine takes `quarantineLimit` bytes.
    public init(clock: any GatewayClock, quarantineLimit: ByteCount = .mebibytes(64)) {
        self.clock = clock
        state = Mutex(MemoryStore(quarantineLimit: quarantineLimit))
    }

    /// Takes over what another one holds, as an engine does when its folder is opened again after a crash: open runs
    /// become `interrupted` and leases are free.
    public init(reopening other: InMemoryCatalogue) {
        clock = other.clock
        var store = other.state.withLock { $0 }
        store.interruptRuns(at: other.clock.now)
        state = Mutex(store)
    }

    private func read<T: Sendable>(
        _ body: (borrowing MemoryStore) throws(CatalogueError) -> T
    ) throws(CatalogueError) -> T {
        try state.withLock { (store: inout MemoryStore) throws(CatalogueError) -> T in try body(store) }
    }

    private func write<T: Sendable>(
        _ body: (inout MemoryStore) throws(CatalogueError) -> T
    ) throws(CatalogueError) -> T {
        try state.withLock { (store: inout MemoryStore) throws(CatalogueError) -> T in try body(&store) }
    }

    // Reading.

    /// The record with this id.
    public func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? {
        try read { (store) throws(CatalogueError) in store.records[id]?.entry(id) }
    }

    /// The records that match, by type and then by id.
    public func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        try CatalogueRules.checkLimit(limit, upTo: 1000)
        return try read { (store) throws(CatalogueError) in store.matches(query, limit: limit) }
    }

    /// The versions of a record, newest first.
    public func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] {
        try CatalogueRules.checkLimit(limit, upTo: 1000)
        return try read { (store) throws(CatalogueError) in
            Array((store.records[id]?.versions ?? []).reversed().prefix(limit))
        }
    }

    /// The changes after a token.
    public func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage {
        try CatalogueRules.checkLimit(limit, upTo: 10_000)
        return try read { (store) throws(CatalogueError) in try store.changePage(after: token, limit: limit) }
    }

    /// What is known of every interface.
    public func states() async throws(CatalogueError) -> [InterfaceState] {
        try read { (store) throws(CatalogueError) in store.interfaceStates() }
    }

    /// Open rejects, oldest first.
    public func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] {
        try CatalogueRules.checkLimit(filter.limit, upTo: 1000)
        return try read { (store) throws(CatalogueError) in store.rejectList(filter) }
    }

    /// Runs, newest first.
    public func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] {
        try CatalogueRules.checkLimit(limit, upTo: 1000)
        return try read { (store) throws(CatalogueError) in store.runList(interface, limit: limit) }
    }

    /// Counts of what is held.
    public func statistics() async throws(CatalogueError) -> CatalogueStatistics {
        try read { (store) throws(CatalogueError) in
            let withdrawn = store.records.values.count { $0.withdrawal != nil }
            return CatalogueStatistics(
                records: store.records.count - withdrawn, withdrawn: withdrawn,
                versions: store.records.values.reduce(0) { $0 + $1.versions.count }, changes: store.changes.count,
                openRejects: store.rejects.count)
        }
    }

    /// Visits every record in no particular order.
    public func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) {
        let records = try read { (store) throws(CatalogueError) in store.records }
        for (id, record) in records { visit(record.entry(id)) }
    }

    // Writing.

    /// Takes the lease of a source.
    public func acquireLease(_ source: SourceID, owner: String) async throws(CatalogueError) -> Lease {
        try write { (store) throws(CatalogueError) in
            if let held = store.leases[source] { throw .leaseHeld(source, by: held.owner) }
            store.lastLease += 1
            let lease = Lease(source: source, owner: owner, number: store.lastLease)
            store.leases[source] = lease
            return lease
        }
    }

    /// Gives a lease back.
    public func release(_ lease: Lease) async {
        state.withLock { if $0.leases[lease.source] == lease { $0.leases[lease.source] = nil } }
    }

    /// Opens a run; one that is open for the same interface and partition becomes `interrupted`.
    public func begin(_ run: RunStart) async throws(CatalogueError) {
        let now = clock.now
        try write { (store) throws(CatalogueError) in try store.begin(run, at: now) }
    }

    /// Applies a page in one write.
    public func commit(_ page: PageCommit) async throws(CatalogueError) -> RunCounts {
        let now = clock.now
        return try write { (store) throws(CatalogueError) in try store.commit(page, at: now) }
    }

    /// Ends a run and withdraws what it may.
    public func finish(
        _ run: RunID, _ end: RunEnd, limit: WithdrawalLimit
    ) async throws(CatalogueError) -> RunRecord {
        let now = clock.now
        return try write { (store) throws(CatalogueError) in try store.finish(run, end, limit: limit, at: now) }
    }

    /// Switches a source.
    public func setAvailability(
        _ availability: Availability, of source: SourceID, note: String
    ) async throws(CatalogueError) {
        try write { (store) throws(CatalogueError) in store.availability[source] = availability }
    }

    /// Ends the stay of a reject.
    public func resolve(_ reject: Int64, _ resolution: QuarantineResolution) async throws(CatalogueError) {
        let now = clock.now
        try write { (store) throws(CatalogueError) in try store.resolve(reject, resolution, at: now) }
    }

    /// Makes everything promised so far survive a power cut.
    public func sync() async throws(CatalogueError) {}
}
