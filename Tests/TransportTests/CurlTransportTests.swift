// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite struct `An exchange over a real socket` {
    let server: FixtureServer
    let observations = Observations()
    let transport: CurlTransport

    init() throws {
        server = try FixtureServer()
        transport = CurlTransport(clock: SystemGatewayClock(), observer: observations)
    }

    @Test func `brings status, headers and body back with a receipt`() async throws {
        server.script("/licences", .text(#"{"code":"0"}"#, headers: [("X-Trace", "a"), ("x-trace", " b ")]))
        let answer = try await transport.exchange(request(server, "/licences?page=1"))
        #expect(answer.status == 200)
        #expect(answer.body == Array(#"{"code":"0"}"#.utf8))
        #expect(answer.headers.first("CONTENT-TYPE") == "application/json")
        #expect(answer.headers.all("X-Trace") == ["a", "b"])
        #expect(answer.receipt.bytesReceived == 12)
        #expect(answer.receipt.httpVersion == "1.1")
        #expect(!answer.receipt.connectionReused)
        #expect(answer.receipt.bodyEndDeclared)
        #expect(answer.receipt.timings.firstByte != nil)
        #expect(answer.receipt.certificateExpiresAt == nil)
        let seen = try #require(server.requests.first)
        #expect(seen.method == "GET" && seen.path == "/licences" && seen.query == "page=1")
        #expect(seen.headers["accept-encoding"]?.contains("gzip") == true)
        #expect(seen.headers["user-agent"] == "licence-gateway")
        #expect(seen.headers["cookie"] == nil && seen.headers["expect"] == nil && seen.headers["content-type"] == nil)
    }

    @Test(arguments: [200, 204, 304, 400, 401, 403, 404, 429, 500, 503])
    func `takes any status as an answer`(status: Int) async throws {
        server.script("/s", .ok([], status: status, headers: [("Retry-After", "7")]))
        let answer = try await transport.exchange(request(server, "/s"))
        #expect(answer.status == status)
        #expect(answer.headers.first("retry-after") == "7")
        #expect(answer.body.isEmpty)
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete])
    func `sends method, secret header and body as given`(method: HTTPMethod) async throws {
        server.script("/ask", .text("{}"))
        var headers: HeaderFields = ["Content-Type": "application/soap+xml; charset=utf-8", "X-Empty": ""]
        headers.append("X-App-Key", secret: Secret("k-1"))
        let body = Array("<a>甲</a>".utf8) + [0, 255]
        _ = try await transport.exchange(request(server, "/ask", method: method, headers: headers, body: body))
        let seen = try #require(server.requests.first)
        #expect(seen.method == method.rawValue)
        #expect(seen.body == body)
        #expect(seen.headers["x-app-key"] == "k-1")
        #expect(seen.headers["x-empty"] == "")
        #expect(seen.headers["content-type"] == "application/soap+xml; charset=utf-8")
    }

    @Test func `posts nothing when there is no body, and asks for a head only`() async throws {
        server.script("/p", .text("{}"))
        server.script("/h", FixtureAnswer([.bytes(FixtureAnswer.head(200, [("Content-Length", "99999999")]))]))
        _ = try await transport.exchange(request(server, "/p", method: .post))
        let head = try await transport.exchange(request(server, "/h", method: .head))
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(server.requests.map(\.method) == ["POST", "HEAD"])
        #expect(server.requests[0].headers["content-length"] == "0")
    }

    @Test func `keeps the connection for the next exchange`() async throws {
        server.script("/a", .text("{}"))
        for _ in 0..<5 { _ = try await transport.exchange(request(server, "/a")) }
        #expect(server.counts.connections == 1)
        #expect(observations.all.map(\.receipt.connectionReused) == [false, true, true, true, true])
    }

    @Test func `sends basic credentials without being asked`() async throws {
        server.script("/b", .text("{}"))
        var asked = request(server, "/b")
        asked.basic = ExchangeRequest.Basic(user: "bureau", password: Secret("open sesame"))
        _ = try await transport.exchange(asked)
        #expect(server.requests[0].headers["authorization"] == "Basic YnVyZWF1Om9wZW4gc2VzYW1l")
    }

    @Test func `joins chunks and ignores what trails them`() async throws {
        server.script(
            "/c",
            FixtureAnswer([
                .bytes(FixtureAnswer.head(200, [("Transfer-Encoding", "chunked"), ("Trailer", "X-End")])),
                .chunk(Array("ab".utf8)), .chunk(Array("cde".utf8)), .bytes(Array("0\r\nX-End: 1\r\n\r\n".utf8)),
            ]))
        let answer = try await transport.exchange(request(server, "/c"))
        #expect(answer.body == Array("abcde".utf8))
        #expect(answer.headers.first("X-End") == nil)
        #expect(answer.receipt.bodyEndDeclared)
    }

    @Test func `says when nothing marks the end of a body`() async throws {
        server.script(
            "/old", FixtureAnswer([.bytes(Array("HTTP/1.0 200 OK\r\nX: y\r\n\r\nabc".utf8)), .close]))
        let answer = try await transport.exchange(request(server, "/old"))
        #expect(answer.body == Array("abc".utf8))
        #expect(!answer.receipt.bodyEndDeclared)
        #expect(answer.receipt.httpVersion == "1.0")
    }

    @Test func `takes the real head after a provisional one`() async throws {
        server.script(
            "/early",
            FixtureAnswer([
                .bytes(Array("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n".utf8)),
                .bytes(FixtureAnswer.head(200, [("Content-Length", "1")])), .bytes([65]),
            ]))
        let answer = try await transport.exchange(request(server, "/early"))
        #expect(answer.status == 200 && answer.body == [65])
        #expect(answer.headers.first("X-Early") == nil)
    }

    @Test func `tells an observer of every exchange, failing ones too`() async throws {
        server.script("/ok", .text("{}"))
        server.script("/cut", .cut(Array("0123456789".utf8), after: 4))
        _ = try await transport.exchange(request(server, "/ok"))
        let error = await failure(of: transport, request(server, "/cut?secret=1"))
        #expect(error?.code == .truncated)
        let all = observations.all
        #expect(all.map(\.status) == [200, 200])
        #expect(all.map { $0.failure?.code } == [nil, .truncated])
        #expect(all.map(\.place.request) == ["GET /ok", "GET /cut"])
        #expect(all[1].receipt.bytesReceived == 4)
        #expect(error?.receipt == all[1].receipt)
    }
}
