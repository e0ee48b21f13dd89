import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Synchronization
import Testing
import Transport

@testable import DeclarativeAdapter

/// `Scripts/exam streams`: real libcurl and the real adapter against a server that makes the bytes while it sends them.
private enum StreamExam {
    static let origin = ProcessInfo.processInfo.environment["LICGATE_EXAM_ORIGIN"]
    static let bytes = Int(ProcessInfo.processInfo.environment["LICGATE_EXAM_BYTES"] ?? "") ?? 1 << 30
    static let folder = ProcessInfo.processInfo.environment["LICGATE_EXAM_FOLDER"] ?? "/var/tmp"

    static func manifest(_ form: String, origin: String) -> String {
        let xml = form == "xml"
        let format = form == "ndjson" ? "ndjson" : xml ? "xml" : "json"
        let records = xml ? "/ROOT/DATA/ROW" : form == "ndjson" ? "$" : "$.data"
        let total = xml ? "total: /ROOT/TOTAL" : form == "json" ? "total: $.total" : ""
        let end = form == "ndjson" ? #"end_line: { equals: { $.end: "true" }, count: $.count }"# : ""
        func path(_ name: String) -> String { xml ? name : "$.\(name)" }
        return """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "\(origin)"
            auth: { kind: none }
            limits: { timeout: 600s, response_bytes: 1GiB, requests_per_second: 5, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            format: \(format)
            status: []
            interfaces:
              - name: licences
                pull:
                  path: /\(form)
                  query: { bytes: "\(bytes)" }
                  pages: { kind: none }
                  records: \(records)
                  key: ["\(path("id"))"]
                  version: arrival
                  \(total)
                  \(end)
                licence_type: "11100000000013127D916"
                fields: { number: \(path("no")), status: { from: \(path("state")), map: { "1": valid } } }
            """
    }
}

/// What a process holds that no file stands behind, in KiB, from the kernel.
private func anonymousMemory() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/smaps_rollup", encoding: .utf8) else { return 0 }
    let line = text.split(separator: "\n").first { $0.hasPrefix("Anonymous:") } ?? ""
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
}

/// Samples every 50 ms, for the time an answer arrives and the time its records are handed over.
private final class MemorySampler: Sendable {
    private let state = Mutex<(arriving: [Int], handing: [Int], isHanding: Bool, isDone: Bool)>(([], [], false, false))

    func start() {
        Thread.detachNewThread { [self] in
            while !state.withLock({ $0.isDone }) {
                let now = anonymousMemory()
                state.withLock { if $0.isHanding { $0.handing.append(now) } else { $0.arriving.append(now) } }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }
    func handsOver() { state.withLock { $0.isHanding = true } }
    func stop() -> (arriving: [Int], handing: [Int]) {
        state.withLock {
            $0.isDone = true
            return ($0.arriving, $0.handing)
        }
    }
}

/// The peaks of the five fifths of a row of samples, and whether none of the last three lies more than ten per cent above
/// the second.
///
/// The first holds the beginning: up to 16 MiB of records are kept before they are only counted. Giving memory back is
/// no fault.
private func flatness(_ samples: [Int]) -> (peaks: [Int], isFlat: Bool) {
    guard samples.count >= 10 else { return (samples, false) }
    let peaks = (0..<5).map { fifth in
        samples[(fifth * samples.count / 5)..<((fifth + 1) * samples.count / 5)].max() ?? 0
    }
    return (peaks, Double(peaks[2...].max() ?? 0) <= 1.1 * Double(peaks[1]))
}

@Suite(.serialized, .enabled(if: StreamExam.origin != nil)) struct `The exam of long answers` {
    @Test(arguments: ["xml", "ndjson", "json"]) func `memory stays flat for a gigabyte of`(form: String) async throws {
        let origin = try #require(StreamExam.origin)
        let (manifest, findings) = Fixtures.lint(StreamExam.manifest(form, origin: origin))
        guard let manifest else { throw Bench.Unfit(text: findings.map(\.text).joined(separator: "\n")) }
        let clock = SystemGatewayClock()
        let source = try DeclarativeAdapter.make(
            manifest, transport: CurlTransport(clock: clock), settings: FixedAdapterSettings(), clock: clock,
            spoolFolder: StreamExam.folder)
        let sampler = MemorySampler()
        sampler.start()
        let begun = (clock.elapsed, clock_gettime_nsec(CLOCK_PROCESS_CPUTIME_ID))
        var (records, bytes, rejects, isComplete) = (0, 0, 0, false)
        let request = PullRequest(
            interface: InterfaceID(manifest.id, "licences"), mode: .full, windowEnd: clock.now,
            run: RunID(rawValue: "r1"))
        for try await batch in source.pull(request) {
            sampler.handsOver()
            records += batch.records.count
            rejects += batch.rejects.count
            bytes += batch.bytes
            if case .end = batch.position { isComplete = true }
        }
        let (arriving, handing) = sampler.stop()
        let seconds = (clock.elapsed - begun.0).wholeMilliseconds / 1000
        let cpu = Double(clock_gettime_nsec(CLOCK_PROCESS_CPUTIME_ID) - begun.1) / 1e9
        let (first, second) = (flatness(arriving), flatness(handing))
        func mebibytes(_ peaks: [Int]) -> String { peaks.map { String($0 / 1024) }.joined(separator: " ") }
        print(
            "| \(form) | \(StreamExam.bytes) | \(records) | \(seconds) | \(String(format: "%.1f", cpu)) | "
                + "\(mebibytes(first.peaks)) | \(mebibytes(second.peaks)) | \(arriving.count + handing.count) |")
        #expect(isComplete && rejects == 0)
        #expect(bytes > StreamExam.bytes / 10 * 9)
        #expect(first.isFlat, "memory grows while the answer arrives")
        #expect(second.isFlat, "memory grows while the records are handed over")
        #expect((arriving + handing).max() ?? 0 < 256 << 10, "more than 256 MiB")
    }
}

private func clock_gettime_nsec(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
