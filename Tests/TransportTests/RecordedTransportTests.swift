// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite struct `Recorded answers` {
    let transport = RecordedTransport(clock: ManualClock(), chunkBytes: 3)

    private func asked(_ path: String, method: HTTPMethod = .get, body: [UInt8]? = nil) -> ExchangeRequest {
        ExchangeRequest(method, url: "https://source.test" + path, body: body)
    }

    @Test func `come in order, and the last one repeats`() async throws {
        let match = RecordedTransport.Match(path: "/a")
        transport.record(match, .text("1"), .failure(TransportError(.reset, layer: .http)), .text("2", status: 503))
        #expect(try await transport.exchange(asked("/a")).body == Array("1".utf8))
        let error = await failure(of: transport, asked("/a?q=1"))
        #expect(error?.code == .reset && error?.place.request == "GET /a" && error?.receipt != nil)
        for _ in 0..<2 { #expect(try await transport.exchange(asked("/a")).status == 503) }
        #expect(transport.count(match) == 4)
        #expect(transport.seen.map(\.path) == ["/a", "/a", "/a", "/a"])
    }

    @Test func `are found by method, query and body`() async throws {
        transport.record(.init(path: "/p"), .text("any"))
        transport.record(.init(path: "/p", query: ["page": "2", "名": "值 1"]), .text("second"))
        transport.record(.init(.post, path: "/p", bodyContains: "<q>"), .text("asked"))
        func body(_ request: ExchangeRequest) async throws -> String {
            String(decoding: try await transport.exchange(request).body, as: UTF8.self)
        }
        #expect(try await body(asked("/p")) == "any")
        #expect(try await body(asked("/p?x=1&page=2&%E5%90%8D=%E5%80%BC+1")) == "second")
        #expect(try await body(asked("/p?page=2")) == "any")
        #expect(try await body(asked("/p", method: .post, body: Array("a<q>b".utf8))) == "asked")
        #expect(try await body(asked("/p", method: .post, body: Array("q".utf8))) == "any")
        #expect(transport.seen[1].value("page") == "2")
    }

    @Test func `keep secrets out of what was seen`() async throws {
        transport.record(.init(path: "/a"), .text("{}"))
        var request = asked("/a")
        request.headers.append("X-App-Key", secret: Secret("k-1"))
        request.headers.append("Accept", "application/json")
        request.basic = ExchangeRequest.Basic(user: "u", password: Secret("p-1"))
        _ = try await transport.exchange(request)
        let seen = transport.seen[0]
        #expect(seen.headers.first("x-app-key") == "<secret>" && seen.headers.first("accept") == "application/json")
        #expect(seen.basicUser == "u")
    }

    @Test func `obey the limits and the rules of a real transport`() async throws {
        transport.record(.init(path: "/big"), .text("0123456789"))
        var request = asked("/big")
        request.limits.responseBytes = ByteCount(9)
        #expect(await failure(of: transport, request)?.code == .responseTooLarge)
        #expect(await failure(of: transport, ExchangeRequest(url: "file:///big"))?.code == .urlRefused)
        #expect(await failure(of: transport, asked("/unheard-of?canary=1"))?.code == .misuse)
        #expect(await failure(of: transport, asked("/unheard-of?canary=1"))?.description.contains("canary") == false)
    }

    @Test func `stream in small chunks`() async throws {
        transport.record(.init(path: "/s"), .text("01234567"))
        let streamed = try await transport.stream(asked("/s"))
        var chunks: [Int] = []
        for try await chunk in streamed.body { chunks.append(chunk.count) }
        #expect(chunks == [3, 3, 2])
        #expect(streamed.receipt?.bytesReceived == 8)
    }
}
