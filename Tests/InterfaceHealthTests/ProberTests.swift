// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import InterfaceHealth
import LicenceModel
import Testing

@Suite struct `A round of probes` {
    let prober = Prober(clock: StoppedClock(morning))

    @Test(arguments: ProbeLayer.allCases.filter { $0 != .content })
    func `stops at the first layer that fails, asks each once, and names the rest consequences`(
        layer: ProbeLayer
    ) async throws {
        let source = ProbedSource(failing: [layer: "source.test_fault"])
        let round = await prober.round(of: interface(golden: [golden()]), with: source)
        #expect(round.failure?.layer == layer)
        #expect(source.layersAsked == ProbeLayer.allCases.prefix { $0 != layer } + [layer])
        let health = keeper(interface(golden: [golden()]))
        health.observe([state(completeAt: morning + .seconds(-60))])
        health.observe(round)
        let report = try health.one()
        #expect(report.verdict == .down)
        #expect(report.root == HealthAspect(layer))
        #expect(report.remedy.english == "Mend it.")
        let consequences = report.findings.filter { $0.outcome == .consequence(of: HealthAspect(layer)) }
        #expect(consequences.count == ProbeLayer.allCases.count - source.layersAsked.count)
    }

    @Test func `proves an interface healthy by its golden question, for a day`() async throws {
        let asked = interface(golden: [golden()])
        let health = keeper(asked)
        health.observe([state(completeAt: morning + .seconds(-60))])
        health.observe(await prober.round(of: asked, with: ProbedSource()))
        let report = try health.one()
        #expect(report.verdict == .healthy)
        #expect(report.golden.declared == 1)
        #expect(report.golden.answeredRightly == 1)
        #expect(report.certificateDaysLeft == 90)
        #expect(report.latency == .milliseconds(40))
        health.observe([state(completeAt: morning + .seconds(86_400))])
        #expect(try health.one(at: morning + .seconds(86_400)).verdict == .healthyUnproven)
    }

    @Test func `calls an interface down that answers 200 and the wrong thing`() async throws {
        let asked = interface(golden: [golden(), golden("known-absent")])
        let health = keeper(asked)
        health.observe([state(completeAt: morning + .seconds(-60))])
        health.observe(await prober.round(of: asked, with: ProbedSource(wrongAnswers: ["known-absent"])))
        let report = try health.one()
        #expect(report.verdict == .down)
        #expect(report.root == .content)
        #expect(report.golden.asked == 2)
        #expect(report.golden.answeredRightly == 1)
        // A pull that goes well does not make a wrong answer right.
        health.observe([state(completeAt: morning + .seconds(30))])
        #expect(try health.one(at: morning + .seconds(60)).root == .content)
    }

    @Test func `without a golden question is healthy and unproven at best`() async throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-60))])
        health.observe(await prober.round(of: interface(), with: ProbedSource()))
        #expect(try health.one().verdict == .healthyUnproven)
    }

    @Test func `warns of a certificate and of slowness`() async throws {
        let slow = interface(latencyObjective: .milliseconds(30))
        let health = keeper(slow)
        health.observe([state(completeAt: morning + .seconds(-60))])
        health.observe(await prober.round(of: slow, with: ProbedSource()))
        #expect(try health.one().root == .latency)

        let calm = keeper()
        calm.observe([state(completeAt: morning + .seconds(-60))])
        calm.observe(
            ExchangeObservation(
                interface: transport, at: morning, took: .milliseconds(9),
                certificateEnds: morning + .seconds(20 * 86_400)))
        let report = try calm.one()
        #expect(report.root == .certificate)
        #expect(report.certificateDaysLeft == 20)
        #expect(report.verdict == .degraded)
    }

    @Test func `that was answered rightly and late makes it degraded, not down`() async throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-60))])
        health.observe(await prober.round(of: interface(), with: ProbedSource(failing: [.http: "source.slow"])))
        #expect(try health.one().verdict == .degraded)
        #expect(try health.one().root == .http)
    }

    @Test func `is overtaken by a later pull, whichever layer had failed`() async throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-60))])
        let source = ProbedSource(failing: [.nameResolution: "transport.name_unresolved"])
        health.observe(await prober.round(of: interface(), with: source))
        #expect(try health.one().root == .nameResolution)
        health.observe(run(at: morning + .seconds(60)))
        let report = try health.one(at: morning + .seconds(60))
        #expect(report.verdict == .healthyUnproven)
        #expect(report.findings.allSatisfy { $0.outcome == .passed })
    }

    @Test func `is not made outside allowed hours or inside downtime`() {
        #expect(prober.mayProbe(interface()))
        #expect(!prober.mayProbe(interface(downtime: ["nightly 09:30-10:30"])))
    }
}
