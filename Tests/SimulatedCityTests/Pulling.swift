// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import Intake
import LicenceModel
import SimulatedCity
import Testing
import Transport

/// The repository's own adapters against a running city.
struct Adapters {
    let transport = CurlTransport(clock: SystemGatewayClock())
    let clock = SystemGatewayClock()

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let folders =
        (try? FileManager.default.contentsOfDirectory(atPath: root + "/Adapters"))?.filter {
            FileManager.default.fileExists(atPath: root + "/Adapters/\($0)/manifest.yaml")
        }.sorted() ?? []

    static func lint(_ folder: String) -> (manifest: SourceManifest?, findings: [Diagnostic]) {
        let types = LicenceTypeRegister.load(root + "/Config/licence-types.csv").register.codes
        let linter = ManifestLinter(dialectsFolder: root + "/Config/dialects")
        let result = linter.lint(folder: root + "/Adapters/" + folder, licenceTypes: types)
        return (result.manifest, linter.dialectFindings + result.findings)
    }

    func source(_ id: SourceID, _ city: RunningCity) throws -> any LicenceSource {
        let manifest = try #require(Self.lint(id.rawValue).manifest)
        return try DeclarativeAdapter.make(
            manifest, transport: transport, settings: city.settings(id), clock: clock,
            files: FileDropSource(clock: clock))
    }

    /// Everything a pull brings.
    struct Pulled {
        var records: [SourceRecordKey: Licence] = [:]
        var rejects: [Reject] = []
        var cursor: ResumeCursor?
        var received = 0
    }

    func pull(
        _ source: any LicenceSource, _ mode: PullMode, from cursor: ResumeCursor? = nil, stopAfter batches: Int = .max
    ) async throws -> Pulled {
        let interface = try #require(source.describe().interfaces.first { !$0.pulls.isEmpty })
        let request = PullRequest(
            interface: interface.id, mode: mode, resume: cursor, windowEnd: clock.now, run: RunID(rawValue: "test"))
        var pulled = Pulled(cursor: cursor)
        var left = batches
        for try await batch in source.pull(request) {
            for licence in batch.records {
                pulled.records[licence.key] = licence
                pulled.received += 1
            }
            pulled.rejects += batch.rejects
            pulled.cursor = batch.resume ?? pulled.cursor
            left -= 1
            if left == 0 { break }
        }
        return pulled
    }
}
