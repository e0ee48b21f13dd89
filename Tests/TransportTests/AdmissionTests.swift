// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite(.timeLimit(.minutes(5))) struct `Many exchanges at once` {
    @Test(arguments: [1, 4])
    func `stay within the limit of their host`(limit: Int) async throws {
        let server = try FixtureServer()
        let transport = CurlTransport(clock: SystemGatewayClock())
        server.script("/a", .text("{}"))
        let limits = ExchangeLimits(inFlightPerHost: limit)
        let failures = await withTaskGroup(of: TransportError?.self) { group in
            for _ in 0..<100 { group.addTask { await failure(of: transport, request(server, "/a", limits: limits)) } }
            return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
        }
        #expect(failures.isEmpty)
        #expect(server.counts.requests == 100)
        #expect(server.counts.mostAnswering <= limit)
        #expect(server.counts.connections <= limit)
    }

    @Test func `to a host that hangs do not hold up another`() async throws {
        let (hanging, lively) = (try FixtureServer(), try FixtureServer())
        let transport = CurlTransport(clock: SystemGatewayClock())
        hanging.script("/silent", FixtureAnswer([.wait(Hostile.silence)]))
        lively.script("/a", .text("{}"))
        let stuck = (0..<50).map { _ in Task { await failure(of: transport, request(hanging, "/silent")) } }
        #expect(await hanging.until { $0.answering == 4 })
        for _ in 0..<20 { #expect(await failure(of: transport, request(lively, "/a")) == nil) }
        #expect(hanging.counts.requests == 4)
        for task in stuck { task.cancel() }
        for task in stuck { #expect(await task.value?.code == .cancelled) }
    }

    @Test func `beyond what may wait are refused as busy`() async throws {
        let server = try FixtureServer()
        let transport = CurlTransport(
            clock: SystemGatewayClock(), limits: TransportLimits(maxInFlight: 2, maxPerHost: 2, maxWaiting: 3))
        server.script("/silent", FixtureAnswer([.wait(Hostile.silence)]))
        let tasks = (0..<5).map { _ in Task { await failure(of: transport, request(server, "/silent")) } }
        #expect(await server.until { $0.answering == 2 })
        var codes: [TransportError.Code] = []
        while codes.isEmpty {
            // The five may still be on their way in; the sixth place does not exist once they are.
            let probe = Task { await failure(of: transport, request(server, "/silent")) }
            try await Task.sleep(for: .milliseconds(20))
            probe.cancel()
            if let error = await probe.value, error.code == .busy {
                codes.append(error.code)
                #expect(error.isRetriable && error.layer == nil && error.receipt == nil)
            }
        }
        await transport.shutDown()
        for task in tasks { #expect(await task.value?.code == .cancelled) }
        #expect(server.counts.requests == 2)
    }

    @Test func `that wait too long for a place are busy, not the source's fault`() async throws {
        let server = try FixtureServer()
        let transport = CurlTransport(clock: SystemGatewayClock())
        server.script("/silent", FixtureAnswer([.wait(Hostile.silence)]))
        let long = ExchangeLimits(inFlightPerHost: 1)
        let first = Task { await failure(of: transport, request(server, "/silent", limits: long)) }
        #expect(await server.until { $0.answering == 1 })
        let short = ExchangeLimits(total: .milliseconds(200), inFlightPerHost: 1)
        let error = await failure(of: transport, request(server, "/silent", limits: short))
        #expect(error?.code == .busy)
        #expect(error?.layer == nil)
        first.cancel()
        _ = await first.value
        #expect(server.counts.requests == 1)
    }

    @Test func `share one thread`() async throws {
        let server = try FixtureServer()
        let transport = CurlTransport(
            clock: SystemGatewayClock(), limits: TransportLimits(maxInFlight: 200, maxPerHost: 200))
        let gate = FixtureGate()
        server.script("/gated", FixtureAnswer([.wait(gate)] + FixtureAnswer.text("{}").steps))
        let limits = ExchangeLimits(inFlightPerHost: 200)
        let tasks = (0..<200).map { _ in
            Task { await failure(of: transport, request(server, "/gated", limits: limits)) }
        }
        #expect(await server.until { $0.answering == 200 }, "\(server.counts)")
        gate.open()
        for task in tasks { #expect(await task.value == nil) }
    }
}
