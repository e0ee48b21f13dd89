// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel

/// From judged records and considered interfaces to one verdict.
struct Outcome: Sendable {
    var weighing: Weighing
    var records: [JudgedRecord]
    var considered: [ConsideredInterface]

    func answer() -> ProofFreeAnswer {
        if weighing.matches.truncated { return cannotTell(.tooMany) }
        let identities = LicenceIdentities(records)
        // Records of one source with the same identity are in the same dispute: each is looked into once.
        var known: [LicenceIdentities.Identity: Doubt?] = [:]
        var disputes: [Int: Doubt] = [:]
        for index in records.indices where records[index].word == .counts {
            let identity = identities.identity(of: index)
            let dispute = known[identity] ?? dispute(of: index, identities)
            known[identity] = dispute
            disputes[index] = dispute
        }
        let holding = records.indices.filter { records[$0].word == .counts }
        let clear = holding.filter { disputes[$0] == nil }
        if !clear.isEmpty, weighing.unreadable == 0 {
            return decided(.holds, by: clear.min { before(records[$0], records[$1]) } ?? clear[0])
        }
        if !clear.isEmpty { return cannotTell(.recordUnreadable) }
        if let doubt = disputes.values.min(by: { $0.rank < $1.rank }) {
            return cannotTell(doubt, disputed: Set(holding))
        }
        if let held = heldBack() { return held }
        return denial()
    }

    // A record that holds.

    /// Why a record that holds does not decide: another word about the same licence.
    ///
    /// Of another source, the licence is the same by its identifier or by type and number, and that source must not
    /// hold it itself in another record. Inside one source only a doubled identifier counts: renewals share a number.
    /// A status or a removal contradicts whatever its age; an earlier end of validity does not (a renewal reaches one
    /// source before another).
    private func dispute(of holding: Int, _ identities: LicenceIdentities) -> Doubt? {
        let mine = source(holding)
        let others = identities.same(as: holding).filter { !records[$0].retired }
        let agreeing = Set(others.filter { records[$0].word == .counts }.map(source))
        var found: Doubt?
        for other in others.map({ records[$0] }) {
            let sameSource = other.entry.licence.key.source == mine
            if !sameSource, agreeing.contains(other.entry.licence.key.source) { continue }
            if other.entry.newerVersionUnreadable { return .newerVersionUnreadable }
            switch other.says {
            case .denied(.status): found = .ambiguous
            case .denied(.removedBySource) where !sameSource: found = .ambiguous
            default: continue
            }
        }
        return found
    }

    private func source(_ index: Int) -> SourceID { records[index].entry.licence.key.source }

    /// Which of several records that hold is named: the better grade, then the fresher, then the longer valid.
    private func before(_ a: JudgedRecord, _ b: JudgedRecord) -> Bool {
        let (first, second) = (a.entry.licence, b.entry.licence)
        let grades = (first.trustGrade?.rawValue ?? "E", second.trustGrade?.rawValue ?? "E")
        if grades.0 != grades.1 { return grades.0 < grades.1 }
        if a.asOf != b.asOf { return a.asOf > b.asOf }
        if first.validity.lastDay != second.validity.lastDay { return first.validity.lastDay > second.validity.lastDay }
        return a.entry.id.rawValue < b.entry.id.rawValue
    }

    // Anything that could hide one.

    private func heldBack() -> ProofFreeAnswer? {
        let doubts = records.compactMap { record -> Doubt? in
            if case .doubtful(let doubt) = record.word { doubt } else { nil }
        }
        if let doubt = doubts.min(by: { $0.rank < $1.rank }) { return cannotTell(doubt) }
        if !weighing.matches.otherKinds.isEmpty || weighing.about.isEmpty { return cannotTell(.ambiguous) }
        var gaps: [Doubt] = weighing.unreadable > 0 ? [.recordUnreadable] : []
        // An identifier names one licence: its own source's fresh word is enough. A holder or a number may have a
        // newer licence elsewhere, so that a "no" needs every source.
        var needsEverySource = true
        if case .identifier = weighing.about { needsEverySource = !records.contains { $0.word != nil } }
        if needsEverySource {
            if considered.isEmpty { return cannotTell(.noSource) }
            gaps += considered.compactMap(\.doubt)
        }
        return gaps.min { $0.rank < $1.rank }.map { cannotTell($0) }
    }

    private func denial() -> ProofFreeAnswer {
        let denied = records.indices.filter {
            if case .denied = records[$0].word { true } else { false }
        }
        // The licence that ran longest is the one people mean.
        let last = denied.max { a, b in
            let (first, second) = (records[a].entry, records[b].entry)
            if first.licence.validity.lastDay == second.licence.validity.lastDay {
                return first.id.rawValue > second.id.rawValue
            }
            return first.licence.validity.lastDay < second.licence.validity.lastDay
        }
        if let last, case .denied(let reason) = records[last].word {
            return decided(.doesNotHold(reason), by: last)
        }
        // "None" is as old as the oldest pull it rests on.
        let oldest = considered.filter { $0.asOf != nil }.min { ($0.asOf ?? weighing.now) < ($1.asOf ?? weighing.now) }
        return make(
            .noRecord, records: records, source: considered.count == 1 ? oldest?.interface.source : nil,
            asOf: oldest?.asOf)
    }

    // Putting it together.

    private func decided(_ verdict: Verdict, by index: Int) -> ProofFreeAnswer {
        var records = records
        records[index].decided = true
        for other in LicenceIdentities(records).same(as: index) {
            records[other].disputed = records[other].word.map { $0 != records[index].word } ?? false
        }
        let deciding = records.remove(at: index)
        records.insert(deciding, at: 0)
        return make(
            verdict, records: records, source: deciding.entry.licence.key.source, asOf: deciding.asOf, by: deciding)
    }

    private func cannotTell(_ doubt: Doubt, disputed: Set<Int> = []) -> ProofFreeAnswer {
        var records = records
        for index in disputed { records[index].disputed = true }
        let shown =
            records.filter { $0.heldBackBy == doubt }.max { $0.asOf < $1.asOf } ?? records.max { $0.asOf < $1.asOf }
        let source = doubt.source ?? shown?.entry.licence.key.source
        let asOf = shown?.asOf ?? considered.first { $0.interface.source == source && $0.doubt == doubt }?.asOf
        return make(
            .cannotTell(doubt, retryAt: retryAt(doubt)), records: records, source: source, asOf: asOf, by: shown)
    }

    /// When it will be worth asking again: when the last of the sources in the way will have been asked; nil when one
    /// of them gives no time.
    private func retryAt(_ doubt: Doubt) -> Timestamp? {
        guard doubt.mayEndByItself, weighing.unreadable == 0 else { return nil }
        var moments = considered.filter { $0.doubt != nil }.map(\.retryAt)
        for record in records where !record.retired {
            guard let held = record.heldBackBy else { continue }
            let interface = weighing.known[record.entry.licence.interface]
            moments.append(held.mayEndByItself ? weighing.future(interface?.retryAt) : nil)
        }
        return moments.contains(nil) ? nil : moments.compactMap { $0 }.max()
    }

    private func make(
        _ verdict: Verdict, records: [JudgedRecord], source: SourceID?, asOf: Timestamp?, by record: JudgedRecord? = nil
    ) -> ProofFreeAnswer {
        let names = Dictionary(weighing.known.values.map { ($0.id.source, $0.sourceName) }) { first, _ in first }
        let check = weighing.about.codeCheck
        return ProofFreeAnswer(
            verdict: verdict,
            passport: Passport(
                source: source, live: false, asOf: asOf, age: asOf.map { max(.zero, weighing.now - $0) },
                trustGrade: record?.entry.licence.trustGrade, ruleVersion: AnswerDesk.ruleVersion,
                simulated: record?.entry.licence.provenance.simulated ?? considered.contains(where: \.simulated)),
            records: records, sentence: AnswerWords(names: names).sentence(for: verdict, codeCheck: check),
            considered: considered, codeCheck: check)
    }
}

extension Validity {
    /// The last day as a number that open ends exceed and missing ends fall below.
    fileprivate var lastDay: Int {
        switch until {
        case .openEnded: .max
        case .day(let day): Int(day.number)
        case .absent: .min
        }
    }
}
