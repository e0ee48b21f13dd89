// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import GatewayAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InterfaceHealth
import LicenceModel
import Testing

let holderBody = #"{"holder":{"kind":"111","code":"\#(canaryCode)"},"type":"\#(taxiPermit)"}"#

@Suite struct `An answer over HTTP` {
    @Test(arguments: AnswerShapes.verdicts) func `is 200 whatever the verdict`(verdict: Verdict) async throws {
        var fixture = try await APIFixture()
        fixture.desk.verdict = verdict
        let reply = try await fixture.ask(.post, "/v1/answers", holderBody)
        #expect(reply.status == 200)
        #expect(reply["verdict"] == verdict.name)
        #expect((reply["reason", "name"] != nil) == (verdict.name == "does_not_hold"))
        #expect((reply["cause", "name"] != nil) == (verdict.name == "cannot_tell"))
        #expect(reply["sentence", "zh"] == "有效。")
        #expect(reply["passport", "source"] == "cs-transport")
        #expect(reply["passport", "as_of"] == "2026-11-25T09:00:00+08:00")
        #expect(reply["passport", "age_seconds"] == "3600")
        #expect(reply["passport", "trust_grade"] == "B")
        #expect(reply["considered", "0", "source"] == "cs-transport")
        #expect(reply["code_check"] == "ok")
    }

    @Test func `tells an outage by cause and by when to ask again`() async throws {
        var fixture = try await APIFixture()
        let down = Verdict.cannotTell(.sourceDown(transport.source), retryAt: morning + .seconds(1800))
        fixture.desk.verdict = down
        let reply = try await fixture.ask(.post, "/v1/answers", holderBody)
        #expect(reply["cause", "name"] == "source_down")
        #expect(reply["cause", "source"] == "cs-transport")
        #expect(reply["retry_at"] == "2026-11-25T10:30:00+08:00")
    }

    @Test(
        arguments: [
            #"{"identifier":"1.2.156.3005.2.\#(taxiPermit).11430100MB0000000X.\#(canaryCode).001.X"}"#,
            #"{"number":"\#(canaryCode)","type":"\#(taxiPermit)"}"#, "\(holderBody)",
            #"{"holder":{"kind":"111","code":"４３０１０４１９９００１０１１２３２"}}"#,
        ] as [Planted]) func `finds records by each way of asking, masked`(body: Planted) async throws
    {
        let fixture = try await APIFixture()
        let reply = try await fixture.ask(.post, "/v1/licences/search", body.text)
        #expect(reply.status == 200)
        #expect(reply["verdict"] == "holds")
        #expect(reply["licences", "1", "masked"] == "1")
        #expect(reply["licences", "0", "holders", "0", "code"] == "43**************32")
        #expect(reply["licences", "0", "holders", "0", "name"] == "金**")
        #expect(reply["licences", "0", "valid_until"] == "open_ended")
        #expect(!reply.text.contains(canaryCode) && !reply.text.contains(canaryName))
    }

    @Test func `shows one record by its opaque id`() async throws {
        let fixture = try await APIFixture()
        let id = try await fixture.anyID()
        let reply = try await fixture.ask(.get, "/v1/licences/\(id)?on=2026-01-01")
        #expect(reply.status == 200)
        #expect(reply["licence", "catalogue_id"] == id)
        #expect(reply["verdict"] == "holds")
        #expect(reply["licence", "says", "verdict"] == "holds")
        #expect(reply["passport", "simulated"] == "1")
    }

    @Test func `about one record speaks for that record, not for others of its holder`() async throws {
        var fixture = try await APIFixture()
        fixture.desk.says = .denied(.status(.revoked))
        let reply = try await fixture.ask(.get, "/v1/licences/\(try await fixture.anyID())")
        #expect(reply["verdict"] == "does_not_hold")
        #expect(reply["reason", "status"] == "revoked")
    }

    @Test(arguments: ["ffffffffffffffffffffffffffffffff", "nonsense", "\(canaryCode)"] as [Planted])
    func `is 404 for an id that no record has, and does not repeat it`(id: Planted) async throws {
        let reply = try await APIFixture().ask(.get, "/v1/licences/\(id.text)")
        #expect(reply.status == 404)
        #expect(reply.code == "licence.unknown_id")
        #expect(!reply.text.contains(id.text))
    }
}

@Suite struct `A request that is wrong` {
    static let bodies: [(Planted, String)] = [
        (#"{"holder":{"kind":"111"},"type":"x"}"#, "holder.code"),
        (#"{"holder":{"kind":"11x","code":"\#(canaryCode)"},"type":"x"}"#, "holder.kind"),
        (#"{"holder":"\#(canaryName)","type":"x"}"#, "holder"), (#"{"type":"x"}"#, "holder"),
        (#"{"holder":{"kind":"111","code":"\#(canaryCode)"}}"#, "type"),
        (#"{"holder":{"kind":"111","code":"\#(canaryCode)"},"type":null}"#, "type"),
        (#"{"holder":{"kind":"111","code":"\#(canaryCode)"},"type":"x","on":"\#(canaryName)"}"#, "on"),
        (#"{"holder":{"kind":"111","code":"\#(canaryCode)"},"type":"x","\#(canaryName)":1}"#, "(line 1, column"),
        (#"{"holder":{"kind":"111","code":"\#(canaryCode)","\#(canaryCode)":1},"type":"x"}"#, "holder.(line 1, column"),
        (#"{"holder":{"kind":"111","code":"——"},"type":"x"}"#, "holder.code"),
        (#"{"holder":{"kind":"111","code":"1"},"type":"x","asking":{"system":"s"}}"#, "asking.purpose"),
    ]

    @Test(arguments: bodies) func `is told which field, and never which value`(body: Planted, field: String)
        async throws
    {
        let reply = try await APIFixture().ask(.post, "/v1/answers", body.text)
        #expect(reply.status == 400)
        #expect(reply.code == "api.invalid_request")
        #expect(reply.text.contains("\"field\":\"\(field)"))
        #expect(!reply.text.contains(canaryCode) && !reply.text.contains(canaryName))
        #expect(reply.headers[.contentType] == "application/problem+json")
    }

    static let broken: [Planted] = [
        "", "{", "[1]", "[{}]", "null", #"{"holder":{},"holder":{}}"#, #"{"type":"x",}"#, #"{"type":"\#(canaryName)"#,
        "\(String(repeating: "[", count: 500))", #"{"type":"\ud800"}"#,
    ]

    @Test(arguments: broken) func `is told where its JSON breaks`(body: Planted) async throws {
        let reply = try await APIFixture().ask(.post, "/v1/licences/search", body.text)
        #expect(reply.status == 400)
        #expect(reply.code == "api.body_not_json" || reply.code == "api.invalid_request")
        #expect(!reply.text.contains(canaryName))
    }

    @Test func `may ask in one way only`() async throws {
        let both = #"{"identifier":"1.2","number":"3","type":"x"}"#
        let reply = try await APIFixture().ask(.post, "/v1/licences/search", both)
        #expect(reply.text.contains("exactly one of identifier, number and holder"))
    }

    @Test func `is refused when it is too large or not JSON by its own word`() async throws {
        let fixture = try await APIFixture()
        let large = #"{"type":""# + String(repeating: "x", count: 70_000) + "\"}"
        #expect(try await fixture.ask(.post, "/v1/answers", large).code == "api.body_too_large")
        let form = try await fixture.ask(.post, "/v1/answers", "a=b", headers: [.contentType: "text/plain"])
        #expect(form.status == 415)
        #expect(form.code == "api.media_type")
    }

    @Test func `must not carry anything in its query that the route does not take`() async throws {
        let reply = try await APIFixture().ask(.get, "/v1/sources?code=\(canaryCode)")
        #expect(reply.status == 400)
        #expect(!reply.text.contains(canaryCode))
    }

    @Test func `is 404 only for an unknown route, id or source, and 405 for a method`() async throws {
        let fixture = try await APIFixture()
        for path in ["/", "/v1", "/v1/sources/", "/v1//types", "/v1/licences/a/b", "/v2/types", "/healthz/"] {
            #expect(try await fixture.ask(.get, path).code == "api.unknown_route", "\(path)")
        }
        #expect(try await fixture.ask(.get, "/v1/sources/nobody").code == "source.unknown_id")
        let reply = try await fixture.ask(.delete, "/v1/answers")
        #expect(reply.status == 405)
        #expect(reply.headers[.allow] == "POST")
        #expect(try await fixture.ask(.post, "/healthz", "{}").headers[.allow] == "GET, HEAD")
        #expect(try await fixture.ask(.get, "/v1/licences/search").status == 405)
    }
}

@Suite struct `The catalogue behind the API` {
    @Test func `that is busy makes a 503 with a time to come back`() async throws {
        var fixture = try await APIFixture()
        fixture.reading = FailingCatalogue(error: CatalogueError(.busy, "x", remedy: "x"))
        fixture.desk.catalogue = fixture.reading
        #expect(try await fixture.ask(.post, "/v1/answers", holderBody).status == 503)
        let reply = try await fixture.ask(.get, "/v1/changes")
        #expect(reply.status == 503)
        #expect(reply.code == "catalogue.busy")
        #expect(reply.headers[.retryAfter] == "1")
    }

    @Test func `that forgot a change token makes a 410 with a remedy`() async throws {
        var fixture = try await APIFixture()
        fixture.reading = FailingCatalogue(error: CatalogueError(.tokenExpired, "x", remedy: "x"))
        let reply = try await fixture.ask(.get, "/v1/changes?after=old")
        #expect(reply.status == 410)
        #expect(reply["remedy"]?.isEmpty == false)
    }

    @Test func `gives changes that can be followed to the end`() async throws {
        let fixture = try await APIFixture()
        let first = try await fixture.ask(.get, "/v1/changes?limit=1")
        #expect(first["entries", "0", "cause"] == "created")
        let token = try #require(first["next"])
        let second = try await fixture.ask(.get, "/v1/changes?after=\(token)&limit=1000")
        #expect(second["entries", "0", "catalogue_id"] != first["entries", "0", "catalogue_id"])
        #expect(second["entries", "1", "token"] == nil)
        #expect(try await fixture.ask(.get, "/v1/changes?after=nonsense").code == "catalogue.token_unknown")
        #expect(try await fixture.ask(.get, "/v1/changes?limit=0").code == "api.invalid_request")
    }

    @Test func `that cannot be read leaves the pages for machines alive`() async throws {
        var fixture = try await APIFixture()
        fixture.reading = FailingCatalogue(error: CatalogueError(.corrupt, "x", remedy: "x"))
        #expect(try await fixture.ask(.get, "/healthz").status == 200)
        let metrics = try await fixture.ask(.get, "/metrics")
        #expect(metrics.status == 200)
        #expect(metrics.text.contains("licgate_catalogue_readable 0"))
        #expect(try await fixture.ask(.get, "/v1/changes").status == 500)
        fixture.desk.catalogue = fixture.reading
        let answer = try await fixture.ask(.post, "/v1/answers", holderBody)
        #expect(answer.status == 200)
        #expect(answer["cause", "name"] == "catalogue_unavailable")
    }
}

@Suite struct `Sources over HTTP` {
    @Test func `are listed with the verdict of each interface`() async throws {
        let fixture = try await APIFixture()
        let reply = try await fixture.ask(.get, "/v1/sources")
        #expect(reply["sources", "0", "interfaces", "0", "verdict"] == "healthy_unproven")
        #expect(reply["sources", "0", "interfaces", "0", "records"] == "2")
        #expect(try await fixture.ask(.get, "/v1/sources/cs-transport")["simulated"] == "1")
        #expect(try await fixture.ask(.get, "/v1/types")["types", "0", "sources", "0"] == "cs-transport")
    }

    @Test func `that fail are still 200, with reason, consequence and remedy`() async throws {
        let fixture = try await APIFixture()
        var run = RunRecord(
            id: RunID(rawValue: "run-2"), interface: transport, mode: .full, startedAt: morning, finishedAt: morning,
            outcome: .stopped)
        run.code = "source.unreachable"
        fixture.health.observe(run)
        let reply = try await fixture.ask(.get, "/v1/sources/cs-transport/health")
        #expect(reply.status == 200)
        #expect(reply["interfaces", "0", "verdict"] == "down")
        #expect(reply["interfaces", "0", "root"] == "connect")
        #expect(reply["interfaces", "0", "reason", "zh"]?.contains("source.unreachable") == true)
        #expect(reply["interfaces", "0", "remedy", "en"]?.isEmpty == false)
    }

    @Test func `do not count for readiness, which is the gateway's own`() async throws {
        var fixture = try await APIFixture()
        #expect(try await fixture.ask(.get, "/readyz").status == 200)
        fixture.ready = false
        let reply = try await fixture.ask(.get, "/readyz")
        #expect(reply.status == 503)
        #expect(reply["checks", "0", "name"] == "catalogue")
    }
}

/// A catalogue every call of which fails in the same way.
struct FailingCatalogue: CatalogueReading {
    var error: CatalogueError
    func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? { throw error }
    func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        throw error
    }
    func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] { throw error }
    func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage { throw error }
    func states() async throws(CatalogueError) -> [InterfaceState] { throw error }
    func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] { throw error }
    func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] { throw error }
    func statistics() async throws(CatalogueError) -> CatalogueStatistics { throw error }
    func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) { throw error }
}
