// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

@Suite(.timeLimit(.minutes(5))) struct `Giving up` {
    let server: FixtureServer
    let observations = Observations()
    let transport: CurlTransport

    init() throws {
        server = try FixtureServer()
        transport = CurlTransport(clock: SystemGatewayClock(), observer: observations)
        server.script("/silent", FixtureAnswer([.wait(Hostile.silence)]))
    }

    @Test func `an exchange closes its connection`() async throws {
        let task = Task { [transport, server] in await failure(of: transport, request(server, "/silent")) }
        #expect(await server.until { $0.answering == 1 })
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.layer == nil)
        #expect(error?.isRetriable == false)
        #expect(await server.until { $0.abandoned == 1 && $0.open == 0 })
        #expect(observations.all.map { $0.failure?.code } == [.cancelled])
    }

    @Test func `a body that is being read closes its connection`() async throws {
        server.script("/stuck", FixtureAnswer([.bytes(Hostile.declared(9)), .bytes([65]), .wait(Hostile.silence)]))
        let streamed = try await transport.stream(request(server, "/stuck"))
        let task = Task {
            do throws(TransportError) {
                _ = try await whole(streamed.body)
                return nil as TransportError?
            } catch {
                return error
            }
        }
        #expect(await server.until { $0.answering == 1 })
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(await server.until { $0.abandoned == 1 && $0.open == 0 })
    }

    @Test func `before the start sends nothing`() async throws {
        let started = FixtureGate()
        let task = Task { [transport, server] in
            while !Task.isCancelled { await Task.yield() }
            return await failure(of: transport, request(server, "/silent"))
        }
        task.cancel()
        started.open()
        #expect(await task.value?.code == .cancelled)
        #expect(server.counts.requests == 0)
    }

    @Test func `one that waits for a place leaves the others alone`() async throws {
        let gate = FixtureGate()
        server.script("/gated", FixtureAnswer([.wait(gate)] + FixtureAnswer.text("{}").steps))
        let limits = ExchangeLimits(inFlightPerHost: 1)
        let first = Task { [transport, server] in
            await failure(of: transport, request(server, "/gated", limits: limits))
        }
        #expect(await server.until { $0.answering == 1 })
        let waiting = Task { [transport, server] in
            await failure(of: transport, request(server, "/gated", limits: limits))
        }
        waiting.cancel()
        #expect(await waiting.value?.code == .cancelled)
        let third = Task { [transport, server] in
            await failure(of: transport, request(server, "/gated", limits: limits))
        }
        gate.open()
        #expect(await first.value == nil)
        #expect(await third.value == nil)
        #expect(server.counts.requests == 2)
    }

    @Test func `everything at shutdown, and nothing begins afterwards`() async throws {
        let tasks = (0..<20).map { _ in
            Task { [transport, server] in await failure(of: transport, request(server, "/silent")) }
        }
        #expect(await server.until { $0.answering == 4 })
        await transport.shutDown()
        for task in tasks { #expect(await task.value?.code == .cancelled) }
        #expect(await server.until { $0.open == 0 })
        #expect(await failure(of: transport, request(server, "/silent"))?.code == .cancelled)
        await transport.shutDown()
        #expect(server.counts.requests == 4)
    }

    @Test func `the transport itself closes the connections it kept`() async throws {
        server.script("/a", .text("{}"))
        do {
            let other = CurlTransport(clock: SystemGatewayClock())
            _ = try await other.exchange(request(server, "/a"))
            #expect(server.counts.open == 1)
        }
        #expect(await server.until { $0.open == 0 })
    }
}
