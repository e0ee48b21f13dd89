// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import InterfaceHealth
import LicenceModel
import Testing

@Suite struct `A health keeper without probes` {
    @Test func `knows nothing of an interface that was never asked`() throws {
        let report = try keeper().one()
        #expect(report.verdict == .unknown)
        #expect(report.remedy.english.contains("licgate sync cs-transport/licences"))
    }

    @Test func `calls a completely pulled interface healthy and unproven`() throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-3600))])
        let report = try health.one()
        #expect(report.verdict == .healthyUnproven)
        #expect(report.lastComplete?.asOf == morning + .seconds(-3600))
        #expect(report.since == morning + .seconds(-3600))
        #expect(report.reason.english.contains("no golden question is declared"))
    }

    @Test(arguments: [
        ("source.unreachable", HealthAspect.connect), ("source.unauthenticated", .authentication),
        ("source.unavailable", .http), ("source.business_status", .businessStatus), ("source.not_a_page", .shape),
        ("transport.tls_untrusted", .tls), ("transport.name_unresolved", .nameResolution),
        ("transport.connect_timeout", .connect), ("transport.redirect_refused", .http),
        ("document.not_json", .shape), ("intake.folder_unreadable", .connect),
    ]) func `calls it down at the layer a stopped run names`(code: String, layer: HealthAspect) throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-60), .stopped, code: code))
        let report = try health.one()
        #expect(report.verdict == .down)
        #expect(report.root == layer)
        #expect(report.since == morning + .seconds(-60))
        #expect(report.reason.chinese.contains(code))
        #expect(report.consequence.english.contains("still answers until"))
        let higher = report.findings.filter { $0.aspect.isLayer && $0.aspect > layer }
        #expect(higher.allSatisfy { $0.outcome == .consequence(of: layer) })
    }

    @Test func `comes back with the next complete run`() throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-120), .stopped, code: "source.unreachable"))
        health.observe([state(completeAt: morning + .seconds(-60))])
        let report = try health.one()
        #expect(report.verdict == .healthyUnproven)
        #expect(report.since == morning + .seconds(-60))
    }

    @Test(arguments: ["source.total_mismatch", "source.too_many_rejects", "source.throttled"])
    func `calls it degraded when it answers and a run stopped all the same`(code: String) throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-60), .stopped, code: code))
        #expect(try health.one().verdict == .degraded)
    }

    @Test(arguments: ["catalogue.disk_full", "transport.busy", "source.configuration"])
    func `does not blame a source for what is our own`(code: String) throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-60), .stopped, code: code))
        let report = try health.one()
        #expect(report.verdict == .degraded)
        #expect(report.findings.allSatisfy { !$0.aspect.isLayer || $0.outcome == .passed })
    }

    @Test(arguments: ["sync.stopped", "source.cancelled"])
    func `concludes nothing from a run that we ended ourselves`(code: String) throws {
        let health = keeper()
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-60), .stopped, code: code))
        #expect(try health.one().verdict == .healthyUnproven)
        #expect(try health.one().since == morning + .seconds(-7200))
    }

    @Test func `is not fooled by an empty list that came with 200`() throws {
        let health = keeper()
        let empty = run(at: morning + .seconds(-60), received: 0)
        health.observe([state(completeAt: morning + .seconds(-60), lastRun: empty, records: 100)])
        let report = try health.one()
        #expect(report.verdict == .degraded)
        #expect(report.root == .volume)
    }

    @Test func `reports a pull that lost more than it may`() throws {
        let health = keeper()
        let shrunk = run(at: morning + .seconds(-60), withheld: 900)
        health.observe([state(completeAt: morning + .seconds(-60), lastRun: shrunk)])
        #expect(try health.one().root == .volume)
    }

    @Test func `calls a copy beyond its limit degraded, and silence unknown`() throws {
        let health = keeper()
        health.observe([state(completeAt: morning)])
        #expect(try health.one(at: morning + .seconds(86_401)).verdict == .degraded)
        #expect(try health.one(at: morning + .seconds(86_401)).root == .completeness)
        #expect(try health.one(at: morning + .seconds(3 * 86_400)).verdict == .unknown)
    }

    @Test func `waits for every declared partition`() throws {
        let health = keeper(interface(partitions: ["430101", "430102"]))
        health.observe([state(completeAt: morning, partition: "430101")])
        #expect(try health.one().root == .completeness)
        health.observe([
            state(completeAt: morning, partition: "430101"), state(completeAt: morning, partition: "430102"),
        ])
        #expect(try health.one().verdict == .healthyUnproven)
    }

    @Test func `reports records whose holder cannot be read, and leaves others in peace`() throws {
        let health = keeper()
        health.observe([state(completeAt: morning, rejects: 3)])
        #expect(try health.one().verdict == .healthyUnproven)
        health.observe([state(completeAt: morning, rejects: 3, withoutHolder: 1)])
        #expect(try health.one().root == .rejects)
    }

    @Test func `wonders when nothing new arrives against the rhythm`() throws {
        let health = keeper(interface(freshness: .seconds(3600)))
        health.observe([state(completeAt: morning, lastRun: run(at: morning, created: 1))])
        #expect(try health.one().verdict == .healthyUnproven)
        let later = try health.one(at: morning + .seconds(3601))
        #expect(later.root == .freshness)
        #expect(later.verdict == .degraded)
    }

    @Test(arguments: [(5...20, false), (11...20, true), (0...9, true), (10...Int.max, false)])
    func `wonders when a whole pull brings more or fewer records than expected`(
        expected: ClosedRange<Int>, warns: Bool
    ) throws {
        let health = keeper(interface(volume: expected))
        health.observe([state(completeAt: morning, lastRun: run(at: morning, received: 10))])
        let report = try health.one()
        #expect(report.verdict == (warns ? .degraded : .healthyUnproven))
        #expect((report.root == .volume) == warns)
        if warns { #expect(report.reason.english.contains("10")) }
    }

    @Test func `adds up the partitions of a whole pull before it wonders`() throws {
        let health = keeper(interface(volume: 15...25, partitions: ["a", "b"]))
        health.observe([
            state(completeAt: morning, lastRun: run(at: morning, received: 10, partition: "a"), partition: "a"),
            state(completeAt: morning, lastRun: run(at: morning, received: 10, partition: "b"), partition: "b"),
        ])
        #expect(try health.one().root != .volume)
    }

    @Test func `leaves a retired source out`() {
        let health = keeper()
        health.observe([state(completeAt: morning, availability: .retired)])
        #expect(health.report(at: morning).isEmpty)
    }
}

@Suite struct `An interface in maintenance` {
    @Test func `is back at the end of its window and sounds no alarm inside it`() throws {
        let health = keeper(interface(downtime: ["nightly 09:30-10:30"]))
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-60), .stopped, code: "source.unreachable"))
        let report = try health.one()
        #expect(report.verdict == .inMaintenance)
        #expect(report.backAt == morning + .seconds(1800))
        #expect(report.reason.chinese.contains("10:30"))
        #expect(try health.one(at: morning + .seconds(1800)).verdict == .down)
    }

    @Test func `is paused with its whole source until it is resumed`() throws {
        let health = keeper()
        health.observe([state(completeAt: morning, availability: .paused)])
        let report = try health.one()
        #expect(report.verdict == .inMaintenance)
        #expect(report.backAt == nil)
        #expect(report.remedy.english.contains("licgate sources resume cs-transport"))
        #expect(health.outage(of: transport.source, type: taxiPermit, at: morning)?.kind == .paused)
        health.observe([state(completeAt: morning)])
        #expect(try health.one().verdict == .healthyUnproven)
    }
}

@Suite struct `An outage` {
    @Test func `says when to try again, and only for types that no other interface serves`() throws {
        let health = keeper()
        #expect(health.outage(of: transport.source, type: nil, at: morning) == nil)
        health.observe(run(at: morning, .stopped, code: "source.unreachable"))
        let outage = try #require(health.outage(of: transport.source, type: taxiPermit, at: morning))
        #expect(outage.kind == .down)
        #expect(outage.retryAt?.iso8601 == "2026-11-26T02:00:00+08:00")
        #expect(health.outage(of: transport.source, type: LicenceTypeCode("other"), at: morning) == nil)
    }
}

@Suite struct `A verdict` {
    @Test func `keeps since when it holds across a restart`() async throws {
        let memory = InMemoryHealthMemory()
        let before = keeper(memory: memory)
        before.observe(run(at: morning + .seconds(-600), .stopped, code: "source.unreachable"))
        try await before.save()
        let after = keeper(memory: memory)
        try await after.restore()
        after.observe(run(at: morning, .stopped, code: "source.unreachable"))
        #expect(try after.one().since == morning + .seconds(-600))
    }

    @Test func `changes at two of three when told to wait, while the finding shows at once`() throws {
        let health = keeper(settings: HealthSettings(confirmation: .twoOfThree))
        health.observe([state(completeAt: morning + .seconds(-7200))])
        health.observe(run(at: morning + .seconds(-120), .stopped, code: "source.unreachable"))
        let first = try health.one()
        #expect(first.verdict == .healthyUnproven)
        #expect(first.findings.contains { $0.aspect == .connect && $0.outcome == .failed })
        #expect(first.reason.english.contains("Not yet confirmed"))
        health.observe(run(at: morning + .seconds(-60), .stopped, code: "source.unreachable"))
        #expect(try health.one().verdict == .down)
    }

    @Test func `survives a change of configuration that keeps its interface`() throws {
        let health = keeper()
        health.observe(run(at: morning, .stopped, code: "source.unreachable"))
        health.declare([description()])
        #expect(try health.one().verdict == .down)
        health.declare([])
        #expect(health.report(at: morning).isEmpty)
    }
}
