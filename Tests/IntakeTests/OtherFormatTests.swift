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

/// Numbers and states in a document of the format, as a source would write them.
private enum Written {
    static func xml(_ rows: Range<Int>, encoding: String = "UTF-8") -> String {
        "<?xml version=\"1.0\" encoding=\"\(encoding)\"?>\n<export><made>2026</made><rows>"
            + rows.map {
                "<row no=\"00\($0)\"><source_id>S\($0)</source_id><state>正常</state><school>甲 &amp; 乙</school></row>\n"
            }.joined() + "</rows></export>\n"
    }

    static func lines(_ rows: Range<Int>) -> String {
        rows.map { "{\"source_id\":\"S\($0)\",\"no\":\"00\($0)\",\"state\":\"正常\"}\n" }.joined()
    }
}

@Suite struct `A drop folder of XML` {
    private func drop(shelves: Bool = false, charset: String = "") throws -> Drop {
        try Drop(shelves: shelves, pattern: "certificates-*.xml") {
            $0.replacing("format: csv", with: "format: xml\(charset)")
                .replacing("key: [source_id]", with: "records: /export/rows/row\n      key: [source_id]")
                .replacing("number: certificate_number", with: "number: \"@no\"")
        }
    }

    @Test func `is read as one whole pull in batches, texts and attributes alike`() async throws {
        let drop = try drop()
        try drop.put("certificates-1.xml", Written.xml(0..<2345), rows: 2345)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [1000, 1000, 345])
        #expect(batches.last?.position == .end(declaredTotal: 2345))
        let last = try #require(batches.last?.records.last)
        #expect(last.key.parts == ["S2344"])
        #expect(last.number?.raw == "002344")
        #expect(last.faceFields == [FaceField("school", "甲 & 乙")])
    }

    @Test func `is read in the charset that the file declares`() async throws {
        let drop = try drop()
        let gbk: [UInt8] = [0xD5, 0xFD, 0xB3, 0xA3]  // 正常
        let parts = Written.xml(0..<1, encoding: "GB18030").replacing("甲 &amp; 乙", with: "x").split(separator: "正常")
        let bytes = Array(parts[0].utf8) + gbk + Array(parts[1].utf8)
        try drop.put("certificates-1.xml", bytes: bytes, rows: 1)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.status) == [.valid])
    }

    @Test(arguments: [
        ("cut", String(Written.xml(0..<3000).prefix(150_000)), 3000, "document.truncated"),
        (
            "cut after its last record", Written.xml(0..<3).replacing("</rows></export>", with: ""), 3,
            "document.truncated"
        ),
        ("no list", "<export><made>2026</made></export>", 1, "intake.no_list"),
        ("a DOCTYPE", "<!DOCTYPE export [<!ENTITY a 'b'>]>" + Written.xml(0..<1).dropFirst(39), 1, "document.doctype"),
        ("a page", "<!DOCTYPE html><html><body>404</body></html>", 1, "document."),
        ("one row more than declared", Written.xml(0..<3), 2, "intake.miscounted"),
    ]) func `that is not whole concludes nothing, and the file is put aside whole`(
        what: String, text: String, rows: Int, code: String
    ) async throws {
        let drop = try drop(shelves: true)
        try drop.put("certificates-1.xml", text, rows: rows)
        let (batches, error) = await drop.pull()
        #expect(error?.code.rawValue.hasPrefix(code) == true, "\(error.map(\.description) ?? "")")
        #expect(batches.allSatisfy { $0.position == .more && $0.resume == nil })
        #expect(drop.text("rejected/certificates-1.xml") == text)
    }

    @Test func `sets a record aside that cannot be mapped, with its place`() async throws {
        let drop = try drop()
        let text = Written.xml(0..<3).replacing("<state>正常</state><school>", with: "<school>", maxReplacements: 1)
        try drop.put("certificates-1.xml", text, rows: 3)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.key.parts) == [["S1"], ["S2"]])
        let reject = try #require(batches.flatMap(\.rejects).first)
        #expect(reject.key?.parts == ["S0"])
        #expect(reject.reason.place.line == 2)
        #expect(reject.reason.place.file == "certificates-1.xml")
    }
}

@Suite struct `A drop folder of lines of JSON` {
    private func drop(shelves: Bool = false) throws -> Drop {
        try Drop(shelves: shelves, pattern: "certificates-*.ndjson") { LinesManifest.edited($0) }
    }

    @Test func `is read as one whole pull in batches; blank lines are none, a last line needs no end`() async throws {
        let drop = try drop()
        let text = "\n" + Written.lines(0..<1500) + "\r\n  \n" + Written.lines(1500..<2345).dropLast()
        try drop.put("certificates-1.ndjson", text, rows: 2345)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [1000, 1000, 345])
        #expect(batches.last?.position == .end(declaredTotal: 2345))
        #expect(batches.last?.records.last?.number?.raw == "002344")
    }

    @Test func `sets a line aside that cannot be read and goes on with the next`() async throws {
        let drop = try drop()
        let text =
            Written.lines(0..<1) + "{\"source_id\":\n[1,2]\n\"text\"\n"
            + "{\"source_id\":\"S5\",\"source_id\":\"S6\"}\n"
            + Written.lines(9..<10)
        try drop.put("certificates-1.ndjson", text, rows: 6)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.key.parts) == [["S0"], ["S9"]])
        #expect(batches.flatMap(\.rejects).map(\.reason.place.line) == [2, 3, 4, 5])
        #expect(batches.flatMap(\.rejects).allSatisfy { $0.reason.place.file == "certificates-1.ndjson" })
        #expect(batches.last?.position == .end(declaredTotal: 6))
    }

    @Test(arguments: [
        ("a cut last line", String(Written.lines(0..<2000).dropLast(9)), 2000, "document.truncated"),
        ("a cut between lines", Written.lines(0..<1999), 2000, "intake.miscounted"),
        ("a web page", "<html><body>404</body></html>", 1, "document.not_json"), ("nothing", "", 1, "document.empty"),
    ]) func `that is not whole concludes nothing, and the file is put aside whole`(
        what: String, text: String, rows: Int, code: String
    ) async throws {
        let drop = try drop(shelves: true)
        try drop.put("certificates-1.ndjson", text, rows: rows)
        let (batches, error) = await drop.pull()
        #expect(error?.code.rawValue == code, "\(error.map(\.description) ?? "")")
        #expect(batches.allSatisfy { $0.position == .more && $0.resume == nil })
        #expect(drop.text("rejected/certificates-1.ndjson") == text)
    }
}

/// The manifest of the drops, for lines of JSON.
private enum LinesManifest {
    static func edited(_ text: String) -> String {
        text.replacing("format: csv", with: "format: ndjson").replacing("[source_id]", with: "[$.source_id]")
            .replacing("number: certificate_number", with: "number: $.no").replacing(
                "from: state", with: "from: $.state")
    }
}

@Suite struct `A pushed batch` {
    private static let interface = InterfaceID(SourceID("example-push"), "licences")

    /// What a batch with this body gives, taken from a source of this format.
    private func taken(
        _ format: String, _ push: String, _ body: [UInt8]
    ) async throws -> (batches: [SourceBatch], error: SourceError?, batch: PushedBatch) {
        let paths = format == "xml" ? ["id", "no", "zt"] : ["$.id", "$.no", "$.zt"]
        let text = """
            manifest_version: 1
            id: example-push
            name: 示例
            owner: 示例局
            kind: declarative
            simulated: true
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 1, pages_per_run: 10, record_bytes: 4KiB }
            interfaces:
              - name: licences
                format: \(format)
                licence_type: "11100000000013127D916"
                push: { secret: "${secret:push}", \(push)key: [\(paths[0])], version: arrival }
                fields: { number: \(paths[1]), status: { from: \(paths[2]), map: { "1": valid } } }
            """
        let (manifest, findings) = ManifestLinter(dialectsFolder: nil).lint(
            text: text, folder: "Adapters/example-push", licenceTypes: nil)
        #expect(findings.map(\.text) == [])
        let clock = ManualClock()
        let source = try DeclarativeAdapter.make(
            try #require(manifest), transport: RecordedTransport(),
            settings: FixedAdapterSettings(secrets: ["push": Secret("0123456789abcdef0123456789abcdef")]), clock: clock)
        let folder = NSTemporaryDirectory() + "push-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let spool = try #require(Spool(below: folder))
        #expect(spool.append(body))
        let batch = PushedBatch(
            intake: try #require(source.pushes.first), id: "b-1", digest: SHA256.digest(body).description, spool: spool,
            lane: FileLane())
        let request = PullRequest(
            interface: Self.interface, mode: .incremental, windowEnd: clock.now, run: RunID(rawValue: "r1"))
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await one in PushedSource(source, batch, clock: clock).pull(request) { batches.append(one) }
            return (batches, nil, batch)
        } catch {
            return (batches, error, batch)
        }
    }

    @Test func `of lines of JSON is taken, each line by itself`() async throws {
        let good = (0..<1500).map { "{\"id\":\"A\($0)\",\"no\":\"N\($0)\",\"zt\":\"1\"}\n" }.joined()
        let bad = "{\"id\":\"B\",\"zt\":\n{\"id\":\"C\",\"no\":\"N\",\"zt\":\"7\"}\n"
        let (batches, error, batch) = try await taken(
            "ndjson", "", Array((good + bad + good.replacing("A", with: "D")).utf8))
        #expect(error == nil)
        #expect(batches.flatMap(\.records).count == 3000)
        #expect(batches.flatMap(\.rejects).map(\.reason.code) == ["document.truncated", "record.value_unknown"])
        #expect(batch.rejects.map(\.line) == [1501, 1502])
        #expect(batches.dropLast().allSatisfy { $0.resume == nil && $0.position == .more })
        #expect(PushMemory(batches.last?.resume).standing("b-1", digest: batch.digest) == .taken)
    }

    @Test func `of XML is taken`() async throws {
        let rows = (0..<3).map { "<i><id>A\($0)</id><no>N</no><zt>\($0 == 1 ? 9 : 1)</zt></i>" }.joined()
        let (batches, error, batch) = try await taken("xml", "records: /r/i, ", Array("<r>\(rows)</r>".utf8))
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.key.parts) == [["A0"], ["A2"]])
        #expect(batch.rejects.map(\.record) == [2])
    }

    @Test(arguments: [
        ("ndjson", "", "{\"id\":\"A\",\"no\":\"N\",\"zt\":\"1\"}\n{\"id\":\"B\"", "document.truncated"),
        ("ndjson", "", "<html>", "document.not_json"), ("ndjson", "", " \n", "document.empty"),
        ("xml", "records: /r/i, ", "<r><i><id>A</id><no>N</no><zt>1</zt></i>", "document.truncated"),
        ("xml", "records: /r/i, ", "<x/>", "intake.no_list"),
        ("json", "records: $.list, ", "{\"list\":[{\"id\":\"A\",\"no\":\"N\",\"zt\":\"1\"}]", "document.truncated"),
        ("json", "records: $.list, ", "{\"other\":[]}", "intake.no_list"),
    ]) func `that stops before its end, or is something else, is not known as taken`(
        format: String, push: String, body: String, code: String
    ) async throws {
        let (batches, error, _) = try await taken(format, push, Array(body.utf8))
        #expect(error?.code.rawValue == code, "\(error.map(\.description) ?? "")")
        #expect(batches.allSatisfy { $0.resume == nil && $0.position == .more })
    }
}
