// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel
import ProofFree

/// What one record, found by its catalogue id, says for a day.
///
/// The desk answers by number, identifier or holder; the record's own part of that answer is taken out.
struct RecordQuestion {
    var entry: CatalogueEntry
    var day: CalendarDay

    struct Answer {
        var verdict: Verdict
        var json: JSON
    }

    func answer(_ services: GatewayServices) async throws -> Answer {
        var judged: JudgedRecord?
        var rules = "none"
        var isLive = false
        if let about {
            let answer = try await services.judged(ProofFreeQuestion(about: about, on: day, asking: .unstated))
            judged = answer.records.first { $0.entry.id == entry.id }
            rules = answer.passport.ruleVersion
            isLive = answer.passport.live
        }
        let verdict = judged?.verdict ?? .cannotTell(.catalogueUnavailable, retryAt: nil)
        let passport = Passport(
            source: entry.licence.key.source, live: isLive, asOf: judged?.asOf, age: judged?.age,
            trustGrade: entry.licence.trustGrade, ruleVersion: rules, simulated: entry.licence.provenance.simulated)
        let shown = judged.map(\.json) ?? .members(entry.members)
        return Answer(
            verdict: verdict,
            json: .members(
                verdict.members + [
                    ("sentence", sentence(verdict).json), ("passport", passport.json), ("licence", shown),
                ]))
    }

    private var about: CatalogueQuery? {
        let licence = entry.licence
        if let number = licence.number { return .number(number, licence.typeCode) }
        if let identifier = licence.identifier { return .identifier(identifier.raw) }
        return licence.holders.first.map { .holder($0.reference, licence.typeCode) }
    }

    private func sentence(_ verdict: Verdict) -> BilingualSentence {
        func say(_ zh: String, _ en: String) -> BilingualSentence { BilingualSentence(chinese: zh, english: en) }
        switch verdict {
        case .holds: return say("该证照在所问日期有效。", "This licence counts on the day asked about.")
        case .doesNotHold:
            return say("该证照在所问日期不能作为依据，原因见 reason。", "This licence does not count on that day; `reason` says why.")
        case .noRecord, .cannotTell:
            return say(
                "暂时无法判断该证照是否有效，原因见 cause；这不表示证照无效。",
                "Nobody can tell now whether this licence counts; `cause` says why. This is not a \"no\".")
        }
    }
}
