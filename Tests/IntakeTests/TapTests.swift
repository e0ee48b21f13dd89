// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import AdapterTesting
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import Intake

/// A hostile tap in a folder of its own, and the adapter that runs it.
private final class TapStand: Sendable {
    let folder: String
    let source: any LicenceSource
    static let secret = "s3cr3t+value/12345"

    init(
        _ behave: String, stall: String = "20s", deadline: String = "60s", output: String = "64MiB",
        mode: String = "changes", catalog: Bool = false, allowed: [String: TapProgram]? = nil
    ) throws {
        folder = NSTemporaryDirectory() + "tap-\(UInt64.random(in: 0 ... .max))/example-tap"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let program = folder + "/tap.sh"
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/hostile-tap.sh").path
        try FileManager.default.copyItem(atPath: fixture, toPath: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        try "{\"streams\":[]}".write(toFile: folder + "/catalog.json", atomically: true, encoding: .utf8)
        let text = """
            manifest_version: 1
            id: example-tap
            name: 示例
            owner: 示例局
            kind: declarative
            simulated: true
            limits: { timeout: 10s, stall_timeout: \(stall), response_bytes: 1MiB, requests_per_second: 1, pages_per_run: 1000 }
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                tap:
                  program: hostile
                  stream: licences
                  config: { behave: \(behave), note: "${config:note}", secret: "${secret:token}" }
                  \(catalog ? "catalog: catalog.json" : "")
                  mode: \(mode)
                  deadline: \(deadline)
                  output: \(output)
                  key: [$.id]
                  version: arrival
                fields: { number: $.no, status: { from: $.zt, map: { "1": valid } } }
            """
        let (manifest, findings) = ManifestLinter(dialectsFolder: nil).lint(
            text: text, folder: folder, licenceTypes: nil)
        #expect(findings.map(\.text) == [])
        let clock = SystemGatewayClock()
        source = try DeclarativeAdapter.make(
            try #require(manifest), transport: RecordedTransport(),
            settings: FixedAdapterSettings(
                secrets: ["token": Secret(Self.secret)], settings: ["note": folder + "/note"]),
            clock: clock,
            taps: TapRunner(
                allowed: allowed ?? ["hostile": TapProgram(executable: program)], folder: folder + "/runs", clock: clock
            ))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var note: String { (try? String(contentsOfFile: folder + "/note", encoding: .utf8)) ?? "" }

    func pull(_ mode: PullMode = .full, resume: ResumeCursor? = nil) async -> (
        batches: [SourceBatch], error: SourceError?
    ) {
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-tap"), "licences"), mode: mode, resume: resume,
            windowEnd: Timestamp(milliseconds: 0), run: RunID(rawValue: "r1"))
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    /// True once nobody of the tap's group is there: a killed process is gone when the kernel has come to it.
    func isGone() async throws -> Bool {
        for _ in 0..<500 {
            if try group().isEmpty { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Processes of the tap's group that are still there.
    func group() throws -> [Int32] {
        guard let pid = note.firstMatch(of: /pid=(\d+)/).flatMap({ Int32($0.output.1) }) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter {
            // One that has ended and waits for init to take its status is not there any more.
            let status = try? String(contentsOfFile: "/proc/\($0)/stat", encoding: .utf8)
            return getpgid($0) == pid && status?.contains(") Z ") == false
        }
    }
}

private func numbers(_ batches: [SourceBatch]) -> [String] { batches.flatMap(\.records).map { $0.number?.raw ?? "" } }

@Suite(.serialized) struct `A Singer tap` {
    @Test func `gives its records, and its last state when everything before it is handed out`() async throws {
        let stand = try TapStand("good")
        let (batches, error) = await stand.pull()
        #expect(error == nil)
        #expect(numbers(batches) == ["001", "002", "003", "004", "005"])
        #expect(batches.last?.position == .end(declaredTotal: nil))
        #expect(batches.last?.resume?.rawValue == #"{"v":1,"state":{"bookmarks":{"licences":{"at":5}}}}"#)
        #expect(try FileManager.default.contentsOfDirectory(atPath: stand.folder + "/runs").isEmpty)
    }

    @Test func `gets configuration, state and catalogue in private files, and nothing else of ours`() async throws {
        let stand = try TapStand("good", catalog: true)
        let cursor = ResumeCursor(rawValue: #"{"v":1,"state":{"a":[1,2.50]}}"#)
        #expect(await stand.pull(.incremental, resume: cursor).error == nil)
        let note = stand.note
        #expect(note.contains(#"state={"a":[1,2.50]} "#))
        #expect(note.contains(#"catalog={"streams":[]} "#))
        #expect(note.contains("mode=600 700 "))
        #expect(note.contains("folder=\(stand.folder)/runs/run-"))
        #expect(note.contains("limit=1048576"))
        // sh itself sets PWD after the start; /proc shows what it was started with.
        #expect(note.contains("environment=limit"))
    }

    @Test func `hands out batches of a thousand, each with the last state that stands for it`() async throws {
        let (batches, error) = try await TapStand("many").pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [1000, 1000, 500])
        #expect(
            batches.map { $0.resume?.rawValue } == [
                #"{"v":1,"state":{"n":700}}"#, #"{"v":1,"state":{"n":1400}}"#, #"{"v":1,"state":{"n":2100}}"#,
            ])
    }

    @Test func `is read without regard to case, unknown types, other streams, blank lines and a missing last line end`()
        async throws
    {
        let (batches, error) = try await TapStand("words").pull()
        #expect(error == nil)
        #expect(numbers(batches) == ["1"])
        #expect(
            batches.last?.records.first?.faceFields.contains {
                $0.name == "amount" && $0.value == "12345678901234567890.10"
            } == true)
        #expect(batches.last?.resume?.rawValue == #"{"v":1,"state":{"a":1}}"#)
    }

    @Test(arguments: [("state-first", 1, true), ("no-state", 2, false)])
    func `may send its state before its schema, or never`(behave: String, count: Int, hasState: Bool) async throws {
        let (batches, error) = try await TapStand(behave).pull()
        #expect(error == nil)
        #expect(numbers(batches).count == count)
        #expect((batches.last?.resume != nil) == hasState)
    }

    @Test func `that fails keeps what it gave and its state, and says why without secrets and values`() async throws {
        let (batches, error) = try await TapStand("exit-1").pull()
        #expect(numbers(batches) == ["001", "002", "003"])
        #expect(batches.last?.position == .more)
        #expect(batches.last?.resume?.rawValue.contains("\"at\":2") == true)
        let text = try #require(error).diagnostic.text
        #expect(error?.code.rawValue == "tap.failed")
        #expect(text.contains("exit code 1") && text.contains("Traceback: key <secret> of …"))
        for value in [TapStand.secret, "430104", "张"] { #expect(!text.contains(value)) }
    }

    @Test(arguments: [
        ("killed", "tap.failed"), ("garbage", "tap.garbage"), ("scalar", "tap.garbage"),
        ("big-state", "tap.state_too_large"),
        ("long-line", "tap.flood"), ("other-stream", "tap.no_stream"), ("silent", "tap.no_stream"),
        ("batch-outside", "tap.bad_batch"),
    ]) func `that misbehaves is ended with a typed error`(behave: String, code: String) async throws {
        let stand = try TapStand(behave)
        let (batches, error) = await stand.pull()
        #expect(error?.code.rawValue == code)
        #expect(batches.allSatisfy { $0.position == .more })
        #expect(try await stand.isGone())
        #expect(try FileManager.default.contentsOfDirectory(atPath: stand.folder + "/runs").isEmpty)
        if ["killed", "garbage", "long-line"].contains(behave) {
            #expect(numbers(batches) == ["001"])
            #expect(batches.last?.resume != nil)
        }
    }

    @Test(arguments: [
        ("hang", "tap.stalled"), ("stubborn", "tap.stalled"), ("family", "tap.stalled"), ("drip", "tap.stalled"),
    ])
    func `that hangs is ended with its whole process group`(behave: String, code: String) async throws {
        let stand = try TapStand(behave, stall: "1s")
        let (_, error) = await stand.pull()
        #expect(error?.code.rawValue == code)
        #expect(try await stand.isGone())
    }

    @Test func `that leaves a child behind is ended with it`() async throws {
        let stand = try TapStand("daemon")
        #expect(await stand.pull().error == nil)
        #expect(try await stand.isGone())
    }

    @Test(arguments: [("endless", "1MiB", "60s", "tap.flood"), ("chatty", "1MiB", "2s", "tap.deadline")])
    func `that writes without end is ended`(behave: String, output: String, deadline: String, code: String) async throws
    {
        let stand = try TapStand(behave, deadline: deadline, output: output)
        let (batches, error) = await stand.pull()
        #expect(error?.code.rawValue == code)
        #expect(batches.allSatisfy { $0.records.count <= 1000 })
        #expect(try await stand.isGone())
    }

    @Test func `sets a bad record aside and goes on`() async throws {
        let (batches, error) = try await TapStand("bad-record").pull()
        #expect(error == nil)
        #expect(numbers(batches) == ["002"])
        let rejects = batches.flatMap(\.rejects)
        #expect(rejects.map(\.reason.code) == ["document.duplicate_key", "record.value_unknown"])
        #expect(rejects.map(\.reason.place.record) == [1, 3])
        #expect(rejects.allSatisfy { String(decoding: $0.raw, as: UTF8.self).hasPrefix("{\"id\"") })
    }

    @Test(arguments: ["batch", "batch-gzip"])
    func `may name files of its own, lines of JSON, plain or gzip`(behave: String) async throws {
        let (batches, error) = try await TapStand(behave).pull()
        #expect(error == nil)
        #expect(numbers(batches) == ["1", "2"])
    }

    @Test func `never has its state kept for a file that could not be read whole`() async throws {
        // BATCH and STATE come in one write; the file behind the first is torn.
        let (batches, error) = try await TapStand("batch-torn").pull()
        #expect(error?.code.rawValue.hasPrefix("archive.") == true)
        #expect(!numbers(batches).isEmpty)
        #expect(batches.allSatisfy { $0.resume == nil })
    }

    @Test func `that activates another version is pulled whole, never concluded from`() async throws {
        let (batches, error) = try await TapStand("version").pull()
        #expect(error == nil)
        let cursor = try #require(batches.last?.resume)
        #expect(cursor.rawValue.contains(#""version":"17""#))
        #expect(try await TapStand("version").pull(.incremental, resume: cursor).error == nil)
        let again = try await TapStand("version-2").pull(.incremental, resume: cursor)
        #expect(again.error?.code.rawValue == "tap.new_version")
        #expect(again.batches.allSatisfy { $0.resume == nil })
    }

    @Test func `is not read ahead, and ends when nobody asks any more`() async throws {
        let stand = try TapStand("endless", output: "1GiB")
        do {
            let request = PullRequest(
                interface: InterfaceID(SourceID("example-tap"), "licences"), mode: .full,
                windowEnd: Timestamp(milliseconds: 0), run: RunID(rawValue: "r1"))
            for try await batch in stand.source.pull(request) {
                #expect(batch.records.count == 1000)
                break
            }
        }
        #expect(try await stand.isGone())
    }

    /// 6 MiB here; `LICGATE_TAP_BYTES` makes it as long as one likes, for `Scripts/exam tap`.
    @Test func `that names files without end is ended at its bound, too`() async throws {
        let stand = try TapStand("batch-flood", output: "256KiB")
        let (batches, error) = await stand.pull()
        #expect(error?.code.rawValue == "tap.flood")
        #expect(numbers(batches).count < 10_000)
        // The state behind the files stands for all of them.
        #expect(batches.allSatisfy { $0.resume == nil && $0.position == .more })
        #expect(try await TapStand("batch-flood").pull().error == nil)
    }

    @Test func `that writes without end is read in flat memory`() async throws {
        let bytes = Int(ProcessInfo.processInfo.environment["LICGATE_TAP_BYTES"] ?? "") ?? 6 << 20
        let stand = try TapStand("endless", stall: "60s", deadline: "2h", output: "\(bytes)B")
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-tap"), "licences"), mode: .full,
            windowEnd: Timestamp(milliseconds: 0), run: RunID(rawValue: "r1"))
        var sizes: [Int] = []
        var records = 0
        do throws(SourceError) {
            for try await batch in stand.source.pull(request) {
                records += batch.records.count
                if records % 2000 == 0 { sizes.append(Self.residentKiB()) }
            }
        } catch {
            #expect(error.code.rawValue == "tap.flood")
        }
        // The first tenth warms caches up; after it nothing grows with what is read.
        let settled = sizes.dropFirst(max(1, sizes.count / 10))
        let (least, most) = (settled.min() ?? 0, settled.max() ?? 0)
        print("\(records) records, \(bytes >> 20) MiB: resident \(least) to \(most) KiB")
        #expect(records > bytes / 400)
        #expect(most - least <= max(least / 10, 16 << 10), "resident memory went from \(least) to \(most) KiB")
    }

    private static func residentKiB() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(status.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4
    }

    @Test func `is ended when its task is cancelled`() async throws {
        let stand = try TapStand("hang", stall: "60s")
        let task = Task { await stand.pull() }
        while !stand.note.contains("pid=") { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        #expect(await task.value.error?.recovery == .cancelled)
        #expect(try await stand.isGone())
    }

    @Test func `is not started unless the allow-list has it, as it is`() async throws {
        #expect(try await TapStand("good", allowed: [:]).pull().error?.code.rawValue == "tap.not_allowed")
        let missing = ["hostile": TapProgram(executable: "/no/such/program")]
        #expect(try await TapStand("good", allowed: missing).pull().error?.code.rawValue == "tap.unfit")
        let pinned = ["hostile": TapProgram(executable: "/bin/sh", sha256: String(repeating: "0", count: 64))]
        let refused = try await TapStand("good", allowed: pinned).pull().error
        #expect(refused?.code.rawValue == "tap.unfit")
        #expect(refused?.recovery == .fixConfiguration)
        let stand = try TapStand("good")
        try FileManager.default.setAttributes([.posixPermissions: 0o722], ofItemAtPath: stand.folder + "/tap.sh")
        #expect(await stand.pull().error?.diagnostic.what.contains("others than its owner may write it") == true)
        let interface = InterfaceID(SourceID("example-tap"), "licences")
        guard case .failed(let finding) = await stand.source.probe(.connect, of: interface, question: nil).outcome
        else {
            return #expect(Bool(false), "a probe passed")
        }
        #expect(finding.code == "tap.unfit")
    }
}
