// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import GatewayAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LicenceModel
import Sync
import Testing

private let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct `The metrics page` {
    private func page(_ fixture: APIFixture) async throws -> String { try await fixture.ask(.get, "/metrics").text }

    @Test func `counts runs, records, answers and requests`() async throws {
        let fixture = try await APIFixture()
        _ = try await fixture.ask(.post, "/v1/answers", holderBody)
        _ = try await fixture.ask(.get, "/v1/licences/nonsense")
        fixture.metrics.observe(
            SyncEvent.retrying(
                SyncTarget(transport), Diagnostic(code: "source.timed_out", what: "x", remedy: "x"), attempt: 2,
                after: .seconds(1)))
        fixture.metrics.observe(Verdict.cannotTell(.sourceDown(transport.source), retryAt: nil))
        let text = try await page(fixture)
        let labels = #"source="cs-transport",interface="licences""#
        for line in [
            "licgate_sync_runs_total{\(labels),outcome=\"complete\"} 1",
            "licgate_sync_records_total{\(labels),result=\"created\"} 2",
            "licgate_sync_records_total{\(labels),result=\"rejected\"} 0",
            "licgate_sync_retries_total{\(labels)} 1",
            "licgate_source_errors_total{\(labels),code=\"source.timed_out\"} 1",
            "licgate_interface_health{\(labels),verdict=\"healthy_unproven\"} 1",
            "licgate_interface_last_complete_pull_timestamp_seconds{\(labels)} 1795572000",
            "licgate_quarantine_records{\(labels)} 0", "licgate_catalogue_records{state=\"current\"} 2",
            "licgate_lookups_total{verdict=\"holds\"} 1", "licgate_lookups_total{verdict=\"cannot_tell\"} 1",
            "licgate_lookup_doubts_total{cause=\"source_down\"} 1",
            "licgate_http_requests_total{route=\"/v1/answers\",method=\"POST\",status=\"200\"} 1",
            "licgate_http_requests_total{route=\"/v1/licences/{catalogueId}\",method=\"GET\",status=\"404\"} 1",
            "licgate_http_request_duration_seconds_count{route=\"/v1/answers\"} 1",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
    }

    @Test func `has as many series after a thousand strange requests as after one`() async throws {
        let fixture = try await APIFixture()
        func series() async throws -> Int {
            let lines = try await page(fixture).split(separator: "\n")
            return lines.count { !$0.hasPrefix("#") && !$0.contains("/metrics") }
        }
        _ = try await fixture.ask(.get, "/strange/0")
        let before = try await series()
        try await fixture.server().makeApplication().test(.router) { client in
            for number in 1...1000 {
                try await client.execute(uri: "/strange/\(number)", method: .get) { #expect($0.status.code == 404) }
            }
        }
        #expect(try await series() == before)
    }

    @Test(.enabled(if: promtool != nil, "promtool is not installed: apt-get install prometheus"))
    func `is what promtool accepts`() async throws {
        let fixture = try await APIFixture()
        _ = try await fixture.ask(.post, "/v1/answers", holderBody)
        fixture.metrics.observe(Verdict.cannotTell(.ambiguous, retryAt: nil))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(promtool))
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = try await page(fixture)
        input.fileHandleForWriting.write(Data(text.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.isEmpty, "\(said)")
    }
}
