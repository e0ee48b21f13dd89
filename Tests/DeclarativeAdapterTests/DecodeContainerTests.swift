import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `A container around an answer` {
    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("ArchivesTests/Fixtures")
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    @Test(arguments: [
        ("gzip", "plain.gz"), ("gzip", "two.gz"), ("deflate", "bare.deflate"), ("deflate", "wrapped.deflate"),
        ("zip, member: \"*.json\"", "pair.zip"),
    ])
    func `is undone before the lines are read`(container: String, name: String) async throws {
        let bench = try decodeBench(
            decode: "{ container: \(container) }", records: "$", format: "ndjson",
            fields: "{ number: $.id, status: { from: $.state, map: { 有效: valid } } }")
        let (batches, error) = await bench.answers(try Self.fixture(name), type: "application/octet-stream")
        #expect(error == nil)
        #expect(batches.keys.count == 400)
    }

    @Test func `that is damaged or cut is worth another try, and nothing of it counts`() async throws {
        let bytes = try Self.fixture("plain.gz")
        var wrong = bytes
        wrong[wrong.count - 8] ^= 1
        for (body, code) in [(Array(bytes.dropLast(9)), "archive.truncated"), (wrong, "archive.checksum")] {
            let bench = try decodeBench(
                decode: "{ container: gzip }", records: "$", format: "ndjson",
                fields: "{ number: $.id, status: { constant: valid } }")
            let (batches, error) = await bench.answers(body)
            #expect(error?.diagnostic.code == code)
            #expect(error?.recovery == .retry(after: nil))
            #expect(batches.isEmpty)
        }
    }

    @Test func `that is a bomb, or a page for people, ends the run`() async throws {
        let bomb = try decodeBench(decode: "{ container: gzip }", records: "$")
        #expect(await bomb.answers(try Self.fixture("zeros.gz")).error?.recovery == .stopRun)
        let page = try decodeBench(decode: "{ container: gzip }", records: "$")
        #expect(await page.answers("<html>login</html>", type: "text/html").error?.code == .notAPage)
    }

    static let xop = [
        "--uuid:x", "Content-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"", "Content-ID: <root@x>",
        "Content-Transfer-Encoding: binary", "",
        "<R xmlns:x=\"http://www.w3.org/2004/08/xop/include\"><ROW><ID>1</ID><NO>N1</NO><FILE><x:Include href=\"cid:a%40x\"/></FILE></ROW></R>",
        "--uuid:x", "Content-ID: <a@x>", "Content-Type: application/pdf", "", "%PDF",
        "--uuid:x--", "",
    ].joined(separator: "\r\n")
    static let related =
        "Multipart/Related; boundary=\"uuid:x\"; type=\"application/xop+xml\"; start=\"<root@x>\"; start-info=\"text/xml\""

    @Test func `is multipart, and the root includes the other parts as base64`() async throws {
        let bench = try decodeBench(
            decode: "{ container: multipart_related }", records: "/R/ROW", format: "xml", key: "ID",
            fields: "{ number: NO, status: { constant: valid } }")
        let (batches, error) = await bench.answers(Self.xop, type: Self.related)
        #expect(error == nil)
        #expect(batches.flatMap(\.records).first?.faceFields == [FaceField("FILE", "JVBERg==")])
    }

    @Test(arguments: [
        (xop.replacing("cid:a%40x", with: "cid:b"), related, "document.multipart"),
        (String(xop.dropLast(14)), related, "document.truncated"), (xop, "text/xml", "document.multipart"),
        (xop, related.replacing("root@x", with: "other"), "document.multipart"),
        (xop.replacing("Content-ID: <a@x>", with: "Content-ID: <root@x>"), related, "document.multipart"),
    ])
    func `is multipart and wrong`(body: String, type: String, code: String) async throws {
        let bench = try decodeBench(
            decode: "{ container: multipart_related }", records: "/R/ROW", format: "xml", key: "ID",
            fields: "{ number: NO, status: { constant: valid } }")
        #expect(await bench.answers(body, type: type).error?.diagnostic.code == code)
    }
}

@Suite struct `A stream of lines with an end line` {
    static func bench() throws -> Bench {
        try linedBench(
            decode: "{}", records: "$", format: "ndjson",
            pull: #"end_line: { equals: { $.end: "true" }, count: $.count }"#)
    }
    static let lines = "{\"id\":\"L1\",\"no\":\"1\",\"state\":\"1\"}\n{\"id\":\"L2\",\"no\":\"2\",\"state\":\"1\"}\n"

    @Test func `is complete with it`() async throws {
        let (batches, error) = await (try Self.bench()).answers(Self.lines + "{\"end\":true,\"count\":2}\n")
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2"])
    }

    @Test(arguments: [
        "", "{\"end\":true,\"count\":3}\n", "{\"end\":true}\n", "{\"end\":true,\"count\":2}\n{\"id\":\"L3\"}\n",
    ])
    func `is not complete without it, with another count, or with more after it`(rest: String) async throws {
        let (batches, error) = await (try Self.bench()).answers(Self.lines + rest)
        #expect(error?.diagnostic.code == "document.end_line")
        #expect(error?.recovery == .retry(after: nil))
        #expect(batches.isEmpty)
    }
}

@Suite struct `CSV as it is written` {
    @Test(arguments: [
        ("", "id,no\nL1,\"a,b\"\n", "a,b"), ("delimiter: \"|\"\nquote: none", "id|no\nL1|\"a\n", "\"a"),
        ("delimiter: tab\nquote: \"'\"", "id\tno\nL1\t'a\tb''c'\n", "a\tb'c"),
        ("delimiter: \";\"\nheader: [ id, no ]", "L1;a\n", "a"),
    ])
    func `is read with its delimiter, quote and header`(keys: String, body: String, number: String) async throws {
        let bench = try decodeBench(
            decode: "{}", records: "$", more: keys, format: "csv", key: "id",
            fields: "{ number: no, status: { constant: valid } }")
        let (batches, error) = await bench.answers(body, type: "text/csv")
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.number?.raw) == [number])
    }

    @Test func `without a header row keeps a rejected row so that it can be read again`() async throws {
        let bench = try decodeBench(
            decode: "{}", records: "$", more: "header: [ id, no ]", format: "csv", key: "id",
            fields: #"{ number: { from: no, required: true }, status: { constant: valid } }"#)
        let (batches, _) = await bench.answers("L1,\n", type: "text/csv")
        let reject = try #require(batches.rejects.first)
        #expect(String(decoding: reject.raw, as: UTF8.self) == "L1,\n")
        guard case .failure(let error) = bench.source.remap(reject) else { return #expect(Bool(false)) }
        #expect(error.diagnostic.code == "record.field_missing")
    }
}
