// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
import Diagnostics
import HTTPTypes
import Hummingbird
import LicenceModel
import NIOCore

/// The route by which a source pushes records.
struct PushRoutes: Sendable {
    let services: GatewayServices

    @Sendable func records(_ call: GatewayResponder.Call) async throws -> Response {
        let request = call.request
        let parameters = try request.parameters(["interface"])
        guard services.sources().contains(where: { $0.id.rawValue == call.parameter }) else {
            throw APIProblem.unknownSource
        }
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
        let push = PushCall(
            source: SourceID(call.parameter), interface: parameters["interface"],
            target: request.head.path ?? request.uri.path, batch: header("X-Licgate-Batch"),
            timestamp: header("X-Licgate-Timestamp"), nonce: header("X-Licgate-Nonce"),
            signature: header("X-Licgate-Signature"),
            declaredBytes: request.headers[.contentLength].flatMap { Int($0) })
        let body = request.body.map { Array(buffer: $0) }
        do throws(PushRefusal) {
            return .json(try await services.taking(push, body).json)
        } catch {
            throw APIProblem(error)
        }
    }
}

extension PushReceipt {
    var json: JSON {
        [
            "batch": .string(batch), "interface": .string(interface.description), "repeated": .bool(isRepeated),
            "received": .int(received), "stored": .int(stored), "unchanged": .int(unchanged), "late": .int(late),
            "withdrawn": .int(withdrawn), "rejected": .int(rejected), "rejects": .array(rejects.map(\.json)),
        ]
    }
}

extension PushReceipt.Rejected {
    var json: JSON {
        [
            "record": record.map { .int($0) }, "line": line.map { .int($0) }, "column": column.map { .int($0) },
            "path": path.map { .string($0) }, "code": .string(code), "what": .string(what),
        ]
    }
}

extension APIProblem {
    /// What a refused batch means to its sender.
    init(_ refusal: PushRefusal) {
        let status: HTTPResponse.Status =
            switch refusal.kind {
            case .invalid: .badRequest
            case .unproven: .unauthorized
            case .absent: .notFound
            case .conflict: .conflict
            case .tooLarge: .contentTooLarge
            case .unusable: .unprocessableContent
            case .busy: .serviceUnavailable
            }
        let finding = refusal.diagnostic
        let consequence = finding.consequence.map { $0.hasSuffix(".") ? " " + $0 : " " + $0 + "." } ?? ""
        self.init(
            status: status, code: finding.code, what: finding.what + consequence, remedy: finding.remedy,
            fields: refusal.rejects.map { reject in
                let spot = [reject.record.map { "record \($0)" }, reject.path].compactMap { $0 }.joined(separator: ", ")
                return Field(name: spot.isEmpty ? "body" : spot, what: "[\(reject.code)] \(reject.what)")
            }, retryAfter: refusal.kind == .busy ? 1 : nil)
    }
}

extension GatewayServices {
    /// Nobody takes pushes in a process that was put together without them.
    public static let takesNoPush: @Sendable (PushCall, PushBody) async throws(PushRefusal) -> PushReceipt = {
        (_: PushCall, _: PushBody) async throws(PushRefusal) -> PushReceipt in
        throw PushRefusal(
            .absent, code: "push.not_here", "This process takes no pushed records.",
            remedy: "Push to a gateway that was started with `licgate serve`.")
    }
}
