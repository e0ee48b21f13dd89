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
private final class Drop {
    let folder: String
    let source: any LicenceSource

    static let manifest = """
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
              ready: { suffix: .ready.json, rows: $.rows, sha256: $.sha256 }
              key: [source_id]
              version: arrival
            fields:
              number: certificate_number
              status: { from: state, map: { 正常: valid, 注销: cancelled } }
        """

    init() throws {
        folder = NSTemporaryDirectory() + "drop-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (manifest, findings) = ManifestLinter(dialectsFolder: nil).lint(
            text: Self.manifest, folder: "Adapters/example-drop", licenceTypes: nil)
        #expect(findings.map(\.text) == [])
        source = try DeclarativeAdapter.make(
            try #require(manifest), transport: RecordedTransport(),
            settings: FixedAdapterSettings(settings: ["drop_folder": folder]), clock: ManualClock(),
            files: FileDropSource(clock: ManualClock()))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func csv(_ rows: Range<Int>, state: String = "正常") -> String {
        "source_id,certificate_number,state,school\n"
            + rows.map { "S\($0),00\($0),\(state),\"School, \($0)\"\n" }.joined()
    }

    func put(_ name: String, _ text: String, rows: Int?, sha256: String? = nil) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        guard let rows else { return }
        let digest = sha256 ?? SHA256.digest(text).description
        try "{\"rows\": \(rows), \"sha256\": \"\(digest)\"}".write(
            toFile: "\(folder)/\(name).ready.json", atomically: true, encoding: .utf8)
    }

    func pull(_ mode: PullMode = .full) async -> (batches: [SourceBatch], error: SourceError?) {
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-drop"), "certificates"), mode: mode,
            windowEnd: Timestamp(milliseconds: 1_795_570_200_000), run: RunID(rawValue: "r1"))
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }
}

@Suite struct `A drop folder` {
    @Test func `is read when its ready file agrees, as one whole pull in batches`() async throws {
        let drop = try Drop()
        try drop.put("certificates-20261124.csv", Drop.csv(0..<5), rows: 5)
        try drop.put("certificates-20261125.csv", Drop.csv(0..<2345), rows: 2345)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [1000, 1000, 345])
        #expect(batches.last?.position == .end(declaredTotal: 2345))
        #expect(batches.dropLast().allSatisfy { $0.position == .more })
        let last = try #require(batches.last?.records.last)
        #expect(last.number?.raw == "002344")
        #expect(last.faceFields == [FaceField("school", "School, 2344")])
    }

    @Test func `is not read while a file has no ready file`() async throws {
        let drop = try Drop()
        try drop.put("certificates-20261125.csv", Drop.csv(0..<5), rows: nil)
        let (batches, error) = await drop.pull()
        #expect(batches.isEmpty)
        #expect(error?.code.rawValue == "intake.no_complete_file")
    }

    @Test(arguments: [
        ("a digest of other bytes", 5, String(repeating: "0", count: 64), "intake.not_as_declared"),
        ("fewer rows than there are", 4, nil, "intake.not_as_declared"),
        ("more rows than there are", 6, nil, "intake.not_as_declared"),
        ("no digest", 5, "none", "intake.ready_unreadable"),
    ]) func `refuses a ready file that declares otherwise`(
        what: String, rows: Int, sha256: String?, code: String
    ) async throws {
        let drop = try Drop()
        try drop.put("certificates-20261124.csv", Drop.csv(0..<2), rows: 2)
        try drop.put("certificates-20261125.csv", Drop.csv(0..<5), rows: rows, sha256: sha256)
        let (batches, error) = await drop.pull()
        #expect(error?.code.rawValue == code)
        #expect(batches.allSatisfy { $0.position == .more })
    }

    @Test func `refuses links, which could lead anywhere`() async throws {
        let drop = try Drop()
        let text = Drop.csv(0..<1)
        try drop.put("real.txt", text, rows: nil)
        try drop.put("certificates-1.csv", text, rows: 1)
        try FileManager.default.removeItem(atPath: drop.folder + "/certificates-1.csv")
        try FileManager.default.createSymbolicLink(
            atPath: drop.folder + "/certificates-1.csv", withDestinationPath: drop.folder + "/real.txt")
        #expect(await drop.pull().error?.code.rawValue == "intake.file_unreadable")
    }

    @Test func `notices a file that changes while it is read`() async throws {
        let drop = try Drop()
        let text = Drop.csv(0..<40_000)
        try drop.put("certificates-1.csv", text, rows: 40_000)
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-drop"), "certificates"), mode: .full,
            windowEnd: Timestamp(milliseconds: 0), run: RunID(rawValue: "r1"))
        var ended: SourceError?
        var count = 0
        do throws(SourceError) {
            for try await _ in drop.source.pull(request) {
                count += 1
                if count == 1, let handle = FileHandle(forWritingAtPath: drop.folder + "/certificates-1.csv") {
                    handle.seekToEndOfFile()
                    handle.write(Data("S0,1,正常,x\n".utf8))
                }
            }
        } catch {
            ended = error
        }
        #expect(ended?.code.rawValue == "intake.file_changed")
    }

    @Test func `is only ever pulled whole`() async throws {
        #expect(try await Drop().pull(.incremental).error?.code == .questionNotSupported)
    }

    @Test func `is probed by looking at its newest file`() async throws {
        let drop = try Drop()
        let interface = InterfaceID(SourceID("example-drop"), "certificates")
        guard case .failed(let finding) = await drop.source.probe(.connect, of: interface, question: nil).outcome else {
            return #expect(Bool(false), "an empty folder passed")
        }
        #expect(finding.code == "intake.no_complete_file")
        try drop.put("certificates-1.csv", Drop.csv(0..<3), rows: 3)
        #expect(await drop.source.probe(.connect, of: interface, question: nil).outcome == .passed)
    }

    @Test func `gives rejects whose bytes can be read again alone`() async throws {
        let drop = try Drop()
        try drop.put("certificates-1.csv", Drop.csv(0..<1, state: "新状态"), rows: 1)
        let reject = try #require(await drop.pull().batches.first?.rejects.first)
        #expect(reject.reason.code == "record.value_unknown")
        #expect(reject.key?.parts == ["S0"])
        guard case .failure(let error) = drop.source.remap(reject) else { return #expect(Bool(false), "mapped") }
        #expect(error.code.rawValue == "record.value_unknown")
    }

    @Test(arguments: [
        ("certificates-1.csv", "certificates-*.csv", true), ("certificates-.csv", "certificates-*.csv", true),
        ("certificates.csv", "certificates-*.csv", false), ("a-b-c.csv", "a*b*.csv", true), ("ab", "ab", true),
        ("abc", "ab", false), ("aa", "a*a*a", false), ("x.csv.tmp", "*.csv", false),
    ]) func `matches names as people expect`(name: String, pattern: String, expected: Bool) {
        #expect(fits(name, pattern) == expected)
    }
}
