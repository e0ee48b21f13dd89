// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

/// What probes, exchanges and runs say together of the layers of one interface: the newest word on each layer counts.
///
/// A failing layer makes those above it its consequences. A pull that came to its end shows that every layer up to the
/// shape of its answers held; it says nothing of their content.
struct LayerFindings {
    private(set) var byAspect: [HealthAspect: HealthFinding] = [:]

    init(_ evidence: InterfaceEvidence, provenFor: Duration, now: Timestamp) {
        var steps: [(at: Timestamp, apply: (inout LayerFindings) -> Void)] = []
        if let content = evidence.content, content.at + provenFor > now, content.at != evidence.round?.at {
            steps.append((content.at, { $0.apply(content, only: .content) }))
        }
        if let round = evidence.round { steps.append((round.at, { $0.apply(round, only: nil) })) }
        if let exchange = evidence.exchange { steps.append((exchange.at, { $0.apply(exchange) })) }
        for run in evidence.runs.values {
            if let ended = run.finishedAt { steps.append((ended, { $0.apply(run, ended: ended) })) }
        }
        for step in steps.sorted(by: { $0.at < $1.at }) { step.apply(&self) }
        if let content = byAspect[.content], content.observedAt + provenFor <= now, content.outcome == .passed {
            byAspect[.content] = nil
        }
    }

    private mutating func apply(_ round: ProbeRound, only: ProbeLayer?) {
        for layer in ProbeLayer.allCases where only == nil || only == layer {
            let results = round.results.filter { $0.layer == layer }
            let failed = results.first { if case .failed = $0.outcome { true } else { false } }
            guard let result = failed ?? results.first(where: { $0.outcome.isDecided }) ?? results.first else {
                continue
            }
            let aspect = HealthAspect(layer)
            switch result.outcome {
            case .passed:
                let words =
                    layer == .content ? HealthWords.goldenPassed(results.count) : HealthWords.layerPassed(aspect)
                pass(aspect, words, at: round.at, took: result.took)
            case .failed(let diagnostic):
                fail(aspect, diagnostic.code, diagnostic.what, diagnostic.remedy, at: round.at, took: result.took)
            case .notApplicable:
                byAspect[aspect] = HealthFinding(
                    aspect, .notApplicable, evidence: HealthWords.notApplicable(aspect), observedAt: round.at)
            }
        }
    }

    private mutating func apply(_ exchange: ExchangeObservation) {
        guard let failure = exchange.failure else {
            for aspect in [HealthAspect.connect, .http] {
                pass(aspect, HealthWords.layerPassed(aspect), at: exchange.at, took: nil)
            }
            return
        }
        guard let aspect = FaultLayer.aspect(ofCode: failure.code), aspect.isLayer else { return }
        fail(aspect, failure.code, failure.what, failure.remedy, at: exchange.at, took: exchange.took)
    }

    private mutating func apply(_ run: RunRecord, ended: Timestamp) {
        let covered: [HealthAspect] = [.connect, .authentication, .http, .businessStatus, .shape]
        if run.outcome == .complete {
            for aspect in covered { pass(aspect, HealthWords.seenInRun(aspect), at: ended, took: nil) }
            return
        }
        let code = run.code ?? "unknown"
        guard let aspect = FaultLayer.aspect(ofCode: code) else { return }
        if aspect.isLayer {
            for lower in covered where lower < aspect {
                pass(lower, HealthWords.seenInRun(lower), at: ended, took: nil)
            }
            fail(aspect, code, run.message ?? code, nil, at: ended, took: nil)
        } else {
            for lower in covered { pass(lower, HealthWords.seenInRun(lower), at: ended, took: nil) }
        }
    }

    private mutating func pass(_ aspect: HealthAspect, _ words: BilingualSentence, at: Timestamp, took: Duration?) {
        if case .notApplicable? = byAspect[aspect]?.outcome, took == nil { return }
        byAspect[aspect] = HealthFinding(aspect, .passed, evidence: words, observedAt: at, took: took)
        clearConsequences(of: aspect)
        // What failed below cannot fail any more when this layer passed after it.
        for (lower, finding) in byAspect where lower < aspect && finding.outcome == .failed && finding.observedAt < at {
            byAspect[lower] = HealthFinding(lower, .passed, evidence: HealthWords.seenInRun(lower), observedAt: at)
            clearConsequences(of: lower)
        }
    }

    private mutating func clearConsequences(of root: HealthAspect) {
        for (other, finding) in byAspect where finding.outcome == .consequence(of: root) { byAspect[other] = nil }
    }

    private mutating func fail(
        _ aspect: HealthAspect, _ code: String, _ what: String, _ remedy: String?, at: Timestamp, took: Duration?
    ) {
        byAspect[aspect] = HealthFinding(
            aspect, .failed, evidence: HealthWords.failed(aspect, code: code, what: what), code: code, remedy: remedy,
            observedAt: at, took: took)
        for higher in HealthAspect.allCases where higher.isLayer && higher > aspect {
            if case .notApplicable? = byAspect[higher]?.outcome { continue }
            byAspect[higher] = HealthFinding(
                higher, .consequence(of: aspect), evidence: HealthWords.consequence(higher, of: aspect),
                observedAt: at)
        }
    }
}
