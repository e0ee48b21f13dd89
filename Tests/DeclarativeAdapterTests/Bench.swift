import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Synchronization
import Testing
import Transport

@testable import DeclarativeAdapter

/// A clock on which waiting costs nothing: whoever sleeps moves it on.
final class LeapClock: GatewayClock {
    private let state: Mutex<(now: Timestamp, elapsed: Duration, slept: Duration)>
    init(now: Timestamp = Timestamp(milliseconds: 1_795_570_200_000)) { state = Mutex((now, .zero, .zero)) }
    var now: Timestamp { state.withLock { $0.now } }
    var elapsed: Duration { state.withLock { $0.elapsed } }
    var slept: Duration { state.withLock { $0.slept } }
    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        state.withLock {
            $0.now = $0.now + duration
            $0.elapsed += duration
            $0.slept += duration
        }
    }
}

/// One adapter on recorded answers.
struct Bench {
    let manifest: SourceManifest
    let source: any LicenceSource
    let transport: RecordedTransport
    let clock: LeapClock

    static let secrets = ["key": "canary-secret-0001", "golden": "430102199003070020"]

    /// `pull`, `fields` and so on replace the parts of a plain JSON interface.
    init(
        top: String = "", status: String = "[ { from: $.code, ok: [\"0\"], try_later: [\"9\"] } ]", interface: String,
        format: String = "json", auth: String = "{ kind: header, name: X-Key, value: \"${secret:key}\" }",
        extra: [String: String] = [:]
    ) throws {
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "${config:base_url}"
            auth: \(auth)
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 5, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            format: \(format)
            status: \(status)
            \(top)
            interfaces:
              - name: licences
            \(interface.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n"))
            """
        try self.init(text: text, secrets: extra)
    }

    init(
        text: String, files: (any FileDropReading)? = nil, settings: [String: String] = [:],
        secrets: [String: String] = [:],
        linter: ManifestLinter = Fixtures.linter, tally: any RequestTally = MemoryRequestTally()
    ) throws {
        let (manifest, findings) = linter.lint(
            text: text, folder: "Adapters/example-library", licenceTypes: Fixtures.types)
        guard let manifest else { throw Unfit(text: findings.map(\.text).joined(separator: "\n")) }
        self.manifest = manifest
        clock = LeapClock()
        transport = RecordedTransport(clock: clock, chunkBytes: 61)
        source = try DeclarativeAdapter.make(
            manifest, transport: transport,
            settings: FixedAdapterSettings(
                secrets: Self.secrets.merging(secrets) { $1 }.mapValues { Secret($0) },
                settings: ["base_url": "http://127.0.0.1:8080/api"].merging(settings) { $1 }), clock: clock,
            files: files, tally: tally)
    }

    struct Unfit: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    var interface: InterfaceID { InterfaceID(manifest.id, manifest.interfaceNames[0]) }

    func request(
        _ mode: PullMode = .full, resume: ResumeCursor? = nil, pageSize: Int? = nil, partition: String? = nil
    ) -> PullRequest {
        PullRequest(
            interface: interface, mode: mode, partition: partition, resume: resume, windowEnd: clock.now,
            run: RunID(rawValue: "r1"), pageSize: pageSize)
    }

    /// Every batch of a pull, and the error that ended it.
    func pull(_ request: PullRequest? = nil) async -> (batches: [SourceBatch], error: SourceError?) {
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request ?? self.request()) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    func find(_ question: LookupQuestion) async throws(SourceError) -> SourceFinding {
        try await source.find(
            question, for: AskingContext(system: "window", matter: "4301SX010001", purpose: "school entry"),
            until: Deadline(.seconds(5), from: clock))
    }
}

extension [SourceBatch] {
    var keys: [String] { flatMap(\.records).map { $0.key.parts.joined(separator: "/") } }
    var rejects: [Reject] { flatMap(\.rejects) }
}

/// Text of JSON records `{id, seq, state}`.
func items(_ numbers: some Sequence<Int>) -> String {
    numbers.map { "{\"id\":\"L\($0)\",\"no\":\"N\($0)\",\"seq\":\($0),\"state\":\"1\"}" }.joined(separator: ",")
}
