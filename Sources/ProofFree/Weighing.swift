// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel

/// The facts of one question, and the rules that make an answer of them; pure.
///
/// In this order: too many records; a record that holds and that no other source contradicts; anything that could hide
/// one that holds; only then a "no". A "no" needs every source, a "yes" one record.
struct Weighing: Sendable {
    var about: CatalogueQuery
    var day: CalendarDay
    var now: Timestamp
    var matches: CatalogueMatches
    var unreadable: Int
    var states: [CatalogueScope: InterfaceState]
    /// The interfaces that could have what is asked for.
    var declared: [DeclaredInterface]
    /// Those, and the ones that records were found through.
    var known: [InterfaceID: DeclaredInterface]
    var settings: ProofFreeSettings

    func answer() -> ProofFreeAnswer {
        let availability = availabilities()
        let records = matches.entries.map { judge($0, availability) }
        let hiding = Set(states.values.lazy.filter(hidesRecords).map(\.interface))
        let considered = declared.filter { availability[$0.id.source] != .retired }
            .sorted { $0.id < $1.id }.map { consider($0, availability, hiding) }
        return Outcome(weighing: self, records: records, considered: considered).answer()
    }

    /// Whether each source takes part; a switch belongs to the source, whichever of its interfaces tells of it.
    private func availabilities() -> [SourceID: Availability] {
        var out: [SourceID: Availability] = [:]
        for state in states.values where state.availability != .active {
            out[state.interface.source] = state.availability
        }
        return out
    }

    func state(_ interface: InterfaceID, _ partition: String?) -> InterfaceState? {
        states[CatalogueScope(interface, partition)]
    }

    // One interface's silence.

    private func consider(
        _ interface: DeclaredInterface, _ availability: [SourceID: Availability], _ hiding: Set<InterfaceID>
    ) -> ConsideredInterface {
        let limit = settings.copyLimit(of: interface)
        let partitions: [String?] = interface.partitions.isEmpty ? [nil] : interface.partitions
        let parts = partitions.map { state(interface.id, $0) }
        let covered = parts.map { $0.flatMap(covering) }
        let asOf = covered.contains(nil) ? nil : covered.compactMap { $0 }.min()
        var doubt: Doubt?
        if availability[interface.id.source] == .paused {
            doubt = .paused(interface.id.source)
        } else if let asOf {
            if now - asOf > limit {
                let fails = interface.isDown || parts.contains { $0.map(failed) ?? false }
                doubt = fails ? .sourceDown(interface.id.source) : .staleCopy(interface.id.source)
            } else if interface.partitions.isEmpty
                // A source that names its partitions itself counts rejects there, not in the round that stands for it.
                ? hiding.contains(interface.id) : parts.contains(where: { $0.map(hidesRecords) ?? false })
            {
                doubt = .recordUnreadable
            }
        } else {
            doubt = .neverSynced(interface.id.source)
        }
        return ConsideredInterface(
            interface: interface.id, sourceName: interface.sourceName, asOf: asOf, copyLimit: limit, doubt: doubt,
            retryAt: doubt.flatMap { $0.mayEndByItself ? future(interface.retryAt) : nil },
            simulated: interface.simulated)
    }

    /// The moment up to which a completed pull covers everything; nil before the first one.
    ///
    /// A full pull that lost more than the limit is no complete one: the catalogue leaves its states where they were.
    func covering(_ state: InterfaceState) -> Timestamp? {
        state.firstComplete.map { max($0.asOf, state.lastComplete?.asOf ?? $0.asOf) }
    }

    private func lostTooMuch(_ state: InterfaceState) -> Bool { (state.lastRun?.counts.withheld ?? 0) > 0 }

    func failed(_ state: InterfaceState) -> Bool {
        lostTooMuch(state) || (state.lastRun?.outcome == .stopped && state.lastRun?.code != "source.cancelled")
    }

    /// True when an unreadable record of this interface may be the one asked for.
    ///
    /// Rejects that name their holders only hide records from questions that do not name a holder.
    private func hidesRecords(_ state: InterfaceState) -> Bool {
        if case .holder = about { return state.openRejectsWithoutHolder > 0 }
        return state.openRejects > 0
    }

    func future(_ moment: Timestamp?) -> Timestamp? { moment.flatMap { $0 > now ? $0 : nil } }

    // One record's word.

    private func judge(_ entry: CatalogueEntry, _ availability: [SourceID: Availability]) -> JudgedRecord {
        let licence = entry.licence
        let state = state(licence.interface, licence.partition)
        var asOf = max(licence.provenance.fetchedAt, state.flatMap(covering) ?? licence.provenance.fetchedAt)
        if let withdrawal = entry.withdrawal { asOf = max(asOf, withdrawal.at) }
        let age = max(.zero, now - asOf)
        let source = licence.key.source
        let heldBackBy: Doubt? =
            if availability[source] == .paused {
                .paused(source)
            } else if let interface = known[licence.interface] {
                if entry.newerVersionUnreadable {
                    .newerVersionUnreadable
                } else if age > settings.copyLimit(of: interface) {
                    interface.isDown || (state.map(failed) ?? false) ? .sourceDown(source) : .staleCopy(source)
                } else {
                    nil
                }
            } else {
                .noSource
            }
        return JudgedRecord(
            entry: entry, says: says(entry, confirmed: CalendarDay(at: asOf)), heldBackBy: heldBackBy,
            retired: availability[source] == .retired, asOf: asOf, age: age)
    }

    private func says(_ entry: CatalogueEntry, confirmed: CalendarDay) -> RecordVerdict {
        let itself = entry.licence.verdict(on: day, confirmed: confirmed)
        guard let withdrawal = entry.withdrawal else { return itself }
        if day >= CalendarDay(at: withdrawal.at) { return .denied(.removedBySource) }
        // It was still there on that day; why it went, and since when, the source does not say.
        if case .denied = itself { return itself }
        return .doubtful(.statusUnknown)
    }
}

extension Doubt {
    /// True when the next pull may end it.
    var mayEndByItself: Bool {
        switch self {
        case .neverSynced, .sourceDown, .staleCopy: true
        default: false
        }
    }

    /// Which doubt is named when there are several: what takes longest to mend, then what time mends.
    var rank: Int {
        switch self {
        case .newerVersionUnreadable: 0
        case .noSource: 1
        case .neverSynced: 2
        case .sourceDown: 3
        case .staleCopy: 4
        case .paused: 5
        case .recordUnreadable: 6
        case .ambiguous: 7
        case .validityUnknown: 8
        case .statusUnknown: 9
        case .tooMany: 10
        case .catalogueUnavailable: 11
        }
    }

    /// The source it names.
    var source: SourceID? {
        switch self {
        case .neverSynced(let source), .sourceDown(let source), .staleCopy(let source), .paused(let source): source
        default: nil
        }
    }
}
