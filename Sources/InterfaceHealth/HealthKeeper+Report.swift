// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

extension HealthKeeper.Known {
    /// How old a copy may be, worked out once a day: a schedule's longest gap takes a walk over its slots.
    mutating func limit(at moment: Timestamp) -> Duration? {
        let day = CalendarDay(at: moment)
        if let copyLimit, copyLimit.day == day { return copyLimit.limit }
        let limit = description.schedule.effectiveCopyLimit(at: moment)
        copyLimit = (day, limit)
        return limit
    }

    /// The whole report of a judgement.
    func report(_ judgement: Judgement, at moment: Timestamp) -> InterfaceHealthReport {
        let limit = copyLimit?.limit
        let paused = evidence.paused
        let copyUntil = judgement.lastComplete.flatMap { pull in limit.map { pull.asOf + $0 } }
        let retryAt: Timestamp? =
            judgement.verdict.isHealthy || paused
            ? nil : judgement.backAt ?? description.schedule.slots?.next(after: moment)
        var report = InterfaceHealthReport(
            interface: description.id, owner: owner, simulated: simulated, licenceTypes: description.licenceTypes,
            verdict: judgement.verdict, since: mark?.since ?? moment, root: judgement.root?.aspect,
            reason: judgement.reason,
            consequence: HealthWords.consequence(
                judgement.verdict, types: description.licenceTypes.count, copyUntil: copyUntil,
                pulled: !description.pulls.isEmpty, paused: paused, now: moment),
            remedy: HealthWords.remedy(
                judgement.verdict, root: judgement.root, interface: description.id, owner: owner, paused: paused))
        report.findings = judgement.findings
        report.certificateDaysLeft = evidence.certificateEnds.map { HealthJudge.daysLeft(until: $0, now: moment) }
        report.latency = evidence.latency
        report.lastComplete = judgement.lastComplete
        report.newestChangeAt = evidence.newestChangeAt
        report.golden = tally
        report.records = evidence.states.reduce(0) { $0 + $1.records }
        report.openRejects = evidence.states.reduce(0) { $0 + $1.openRejects }
        report.backAt = judgement.backAt
        report.retryAt = retryAt
        return report
    }

    private var tally: GoldenTally {
        var tally = GoldenTally(declared: description.goldenQuestions.count)
        guard let round = evidence.content else { return tally }
        let results = round.results.filter { $0.layer == .content && $0.outcome.isDecided }
        tally.asked = results.count
        tally.answeredRightly = results.count { $0.outcome == .passed }
        tally.askedAt = round.at
        return tally
    }
}
