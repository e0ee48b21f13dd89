// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import HTTPTypes
import Hummingbird

/// An error of the API as RFC 9457 shows it; carries names of fields and positions, never a value that was sent.
struct APIProblem: Error, Sendable {
    /// A field of the request that is wrong.
    struct Field: Sendable {
        var name: String
        var what: String
    }

    var status: HTTPResponse.Status
    var code: String
    var what: String
    var remedy: String
    var fields: [Field] = []
    var retryAfter: Int?
    var allow: String?

    /// The body.
    func json(requestID: String) -> JSON {
        [
            "type": .string("urn:licence-gateway:problem:" + code), "title": .string(status.reasonPhrase),
            "status": .int(status.code), "detail": .string(what), "code": .string(code), "what": .string(what),
            "remedy": .string(remedy), "request_id": .string(requestID),
            "fields": fields.isEmpty
                ? nil : .array(fields.map { ["field": .string($0.name), "what": .string($0.what)] }),
        ]
    }

    /// The whole answer.
    func response(requestID: String) -> Response {
        var response = Response.json(json(requestID: requestID), status: status, type: "application/problem+json")
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        if let allow { response.headers[.allow] = allow }
        return response
    }
}

extension APIProblem {
    static let unknownRoute = APIProblem(
        status: .notFound, code: "api.unknown_route", what: "There is no such route.",
        remedy: "See /openapi.json for the routes there are.")
    static let unknownLicence = APIProblem(
        status: .notFound, code: "licence.unknown_id", what: "No record has this catalogue id.",
        remedy: "Use an id from a search or from the change feed; this is not the answer \"no licence\".")
    static let unknownSource = APIProblem(
        status: .notFound, code: "source.unknown_id", what: "No source with this id is in service.",
        remedy: "See GET /v1/sources for the sources there are.")
    static let bodyTooLarge = APIProblem(
        status: .contentTooLarge, code: "api.body_too_large", what: "The body is larger than 64 KiB.",
        remedy: "Ask one question a request.")
    static let mediaType = APIProblem(
        status: .unsupportedMediaType, code: "api.media_type", what: "The body is not declared as JSON.",
        remedy: "Send Content-Type: application/json.")
    static let foreignHost = APIProblem(
        status: .misdirectedRequest, code: "api.foreign_host",
        what: "The Host header names another machine than the loopback address this program listens on.",
        remedy: "Ask 127.0.0.1, [::1] or localhost; a page of another site may not read this API.")
    static let internalError = APIProblem(
        status: .internalServerError, code: "api.internal", what: "Something went wrong inside the gateway.",
        remedy: "Look for the request id in the log and report it.")
    static func methodNotAllowed(_ allowed: [String]) -> APIProblem {
        APIProblem(
            status: .methodNotAllowed, code: "api.method_not_allowed", what: "This route does not take this method.",
            remedy: "Use one of the methods in the Allow header.", allow: allowed.joined(separator: ", "))
    }
    static func invalid(_ fields: [Field]) -> APIProblem {
        APIProblem(
            status: .badRequest, code: "api.invalid_request",
            what: "The request is not one this route takes: "
                + fields.map { "\($0.name): \($0.what)" }.joined(separator: "; ") + ".",
            remedy: "Correct the fields named; /openapi.json says what they take.", fields: fields)
    }
    static func invalid(_ name: String, _ what: String) -> APIProblem { invalid([Field(name: name, what: what)]) }

    /// What a catalogue's error means to a caller.
    init(_ error: CatalogueError) {
        let diagnostic = error.diagnostic
        switch error.code {
        case .busy:
            self.init(
                status: .serviceUnavailable, code: diagnostic.code,
                what: "The gateway has more to do than it may queue.",
                remedy: "Try again in a second; no source is to blame.", retryAfter: 1)
        case .tokenExpired:
            self.init(
                status: .gone, code: diagnostic.code, what: "The change token is older than the changes that are kept.",
                remedy:
                    "Read everything once by search or export, then continue without a token from the oldest change.")
        case .tokenUnknown:
            self.init(
                status: .conflict, code: diagnostic.code, what: "The change token is not one of this catalogue.",
                remedy: "Hand back a token exactly as it came, or none to begin with the oldest change kept.",
                fields: [Field(name: "after", what: "not a token of this catalogue")])
        default:
            self.init(
                status: .internalServerError, code: diagnostic.code, what: "The catalogue cannot be read.",
                remedy: "The operator finds the cause in the log and in GET /readyz.")
        }
    }
}

extension HTTPResponse.Status {
    static let unprocessableContent = HTTPResponse.Status(code: 422, reasonPhrase: "Unprocessable Content")
    static let misdirectedRequest = HTTPResponse.Status(code: 421, reasonPhrase: "Misdirected Request")
}

extension HTTPField.Name {
    /// The header that carries a request's id.
    static let requestID = HTTPField.Name("X-Request-Id")
}

extension Response {
    /// A whole answer from ready-made bytes: one write.
    static func json(_ json: JSON, status: HTTPResponse.Status = .ok, type: String = "application/json") -> Response {
        text(json.text, status: status, type: type)
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok, type: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
