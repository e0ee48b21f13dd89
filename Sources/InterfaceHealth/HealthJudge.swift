// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

/// What one look at the evidence says, before hysteresis.
struct Judgement: Sendable {
    var verdict: HealthVerdict
    var root: HealthFinding?
    var findings: [HealthFinding] = []
    var lastComplete: CompletedPull?
    var backAt: Timestamp?
    /// When the deciding evidence was seen.
    var seenAt: Timestamp?
    var reason: BilingualSentence
}

/// The rules that make a verdict from evidence; pure.
struct HealthJudge {
    var interface: InterfaceDescription
    var evidence: InterfaceEvidence
    var copyLimit: Duration?
    var settings: HealthSettings
    var now: Timestamp

    func judgement() -> Judgement {
        let layers = LayerFindings(evidence, provenFor: settings.provenFor, now: now).byAspect
        let lastComplete = evidence.lastComplete(partitions: interface.partitions)
        let findings =
            (Array(layers.values)
            + [completeness(lastComplete), volume(), rejects(), freshness(), latency()]
            .compactMap { $0 } + [certificate()].compactMap { $0 })
            .sorted { $0.aspect < $1.aspect }
        func make(
            _ verdict: HealthVerdict, _ reason: BilingualSentence, root: HealthFinding? = nil,
            backAt: Timestamp? = nil, seenAt: Timestamp? = nil
        ) -> Judgement {
            Judgement(
                verdict: verdict, root: root, findings: findings, lastComplete: lastComplete, backAt: backAt,
                seenAt: root?.observedAt ?? seenAt, reason: reason)
        }

        if evidence.paused { return make(.inMaintenance, HealthWords.paused) }
        if let end = interface.schedule.downtime.compactMap({ $0.end(containing: now) }).max() {
            return make(.inMaintenance, HealthWords.plannedDowntime(until: end), backAt: end)
        }
        guard let newest = evidence.newest else { return make(.unknown, HealthWords.neverAsked) }
        if newest + max(copyLimit ?? .zero, settings.silence) < now {
            return make(.unknown, HealthWords.silent(since: newest))
        }
        if let root = findings.first(where: { $0.outcome == .failed && $0.aspect.isLayer }) {
            return make(FaultLayer.isPatience(root.code) ? .degraded : .down, root.evidence, root: root)
        }
        if let root = findings.first(where: { $0.outcome == .failed || $0.outcome == .warned }) {
            return make(.degraded, root.evidence, root: root)
        }
        guard !interface.goldenQuestions.isEmpty else {
            return make(.healthyUnproven, HealthWords.noGoldenQuestion, seenAt: newest)
        }
        guard let content = layers[.content], content.outcome == .passed else {
            return make(.healthyUnproven, HealthWords.goldenNotAsked, seenAt: newest)
        }
        return make(.healthy, content.evidence, seenAt: newest)
    }

    private func completeness(_ lastComplete: CompletedPull?) -> HealthFinding? {
        guard !interface.pulls.isEmpty, let newest = evidence.newest else { return nil }
        let stopped = evidence.runs.values.filter { $0.outcome == .stopped }.sorted { $0.id > $1.id }
        let reason = stopped.first
        let seen = reason?.finishedAt ?? newest
        guard let lastComplete else {
            return HealthFinding(
                .completeness, .failed, evidence: HealthWords.neverComplete, code: reason?.code, observedAt: seen)
        }
        if let copyLimit, lastComplete.asOf + copyLimit < now {
            return HealthFinding(
                .completeness, .failed, evidence: HealthWords.copyTooOld(lastComplete.asOf, now: now, copyLimit),
                code: reason?.code, observedAt: lastComplete.asOf + copyLimit)
        }
        if let reason {
            return HealthFinding(
                .completeness, .warned, evidence: HealthWords.runStopped(reason), code: reason.code, observedAt: seen)
        }
        return HealthFinding(
            .completeness, .passed, evidence: HealthWords.complete(lastComplete.asOf),
            observedAt: lastComplete.finishedAt)
    }

    private func volume() -> HealthFinding? {
        guard
            let run = evidence.runs.values.max(by: { ($0.finishedAt ?? $0.startedAt) < ($1.finishedAt ?? $1.startedAt) }
            ),
            let ended = run.finishedAt
        else { return nil }
        let stored = evidence.states.reduce(0) { $0 + $1.records }
        if run.outcome == .stopped, let code = run.code, FaultLayer.aspect(ofCode: code) == .volume {
            return HealthFinding(
                .volume, .failed, evidence: HealthWords.failed(.volume, code: code, what: run.message ?? code),
                code: code,
                observedAt: ended)
        }
        guard run.outcome == .complete, run.mode == .full else { return nil }
        if run.counts.withheld > 0 {
            return HealthFinding(
                .volume, .failed, evidence: HealthWords.withheld(run.counts.withheld), code: "health.too_many_missing",
                observedAt: ended)
        }
        if run.counts.received == 0, stored > 0 {
            return HealthFinding(
                .volume, .failed, evidence: HealthWords.empty(stored), code: "health.empty_pull", observedAt: ended)
        }
        if let expected = interface.volume, let received = wholeVolume(), !expected.contains(received) {
            return HealthFinding(
                .volume, .warned, evidence: HealthWords.unexpected(received, expected),
                code: "health.unexpected_volume", observedAt: ended)
        }
        return HealthFinding(
            .volume, .passed, evidence: HealthWords.received(run.counts.received), observedAt: ended)
    }

    /// What the last whole pulls of all partitions brought together; nil while one of them is not there.
    private func wholeVolume() -> Int? {
        let runs = evidence.runs.values
        guard runs.count >= max(1, interface.partitions.count),
            runs.allSatisfy({ $0.outcome == .complete && $0.mode == .full })
        else { return nil }
        return runs.reduce(0) { $0 + $1.counts.received }
    }

    private func rejects() -> HealthFinding? {
        guard let newest = evidence.newest, !evidence.states.isEmpty else { return nil }
        let open = evidence.states.reduce(0) { $0 + $1.openRejects }
        let withoutHolder = evidence.states.reduce(0) { $0 + $1.openRejectsWithoutHolder }
        return HealthFinding(
            .rejects, withoutHolder > 0 ? .warned : .passed,
            evidence: HealthWords.rejects(open: open, withoutHolder: withoutHolder),
            code: withoutHolder > 0 ? "health.records_unreadable" : nil, observedAt: newest)
    }

    private func freshness() -> HealthFinding? {
        guard let limit = interface.freshness, let newest = evidence.newestChangeAt else { return nil }
        let late = newest + limit < now
        return HealthFinding(
            .freshness, late ? .warned : .passed, evidence: HealthWords.newestChange(newest, now: now, late: late),
            code: late ? "health.nothing_new" : nil, observedAt: late ? newest + limit : newest)
    }

    private func latency() -> HealthFinding? {
        guard let limit = interface.latencyObjective, let latency = evidence.latency, let newest = evidence.newest
        else { return nil }
        let slow = latency > limit
        return HealthFinding(
            .latency, slow ? .warned : .passed, evidence: HealthWords.latency(latency, objective: limit),
            code: slow ? "health.slow" : nil, observedAt: newest, took: latency)
    }

    private func certificate() -> HealthFinding? {
        guard let ends = evidence.certificateEnds else { return nil }
        let days = HealthJudge.daysLeft(until: ends, now: now)
        let soon = days <= interface.certificateWarningDays
        let warnedAt = ends + .seconds(-86_400 * (interface.certificateWarningDays + 1))
        return HealthFinding(
            .certificate, days < 0 ? .failed : soon ? .warned : .passed, evidence: HealthWords.certificate(days),
            code: soon ? "health.certificate_ends" : nil, observedAt: soon ? warnedAt : now)
    }

    /// Whole days until a moment, below zero once it is past.
    static func daysLeft(until end: Timestamp, now: Timestamp) -> Int {
        let day: Int64 = 86_400_000
        let rest = end.milliseconds - now.milliseconds
        return Int(rest >= 0 ? rest / day : (rest - day + 1) / day)
    }
}
