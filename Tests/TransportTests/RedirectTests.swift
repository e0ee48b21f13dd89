// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite(.timeLimit(.minutes(5))) struct `A redirect` {
    let server: FixtureServer
    let transport = CurlTransport(clock: SystemGatewayClock())

    init() throws { server = try FixtureServer() }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `within the origin is followed with its credentials`(status: Int) async throws {
        server.script("/old", .redirect(to: "/new?page=2#x", status: status))
        server.script("/new", .text("{}"))
        var headers: HeaderFields = [:]
        headers.append("X-App-Key", secret: Secret("k-1"))
        let answer = try await transport.exchange(request(server, "/old?page=1", headers: headers))
        #expect(answer.status == 200 && answer.body == Array("{}".utf8))
        #expect(answer.receipt.redirects == 1)
        #expect(server.requests.map(\.path) == ["/old", "/new"])
        #expect(server.requests[1].query == "page=2")
        #expect(server.requests[1].headers["x-app-key"] == "k-1")
        let streamed = try await transport.stream(request(server, "/old"))
        #expect(try await whole(streamed.body) == Array("{}".utf8))
    }

    @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func `changes the method of a question only where HTTP says so`(status: Int, method: String) async throws {
        server.script("/ask", .redirect(to: "/answer", status: status))
        server.script("/answer", .text("{}"))
        _ = try await transport.exchange(request(server, "/ask", method: .post, body: Array("q".utf8)))
        #expect(server.requests[1].method == method)
        #expect(server.requests[1].body == (method == "POST" ? Array("q".utf8) : []))
    }

    @Test func `to another host is refused, and that host hears nothing`() async throws {
        let other = try FixtureServer()
        other.script("/stolen", .text("{}"))
        server.script("/r", .redirect(to: other.origin + "/stolen?token=canary-query"))
        var asked = request(server, "/r")
        asked.basic = ExchangeRequest.Basic(user: "u", password: Secret("canary-password"))
        let error = await failure(of: transport, asked)
        #expect(error?.code == .redirectRefused)
        #expect(error?.layer == .http)
        #expect(other.counts.connections == 0)
        #expect(error?.description.contains("127.0.0.1") == true)
        #expect(error?.description.contains("canary") == false)
        #expect(error?.description.contains("stolen") == false)
    }

    @Test(arguments: [
        "http://localhost:PORT/x", "https://127.0.0.1:PORT/x", "//127.0.0.2:PORT/x", "file:///etc/passwd",
        "http://user:password@127.0.0.1:PORT/x", "http://127.0.0.1:1/x", "ftp://127.0.0.1:PORT/x", "http://",
        "http://127.0.0.1.example.org:PORT/x", "javascript:alert(1)", "http:///127.0.0.1:PORT/x",
    ])
    func `out of the origin in any spelling is refused`(location: String) async throws {
        let spelled = location.split(separator: "PORT", omittingEmptySubsequences: false)
            .joined(separator: String(server.port))
        server.script("/r", .redirect(to: spelled))
        let error = await failure(of: transport, request(server, "/r"))
        #expect(error?.code == .redirectRefused, "\(error.map(\.description) ?? "followed")")
        #expect(server.counts.requests == 1)
    }

    @Test(arguments: ["HTTP://127.0.0.1:PORT/x", "//127.0.0.1:PORT/x", "x", "./x", "../x", "?a=b"])
    func `within the origin in any spelling is followed`(location: String) async throws {
        let spelled = location.split(separator: "PORT", omittingEmptySubsequences: false)
            .joined(separator: String(server.port))
        server.script("/r", .redirect(to: spelled), .text("{}"))
        server.script("/x", .text("{}"))
        #expect(try await transport.exchange(request(server, "/r")).status == 200)
    }

    @Test func `in a circle is given up`() async throws {
        server.script("/a", .redirect(to: "/b"))
        server.script("/b", .redirect(to: "/a"))
        let error = await failure(of: transport, request(server, "/a"))
        #expect(error?.code == .redirectLoop)
        #expect(server.counts.requests == 2)
    }

    @Test func `after too many others is given up`() async throws {
        for step in 0..<10 { server.script("/\(step)", .redirect(to: "/\(step + 1)")) }
        let error = await failure(of: transport, request(server, "/0"))
        #expect(error?.code == .redirectLoop)
        #expect(server.counts.requests == 4)
        #expect(error?.receipt?.redirects == 3)
    }

    @Test func `without an address is an answer like any other`() async throws {
        server.script("/r", .ok(Array("see other".utf8), status: 302))
        let answer = try await transport.exchange(request(server, "/r"))
        #expect(answer.status == 302 && answer.body == Array("see other".utf8))
    }

    @Test func `whose body never ends is bounded too`() async throws {
        server.script(
            "/r",
            FixtureAnswer([.bytes(FixtureAnswer.head(302, [("Location", "/x")])), .again(Hostile.letters, times: .max)])
        )
        let limits = ExchangeLimits(responseBytes: .kibibytes(64))
        let error = await failure(of: transport, request(server, "/r", limits: limits))
        #expect(error?.code == .responseTooLarge)
    }
}
