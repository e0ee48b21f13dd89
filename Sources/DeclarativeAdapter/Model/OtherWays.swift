// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import LicenceModel
internal import SourceDocument

/// The way in of an interface that is not asked over HTTP; at most one of them is there.
struct OtherWays: Sendable {
    var files: FilePlan?
    var push: PushPlan?
    var tap: TapPlan?

    var identity: RecordIdentity? { files?.identity ?? push?.identity ?? tap?.identity }
    var records: StreamPath? { files?.records ?? push?.records ?? tap.map { _ in StreamPath.whole } }

    /// The pulls it takes; a push comes by itself.
    var pulls: Set<PullMode> {
        if let files { return files.mode == .snapshot ? [.full] : [.incremental] }
        if let tap { return tap.isSnapshot ? [.full] : [.full, .incremental] }
        return []
    }

    /// What the configuration has to fill in.
    var placeholders: [Placeholder] {
        let folders = [files?.folder, files?.done, files?.rejected].compactMap { $0?.placeholders }.flatMap { $0 }
        let secret = push.map { [Placeholder(kind: .secret, name: $0.secret)] } ?? []
        return folders + secret + (tap?.configuration.placeholders ?? [])
    }
}

/// A watched folder.
struct FilePlan: Sendable {
    let folder: Template
    let pattern: String
    let readySuffix: String
    let ready: FileDrop.Ready
    let mode: FileDrop.Mode
    let container: FileContainer?
    let done: Template?
    let rejected: Template?
    let records: StreamPath
    let identity: RecordIdentity
}

/// What a source pushes.
struct PushPlan: Sendable {
    let secret: String
    let algorithm: PushAlgorithm
    let window: Duration
    let records: StreamPath
    let identity: RecordIdentity
}

/// A Singer tap.
struct TapPlan: Sendable {
    /// Its configuration before the placeholders are filled.
    enum Configuration: Sendable {
        case json(Template)
        case texts([(name: String, value: Template)])

        var placeholders: [Placeholder] {
            switch self {
            case .json(let template): template.placeholders
            case .texts(let texts): texts.flatMap(\.value.placeholders)
            }
        }

        /// As one JSON text; nil when a placeholder has no value.
        func render(_ value: (Placeholder) -> String?) -> String? {
            switch self {
            case .json(let template): return template.render(value, escape: JSONText.escape)
            case .texts(let texts):
                var members: [String] = []
                for text in texts {
                    guard let filled = text.value.render(value) else { return nil }
                    members.append("\"\(JSONText.escape(text.name))\":\"\(JSONText.escape(filled))\"")
                }
                return "{\(members.joined(separator: ","))}"
            }
        }
    }

    let program: String
    let stream: String
    let configuration: Configuration
    let catalogue: String?
    let isSnapshot: Bool
    let deadline: Duration
    let memory: Int
    let output: Int
    let identity: RecordIdentity
}
