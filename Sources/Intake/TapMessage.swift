// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import SourceDocument

/// One line of a tap, read.
enum TapMessage {
    case schema(stream: String)
    case record(stream: String, version: String?, events: [DocumentEvent])
    /// The value as it was written.
    case state([UInt8])
    case activateVersion(stream: String, version: String)
    case batch(stream: String, TapBatch)
    case unknown

    /// Why a line is no message, in words.
    struct Refusal: Error { var why: String }

    /// Reads a line; types are compared without case.
    ///
    /// Throws: why it is no message at all.
    static func read(_ line: [UInt8], limits: DocumentLimits) throws(Refusal) -> TapMessage {
        let end: DocumentEnd
        var events: [DocumentEvent]
        do throws(DocumentError) {
            let reader = try DocumentReader(
                format: .json, records: try StreamPath("$.record", language: .jsonPath), limits: limits)
            events = try reader.feed(line)
            end = try reader.finish()
        } catch {
            throw Refusal(why: error.diagnostic.code)
        }
        events += end.events
        guard end.envelope.kind == .object, let type = end.envelope.member("type")?.scalarText?.uppercased() else {
            throw Refusal(why: "it has no `type`")
        }
        let stream = end.envelope.member("stream")?.scalarText ?? ""
        switch type {
        case "SCHEMA": return .schema(stream: stream)
        case "RECORD":
            guard end.list == .single else { throw Refusal(why: "a RECORD without an object `record`") }
            return .record(
                stream: stream, version: end.envelope.member("version")?.scalarText, events: events)
        case "STATE":
            guard let value = end.envelope.member("value") else { throw Refusal(why: "a STATE without `value`") }
            return .state(Array(value.raw))
        case "ACTIVATE_VERSION":
            guard let version = end.envelope.member("version")?.scalarText else {
                throw Refusal(why: "an ACTIVATE_VERSION without `version`")
            }
            return .activateVersion(stream: stream, version: version)
        case "BATCH": return .batch(stream: stream, TapBatch(end.envelope))
        default: return .unknown
        }
    }
}

/// Files that hold records instead of lines.
struct TapBatch {
    var format: String
    var compression: String?
    var files: [String]

    init(_ envelope: DocumentNode) {
        let encoding = envelope.member("encoding")
        format = encoding?.member("format")?.scalarText ?? ""
        compression = encoding?.member("compression")?.scalarText
        files = envelope.member("manifest")?.children.compactMap(\.scalarText) ?? []
    }
}

/// What a tap's resume cursor holds: its last state, and the version of its stream.
struct TapCursor: Sendable, Hashable {
    var state: [UInt8]
    var version: String?

    static let stateMax = 4000

    var text: String {
        let version = version.map { ",\"version\":\(SmallJSON.text($0))" } ?? ""
        return "{\"v\":1\(version),\"state\":\(String(decoding: state, as: UTF8.self))}"
    }

    init(state: [UInt8], version: String?) {
        self.state = state
        self.version = version
    }

    init?(_ text: String) {
        guard let node = SmallJSON.read(Array(text.utf8)), node.member("v")?.scalarText == "1",
            let state = node.member("state")
        else { return nil }
        self.init(state: Array(state.raw), version: node.member("version")?.scalarText)
    }
}
