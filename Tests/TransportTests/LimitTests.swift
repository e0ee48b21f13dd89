// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

/// A hostile or failing source, and what must come of it.
struct Hostile: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: FixtureAnswer
    var code: TransportError.Code
    var layer: TransportError.Layer
    var testDescription: String { name }

    /// Tight only in what the case is about, so that a busy machine does not turn one ending into another.
    var limits: ExchangeLimits {
        ExchangeLimits(
            connect: .seconds(120), total: code == .totalTimeout ? .seconds(3) : .seconds(120),
            stall: code == .stalled ? .seconds(1) : .seconds(120), responseBytes: .kibibytes(64),
            headerBytes: .kibibytes(64))
    }

    static let silence = FixtureGate()
    static let chunked = FixtureAnswer.head(200, [("Transfer-Encoding", "chunked")])
    static func declared(_ length: Int) -> [UInt8] { FixtureAnswer.head(200, [("Content-Length", String(length))]) }
    static let letters = [UInt8](repeating: 65, count: 4096)

    static let all: [Hostile] = [
        Hostile(name: "cut body", answer: .cut(letters, after: 1000), code: .truncated, layer: .body),
        Hostile(
            name: "cut chunks", answer: FixtureAnswer([.bytes(chunked), .chunk(letters), .close]), code: .truncated,
            layer: .body),
        Hostile(
            name: "cut inside a chunk",
            answer: FixtureAnswer([.bytes(chunked), .bytes(Array("1000\r\nabc".utf8)), .close]), code: .truncated,
            layer: .body),
        Hostile(
            name: "cut head", answer: FixtureAnswer([.bytes(Array("HTTP/1.1 200 OK\r\nContent-Ty".utf8)), .close]),
            code: .truncated, layer: .http),
        Hostile(
            name: "head without its blank line",
            answer: FixtureAnswer([.bytes(Array("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n".utf8)), .close]),
            code: .truncated, layer: .http),
        Hostile(name: "no answer at all", answer: FixtureAnswer([.close]), code: .reset, layer: .http),
        Hostile(name: "reset before the head", answer: FixtureAnswer([.reset]), code: .reset, layer: .http),
        Hostile(
            name: "endless body",
            answer: FixtureAnswer([.bytes(FixtureAnswer.head(200, [])), .again(letters, times: .max)]),
            code: .responseTooLarge, layer: .body),
        Hostile(
            name: "endless chunks", answer: FixtureAnswer([.bytes(chunked), .endlessChunks(letters)]),
            code: .responseTooLarge, layer: .body),
        Hostile(
            name: "declared larger than allowed", answer: FixtureAnswer([.bytes(declared(70_000)), .wait(silence)]),
            code: .responseTooLarge, layer: .body),
        Hostile(
            name: "one byte too many",
            answer: FixtureAnswer([.bytes(FixtureAnswer.head(200, [])), .again([65], times: 65_537), .close]),
            code: .responseTooLarge, layer: .body),
        Hostile(
            name: "header flood",
            answer: FixtureAnswer([
                .bytes(Array("HTTP/1.1 200 OK\r\n".utf8)), .again(Array("X-Flood: 0123456789\r\n".utf8), times: .max),
            ]), code: .responseTooLarge, layer: .http),
        Hostile(
            name: "one endless header line",
            answer: FixtureAnswer([.bytes(Array("HTTP/1.1 200 OK\r\nX: ".utf8)), .again(letters, times: .max)]),
            code: .responseTooLarge, layer: .http),
        Hostile(
            name: "a head line that drips",
            answer: FixtureAnswer([.drip(Array("HTTP/1.1 200 OK\r\nX-Slow: ".utf8) + letters, pauseMilliseconds: 20)]),
            code: .stalled, layer: .http),
        Hostile(
            name: "slow header lines",
            answer: FixtureAnswer([
                .bytes(Array("HTTP/1.1 200 OK\r\n".utf8)),
                .drip(Array(String(repeating: "A: b\r\n", count: 900).utf8), pauseMilliseconds: 20),
            ]), code: .totalTimeout, layer: .http),
        Hostile(
            name: "dripping body",
            answer: FixtureAnswer([.bytes(declared(10_000)), .drip(letters, pauseMilliseconds: 20)]),
            code: .totalTimeout, layer: .body),
        Hostile(name: "silence", answer: FixtureAnswer([.wait(silence)]), code: .stalled, layer: .http),
        Hostile(
            name: "silence within the body",
            answer: FixtureAnswer([.bytes(declared(10)), .bytes([65]), .wait(silence)]), code: .stalled, layer: .body),
        Hostile(
            name: "another protocol", answer: FixtureAnswer([.bytes(Array("SSH-2.0-Fixture\r\n".utf8)), .close]),
            code: .notHTTP, layer: .http),
        Hostile(
            name: "a bare page", answer: FixtureAnswer([.bytes(Array("<html>hello</html>".utf8)), .close]),
            code: .notHTTP, layer: .http),
        Hostile(
            name: "broken chunks",
            answer: FixtureAnswer([.bytes(chunked), .bytes(Array("zz\r\nabc\r\n".utf8)), .close]),
            code: .notHTTP, layer: .body),
    ]
}

@Suite(.timeLimit(.minutes(5))) struct `A hostile or failing source` {
    let server: FixtureServer
    let transport = CurlTransport(clock: SystemGatewayClock())
    init() throws { server = try FixtureServer() }

    @Test(arguments: Hostile.all)
    func `is named and given up`(hostile: Hostile) async throws {
        server.script("/h", hostile.answer)
        let error = await failure(of: transport, request(server, "/h?canary=1", limits: hostile.limits))
        #expect(error?.code == hostile.code, "\(error.map(\.description) ?? "no error")")
        #expect(error?.layer == hostile.layer)
        #expect(error?.place.request == "GET /h")
        #expect((error?.receipt?.bytesReceived ?? .max) <= 64 << 10)
        #expect(await server.until { $0.open == 0 }, "the connection stays open")
        #expect(server.counts.bytesSent < 32 << 20)
    }

    @Test(arguments: Hostile.all)
    func `is named and given up while its body is streamed`(hostile: Hostile) async throws {
        server.script("/h", hostile.answer)
        var received = 0
        do {
            let streamed = try await transport.stream(request(server, "/h", limits: hostile.limits))
            for try await chunk in streamed.body { received += chunk.count }
            Issue.record("the body ended as if whole, after \(received) bytes")
        } catch {
            #expect(error.code == hostile.code, "\(error)")
            #expect(error.layer == hostile.layer)
        }
        #expect(received <= 64 << 10)
        #expect(await server.until { $0.open == 0 }, "the connection stays open")
    }

    @Test func `may send exactly as much as is allowed`() async throws {
        server.script("/full", .ok([UInt8](repeating: 66, count: 64 << 10)))
        let answer = try await transport.exchange(
            request(server, "/full", limits: ExchangeLimits(responseBytes: .kibibytes(64))))
        #expect(answer.body.count == 64 << 10)
    }

    @Test func `may answer 200 with a page; judging that is not the transport's work`() async throws {
        server.script("/login", .text("<html>log in</html>", type: "text/html"))
        let answer = try await transport.exchange(request(server, "/login"))
        #expect(answer.status == 200 && answer.headers.first("content-type") == "text/html")
    }

    @Test func `that resets within the body is told apart from one that ends early`() async throws {
        let gate = FixtureGate()
        server.script(
            "/r", FixtureAnswer([.bytes(Hostile.declared(10_000)), .bytes(Hostile.letters), .wait(gate), .reset]))
        let streamed = try await transport.stream(request(server, "/r"))
        var iterator = streamed.body.makeAsyncIterator()
        var received = 0
        while received < 4096, let chunk = try await iterator.next() { received += chunk.count }
        gate.open()
        do {
            _ = try await iterator.next()
            Issue.record("no error")
        } catch {
            #expect(error.code == .reset && error.layer == .body)
            #expect(streamed.receipt?.bytesReceived == 4096)
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct `The limits of time` {
    @Test func `run on the clock that was passed in`() async throws {
        let server = try FixtureServer()
        let clock = ManualClock()
        let transport = CurlTransport(clock: clock)
        server.script("/silent", FixtureAnswer([.wait(Hostile.silence)]))
        let ended = Flag()
        async let error = watched(transport, request(server, "/silent"), ended)
        #expect(await server.until { $0.answering == 1 })
        while !ended.isRaised {
            clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(20))
        }
        let end = await error
        #expect(end?.code == .stalled)
        #expect((end?.receipt?.timings.total ?? .zero) > .seconds(10))
    }

    private func watched(
        _ transport: CurlTransport, _ request: ExchangeRequest, _ ended: Flag
    ) async -> TransportError? {
        defer { ended.raise() }
        return await failure(of: transport, request)
    }
}
