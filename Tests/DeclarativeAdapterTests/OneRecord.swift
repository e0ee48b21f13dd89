import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing

@testable import DeclarativeAdapter

/// One record through one interface's rules, with the shipped dialects.
struct OneRecord {
    static let linter = ManifestLinter(dialectsFolder: ShippedManifests.root + "/Config/dialects")
    private let manifest: SourceManifest

    static func manifest(
        fields: String, format: String = "json", top: String = "status: []", rest: String = "",
        type: String = "licence_type: \"11100000000013127D916\"", asking: String? = nil
    ) -> String {
        let (list, key) = format == "xml" ? ("/list/r", "id") : ("$.data", "$.id")
        let pull = "pull: { path: /list, pages: { kind: none }, records: \(list), key: [\(key)], version: arrival }"
        return """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "${config:base_url}"
            auth: { kind: none }
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 5, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            format: \(format)
            \(top)
            interfaces:
              - name: licences
                \(type)
                \(asking ?? pull)
                fields: \(fields)
                \(rest)
            """
    }

    static func lint(fields: String, format: String = "json", top: String = "status: []", rest: String = "") -> (
        SourceManifest?, [Diagnostic]
    ) {
        linter.lint(
            text: manifest(fields: fields, format: format, top: top, rest: rest), folder: "Adapters/example-library",
            licenceTypes: Fixtures.types)
    }

    init(fields: String, format: String = "json", rest: String = "") throws {
        let (manifest, findings) = Self.lint(fields: fields, format: format, rest: rest)
        guard let manifest else { throw Bench.Unfit(text: findings.map(\.text).joined(separator: "\n")) }
        self.manifest = manifest
    }

    func outcome(_ record: String) throws -> RecordMapper.Outcome {
        let plan = manifest.interfaces[0]
        let identity = try #require(plan.pull?.identity)
        let node = try #require(try Replay.read(Array(record.utf8), plan.document, limits: DocumentLimits()))
        return RecordMapper(manifest: manifest, plan: plan, identity: identity).map(
            node, digest: SHA256.digest(Array(record.utf8)), at: Place(), partition: nil,
            fetchedAt: Timestamp(milliseconds: 0))
    }

    /// The licence and the fields set aside beside it.
    func partly(_ record: String) throws -> (licence: Licence, fields: [Reject]) {
        let plan = manifest.interfaces[0]
        let identity = try #require(plan.pull?.identity)
        let node = try #require(try Replay.read(Array(record.utf8), plan.document, limits: DocumentLimits()))
        let mapper = RecordMapper(manifest: manifest, plan: plan, identity: identity)
        let (outcome, fields) = mapper.mapWithFields(
            mapper.decoded(node), digest: SHA256.digest(Array(record.utf8)), at: Place(), partition: nil,
            fetchedAt: Timestamp(milliseconds: 0))
        guard case .licence(let licence) = outcome else { throw Bench.Unfit(text: "no licence") }
        return (licence, fields)
    }

    func licence(_ record: String) throws -> Licence {
        switch try outcome(record) {
        case .licence(let licence): return licence
        case .reject(let reject): throw Bench.Unfit(text: reject.reason.text)
        case .gone: throw Bench.Unfit(text: "gone")
        }
    }

    func reject(_ record: String) throws -> Reject {
        guard case .reject(let reject) = try outcome(record) else { throw Bench.Unfit(text: "not rejected") }
        return reject
    }
}
