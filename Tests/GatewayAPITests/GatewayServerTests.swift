// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import GatewayAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LicenceModel
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Runs the API on a free port while `body` talks to it, then stops it and waits for its end.
func serving(
    _ fixture: APIFixture, limits: GatewayServerLimits = GatewayServerLimits(),
    _ body: @escaping @Sendable (_ port: Int) async throws -> Void
) async throws {
    let server = GatewayServer(
        fixture.services, address: try LoopbackAddress(host: "127.0.0.1", port: 0), limits: limits, seed: 7)
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let running = Task { try await server.run { found.yield($0) } }
    let port = try #require(await ports.first { _ in true })
    do { try await body(port) } catch {
        running.cancel()
        throw error
    }
    running.cancel()
    try await running.value
}

func talking(to port: Int, _ body: @escaping @Sendable (TestClient) async throws -> Void) async throws {
    let client = TestClient(
        host: "127.0.0.1", port: port, configuration: .init(timeout: .seconds(20)),
        eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton))
    client.connect()
    do { try await body(client) } catch {
        try await client.shutdown()
        throw error
    }
    try await client.shutdown()
}

@Suite struct `A server on a real socket` {
    @Test func `answers, names each request and keeps the connection`() async throws {
        let fixture = try await APIFixture()
        try await serving(fixture) { port in
            try await talking(to: port) { client in
                let name = try #require(HTTPField.Name("X-Request-Id"))
                let first = try await client.get("/v1/types")
                let second = try await client.post(
                    "/v1/answers", headers: [.contentType: "application/json"], body: ByteBuffer(string: holderBody))
                #expect(first.status == .ok)
                #expect(second.status == .ok)
                #expect(first.headers[name] != second.headers[name])
                #expect(first.headers[.server] == "licgate")
                let head = try await client.head("/healthz")
                #expect(head.status == .ok)
                #expect((head.body?.readableBytes ?? 0) == 0)
            }
        }
        #expect(fixture.lines.all.map(\.route) == ["/v1/types", "/v1/answers", "/healthz"])
    }

    @Test func `says that it is alive while the catalogue does not answer`() async throws {
        var fixture = try await APIFixture()
        let gate = Gate()
        fixture.reading = GatedCatalogue(inner: fixture.catalogue, gate: gate)
        try await serving(fixture) { port in
            try await talking(to: port) { slow in
                async let stuck = slow.get("/v1/changes")
                await gate.someoneWaits()
                try await talking(to: port) { quick in
                    let reply = try await quick.get("/healthz")
                    #expect(reply.status == .ok)
                }
                gate.open()
                let reply = try await stuck
                #expect(reply.status == .ok)
            }
        }
    }

    @Test func `finishes the answer under way before it stops`() async throws {
        var fixture = try await APIFixture()
        let gate = Gate()
        fixture.reading = GatedCatalogue(inner: fixture.catalogue, gate: gate)
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = try fixture.server()
        let running = Task { try await server.run { found.yield($0) } }
        let port = try #require(await ports.first { _ in true })
        try await talking(to: port) { client in
            async let answer = client.get("/v1/changes")
            await gate.someoneWaits()
            running.cancel()
            gate.open()
            let reply = try await answer
            #expect(reply.status == .ok)
        }
        try await running.value
    }

    @Test func `refuses a host of another machine, so that no web page can read it through a false name`() async throws
    {
        try await serving(try await APIFixture()) { port in
            try await talking(to: port) { client in
                for (authority, status) in [
                    ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost:1", 200),
                ] {
                    let request = TestClient.Request("/v1/types", method: .get, authority: authority)
                    let reply = try await client.execute(request)
                    #expect(reply.status.code == status, "\(authority)")
                }
            }
        }
    }

    @Test func `refuses headers beyond its bound`() async throws {
        try await serving(try await APIFixture()) { port in
            try await talking(to: port) { client in
                let request = TestClient.Request(
                    "/healthz", method: .get, headers: [.userAgent: String(repeating: "x", count: 40_000)])
                let status = try? await client.execute(request).status.code
                #expect(status != 200)
            }
        }
    }

    @Test func `closes a connection on which nothing moves`() async throws {
        try await serving(try await APIFixture(), limits: GatewayServerLimits(idle: .milliseconds(100))) { port in
            try await talking(to: port) { client in
                let channel = try await client.getChannel()
                try await channel.closeFuture.get()
            }
        }
    }

    @Test func `says so when its port is taken`() async throws {
        let fixture = try await APIFixture()
        try await serving(fixture) { port in
            let second = GatewayServer(
                fixture.services, address: try LoopbackAddress(host: "127.0.0.1", port: port), seed: 8)
            await #expect(throws: APIError.self) { try await second.run { _ in } }
        }
    }
}

@Suite struct `A listening address` {
    @Test(arguments: [
        "0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "example.org", "", "127.0.0.1.evil.example", "127.1", "127.0.0.256",
    ])
    func `other than loopback is refused with the reason`(host: String) throws {
        let error = try #require(throws: APIError.self) { try LoopbackAddress(host: host, port: 8080) }
        #expect(error.code == .notLoopback)
        #expect(error.description.contains("Callers cannot be registered yet"))
    }

    @Test(arguments: [("localhost", "127.0.0.1"), ("127.0.0.9", "127.0.0.9"), ("::1", "::1"), ("[::1]", "::1")])
    func `on loopback is taken`(host: String, bare: String) throws {
        #expect(try LoopbackAddress(host: host, port: 0).host == bare)
    }
}

/// Lets nobody through until it is opened, and tells when somebody waits.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { continuation in
            let (now, watchers) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
                if !state.isOpen { state.waiting.append(continuation) }
                let watchers = state.watchers
                state.watchers = []
                return (state.isOpen, watchers)
            }
            if now { continuation.resume() }
            for watcher in watchers { watcher.resume() }
        }
    }
    func someoneWaits() async {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                if state.waiting.isEmpty { state.watchers.append(continuation) }
                return !state.waiting.isEmpty
            }
            if now { continuation.resume() }
        }
    }
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A catalogue that answers nothing while its gate is shut.
struct GatedCatalogue: CatalogueReading {
    var inner: InMemoryCatalogue
    var gate: Gate
    func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? {
        await gate.pass()
        return try await inner.entry(id)
    }
    func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        await gate.pass()
        return try await inner.entries(matching: query, limit: limit)
    }
    func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] {
        await gate.pass()
        return try await inner.versions(of: id, limit: limit)
    }
    func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage {
        await gate.pass()
        return try await inner.changes(after: token, limit: limit)
    }
    func states() async throws(CatalogueError) -> [InterfaceState] {
        await gate.pass()
        return try await inner.states()
    }
    func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] { [] }
    func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] { [] }
    func statistics() async throws(CatalogueError) -> CatalogueStatistics {
        await gate.pass()
        return try await inner.statistics()
    }
    func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) {}
}
