import AdapterKit
import AdapterTesting
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import Intake

/// A folder of its own and an adapter that reads it.
final class Drop {
    let folder: String
    let source: any LicenceSource

    private static let manifest = """
        manifest_version: 1
        id: example-drop
        name: 示例教育系统
        owner: 示例教育局
        kind: declarative
        simulated: true
        limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 1, pages_per_run: 10 }
        interfaces:
          - name: certificates
            licence_type: "11100000000013127D916"
            format: csv
            files:
              folder: "${config:drop_folder}"
              pattern: "certificates-*.csv"
              ready: READY
              key: [source_id]
              version: arrival
            fields:
              number: certificate_number
              status: { from: state, map: { 正常: valid, 注销: cancelled } }
        """

    init(
        shelves: Bool = false, mode: String = "snapshot",
        ready: String = "{ suffix: .ready.json, rows: $.rows, sha256: $.sha256 }", container: String = "",
        pattern: String = "certificates-*.csv", edit: (String) -> String = { $0 }
    ) throws {
        folder = NSTemporaryDirectory() + "drop-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let places = shelves ? "\n      done: \"${config:done}\"\n      rejected: \"${config:rejected}\"" : ""
        let text = Self.manifest.replacing("READY", with: ready + "\n      mode: \(mode)\n      \(container)" + places)
            .replacing("certificates-*.csv", with: pattern)
        let (manifest, findings) = ManifestLinter(dialectsFolder: nil).lint(
            text: edit(text), folder: "Adapters/example-drop", licenceTypes: nil)
        #expect(findings.map(\.text) == [])
        source = try DeclarativeAdapter.make(
            try #require(manifest), transport: RecordedTransport(),
            settings: FixedAdapterSettings(settings: [
                "drop_folder": folder, "done": folder + "-done", "rejected": folder + "-rejected",
            ]), clock: ManualClock(),
            files: FileDropSource(clock: ManualClock()))
    }

    deinit {
        for suffix in ["", "-done", "-rejected"] { try? FileManager.default.removeItem(atPath: folder + suffix) }
    }

    /// What lies in the folder, or in the one of its shelves.
    func names(_ shelf: String) -> [String] {
        let path = shelf.isEmpty ? folder : folder + "-" + shelf
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    func text(_ path: String) -> String { (try? String(contentsOfFile: folder + "-" + path, encoding: .utf8)) ?? "" }

    func putAway(_ cursor: ResumeCursor?) async -> [Diagnostic] {
        await source.putAway(InterfaceID(SourceID("example-drop"), "certificates"), resume: cursor)
    }

    static func csv(_ rows: Range<Int>, state: String = "正常") -> String {
        "source_id,certificate_number,state,school\n"
            + rows.map { "S\($0),00\($0),\(state),\"School, \($0)\"\n" }.joined()
    }

    func put(_ name: String, bytes: [UInt8], rows: Int) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        try "{\"rows\": \(rows), \"sha256\": \"\(SHA256.digest(bytes).description)\"}".write(
            toFile: "\(folder)/\(name).ready.json", atomically: true, encoding: .utf8)
    }

    func put(_ name: String, _ text: String, rows: Int?, sha256: String? = nil) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        guard let rows else { return }
        let digest = sha256 ?? SHA256.digest(text).description
        try "{\"rows\": \(rows), \"sha256\": \"\(digest)\"}".write(
            toFile: "\(folder)/\(name).ready.json", atomically: true, encoding: .utf8)
    }

    func pull(
        _ mode: PullMode = .full, resume: ResumeCursor? = nil, known: ResumeCursor? = nil
    ) async -> (batches: [SourceBatch], error: SourceError?) {
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-drop"), "certificates"), mode: mode, resume: resume,
            windowEnd: Timestamp(milliseconds: 1_795_570_200_000), run: RunID(rawValue: "r1"), known: known)
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }
}
