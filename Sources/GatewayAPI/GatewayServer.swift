// SPDX-License-Identifier: Apache-2.0
import Diagnostics
public import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The bounds of the HTTP server.
public struct GatewayServerLimits: Sendable, Hashable {
    /// A connection on which nothing moves is closed after this long.
    public var idle: Duration
    /// Bytes of all header fields of a request.
    public var headerBytes: Int
    /// Connections held at once; more wait to be accepted.
    public var connections: Int
    /// Makes bounds.
    public init(idle: Duration = .seconds(60), headerBytes: Int = 16 << 10, connections: Int = 1000) {
        self.idle = idle
        self.headerBytes = headerBytes
        self.connections = connections
    }
}

/// The API as a server on a loopback address: HTTP/1.1, whole bodies, everything bounded.
public struct GatewayServer: Sendable {
    private let services: GatewayServices
    private let address: LoopbackAddress
    private let limits: GatewayServerLimits
    private let seed: UInt64

    /// Makes a server; `seed` tells the request ids of one process from another's.
    public init(
        _ services: GatewayServices, address: LoopbackAddress, limits: GatewayServerLimits = GatewayServerLimits(),
        seed: UInt64
    ) {
        self.services = services
        self.address = address
        self.limits = limits
        self.seed = seed
    }

    /// The OpenAPI 3.1 document that is served at `/openapi.json`.
    public static var openAPI: String { OpenAPIDocument.text }

    /// Listens until the task is cancelled; then requests under way are answered, and it returns.
    ///
    /// Throws: `api.cannot_listen` when the port is taken or may not be used.
    public func run(onListening: @escaping @Sendable (_ port: Int) async -> Void) async throws(APIError) {
        let application = makeApplication(onListening: onListening)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [application], logger: GatewayServer.silent))
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                // The server's own task is not cancelled: it is asked to end, so that nobody's answer is cut off.
                let served = Task { try await group.run() }
                tasks.addTask { try await served.value }
                try await withTaskCancellationHandler {
                    try await tasks.waitForAll()
                } onCancel: {
                    Task { await group.triggerGracefulShutdown() }
                }
            }
        } catch {
            throw APIError(
                .cannotListen, "the API cannot listen on \(address.host) port \(address.port)",
                consequence: "It does not serve",
                remedy: "See who uses the port with `ss -ltnp`, or choose another one in `listen`")
        }
    }

    /// The application behind `run`, for tests that talk to it without a socket.
    public func makeApplication(
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> Application<GatewayResponder> {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100)
        let channel = HTTP1Channel.Configuration(
            idleTimeout: .milliseconds(limits.idle.wholeMilliseconds), httpDecoderConfiguration: decoder)
        return Application(
            responder: GatewayResponder(services: services, seed: seed), server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "licgate", backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: GatewayServer.silent)
    }

    /// The server library writes nothing of its own: what it would print may hold what a caller sent.
    private static var silent: Logger { Logger(label: "api", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
