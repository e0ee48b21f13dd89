// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
import Diagnostics
public import LicenceModel

extension AnswerDesk {
    /// What one record of the catalogue says for a day; nil when there is no such record.
    ///
    /// The same rules as for a question, with this record as the only one found: a copy that is too old, a source that
    /// is paused and a newer version in quarantine hold it back here too.
    public func answer(about id: CatalogueID, on day: CalendarDay?) async throws(CatalogueError) -> ProofFreeAnswer? {
        guard let entry = try await catalogue.entry(id) else { return nil }
        let now = clock.now
        let states = try await catalogue.states()
        let declared = await coverage.interfaces(for: entry.licence.typeCode, at: now)
        var known = Dictionary(declared.map { ($0.id, $0) }) { first, _ in first }
        if known[entry.licence.interface] == nil {
            for more in await coverage.interfaces(for: nil, at: now) { known[more.id] = more }
        }
        let weighing = Weighing(
            about: query(for: entry.licence), day: day ?? CalendarDay(at: now), now: now,
            matches: CatalogueMatches(entries: [entry]), unreadable: 0,
            states: Dictionary(states.map { (CatalogueScope($0.interface, $0.partition), $0) }) { first, _ in first },
            declared: declared, known: known, settings: settings)
        return weighing.answer()
    }

    private func query(for licence: Licence) -> CatalogueQuery {
        if let identifier = licence.identifier { return .identifier(identifier.raw) }
        if let number = licence.number { return .number(number, licence.typeCode) }
        if let holder = licence.holders.first { return .holder(holder.reference, licence.typeCode) }
        return .identifier("-")
    }
}
