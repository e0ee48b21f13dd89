import AdapterKit
import AdapterTesting
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `An answer whose end no header declares` {
    private func pull(_ format: String, _ answer: FixtureAnswer) async throws -> (
        batches: [SourceBatch], error: SourceError?
    ) {
        let server = try FixtureServer()
        server.script("/licences", answer)
        let mark = format == "csv" ? "" : "$."
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "\(server.origin)"
            auth: { kind: none }
            limits: { timeout: 5s, stall_timeout: 1s, response_bytes: 64KiB, requests_per_second: 1000, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            format: \(format)
            status: []
            interfaces:
              - name: licences
                pull: { path: /licences, pages: { kind: none }, records: $, key: [\(mark)id], version: arrival }
                licence_type: "11100000000013127D916"
                fields: { number: \(mark)no, status: { constant: valid } }
            """
        let (manifest, findings) = Fixtures.lint(text)
        let clock = SystemGatewayClock()
        let source = try DeclarativeAdapter.make(
            try #require(manifest, "\(findings.map(\.text))"), transport: CurlTransport(clock: clock),
            settings: FixedAdapterSettings(), clock: clock)
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-library"), "licences"), mode: .full, windowEnd: clock.now,
            run: RunID(rawValue: "r1"))
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    private func closing(_ body: String) -> FixtureAnswer {
        FixtureAnswer([
            .bytes(FixtureAnswer.head(200, [("Content-Type", "text/plain"), ("Connection", "close")])),
            .bytes(Array(body.utf8)), .close,
        ])
    }

    @Test func `is not whole when its last line has no end: half a number is a number`() async throws {
        let (batches, error) = try await pull("csv", closing("id,no\n1,0034\n2,00"))
        #expect(batches.isEmpty)
        #expect(error?.code.rawValue == "document.truncated")
        #expect(error?.isRetriable == true)
        let lines = try await pull("ndjson", closing("{\"id\":1,\"no\":\"N\"}\n{\"id\":2,\"no\":\"N\"}"))
        #expect(lines.error?.code.rawValue == "document.truncated")
    }

    @Test func `is taken when its last line has one, and so is what declares its length`() async throws {
        #expect(try await pull("csv", closing("id,no\n1,0034\n2,0035\n")).batches.keys == ["1", "2"])
        #expect(try await pull("csv", .text("id,no\n1,0034\n2,0035", type: "text/csv")).batches.keys == ["1", "2"])
        let chunked = FixtureAnswer([
            .bytes(FixtureAnswer.head(200, [("Transfer-Encoding", "chunked")])), .chunk(Array("id,no\n1,0034".utf8)),
            .chunk([]),
        ])
        #expect(try await pull("csv", chunked).batches.keys == ["1"])
    }
}
