// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import LicenceModel

/// A catalogue with one fault, so that the conformance suite itself can be tested.
final class LyingCatalogue: CatalogueReading, CatalogueWriting {
    enum Lie: String, CaseIterable {
        case hidesWithdrawals, hidesDoubt, hidesOtherKinds, hidesUnreadable, doublesEntries, neverTruncates
        case forgetsCursor, forgetsRuns, skipsAChange, forgetsVersions, countsTooMuch, ignoresResolutions
        case ignoresTombstones, ignoresSwitches, leaseForAll, losesRejects, withdrawsAlways, neverLate
    }

    let truth: InMemoryCatalogue
    let lie: Lie

    init(_ truth: InMemoryCatalogue, _ lie: Lie) {
        self.truth = truth
        self.lie = lie
    }

    private func told(_ entry: CatalogueEntry) -> CatalogueEntry {
        var entry = entry
        if lie == .hidesWithdrawals { entry.withdrawal = nil }
        if lie == .hidesDoubt { entry.newerVersionUnreadable = false }
        return entry
    }

    func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? {
        try await truth.entry(id).map(told)
    }

    func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        var found = try await truth.entries(matching: query, limit: limit)
        found.entries = found.entries.map(told)
        switch lie {
        case .hidesOtherKinds: found.otherKinds = []
        case .hidesUnreadable: found.unreadableForHolder = 0
        case .doublesEntries: found.entries += found.entries
        case .neverTruncates: found.truncated = false
        default: break
        }
        return found
    }

    func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] {
        let all = try await truth.versions(of: id, limit: limit)
        return lie == .forgetsVersions ? Array(all.prefix(1)) : all
    }

    func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage {
        var page = try await truth.changes(after: token, limit: limit)
        if lie == .skipsAChange, page.entries.count > 5 { page.entries.remove(at: 5) }
        return page
    }

    func states() async throws(CatalogueError) -> [InterfaceState] {
        try await truth.states().map {
            var state = $0
            if lie == .forgetsCursor { state.resume = nil }
            return state
        }
    }

    func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] {
        try await truth.quarantine(filter)
    }

    func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] {
        let all = try await truth.runs(of: interface, limit: limit)
        return lie == .forgetsRuns ? Array(all.prefix(1)) : all
    }

    func statistics() async throws(CatalogueError) -> CatalogueStatistics { try await truth.statistics() }

    func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) {
        let all = Collector()
        try await truth.visitAll { all.add($0) }
        for entry in all.entries { visit(told(entry)) }
    }

    func acquireLease(_ source: SourceID, owner: String) async throws(CatalogueError) -> Lease {
        if lie == .leaseForAll { return Lease(source: source, owner: owner, number: 1) }
        return try await truth.acquireLease(source, owner: owner)
    }

    func release(_ lease: Lease) async { await truth.release(lease) }

    func begin(_ run: RunStart) async throws(CatalogueError) { try await truth.begin(run) }

    func commit(_ page: PageCommit) async throws(CatalogueError) -> RunCounts {
        var page = page
        if lie == .losesRejects { page.rejects = [] }
        if lie == .ignoresTombstones { page.tombstones = [] }
        if lie == .neverLate { page.records = page.records.map(withoutVersion) }
        var counts = try await truth.commit(page)
        if lie == .countsTooMuch { counts.unchanged += 1 }
        return counts
    }

    private func withoutVersion(_ licence: Licence) -> Licence {
        var licence = licence
        licence.provenance.sourceVersion = .arrival
        return licence
    }

    func finish(_ run: RunID, _ end: RunEnd, limit: WithdrawalLimit) async throws(CatalogueError) -> RunRecord {
        let limit = lie == .withdrawsAlways ? WithdrawalLimit(approved: true) : limit
        return try await truth.finish(run, end, limit: limit)
    }

    func setAvailability(
        _ availability: Availability, of source: SourceID, note: String
    ) async throws(CatalogueError) {
        if lie != .ignoresSwitches { try await truth.setAvailability(availability, of: source, note: note) }
    }

    func resolve(_ reject: Int64, _ resolution: QuarantineResolution) async throws(CatalogueError) {
        if lie != .ignoresResolutions { try await truth.resolve(reject, resolution) }
    }

    func sync() async throws(CatalogueError) {}
}
