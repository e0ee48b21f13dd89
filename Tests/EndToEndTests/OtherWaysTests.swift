// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A gateway with one source that is filled in another way than over HTTP.
private final class OtherWay: Sendable {
    let folder: TemporaryFolder
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    init(_ interface: String, settings: String = "    note: x", further: String = "") throws {
        folder = try TemporaryFolder()
        try folder.write(
            "adapters/example/manifest.yaml",
            """
            manifest_version: 1
            id: example
            name: 示例
            owner: 示例局
            kind: declarative
            simulated: true
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 1, pages_per_run: 1000 }
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
            \(interface)
                fields: { number: $.no, status: { from: $.state, map: { "1": valid, "9": revoked } } }
            """)
        try folder.write("licence-types.csv", "type_code,name_zh\n11100000000013127D916,示例证照\n")
        try folder.write("dialects/none.txt", "")
        try folder.write("secrets/push_key", "0123456789abcdef0123456789abcdef")
        try folder.write(
            "gateway.yaml",
            """
            listen: 127.0.0.1:0
            store: store
            index_key: index.key
            socket: licgate.sock
            intake: intake
            adapters: adapters
            dialects: dialects
            licence_types: licence-types.csv
            secrets:
              folder: secrets
            \(further)
            sources:
              example:
            \(settings)

            """)
    }

    var config: String { folder.path + "/gateway.yaml" }

    func stats() async throws -> String {
        try await licgate("catalogue", "stats", "--config", config, "--format", "json").out
    }

    func names(_ name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + name)) ?? []).sorted()
    }
}

/// Runs the shell text of the how-to page with these settings.
private func push(_ port: Int, _ way: OtherWay, batch: String, body: String, source: String = "example") async throws
    -> String
{
    let page = try String(contentsOfFile: OtherWay.repository + "/docs/how-to/push-records.md", encoding: .utf8)
    let start = try #require(page.range(of: "```sh\n"))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    let script = String(page[start.upperBound..<end.lowerBound])
    let file = "body-\(UInt32.random(in: 0 ... .max)).json"
    try way.folder.write(file, body)
    let environment = [
        "gateway": "http://127.0.0.1:\(port)", "source": source, "body": way.folder.path + "/" + file, "batch": batch,
        "key_file": way.folder.path + "/secrets/push_key", "PATH": "/usr/bin:/bin",
    ]
    return try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-ec", script]
            process.environment = environment
            let out = Pipe()
            process.standardOutput = out
            do {
                try process.run()
                let data = out.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

@Suite struct `Other ways in` {
    @Test func `a push by the how-to page is taken once, and survives a kill`() async throws {
        let way = try OtherWay(
            "    push: { secret: \"${secret:push_key}\", records: $.records, key: [$.id], version: arrival }")
        let (first, port) = try await serving(way.config)
        let body = #"{"records":[{"id":"1","no":"0001","state":"1"},{"id":"2","no":"0002","state":"new"}]}"#
        let taken = try await push(port, way, batch: "b-1", body: body)
        #expect(taken.contains(#""repeated":false,"received":2,"stored":1"#), "\(taken)")
        #expect(taken.contains(#""code":"record.value_unknown""#) && taken.contains("$.records[1].state"), "\(taken)")
        #expect(!taken.contains("0002"))
        let again = try await push(port, way, batch: "b-1", body: body)
        #expect(again.contains(#""repeated":true,"received":0,"stored":0"#), "\(again)")
        let other = try await push(port, way, batch: "b-1", body: #"{"records":[]}"#)
        #expect(other.contains(#""code":"push.batch_differs""#) && other.contains(#""status":409"#), "\(other)")
        let broken = try await push(port, way, batch: "b-2", body: #"{"records":[{"id":"#)
        #expect(broken.contains(#""status":422"#) && broken.contains("document.truncated"), "\(broken)")
        let unknown = try await push(port, way, batch: "b-3", body: body, source: "nobody")
        #expect(unknown.contains("source.unknown_id"), "\(unknown)")
        let (status, unsigned) = try await http(port, "POST", "/v1/sources/example/records", body)
        #expect(status == 401 && unsigned.contains("push.unsigned"))
        let next = try await push(port, way, batch: "b-4", body: #"{"records":[{"id":"3","no":"0003","state":"1"}]}"#)
        #expect(next.contains(#""stored":1"#), "\(next)")
        // What was answered with 200 is durable: nothing is closed in order here.
        first.signal(SIGKILL)
        _ = await first.wait()
        let (second, port2) = try await serving(way.config)
        let afterwards = try await push(
            port2, way, batch: "b-4", body: #"{"records":[{"id":"3","no":"0003","state":"1"}]}"#)
        // The new process may have begun in this very second or later: then the signature is new enough already.
        #expect(afterwards.contains(#""repeated":true"#), "\(afterwards)")
        second.signal(SIGTERM)
        _ = await second.wait()
        let stats = try await way.stats()
        #expect(stats.contains("\"records\": 2") && stats.contains("\"versions\": 2"), "\(stats)")
        #expect(way.names("intake").isEmpty)
    }

    @Test func `a push is off until the manifest has it`() async throws {
        let way = try OtherWay(
            "    files: { folder: \"${config:drop}\", pattern: \"*.json\", ready: { suffix: .done }, key: [$.id], version: arrival }",
            settings: "    drop: drop")
        let (gateway, port) = try await serving(way.config)
        let answer = try await push(port, way, batch: "b-1", body: "[]")
        #expect(
            answer.contains("push.off") && answer.contains(#""status":404"#) && answer.contains("push-records.md"),
            "\(answer)")
        gateway.signal(SIGTERM)
        _ = await gateway.wait()
    }

    @Test(arguments: ["beforeBatch:1", "afterBatch:1", "beforeBatch:2", "afterBatch:2", "afterBatch:3", "afterBatch:4"])
    func `a kill anywhere between a file's first page and its move takes it once`(point: String) async throws {
        let place = try TemporaryFolder()
        let way = try OtherWay(
            """
                files:
                  folder: "${config:drop}"
                  pattern: "*.json"
                  ready: { suffix: .done }
                  mode: changes
                  done: "${config:done}"
                  rejected: "${config:rejected}"
                  key: [$.id]
                  version: arrival
            """,
            settings: """
                    drop: \(place.path)/drop
                    done: \(place.path)/done
                    rejected: \(place.path)/rejected
                """)
        for number in 1...2 {
            let rows = (1...700).map { #"{"id":"\#(number)-\#($0)","no":"\#($0)","state":"1"}"# }.joined(separator: ",")
            try place.write("drop/\(number).json", "[\(rows)]")
            try place.write("drop/\(number).json.done", "")
        }
        let killed = try await licgate(
            "sync", "example", "--config", way.config, environment: ["LICGATE_KILL_AT": point])
        let next = try await licgate("sync", "example", "--config", way.config)
        // Two pages and the end of the run are three batches: what comes after them no kill hits.
        #expect(killed.killed || point == "afterBatch:4", "\(killed.err)")
        #expect(next.status == 0 || next.err.contains("intake.no_complete_file"), "\(next.err)")
        let stats = try await way.stats()
        #expect(stats.contains("\"records\": 1400") && stats.contains("\"versions\": 1400"), "\(stats)")
        let left = (try? FileManager.default.contentsOfDirectory(atPath: place.path + "/drop")) ?? []
        #expect(left.isEmpty)
        let done = (try? FileManager.default.contentsOfDirectory(atPath: place.path + "/done")) ?? []
        #expect(done.count == 4)
    }

    @Test func `a tap of the allow-list fills the catalogue, and its state is kept`() async throws {
        let tap = Self.hostileTap
        let place = try TemporaryFolder()
        try place.write("tap.sh", try String(contentsOfFile: tap, encoding: .utf8), mode: 0o700)
        let way = try OtherWay(
            "    tap: { program: hostile, stream: licences, config: { behave: \"${config:behave}\", note: \"${config:note}\" }, key: [$.id], version: arrival }"
                .replacing("fields", with: "fields"),
            settings: "    behave: many\n    note: \(place.path)/note",
            further: "taps:\n  hostile: { executable: \(place.path)/tap.sh }")
        // The hostile tap calls the state `zt`.
        let manifest = way.folder.path + "/adapters/example/manifest.yaml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8).replacing("$.state,", with: "$.zt,")
        try way.folder.write("adapters/example/manifest.yaml", text)
        let first = try await licgate("sync", "example", "--config", way.config)
        #expect(first.status == 0, "\(first.err)")
        #expect(try await way.stats().contains("\"records\": 2500"))
        let second = try await licgate("sync", "example", "--config", way.config)
        #expect(second.status == 0, "\(second.err)")
        let note = try String(contentsOfFile: place.path + "/note", encoding: .utf8)
        #expect(note.contains(#"state={"n":2100}"#))
        #expect(try await way.stats().contains("\"versions\": 2500"))
        #expect(way.names("intake").isEmpty)
    }

    private static let hostileTap = OtherWay.repository + "/Tests/IntakeTests/Fixtures/hostile-tap.sh"
}
