// SPDX-License-Identifier: Apache-2.0

/// The OpenAPI 3.1 document, written in one place and served as it is committed.
enum OpenAPIDocument {
    static let text: String = document.prettyText

    private static var document: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Licence gateway", "version": "1",
                "summary": "Look licences up, ask whether a holder has one, follow changes, see how sources stand.",
                "description": .string(introduction),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/", "description": "A loopback address; callers cannot be registered yet."]],
            "paths": .object(OpenAPIPaths.all), "components": ["schemas": .object(OpenAPISchemas.all)],
        ]
    }

    private static let introduction = """
        Every question is answered 200 with one of four verdicts: holds, does_not_hold, no_record, cannot_tell. \
        An outage of a source is cannot_tell with its cause, never "no" and never an HTTP error. \
        404 means an unknown route, catalogue id or source id. 503 means that the gateway itself has more to do than it \
        may queue, or (only /readyz) lacks something it needs. Errors are RFC 9457 problems with code, what and remedy. \
        Personal values go in bodies only; a query with an undeclared parameter is refused. Holder names, codes and \
        numbers in answers are masked.
        """
}

/// The paths of the document.
enum OpenAPIPaths {
    static let all: [(name: String, value: JSON)] = [
        ("/v1/licences/{catalogueId}", .members([("get", licence)])),
        ("/v1/licences/search", .members([("post", search)])),
        ("/v1/answers", .members([("post", answers)])), ("/v1/changes", .members([("get", changes)])),
        ("/v1/sources", .members([("get", sources)])),
        ("/v1/sources/{id}", .members([("get", source)])),
        ("/v1/sources/{id}/records", .members([("post", OpenAPIPush.records)])),
        ("/v1/sources/{id}/health", .members([("get", health)])),
        ("/v1/types", .members([("get", types)])), ("/healthz", .members([("get", healthz)])),
        ("/readyz", .members([("get", readyz)])),
        ("/metrics", .members([("get", metrics)])), ("/openapi.json", .members([("get", openAPI)])),
    ]

    static func ref(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/" + name)] }

    static func answer(_ description: String, _ schema: String, type: String = "application/json") -> JSON {
        ["description": .string(description), "content": .members([(type, .members([("schema", ref(schema))]))])]
    }

    static func problem(_ description: String, headers: [(String, JSON)] = []) -> JSON {
        [
            "description": .string(description),
            "headers": headers.isEmpty ? nil : .object(headers.map { (name: $0.0, value: $0.1) }),
            "content": ["application/problem+json": ["schema": ref("Problem")]],
        ]
    }

    static let wholeNumber: JSON = ["schema": ["type": "integer", "minimum": 0]]
    static let names: JSON = ["schema": ["type": "string"]]

    /// An operation: what every route may answer is added to its own answers.
    private static func operation(
        _ id: String, _ summary: String, parameters: [JSON] = [], body: String? = nil, ok: JSON,
        problems: [(String, String)] = [], readsCatalogue: Bool = false, refusesQuery: Bool = true,
        more: [(String, JSON)] = []
    ) -> JSON {
        var responses: [(name: String, value: JSON)] = [("200", ok)]
        responses += more.map { (name: $0.0, value: $0.1) }
        var all = problems
        if refusesQuery || body != nil, !all.contains(where: { $0.0 == "400" }) {
            all.append(("400", "The request is not one this route takes; `fields` says why."))
        }
        if body != nil {
            all.append(("413", "The body is larger than 64 KiB."))
            all.append(("415", "The body is not declared as JSON."))
        }
        responses += all.map { (name: $0.0, value: problem($0.1)) }
        responses.append(("405", problem("Another method than this route takes.", headers: [("Allow", names)])))
        responses.append(("421", problem("The Host header names another machine.")))
        responses.append(("500", problem("Something went wrong inside the gateway.")))
        if readsCatalogue {
            responses.append(
                ("503", problem("More to do than may be queued; ask again.", headers: [("Retry-After", wholeNumber)])))
        }
        return [
            "operationId": .string(id), "summary": .string(summary),
            "parameters": parameters.isEmpty ? nil : .array(parameters),
            "requestBody": body.map { ["required": true, "content": ["application/json": ["schema": ref($0)]]] },
            "responses": .object(responses.sorted { $0.name < $1.name }),
        ]
    }

    private static let catalogueID: JSON = [
        "name": "catalogueId", "in": "path", "required": true,
        "description": "The opaque id of a record; it holds no personal value.",
        "schema": ["type": "string", "pattern": "^[0-9a-f]{32}$"],
    ]
    static let sourceID: JSON = [
        "name": "id", "in": "path", "required": true, "description": "A source's id.",
        "schema": ["type": "string", "pattern": "^[a-z0-9-]{1,64}$"],
    ]
    private static let on: JSON = [
        "name": "on", "in": "query", "required": false, "description": "The day asked about; today when left out.",
        "schema": ref("Day"),
    ]
    private static let after: JSON = [
        "name": "after", "in": "query", "required": false,
        "description": "The token of the last entry seen; without it the oldest change kept comes first.",
        "schema": ["type": "string", "minLength": 1, "maxLength": 256],
    ]
    private static let limit: JSON = [
        "name": "limit", "in": "query", "required": false,
        "schema": ["type": "integer", "minimum": 1, "maximum": 1000, "default": 500],
    ]

    private static let licence = operation(
        "getLicence", "One record, with its verdict for a day.", parameters: [catalogueID, on],
        ok: answer("The record.", "LicenceAnswer"),
        problems: [("404", "No record has this catalogue id (`licence.unknown_id`). This is not \"no licence\".")],
        readsCatalogue: true)
    private static let search = operation(
        "searchLicences", "Look records up by identifier, by number and type, or by holder.", body: "SearchQuestion",
        ok: answer("One of the four verdicts, and the records found.", "Answer"), readsCatalogue: true)
    private static let answers = operation(
        "answer", "Does this holder hold a valid licence of this type?", body: "Question",
        ok: answer("One of the four verdicts.", "Answer"), readsCatalogue: true)
    private static let changes = operation(
        "listChanges", "Changes after a token; order holds per record, delivery is at least once.",
        parameters: [after, limit], ok: answer("The changes.", "ChangePage"),
        problems: [
            ("409", "The token is not one of this catalogue (`catalogue.token_unknown`)."),
            (
                "410",
                "The token is older than the changes kept (`catalogue.token_expired`); `remedy` says how to go on."
            ),
        ], readsCatalogue: true)
    private static let sources = operation(
        "listSources", "The sources in service.", ok: answer("The sources.", "Sources"))
    private static let source = operation(
        "getSource", "One source.", parameters: [sourceID], ok: answer("The source.", "Source"),
        problems: [("404", "No source with this id is in service.")])
    private static let health = operation(
        "getSourceHealth", "How the interfaces of a source stand, and why.", parameters: [sourceID],
        ok: answer("A report for each interface.", "SourceHealth"),
        problems: [("404", "No source with this id is in service.")])
    private static let types = operation(
        "listTypes", "The licence types, and which sources serve each.", ok: answer("The types.", "LicenceTypes"))
    private static let healthz = operation(
        "isAlive", "The process is alive; asks nothing else.", ok: answer("It is.", "Alive"), refusesQuery: false)
    private static let readyz = operation(
        "isReady", "Everything the gateway itself needs is there; sources do not count.",
        ok: answer("It is.", "Readiness"), refusesQuery: false,
        more: [("503", answer("Something is missing.", "Readiness"))])
    private static let metrics = operation(
        "getMetrics", "Prometheus metrics.",
        ok: [
            "description": "Text format 0.0.4.", "content": ["text/plain": ["schema": ["type": "string"]]],
        ], refusesQuery: false)
    private static let openAPI = operation(
        "getOpenAPI", "This document.",
        ok: ["description": "OpenAPI 3.1.", "content": ["application/json": ["schema": ["type": "object"]]]],
        refusesQuery: false)
}
