// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
public import Diagnostics
import LicenceModel

/// Answers proof-free questions from the catalogue, by the rules of `docs/reference/verdicts.md`.
///
/// It never throws: whatever keeps it from knowing is a `cannotTell`. Cost: one look-up, one reading of the interfaces'
/// states, and for questions by identifier or number one more look-up a holder found, at most sixteen.
public struct AnswerDesk: Sendable {
    /// The revision of the rules, in every passport; it changes whenever the same facts could be answered otherwise.
    public static let ruleVersion = "proof-free-1"
    static let holdersMax = 16

    let catalogue: any CatalogueReading
    let coverage: any TypeCoverage
    let clock: any GatewayClock
    let settings: ProofFreeSettings

    /// Opens a desk.
    public init(
        catalogue: any CatalogueReading, coverage: any TypeCoverage, clock: any GatewayClock,
        settings: ProofFreeSettings = ProofFreeSettings()
    ) {
        self.catalogue = catalogue
        self.coverage = coverage
        self.clock = clock
        self.settings = settings
    }

    /// Answers one question.
    public func answer(_ question: ProofFreeQuestion) async -> ProofFreeAnswer {
        let now = clock.now
        do throws(CatalogueError) {
            return try await evidence(for: question, at: now).answer()
        } catch {
            let verdict = Verdict.cannotTell(.catalogueUnavailable, retryAt: nil)
            return ProofFreeAnswer(
                verdict: verdict, passport: Passport(ruleVersion: Self.ruleVersion),
                sentence: AnswerWords(names: [:]).sentence(for: verdict, codeCheck: .notChecked),
                codeCheck: question.about.codeCheck, failure: error.diagnostic)
        }
    }

    private func evidence(
        for question: ProofFreeQuestion, at now: Timestamp
    ) async throws(CatalogueError) -> Weighing {
        let about = question.about
        // The states are read first: what a pull brings in between then makes a record younger, never a gap smaller.
        let states = try await catalogue.states()
        let matches =
            about.isEmpty
            ? CatalogueMatches() : try await catalogue.entries(matching: about, limit: settings.recordsMax)
        let declared = await coverage.interfaces(for: scope(of: about), at: now)
        var known = Dictionary(declared.map { ($0.id, $0) }) { first, _ in first }
        for entry in matches.entries where known[entry.licence.interface] == nil {
            for more in await coverage.interfaces(for: entry.licence.typeCode, at: now) { known[more.id] = more }
        }
        return Weighing(
            about: about, day: question.on ?? CalendarDay(at: now), now: now, matches: matches,
            unreadable: try await unreadable(about, matches),
            states: Dictionary(states.map { (CatalogueScope($0.interface, $0.partition), $0) }) { first, _ in first },
            declared: declared, known: known,
            settings: settings)
    }

    /// The type whose sources could have what is asked for; nil for all sources.
    ///
    /// An identifier names its type, and is believed only when its check character is right: one wrong character would
    /// otherwise ask the wrong sources and make a "no" of a slip.
    private func scope(of about: CatalogueQuery) -> LicenceTypeCode? {
        guard case .identifier(let text) = about else { return about.typeCode }
        let identifier = LicenceIdentifier(text)
        return identifier.conformance == .conforming ? identifier.parts?.typeCode : nil
    }

    /// Open rejects that may be a newer word about what was found, or the very thing that was not.
    private func unreadable(
        _ about: CatalogueQuery, _ matches: CatalogueMatches
    ) async throws(CatalogueError) -> Int {
        if case .holder = about { return matches.unreadableForHolder }
        var asked: Set<HolderReference> = []
        var count = 0
        for entry in matches.entries {
            for holder in entry.licence.holders.map(\.reference)
            where asked.count < Self.holdersMax && asked.insert(holder).inserted {
                let more = try await catalogue.entries(matching: .holder(holder, entry.licence.typeCode), limit: 1)
                count += more.unreadableForHolder
            }
        }
        return count
    }
}
