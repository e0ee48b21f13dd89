import AdapterKit
import AdapterTesting
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

/// An adapter with real libcurl against a server of which every byte is scripted.
private struct Hostile {
    let server: FixtureServer
    let elsewhere: FixtureServer
    let source: any LicenceSource
    let interface: InterfaceID
    let clock = SystemGatewayClock()

    init(
        pages: String, more: String = "", cursor: String = "", limits: String = "", auth: String? = nil,
        declaresElsewhere: Bool = false
    ) throws {
        server = try FixtureServer()
        elsewhere = try FixtureServer()
        let origin = elsewhere.origin
        let pages = declaresElsewhere ? pages.replacing(" }", with: ", link_origins: [\"\(origin)\"] }") : pages
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "\(server.origin)"
            auth: \(auth ?? "{ kind: header, name: X-Key, value: \"${secret:key}\" }")
            limits: { timeout: 5s, stall_timeout: 1s, response_bytes: 64KiB, requests_per_second: 1000, pages_per_run: 20\(limits) }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            status: []
            interfaces:
              - name: licences
                pull:
                  path: /licences
                  pages: \(pages)
                  records: $.items
                  key: [$.id]
                  version: arrival
                  \(cursor)
                  \(more)
                licence_type: "11100000000013127D916"
                fields: { number: $.no, status: { constant: valid } }
            """
        let (manifest, findings) = Fixtures.lint(text)
        guard let manifest else { throw Bench.Unfit(text: findings.map(\.text).joined(separator: "\n")) }
        source = try DeclarativeAdapter.make(
            manifest, transport: CurlTransport(clock: clock),
            settings: FixedAdapterSettings(secrets: ["key": Secret("canary-secret-0001")]), clock: clock)
        interface = InterfaceID(manifest.id, "licences")
    }

    func pull(_ change: (inout PullRequest) -> Void = { _ in }) async -> (batches: [SourceBatch], error: SourceError?) {
        var request = PullRequest(
            interface: interface, mode: .full, windowEnd: clock.now, run: RunID(rawValue: "r1"))
        change(&request)
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    static func page(_ ids: [String], _ more: String = "") -> FixtureAnswer {
        .text("{\"items\":[\(ids.map { "{\"id\":\"\($0)\",\"no\":\"N\($0)\"}" }.joined(separator: ","))]\(more)}")
    }

    /// True when nothing at the other origin ever saw our key.
    var keptToItself: Bool {
        elsewhere.requests.allSatisfy { request in
            !request.headers.values.contains { $0.contains("canary") } && !request.query.contains("canary")
                && request.headers["authorization"] == nil && request.headers["x-key"] == nil
        }
    }
}

@Suite struct `A hostile source` {
    @Test func `whose next link goes round is left`() async throws {
        let bench = try Hostile(pages: "{ kind: next_link, next: $.next }")
        bench.server.script(
            "/licences", Hostile.page(["A"], ",\"next\":\"/licences?p=2\""),
            Hostile.page(["B"], ",\"next\":\"/licences?p=3\""), Hostile.page(["C"], ",\"next\":\"/licences?p=2\""))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["A", "B"])
        #expect(error?.code == .pagingLoop)
        #expect(bench.server.requests.count == 3)
    }

    @Test(arguments: [
        "</licences?after=2026-01-01,55>; rel=\"next\"",
        "</licences?p=1>; rel=prev, </licences?p=2>; rel=\"next last\"",
        "</licences?p=1>; title=\"a, <b>\"; rel=prev, </licences?p=2>; REL=next",
    ])
    func `whose Link header holds commas and several words is read to its end`(link: String) async throws {
        let bench = try Hostile(pages: "{ kind: next_link }")
        bench.server.script(
            "/licences", .text("{\"items\":[{\"id\":\"A\",\"no\":\"NA\"}]}", headers: [("Link", link)]),
            Hostile.page(["B"]))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["A", "B"])
    }

    @Test(arguments: [
        ("{ kind: next_link, next: $.next }", "{\"href\":\"/licences?p=2\"}"),
        ("{ kind: cursor_token, parameter: t, token: $.next }", "[\"t2\"]"),
    ])
    func `whose next page is named in another shape has not come to its end`(pages: String, next: String) async throws {
        let bench = try Hostile(pages: pages)
        bench.server.script("/licences", Hostile.page(["A"], ",\"next\":\(next)"))
        let (batches, error) = await bench.pull()
        #expect(error?.code == .shape)
        #expect(batches.keys.isEmpty)
    }

    @Test func `that sends two records under one key and another one twice has both of the two set aside`() async throws
    {
        let bench = try Hostile(pages: "{ kind: page_number, parameter: page, size: 5 }")
        bench.server.script(
            "/licences",
            .text(
                """
                {"items":[{"id":"A","no":"N1"},{"id":"A","no":"N2"},{"id":"B","no":"NB"},{"id":"B","no":"NB"}]}
                """))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["B"])
        #expect(batches.rejects.map { $0.key?.parts } == [["A"], ["A"]], "neither of the two may be lost")
    }

    @Test(arguments: [
        "ELSEWHERE/licences?p=2", "//ELSEHOST/licences", "http://127.0.0.1@ELSEHOST/x",
        "http://169.254.169.254/latest/", "file:///etc/passwd", "/\\\\ELSEHOST/x",
    ])
    func `whose next link leads to another origin or an internal host is not followed there`(link: String) async throws
    {
        let bench = try Hostile(pages: "{ kind: next_link, next: $.next }")
        let host = "127.0.0.1:\(bench.elsewhere.port)"
        let real = link.replacing("ELSEWHERE", with: bench.elsewhere.origin).replacing("ELSEHOST", with: host)
        bench.server.script("/licences", Hostile.page(["A"], ",\"next\":\"\(real)\""))
        let (batches, error) = await bench.pull()
        #expect(batches.keys.isEmpty)
        #expect(
            error?.code == .foreignLink || error?.code == .shape || error?.code.rawValue.hasPrefix("document.") == true)
        #expect(bench.elsewhere.counts.connections == 0)
    }

    @Test(arguments: [
        "{ kind: header, name: X-Key, value: \"${secret:key}\" }",
        "{ kind: query, name: key, value: \"${secret:key}\" }",
        "{ kind: bearer, value: \"${secret:key}\" }", "{ kind: basic, user: app, password: \"${secret:key}\" }",
    ]) func `whose declared files host is asked gets nothing of ours there`(auth: String) async throws {
        let bench = try Hostile(
            pages: "{ kind: next_link, next: $.next }",
            more: "headers: { X-Tenant: \"${secret:key}\", X-Plain: ours }",
            auth: auth, declaresElsewhere: true)
        bench.server.script("/licences", Hostile.page(["A"], ",\"next\":\"\(bench.elsewhere.origin)/part2\""))
        bench.elsewhere.script(
            "/part2", Hostile.page(["B"], ",\"next\":\"/part3\""))
        bench.elsewhere.script("/part3", Hostile.page(["C"]))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["A", "B", "C"])
        #expect(bench.elsewhere.requests.count == 2)
        #expect(bench.keptToItself)
        #expect(bench.elsewhere.requests.allSatisfy { $0.headers["x-tenant"] == nil && $0.headers["x-plain"] == nil })
        let first = try #require(bench.server.requests.first)
        #expect(first.headers["x-tenant"] == "canary-secret-0001" && first.headers["x-plain"] == "ours")
        #expect(first.headers["x-key"] != nil || first.headers["authorization"] != nil || first.query.contains("key="))
    }

    @Test func `that redirects elsewhere is not followed with our credentials`() async throws {
        let bench = try Hostile(pages: "{ kind: none }")
        bench.server.script("/licences", .redirect(to: "\(bench.elsewhere.origin)/licences", status: 307))
        let (_, error) = await bench.pull()
        #expect(error?.code == .foreignLink)
        #expect(bench.elsewhere.counts.connections == 0)
    }

    @Test func `whose total shrinks while paging is not believed`() async throws {
        let bench = try Hostile(
            pages: "{ kind: offset, parameter: from, size: 2 }", more: "total: $.total")
        bench.server.script(
            "/licences", Hostile.page(["A", "B"], ",\"total\":6"), Hostile.page(["D", "E"], ",\"total\":5"))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["A", "B"])
        #expect(error?.code == .totalShrank)
    }

    @Test func `that loses records while it is paged by offset is found out by its total`() async throws {
        let bench = try Hostile(
            pages: "{ kind: offset, parameter: from, size: 2 }", more: "total: $.total")
        // B was deleted after the first page and a new record came: the total stands, but D moved past us.
        bench.server.script(
            "/licences", Hostile.page(["A", "B"], ",\"total\":5"), Hostile.page(["E", "F"], ",\"total\":5"),
            Hostile.page([], ",\"total\":5"))
        let (_, error) = await bench.pull()
        #expect(error?.code == .totalMismatch)
    }

    @Test func `that sends one page for ever is left`() async throws {
        let bench = try Hostile(pages: "{ kind: page_number, parameter: page, size: 2 }")
        bench.server.script("/licences", Hostile.page(["A", "B"]))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["A", "B"])
        #expect(error?.code == .pagingLoop)
    }

    @Test func `that shows new records for ever ends at its cap`() async throws {
        let bench = try Hostile(pages: "{ kind: page_number, parameter: page, size: 1 }")
        bench.server.script("/licences", (1...30).map { Hostile.page(["R\($0)"]) })
        let (batches, error) = await bench.pull()
        #expect(batches.count == 20)
        #expect(error?.code == .tooManyPages)
    }

    @Test func `whose cursor goes back is not resumed from`() async throws {
        let bench = try Hostile(
            pages: "{ kind: page_number, parameter: page, size: 1 }",
            more: "mode: full", cursor: "cursor: { from: $.id, kind: number }")
        bench.server.script("/licences", Hostile.page(["5"]), Hostile.page(["4"]))
        let (_, error) = await bench.pull()
        #expect(error?.code == .cursorWentBack)
    }

    @Test func `with more than a page of one moment is refused, and nothing is skipped in silence`() async throws {
        let bench = try Hostile(
            pages: "{ kind: keyset, parameter: after, size_parameter: n, size: 2 }", more: "mode: full",
            cursor:
                "cursor: { from: $.at, kind: time, format: yyyyMMddHHmmss, inclusive: false, start: \"20261125000000\" }"
        )
        func moment(_ ids: [String]) -> FixtureAnswer {
            let records = ids.map { "{\"id\":\"\($0)\",\"no\":\"N\",\"at\":\"20261125080000\"}" }
            return .text("{\"items\":[\(records.joined(separator: ","))]}")
        }
        // Five records of one second behind pages of two: whoever goes on after the last one loses three.
        bench.server.script("/licences", moment(["A", "B"]))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["A", "B"])
        #expect(error?.code == .pagingLoop)
        #expect(error?.diagnostic.remedy.contains("pages.size") == true)
        #expect(bench.server.requests.map(\.query).last?.contains("after=20261125075959") == true)
    }

    @Test func `that answers 503 says when to come back`() async throws {
        let bench = try Hostile(pages: "{ kind: none }")
        bench.server.script("/licences", .text("busy", status: 503, headers: [("Retry-After", "7")]))
        let (_, error) = await bench.pull()
        #expect(error?.code == .unavailable)
        #expect(error?.recovery == .retry(after: .seconds(7)))
    }

    @Test(arguments: [1, 20, 60]) func `whose body is cut gives no record`(after: Int) async throws {
        let bench = try Hostile(pages: "{ kind: none }")
        let body = Array(
            "{\"items\":[{\"id\":\"A\",\"no\":\"N\"},{\"id\":\"B\",\"no\":\"N\"},{\"id\":\"C\",\"no\":\"N\"}]}".utf8)
        bench.server.script("/licences", .cut(body, after: after))
        let (batches, error) = await bench.pull()
        #expect(batches.isEmpty)
        #expect(error?.isRetriable == true)
        #expect(error?.code.rawValue == "transport.truncated")
    }

    @Test func `that ends its document early with a correct length gives no record either`() async throws {
        let bench = try Hostile(pages: "{ kind: none }")
        bench.server.script("/licences", .text("{\"items\":[{\"id\":\"A\",\"no\":\"N\"},"))
        let (batches, error) = await bench.pull()
        #expect(batches.isEmpty)
        #expect(error?.code.rawValue == "document.truncated")
        #expect(error?.isRetriable == true)
    }

    @Test func `that drips is not waited for beyond the time of one exchange`() async throws {
        let bench = try Hostile(pages: "{ kind: none }", limits: "")
        let head = FixtureAnswer.head(200, [("Content-Type", "application/json"), ("Content-Length", "50000")])
        bench.server.script(
            "/licences",
            FixtureAnswer([.bytes(head), .drip([UInt8](repeating: 32, count: 50_000), pauseMilliseconds: 50)]))
        let (batches, error) = await bench.pull()
        #expect(batches.isEmpty)
        #expect(error?.code == .timedOut)
        #expect(bench.server.counts.bytesSent < 1000)
    }

    @Test func `that sends a bomb is stopped at the declared size after decompression`() async throws {
        let bench = try Hostile(pages: "{ kind: none }")
        let bomb = try #require(gzip(of: 8 << 20))
        #expect(bomb.count < 20_000)
        bench.server.script(
            "/licences",
            .ok(bomb, headers: [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]))
        let (batches, error) = await bench.pull()
        #expect(batches.isEmpty)
        #expect(error?.code.rawValue == "transport.response_too_large")
        #expect(error?.isRetriable == false)
    }

    @Test func `whose records hold addresses has them kept as text and never asked`() async throws {
        let bench = try Hostile(pages: "{ kind: none }")
        bench.server.script(
            "/licences",
            .text(
                "{\"items\":[{\"id\":\"A\",\"no\":\"N\",\"downloadUrl\":\"\(bench.elsewhere.origin)/file.ofd\",\"meta\":\"http://169.254.169.254/\"}]}"
            ))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        let face = try #require(batches.first?.records.first?.faceFields)
        #expect(face.contains { $0.name == "downloadUrl" && $0.value.hasSuffix("/file.ofd") })
        #expect(bench.elsewhere.counts.connections == 0)
        #expect(bench.server.requests.map(\.path) == ["/licences"])
    }

    /// Spaces, packed by the system's gzip.
    private func gzip(of count: Int) -> [UInt8]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "head -c \(count) /dev/zero | tr '\\0' ' ' | gzip -9"]
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(data)
    }
}
