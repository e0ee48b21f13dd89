// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite struct `A server for fixtures` {
    let server: FixtureServer
    let transport = CurlTransport(clock: SystemGatewayClock())

    init() throws { server = try FixtureServer() }

    @Test func `answers in order, repeats the last, and says 404 where nothing is scripted`() async throws {
        server.script("/a", .text("1"), .text("2", status: 500))
        var seen: [String] = []
        for _ in 0..<3 {
            let answer = try await transport.exchange(request(server, "/a"))
            seen.append("\(answer.status) " + String(decoding: answer.body, as: UTF8.self))
        }
        #expect(seen == ["200 1", "500 2", "500 2"])
        #expect(try await transport.exchange(request(server, "/b")).status == 404)
        #expect(server.requests.map(\.path) == ["/a", "/a", "/a", "/b"])
        #expect(Set(server.requests.map(\.connection)) == [1])
    }

    @Test func `counts connections, requests and bytes`() async throws {
        server.script("/a", .ok([1, 2, 3]))
        for _ in 0..<3 { _ = try await transport.exchange(request(server, "/a")) }
        #expect(await server.until { $0.answering == 0 })
        let counts = server.counts
        #expect(counts.connections == 1 && counts.open == 1 && counts.requests == 3 && counts.abandoned == 0)
        let one = FixtureAnswer.head(200, [("Content-Length", "3")]).count + 3
        #expect(counts.bytesSent == 3 * one)
        server.stop()
        #expect(await server.until { $0.open == 0 })
        #expect(await failure(of: transport, request(server, "/a")) != nil)
    }

    @Test func `keeps large request bodies as they came`() async throws {
        server.script("/p", .text("{}"))
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
        _ = try await transport.exchange(request(server, "/p", method: .post, body: body))
        #expect(server.requests[0].body == body)
    }

    @Test func `gives up waiting for what does not come`() async {
        #expect(await server.until(seconds: 0.05) { $0.requests == 1 } == false)
    }
}
