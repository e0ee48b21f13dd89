import AdapterKit
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

private let type = LicenceTypeCode("11100000000013127D916")
private let holder = Holder(kind: .residentIdentityNumber, code: "430102199003070020", name: "张\"三")

private func bench(
    emptyMeansNone: Bool = false,
    notFound: String =
        "[ { name: template, contains: { $.data: \"$get{\" } }, { status: 404 }, { name: nothing, empty: [$.data.list, $.data.cursor] } ]"
) throws -> Bench {
    try Bench(
        top: "not_found: \(notFound)",
        status: """

              - { from: $.code, ok: ["200"], try_later: ["503"], refused: ["403"] }
              - { from: $.data.head.status, ok: ["0"], none: ["10"], unauthenticated: ["11"], broken: ["12"], gone: ["9"], refused: ["100"], not_in_force: { "21": cancelled, "22": expired, "23": restricted } }
            """,
        interface: """
            find:
              key: [$.id]
              version: arrival
              holder:
                path: /query
                records: $.data.list
                empty_means_none: \(emptyMeansNone)
                holder_kinds: { "111": "10" }
                body:
                  kind: json
                  template: '{"code": "${holder_code}", "kind": "${holder_kind}", "name": "${holder_name}", "why": "${purpose}", "item": "${matter}", "by": "${operator}"}'
            licence_type: "11100000000013127D916"
            fields: { number: $.no, status: { from: $.state, map: { "1": valid, "3": revoked } } }
            golden:
              - { name: known, ask: holder, holder_kind: "111", secret: golden, expect: valid }
            """)
}

private func answer(_ head: String, _ list: String = "") -> String {
    "{\"code\":200,\"data\":{\"head\":{\"status\":\(head)}\(list)}}"
}

private let query = RecordedTransport.Match(.post, path: "/api/query")

@Suite struct `A question to a source` {
    @Test func `is answered with records, and carries who asks and why`() async throws {
        let bench = try bench()
        bench.transport.record(query, .text(answer("\"0\"", ",\"list\":[{\"id\":\"1\",\"no\":\"007\",\"state\":1}]")))
        let finding = try await bench.find(.holder(holder, type))
        guard case .records(let records) = finding else { return #expect(Bool(false), "no records") }
        #expect(records.map(\.number?.raw) == ["007"])
        #expect(
            String(decoding: bench.transport.seen[0].body, as: UTF8.self)
                == "{\"code\": \"430102199003070020\", \"kind\": \"10\", \"name\": \"张\\\"三\", \"why\": \"school entry\", \"item\": \"4301SX010001\", \"by\": \"\"}"
        )
        #expect(bench.transport.seen[0].query.isEmpty)
    }

    @Test(arguments: [
        (answer("10"), SourceFinding.none(evidence: "$.data.head.status = `10`")),
        (answer("\"10\""), .none(evidence: "$.data.head.status = `10`")),
        ("{\"code\":200,\"data\":\"$get{node1.response.body.data}\"}", .none(evidence: "template")),
        (answer("0", ",\"list\":[],\"cursor\":null"), .none(evidence: "nothing")),
        (answer("9"), .none(evidence: "$.data.head.status = `9` (gone)")),
        (answer("22"), .notInForce(.expired)), (answer("21"), .notInForce(.cancelled)),
        (answer("100"), .refused(code: "`100`")), ("{\"code\":\"403\"}", .refused(code: "`403`")),
    ]) func `is answered as declared`(body: String, finding: SourceFinding) async throws {
        let bench = try bench()
        bench.transport.record(query, .text(body))
        #expect(try await bench.find(.holder(holder, nil)) == finding)
    }

    @Test(arguments: [(404, "gone"), (204, "")])
    func `finds none by a declared HTTP status`(status: Int, body: String) async throws {
        let declared = try bench(notFound: "[ { name: there-is-none, status: \(status) } ]")
        declared.transport.record(query, .text(body, status: status, type: "text/plain"))
        #expect(try await declared.find(.holder(holder, nil)) == .none(evidence: "there-is-none"))
        // HTTP 200 with nothing in it is no such word, declared or not.
        let empty = try bench(notFound: "[ { status: 200 }, { name: there-is-none, status: \(status) } ]")
        empty.transport.record(query, .text("", status: 200, type: "text/plain"))
        await #expect(throws: SourceError.self) { try await empty.find(.holder(holder, nil)) }
    }

    @Test func `takes a shape that a list alone may have for no "none" of its own`() async throws {
        let bench = try Bench(
            top: """
                not_found:
                  - { name: no-news, in: pull, empty: [$.result] }
                  - { name: word, in: find, equals: { $.result: 空 } }
                """,
            interface: """
                decode: { document: [ { at: $.result, kind: json } ] }
                pull: { path: /list, pages: { kind: none }, records: $.result.list, key: [$.id], version: arrival }
                find: { holder: { path: /query, body: { kind: json, template: '{"code": "${holder_code}"}' } } }
                licence_type: "11100000000013127D916"
                fields: { number: $.no, status: { constant: valid } }
                """)
        let list = RecordedTransport.Match(.get, path: "/api/list")
        let (nothing, word) = (#"{"code":"0","result":""}"#, #"{"code":"0","result":"空"}"#)
        bench.transport.record(query, .text(nothing))
        await #expect(throws: SourceError.self) { try await bench.find(.holder(holder, nil)) }
        bench.transport.record(query, .text(word))
        #expect(try await bench.find(.holder(holder, nil)) == .none(evidence: "word"))
        bench.transport.record(list, .text(nothing))
        let (batches, error) = await bench.pull()
        #expect(error == nil && batches.keys.isEmpty && batches.last?.position == .end(declaredTotal: nil))
        bench.transport.record(list, .text(word))
        #expect(await bench.pull().error?.code.rawValue.hasPrefix("document.") == true)
    }

    @Test(arguments: [
        ("an empty list nobody declared", answer("0", ",\"list\":[]"), "source.shape"),
        ("later", "{\"code\":503}", "source.unavailable"),
        ("shut out", answer("11"), "source.unauthenticated"),
        ("a code nobody declared", answer("77"), "source.business_status"),
        ("no code", "{\"code\":200,\"data\":{}}", "source.business_status"),
        ("a web page", "<html><body>403 430102199003070020</body></html>", "source.not_a_page"),
        (
            "a record that cannot be read",
            answer(
                "0",
                ",\"list\":[{\"id\":\"1\",\"no\":\"7\",\"state\":\"5\"},{\"id\":\"2\",\"no\":\"8\",\"state\":\"1\"}]"),
            "record.value_unknown"
        ),
    ]) func `that could not be answered is never a no`(what: String, body: String, code: String) async throws {
        let bench = try bench(notFound: "[ { status: 404 } ]")
        bench.transport.record(query, .text(body))
        do throws(SourceError) {
            let finding = try await bench.find(.holder(holder, type))
            #expect(Bool(false), "answered \(finding)")
        } catch {
            #expect(error.code.rawValue == code)
            #expect(!error.description.contains("430102"))
            #expect(!error.description.contains("canary"))
        }
    }

    @Test func `takes an empty list as none only when the manifest says so`() async throws {
        let bench = try bench(emptyMeansNone: true, notFound: "[]")
        bench.transport.record(query, .text(answer("0", ",\"list\":[]")))
        #expect(try await bench.find(.holder(holder, nil)) == .none(evidence: "an empty list"))
    }

    @Test func `of a kind the interface does not take is refused without asking`() async throws {
        let bench = try bench()
        for question in [
            LookupQuestion.identifier("1.2"), .number(LicenceNumber("7"), type),
            .holder(Holder(kind: .unifiedSocialCreditCode, code: "91430100MA4L1A2B92"), nil),
            .holder(holder, LicenceTypeCode("other")),
        ] {
            do throws(SourceError) {
                _ = try await bench.find(question)
                #expect(Bool(false), "answered")
            } catch {
                #expect(error.code == .questionNotSupported)
            }
        }
        #expect(bench.transport.seen.isEmpty)
    }

    @Test func `without time left is not asked`() async throws {
        let bench = try bench()
        do throws(SourceError) {
            _ = try await bench.source.find(
                .holder(holder, nil), for: AskingContext(system: "w", purpose: "p"),
                until: Deadline(.zero, from: bench.clock))
            #expect(Bool(false), "answered")
        } catch {
            #expect(error.code == .timedOut)
        }
    }
}

@Suite struct `A probe` {
    private func outcome(_ bench: Bench, _ layer: ProbeLayer) async -> String {
        let question = bench.manifest.description.interfaces[0].goldenQuestions.first
        let result = await bench.source.probe(layer, of: bench.interface, question: question)
        switch result.outcome {
        case .passed: return "passed"
        case .failed(let finding): return finding.code
        case .notApplicable: return "not applicable"
        }
    }

    @Test(arguments: [
        (ProbeLayer.nameResolution, "not applicable"), (.connect, "passed"), (.tls, "not applicable"),
        (.authentication, "passed"), (.http, "passed"), (.businessStatus, "not applicable"), (.shape, "not applicable"),
        (.content, "passed"),
    ]) func `passes layer by layer on a healthy source`(layer: ProbeLayer, expected: String) async throws {
        let bench = try bench()
        bench.transport.record(.init(.get, path: "/api/ping"), .text("{}"))
        bench.transport.record(query, .text(answer("0", ",\"list\":[{\"id\":\"1\",\"no\":\"007\",\"state\":1}]")))
        // A valid record needs a validity that covers today; this one has none, so the golden question fails by content.
        let wanted = layer == .content ? "source.golden_question" : expected
        #expect(await outcome(bench, layer) == wanted)
        #expect(bench.transport.seen.count <= 1)
    }

    @Test(arguments: [
        (ProbeLayer.connect, TransportError(.connectRefused, layer: .connect), "source.unreachable"),
        (.connect, TransportError(.totalTimeout, layer: .http), "passed"),
        (.http, TransportError(.totalTimeout, layer: .http), "source.timed_out"),
        (.authentication, TransportError(.reset, layer: .connect), "source.unreachable"),
    ]) func `tells at which layer it failed`(layer: ProbeLayer, failure: TransportError, expected: String) async throws
    {
        let bench = try bench()
        bench.transport.record(.init(.get, path: "/api/ping"), .failure(failure))
        #expect(await outcome(bench, layer) == expected)
        #expect(bench.transport.seen.count == 1)
    }

    @Test(arguments: [(401, "source.unauthenticated"), (403, "source.forbidden"), (500, "passed")])
    func `sees a door that is shut`(status: Int, expected: String) async throws {
        let bench = try bench()
        bench.transport.record(.init(.get, path: "/api/ping"), .text("", status: status))
        #expect(await outcome(bench, .authentication) == expected)
    }

    @Test func `knows a wrong answer to a golden question`() async throws {
        let bench = try bench()
        bench.transport.record(query, .text(answer("10")))
        #expect(await outcome(bench, .content) == "source.golden_question")
        let broken = try Bench_broken()
        #expect(await outcome(broken, .content) == "source.unavailable")
    }

    @Test(arguments: [
        ("json", #"{ $.result.alive: "true" }"#, #"{"result":"{\"alive\":true}"}"#, "passed"),
        ("json", #"{ $.result.alive: "true" }"#, #"{"result":"{\"alive\":false}"}"#, "source.business_status"),
        ("json", #"{ $.result.alive: "true" }"#, #"{"result":"{\"alive\""}"#, "document.truncated"),
        ("json", #"{ $.result.alive: "true" }"#, #"{"result":""}"#, "document.embedded"),
        // Nothing was expected of the text inside.
        ("json", #"{ $.code: "0" }"#, #"{"code":0,"result":""}"#, "passed"),
        ("json", #"{ $.code: "0" }"#, "<html><body>login</body></html>", "source.not_a_page"),
        ("xml", #"{ /R/result$.alive: "true" }"#, #"<R><result>{"alive":true}</result></R>"#, "passed"),
        ("ndjson", #"{ $.alive: "true" }"#, #"{"alive":"true"}"#, "passed"),
        ("ndjson", #"{ $.alive: "true" }"#, #"{"alive":"no"}"#, "source.business_status"),
        ("csv", #"{ $.alive: "true" }"#, #"{"alive":true}"#, "passed"),
    ]) func `reads what it expects inside a text, and in JSON beside lines and rows`(
        format: String, equals: String, body: String, wanted: String
    ) async throws {
        let at = ["json": "$.result", "xml": "/R/result"][format]
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "${config:base_url}"
            auth: { kind: none }
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 5, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, equals: \(equals) } }
            format: \(format)
            \(at.map { "decode: { document: [ { at: \($0), kind: json } ] }" } ?? "")
            status: []
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                pull: { path: /list, pages: { kind: none }, records: \(at.map { "\($0)\(format == "xml" ? "$" : "").list" } ?? "$"), key: [\(format == "csv" ? "id" : "$.id")], version: arrival }
                fields: { number: \(format == "csv" ? "no" : "$.no"), status: { constant: valid } }
            """
        let bench = try Bench(text: text)
        bench.transport.record(.init(.get, path: "/api/ping"), .text(body, type: "text/plain"))
        #expect(await outcome(bench, .businessStatus) == wanted)
    }

    private func Bench_broken() throws -> Bench {
        let bench = try bench()
        bench.transport.record(query, .text("{\"code\":503}"))
        return bench
    }
}

@Suite struct `Making an adapter` {
    @Test(arguments: [
        ("http://library.example.gov", "https"), ("https://library.example.gov", "loopback"),
        ("ftp://127.0.0.1", "address"),
        ("http://user:pw@127.0.0.1", "address"),
    ]) func `refuses an address that must not be`(url: String, word: String) throws {
        do throws(SourceError) {
            let manifest = try bench_manifest()
            _ = try DeclarativeAdapter.make(
                manifest, transport: RecordedTransport(),
                settings: FixedAdapterSettings(
                    secrets: Bench.secrets.mapValues { Secret($0) }, settings: ["base_url": url]),
                clock: LeapClock())
            #expect(Bool(false), "made")
        } catch {
            #expect(error.code == .configuration)
            #expect(error.description.contains(word))
            #expect(!error.description.contains("pw@"))
        }
    }

    @Test func `names every setting and secret that is missing`() throws {
        do throws(SourceError) {
            _ = try DeclarativeAdapter.make(
                try bench_manifest(), transport: RecordedTransport(), settings: FixedAdapterSettings(),
                clock: LeapClock())
            #expect(Bool(false), "made")
        } catch {
            #expect(error.description.contains("${config:base_url}, ${secret:key}"))
        }
    }

    private func bench_manifest() throws(SourceError) -> SourceManifest {
        guard let bench = try? bench() else {
            throw SourceError(.configuration, "bench", remedy: "", recovery: .stopRun)
        }
        return bench.manifest
    }

    @Test func `refuses what is still to be confirmed`() throws {
        let (manifest, findings) = Fixtures.lint(try Fixtures.text("samples/soap.yaml"), id: "example-soap")
        #expect(findings.map(\.code) == ["manifest.unconfirmed", "manifest.unconfirmed"])
        #expect(throws: SourceError.self) {
            try DeclarativeAdapter.make(
                try #require(manifest), transport: RecordedTransport(), settings: FixedAdapterSettings(),
                clock: LeapClock())
        }
    }
}
