// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import HTTPTypes
import Hummingbird
import InterfaceHealth
import LicenceModel

/// The routes, and what each does.
struct GatewayRoutes: Sendable {
    let services: GatewayServices

    typealias Route = GatewayResponder.Route
    typealias Call = GatewayResponder.Call

    var all: [Route] {
        let lookUp = LookUpRoutes(services: services)
        return [
            route(.get, "/v1/licences/{catalogueId}", lookUp.licence),
            route(.post, "/v1/licences/search", lookUp.search), route(.post, "/v1/answers", lookUp.answer),
            route(.get, "/v1/changes", changes),
            route(.get, "/v1/sources", sources), route(.get, "/v1/sources/{id}", source),
            route(.post, "/v1/sources/{id}/records", PushRoutes(services: services).records),
            route(.get, "/v1/sources/{id}/health", health), route(.get, "/v1/types", types),
            route(.get, "/healthz", isRoutine: true, healthz), route(.get, "/readyz", isRoutine: true, readyz),
            route(.get, "/metrics", isRoutine: true, metrics), route(.get, "/openapi.json", openAPI),
        ]
    }

    private func route(
        _ method: HTTPRequest.Method, _ template: String, isRoutine: Bool = false,
        _ run: @escaping @Sendable (Call) async throws -> Response
    ) -> Route {
        let segments = template.split(separator: "/").map { $0.hasPrefix("{") ? "*" : $0 }
        return Route(method: method, segments: segments, template: template, isRoutine: isRoutine, run: run)
    }

    // The change feed.

    @Sendable private func changes(_ call: Call) async throws -> Response {
        let parameters = try call.request.parameters(["after", "limit"])
        var limit = 500
        if let text = parameters["limit"] {
            guard let value = Int(text), (1...1000).contains(value) else {
                throw APIProblem.invalid("limit", "must be a whole number from 1 to 1000")
            }
            limit = value
        }
        let token = parameters["after"].map { ChangeToken(rawValue: $0) }
        if let token, token.rawValue.isEmpty || token.rawValue.utf8.count > 256 {
            throw APIProblem(CatalogueError(.tokenUnknown, "", remedy: ""))
        }
        let page = try await services.catalogue.changes(after: token, limit: limit)
        let entries = page.entries.map { entry -> JSON in
            [
                "token": .string(entry.token.rawValue), "catalogue_id": .string(entry.id.rawValue),
                "version": .int(entry.version), "cause": .string(entry.cause.rawValue),
                "recorded_at": entry.recordedAt.json,
            ]
        }
        return .json(["entries": .array(entries), "next": .string(page.next.rawValue)])
    }

    // Sources, types, health.

    @Sendable private func sources(_ call: Call) async throws -> Response {
        _ = try call.request.parameters([])
        let reports = services.health.report(at: services.clock.now)
        let sources = services.sources().sorted { $0.id < $1.id }
        return .json(["sources": .array(sources.map { $0.json(reports) })])
    }

    private func description(_ id: String) throws -> SourceDescription {
        guard let found = services.sources().first(where: { $0.id.rawValue == id }) else {
            throw APIProblem.unknownSource
        }
        return found
    }

    @Sendable private func source(_ call: Call) async throws -> Response {
        _ = try call.request.parameters([])
        return .json(try description(call.parameter).json(services.health.report(at: services.clock.now)))
    }

    @Sendable private func health(_ call: Call) async throws -> Response {
        _ = try call.request.parameters([])
        let source = try description(call.parameter)
        let now = services.clock.now
        let reports = services.health.report(at: now).filter { $0.interface.source == source.id }
        return .json([
            "source": .string(source.id.rawValue), "at": now.json, "interfaces": .array(reports.map(\.json)),
        ])
    }

    @Sendable private func types(_ call: Call) async throws -> Response {
        _ = try call.request.parameters([])
        var servedBy: [LicenceTypeCode: Set<String>] = [:]
        for source in services.sources() {
            for type in source.interfaces.flatMap(\.licenceTypes) {
                servedBy[type, default: []].insert(source.id.rawValue)
            }
        }
        var names: [LicenceTypeCode: String] = [:]
        for line in services.licenceTypes() { names[line.code] = line.name }
        let codes = Set(names.keys).union(servedBy.keys).sorted()
        return .json([
            "types": .array(
                codes.map { code in
                    [
                        "code": .string(code.rawValue), "name": names[code].map { .string($0) },
                        "sources": .array((servedBy[code] ?? []).sorted().map { .string($0) }),
                    ]
                })
        ])
    }

    // For machines.

    @Sendable private func healthz(_ call: Call) async throws -> Response {
        .json(["status": "ok", "version": .string(services.version)])
    }

    @Sendable private func readyz(_ call: Call) async throws -> Response {
        let checks = await services.readiness()
        let isReady = checks.allSatisfy(\.isReady)
        let body: JSON = [
            "ready": .bool(isReady), "version": .string(services.version), "now": services.clock.now.json,
            "checks": .array(
                checks.map { ["name": .string($0.name), "ready": .bool($0.isReady), "detail": .string($0.detail)] }),
        ]
        return .json(body, status: isReady ? .ok : .serviceUnavailable)
    }

    @Sendable private func metrics(_ call: Call) async throws -> Response {
        let states = try? await services.catalogue.states()
        let statistics = try? await services.catalogue.statistics()
        let now = services.clock.now
        let page = MetricsPage(
            counts: services.metrics.snapshot(), states: states, statistics: statistics,
            health: services.health.report(at: now), version: services.version, now: now)
        return .text(page.text, type: "text/plain; version=0.0.4; charset=utf-8")
    }

    @Sendable private func openAPI(_ call: Call) async throws -> Response {
        .text(OpenAPIDocument.text, type: "application/json")
    }
}
