// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument

/// What came out of a document, in a form that can be compared.
struct Outcome: Equatable, CustomStringConvertible {
    var records: [[UInt8]] = []
    var trees: [DocumentNode] = []
    var positions: [DocumentPosition] = []
    var rejects: [Rejection] = []
    var ordinals: [Int] = []
    var envelope: DocumentNode?
    var list: ListOutcome?
    var error: DocumentError?

    struct Rejection: Equatable {
        var raw: [UInt8]
        var ordinal: Int
        var error: DocumentError
    }

    var code: String? { error?.code.name }
    var texts: [String] { records.map { String(decoding: $0, as: UTF8.self) } }
    var rejectCodes: [String] { rejects.map(\.error.code.name) }
    var description: String {
        "records \(texts), rejects \(rejects.map { "\($0.ordinal): \($0.error)" }), list \(String(describing: list)), "
            + "error \(String(describing: error))"
    }

    mutating func take(_ events: [DocumentEvent]) {
        for event in events {
            switch event {
            case .record(let record):
                records.append(record.raw)
                trees.append(record.node)
                positions.append(record.node.position)
                ordinals.append(record.ordinal)
            case .reject(let reject):
                rejects.append(Rejection(raw: reject.raw, ordinal: reject.ordinal, error: reject.error))
                ordinals.append(reject.ordinal)
            }
        }
    }
}

/// Reads bytes in chunks that end where told; without cuts, in one go.
func read(
    _ bytes: [UInt8], _ format: DocumentFormat = .json, at path: String = "$.data", cuts: [Int] = [],
    charset: CharsetDeclaration = CharsetDeclaration(), limits: DocumentLimits = DocumentLimits(),
    namespaces: [String: String] = [:]
) throws -> Outcome {
    let list: StreamPath
    if case .csv = format {
        list = .whole
    } else {
        list = try StreamPath(path, language: format.pathLanguage, namespaces: namespaces)
    }
    let reader = try DocumentReader(format: format, records: list, charset: charset, limits: limits)
    var outcome = Outcome()
    do throws(DocumentError) {
        var from = 0
        for cut in cuts + [bytes.count] where cut >= from && cut <= bytes.count {
            outcome.take(try reader.feed(bytes[from..<cut]))
            from = cut
        }
        let end = try reader.finish()
        outcome.take(end.events)
        outcome.envelope = end.envelope
        outcome.list = end.list
    } catch { outcome.error = error }
    return outcome
}

func read(
    _ text: String, _ format: DocumentFormat = .json, at path: String = "$.data", cuts: [Int] = [],
    charset: CharsetDeclaration = CharsetDeclaration(), limits: DocumentLimits = DocumentLimits(),
    namespaces: [String: String] = [:]
) throws -> Outcome {
    try read(
        Array(text.utf8), format, at: path, cuts: cuts, charset: charset, limits: limits, namespaces: namespaces)
}
