// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import HTTPTypes
public import Hummingbird
import LicenceModel
import Synchronization

/// Turns requests into answers: finds the route, runs it, counts and logs it.
///
/// Routes are a short table walked in order; a path is compared as it was sent, so no escape can slip past it.
public struct GatewayResponder: HTTPResponder {
    /// The context of a request; nothing of our own is kept in it.
    public typealias Context = BasicRequestContext

    struct Call: Sendable {
        var request: Request
        var parameter: String
        var id: String
    }
    struct Route: Sendable {
        var method: HTTPRequest.Method
        /// Segments; `*` stands for one that is not empty.
        var segments: [Substring]
        var template: String
        var isRoutine = false
        var run: @Sendable (Call) async throws -> Response
    }

    private let routes: [Route]
    private let services: GatewayServices
    private let ids: RequestIDs

    init(services: GatewayServices, seed: UInt64) {
        self.services = services
        ids = RequestIDs(seed: seed)
        routes = GatewayRoutes(services: services).all
    }

    /// Answers a request; never throws.
    public func respond(to request: Request, context: Context) async throws -> Response {
        let started = services.clock.elapsed
        let id = ids.next()
        let (route, outcome) = await answer(request, id: id)
        var response: Response
        var code: String?
        switch outcome {
        case .success(let made): response = made
        case .failure(let problem):
            code = problem.code
            response = problem.response(requestID: id)
        }
        if let name = HTTPField.Name.requestID { response.headers[name] = id }
        if request.method == .head { response = response.createHeadResponse() }
        let entry = AccessEntry(
            at: services.clock.now, requestID: id, method: GatewayResponder.name(request.method),
            route: route?.template ?? "unmatched", status: response.status.code, code: code,
            took: services.clock.elapsed - started, bytes: response.body.contentLength ?? 0,
            isRoutine: route?.isRoutine ?? false)
        services.metrics.observe(entry)
        services.accessLog(entry)
        return response
    }

    private func answer(_ request: Request, id: String) async -> (Route?, Result<Response, APIProblem>) {
        // A browser always names the host it believes to talk to; a caller that names none is no web page.
        if let authority = request.head.authority, !authority.isEmpty, !LoopbackAddress.names(authority) {
            return (nil, .failure(.foreignHost))
        }
        let segments = request.uri.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let matching = routes.filter { route in
            route.segments.count == segments.count
                && zip(route.segments, segments).allSatisfy { $0 == "*" ? !$1.isEmpty : $0 == $1 }
        }
        // A fixed segment goes before a placeholder: /v1/licences/search is not a catalogue id.
        let fixed = matching.filter { !$0.segments.contains("*") }
        let candidates = fixed.isEmpty ? matching : fixed
        guard let first = candidates.first else { return (nil, .failure(.unknownRoute)) }
        let method = request.method == .head ? HTTPRequest.Method.get : request.method
        guard let route = candidates.first(where: { $0.method == method }) else {
            let allowed = candidates.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
            return (first, .failure(.methodNotAllowed(allowed)))
        }
        let parameter = zip(route.segments, segments).first { $0.0 == "*" }.map { String($0.1) } ?? ""
        do {
            return (route, .success(try await route.run(Call(request: request, parameter: parameter, id: id))))
        } catch let problem as APIProblem {
            return (route, .failure(problem))
        } catch let error as CatalogueError {
            return (route, .failure(APIProblem(error)))
        } catch {
            return (route, .failure(.internalError))
        }
    }

    /// The method's name when it is a usual one; anybody can invent methods, and a label must stay bounded.
    private static func name(_ method: HTTPRequest.Method) -> String {
        let usual: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
        return usual.contains(method) ? method.rawValue : "OTHER"
    }
}

/// Request ids: a process's own start and a count, so that they are unique without asking for chance each time.
struct RequestIDs: Sendable {
    private let prefix: String
    private let count = SharedCount()

    init(seed: UInt64) { prefix = String(seed & 0xFFFF_FFFF, radix: 36) }

    func next() -> String { prefix + "-" + String(count.next(), radix: 36) }
}

/// A count shared by all requests.
final class SharedCount: Sendable {
    private let value = Atomic<UInt64>(0)
    func next() -> UInt64 { value.wrappingAdd(1, ordering: .relaxed).newValue }
}
