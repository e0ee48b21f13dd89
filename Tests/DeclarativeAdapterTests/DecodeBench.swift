import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing
import Transport

@testable import DeclarativeAdapter

let decodedRows = #"[{"id":"L1","no":"N1","state":"1"},{"id":"L2","no":"N2","state":"1"}]"#

/// A pull of `$.…` records in JSON, with everything else as said.
func decodeBench(
    decode: String, records: String, status: String = "[]", more: String = "", format: String = "json",
    key: String = "$.id", fields: String = #"{ number: $.no, status: { from: $.state, map: { "1": valid } } }"#,
    secret: String? = nil, pull: String = ""
) throws -> Bench {
    try Bench(
        status: status,
        interface: """
            decode: \(decode)
            pull:
              path: /list
              pages: { kind: none }
              records: \(records)
              key: ["\(key)"]
              version: arrival
              \(pull)
            licence_type: "11100000000013127D916"
            fields: \(fields)
            \(more)
            """, format: format, extra: secret.map { ["sm2": $0] } ?? [:])
}

extension Bench {
    func answers(_ body: [UInt8], type: String = "application/json") async -> (
        batches: [SourceBatch], error: SourceError?
    ) {
        transport.record(
            .init(.get, path: "/api/list"), .answer(status: 200, headers: ["Content-Type": type], body: body))
        return await pull()
    }

    func answers(_ body: String, type: String = "application/json") async -> (
        batches: [SourceBatch], error: SourceError?
    ) {
        await answers(Array(body.utf8), type: type)
    }
}

func linedBench(decode: String, records: String, format: String, pull: String) throws -> Bench {
    try decodeBench(decode: decode, records: records, format: format, pull: pull)
}

/// A text as a JSON string.
func quoted(_ text: String) -> String { "\"\(JSONText.escape(text))\"" }
