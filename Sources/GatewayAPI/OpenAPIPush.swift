// SPDX-License-Identifier: Apache-2.0

/// What the OpenAPI document says of pushed records.
enum OpenAPIPush {
    static let records: JSON = [
        "operationId": "pushRecords", "summary": "Takes a signed batch of records from their source; once by batch id.",
        "description": .string(description), "parameters": .array(parameters),
        "requestBody": [
            "required": true, "description": "The records, in the format of the interface's manifest.",
            "content": [
                "application/json": ["schema": ["type": ["object", "array"]]],
                "application/octet-stream": ["schema": ["type": "string", "format": "binary"]],
            ],
        ],
        "responses": .object(responses),
    ]

    private static let description = """
        Off until the manifest has an interface with `push`. The signature is HMAC over seven lines: `licgate-push-v1`, \
        timestamp, nonce, `POST`, the path with its query, batch id, and the body's digest in hexadecimal; with SHA-256 \
        or SM3 as the manifest says. 200 is answered when everything is durable.
        """

    private static func header(_ name: String, _ description: String, _ pattern: String) -> JSON {
        [
            "name": .string(name), "in": "header", "required": true, "description": .string(description),
            "schema": ["type": "string", "pattern": .string(pattern)],
        ]
    }

    private static let parameters: [JSON] = [
        OpenAPIPaths.sourceID,
        [
            "name": "interface", "in": "query", "required": false,
            "description": "Which interface, when more than one is pushed to.",
            "schema": ["type": "string", "pattern": "^[a-z0-9-]{1,64}$"],
        ],
        header("X-Licgate-Batch", "The batch's id; the same for every attempt.", "^[A-Za-z0-9._-]{1,64}$"),
        header("X-Licgate-Timestamp", "When it was signed, in whole seconds since 1970.", "^[1-9][0-9]{0,11}$"),
        header("X-Licgate-Nonce", "New for every attempt.", "^[A-Za-z0-9._-]{16,64}$"),
        header("X-Licgate-Signature", "The signature in hexadecimal.", "^[0-9a-fA-F]{64}$"),
    ]

    private static var responses: [(name: String, value: JSON)] {
        let problems: [(String, String)] = [
            (
                "400",
                "The call is not one of this route (`push.which_interface`, `push.bad_batch_id`, `push.cut_off`, `push.too_slow`)."
            ),
            ("401", "Not signed, not signed rightly, too early or too late, or a nonce used before."),
            ("404", "No such source, or nothing may be pushed to it (`push.off`)."),
            ("409", "A batch of this id with another body (`push.batch_differs`), or the source is out of service."),
            ("413", "The body is larger than the manifest allows."),
            ("422", "The body cannot be read, or too many of its records; `fields` names the first."),
            ("500", "Something went wrong inside the gateway."), ("421", "The Host header names another machine."),
        ]
        var all = problems.map { (name: $0.0, value: OpenAPIPaths.problem($0.1)) }
        all.append((name: "200", value: OpenAPIPaths.answer("Taken, and durable.", "PushReceipt")))
        all.append(
            (
                name: "405",
                value: OpenAPIPaths.problem(
                    "Another method than this route takes.", headers: [("Allow", OpenAPIPaths.names)])
            ))
        all.append(
            (
                name: "503",
                value: OpenAPIPaths.problem(
                    "Not now; send it again, signed anew.", headers: [("Retry-After", OpenAPIPaths.wholeNumber)])
            ))
        return all.sorted { $0.name < $1.name }
    }

    static let reject: JSON = [
        "type": "object", "required": ["code", "what"],
        "properties": [
            "record": OpenAPISchemas.count, "line": OpenAPISchemas.count, "column": OpenAPISchemas.count,
            "path": OpenAPISchemas.text, "code": OpenAPISchemas.text, "what": OpenAPISchemas.text,
        ],
    ]

    static let receipt: JSON = [
        "type": "object",
        "required": [
            "batch", "interface", "repeated", "received", "stored", "unchanged", "late", "withdrawn", "rejected",
            "rejects",
        ],
        "properties": [
            "batch": OpenAPISchemas.text, "interface": OpenAPISchemas.text, "repeated": OpenAPISchemas.bool,
            "received": OpenAPISchemas.count, "stored": OpenAPISchemas.count, "unchanged": OpenAPISchemas.count,
            "late": OpenAPISchemas.count, "withdrawn": OpenAPISchemas.count, "rejected": OpenAPISchemas.count,
            "rejects": ["type": "array", "maxItems": 100, "items": OpenAPISchemas.ref("PushReject")],
        ],
    ]
}
