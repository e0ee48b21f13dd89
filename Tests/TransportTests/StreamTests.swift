// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite(.timeLimit(.minutes(5))) struct `A streamed body` {
    let server: FixtureServer
    let transport = CurlTransport(clock: SystemGatewayClock())

    init() throws { server = try FixtureServer() }

    @Test func `arrives whole, with its receipt only after the end`() async throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) }
        server.script("/big", .ok(body))
        let streamed = try await transport.stream(request(server, "/big"))
        #expect(streamed.status == 200)
        #expect(streamed.headers.first("content-length") == "3000000")
        #expect(streamed.receipt == nil)
        #expect(try await whole(streamed.body) == body)
        #expect(streamed.receipt?.bytesReceived == 3_000_000)
    }

    @Test func `may be empty`() async throws {
        server.script("/none", .ok([], status: 204))
        let streamed = try await transport.stream(request(server, "/none"))
        #expect(try await whole(streamed.body).isEmpty)
        #expect(streamed.status == 204)
    }

    @Test func `hands over what has come before the rest is there`() async throws {
        let gate = FixtureGate()
        server.script(
            "/slow",
            FixtureAnswer([
                .bytes(Hostile.declared(6)), .bytes(Array("abc".utf8)), .wait(gate), .bytes(Array("def".utf8)),
            ])
        )
        let streamed = try await transport.stream(request(server, "/slow"))
        var iterator = streamed.body.makeAsyncIterator()
        #expect(try await iterator.next() == Array("abc".utf8))
        gate.open()
        #expect(try await iterator.next() == Array("def".utf8))
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
    }

    /// 200 MiB are on offer.
    ///
    /// While nobody reads, the source must come to a halt after what fits into our 256 KiB and the
    /// kernel's socket buffers; other exchanges go on; and in the end every byte arrives.
    @Test func `holds the source back while the reader is behind`() async throws {
        let total = 200 << 20
        let block = [UInt8](repeating: 88, count: 64 << 10)
        let room = 64 << 20
        server.script(
            "/flood", FixtureAnswer([.bytes(Hostile.declared(total)), .again(block, times: total / block.count)]))
        server.script("/small", .text("{}"))
        let limits = ExchangeLimits(total: .seconds(120), responseBytes: .mebibytes(256))
        let streamed = try await transport.stream(request(server, "/flood", limits: limits))
        var iterator = streamed.body.makeAsyncIterator()
        var consumed = 0
        var ahead = 0
        for _ in 0..<3 {
            consumed += try await iterator.next()?.count ?? 0
            // Two hundred turns of the curl thread's loop: without the brake each would take in more of the flood.
            for _ in 0..<200 { _ = try await transport.exchange(request(server, "/small")) }
            ahead = max(ahead, server.counts.bytesSent - consumed)
        }
        #expect(ahead < room, "the source was \(ahead) bytes ahead")
        #expect(await server.until { $0.answering == 1 }, "the source has sent all it had")
        while let chunk = try await iterator.next() {
            #expect(chunk.count <= 256 << 10 + 16 << 10)
            consumed += chunk.count
            ahead = max(ahead, server.counts.bytesSent - consumed)
        }
        #expect(consumed == total)
        #expect(ahead < room)
        print("back-pressure: the source was at most \(ahead / 1024) KiB ahead of the reader")
    }

    @Test func `does not time out while the reader holds it back`() async throws {
        let clock = ManualClock()
        let transport = CurlTransport(clock: clock)
        let total = 64 << 20
        let block = [UInt8](repeating: 88, count: 64 << 10)
        server.script("/flood", FixtureAnswer([.bytes(Hostile.declared(total)), .again(block, times: 1024)]))
        let limits = ExchangeLimits(responseBytes: .mebibytes(65))
        let streamed = try await transport.stream(request(server, "/flood", limits: limits))
        #expect(await server.until { $0.bytesSent > 1 << 20 })
        for _ in 0..<10 {
            clock.advance(by: .seconds(60))
            server.script("/tick", .text("{}"))
            _ = try await transport.exchange(request(server, "/tick"))
        }
        #expect(try await whole(streamed.body).count == total)
    }

    @Test func `closes its connection when it is dropped`() async throws {
        server.script("/endless", FixtureAnswer([.bytes(Hostile.chunked), .endlessChunks(Hostile.letters)]))
        do {
            let streamed = try await transport.stream(request(server, "/endless"))
            var iterator = streamed.body.makeAsyncIterator()
            _ = try await iterator.next()
            #expect(server.counts.open == 1)
        }
        #expect(await server.until { $0.abandoned == 1 && $0.open == 0 })
    }

    @Test func `refuses a second reader who waits at the same time`() async throws {
        let gate = FixtureGate()
        server.script("/wait", FixtureAnswer([.bytes(Hostile.declared(1)), .wait(gate), .bytes([65])]))
        let streamed = try await transport.stream(request(server, "/wait"))
        let outcomes = await withTaskGroup(of: TransportError.Code?.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    var iterator = streamed.body.makeAsyncIterator()
                    do throws(TransportError) {
                        _ = try await iterator.next()
                        return nil
                    } catch {
                        gate.open()
                        return error.code
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(.misuse) && outcomes.contains(nil))
    }
}
