// SPDX-License-Identifier: Apache-2.0
public import LicenceModel

/// What a look-up asks for.
public enum CatalogueQuery: Sendable, Hashable {
    /// A licence identifier; found by its canonical form.
    case identifier(String)
    /// A licence number of one type.
    case number(LicenceNumber, LicenceTypeCode)
    /// A holder, of one type or of all.
    case holder(HolderReference, LicenceTypeCode?)
}

/// What a look-up finds.
public struct CatalogueMatches: Sendable, Hashable {
    /// The records, by type and then by id.
    public var entries: [CatalogueEntry]
    /// True when there are more than the limit asked for.
    public var truncated: Bool
    /// For a holder: kinds of code other than the one asked about under which the same code has records.
    public var otherKinds: Set<HolderCodeKind>
    /// Open rejects that name the holder asked about (of this type, or of a type that could not be read).
    public var unreadableForHolder: Int

    /// Makes a finding.
    public init(
        entries: [CatalogueEntry] = [], truncated: Bool = false, otherKinds: Set<HolderCodeKind> = [],
        unreadableForHolder: Int = 0
    ) {
        self.entries = entries
        self.truncated = truncated
        self.otherKinds = otherKinds
        self.unreadableForHolder = unreadableForHolder
    }
}

/// Reading a catalogue.
///
/// Every call may come from any task and never blocks Swift's cooperative pool.
///
/// Throws `catalogue.busy` when the bounded queue is full; callers answer "cannot tell", not "no".
public protocol CatalogueReading: Sendable {
    /// The record with this id.
    func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry?
    /// The records that match. Limit: 1 to 1,000.
    func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches
    /// The versions of a record, newest first. Limit: 1 to 1,000.
    func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion]
    /// The changes after a token; nil starts with the oldest kept. Limit: 1 to 10,000.
    ///
    /// Throws `catalogue.token_expired` for a token older than what is kept, `catalogue.token_unknown` for a foreign one.
    func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage
    /// What is known of every interface that was ever pulled or switched.
    func states() async throws(CatalogueError) -> [InterfaceState]
    /// Rejects in quarantine, oldest first, without their raw bytes unless asked.
    func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord]
    /// Runs, newest first.
    func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord]
    /// Counts of what the catalogue holds.
    func statistics() async throws(CatalogueError) -> CatalogueStatistics
    /// Visits every record, withdrawn ones too, in an unspecified order; for verification and export.
    func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError)
}
