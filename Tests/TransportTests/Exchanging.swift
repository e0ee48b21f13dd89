// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Synchronization
import Testing
import Transport

/// A request with limits that fit a test.
func request(
    _ server: FixtureServer, _ path: String, method: HTTPMethod = .get, headers: HeaderFields = [:],
    body: [UInt8]? = nil, limits: ExchangeLimits = ExchangeLimits()
) -> ExchangeRequest {
    ExchangeRequest(
        method, url: server.origin + path, headers: headers, body: body, limits: limits,
        place: Place(source: "test-source", interface: "licences"))
}

/// The error that an exchange ends with, or nil when it succeeds.
func failure(of transport: some HTTPExchanging, _ request: ExchangeRequest) async -> TransportError? {
    do {
        _ = try await transport.exchange(request)
        return nil
    } catch {
        return error
    }
}

/// Reads a body to its end.
func whole(_ body: BodyStream) async throws(TransportError) -> [UInt8] {
    var bytes: [UInt8] = []
    for try await chunk in body { bytes += chunk }
    return bytes
}

/// Keeps what it is told.
final class Observations: ExchangeObserving {
    private let kept = Mutex<[ObservedExchange]>([])
    var all: [ObservedExchange] { kept.withLock { $0 } }
    func observe(_ exchange: ObservedExchange) { kept.withLock { $0.append(exchange) } }
}

/// A finished piece of work, seen from outside its task.
final class Flag: Sendable {
    private let raised = Atomic<Bool>(false)
    var isRaised: Bool { raised.load(ordering: .acquiring) }
    func raise() { raised.store(true, ordering: .releasing) }
}
