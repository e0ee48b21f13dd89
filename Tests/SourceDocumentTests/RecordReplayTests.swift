// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument
import Testing

@Suite struct `A record read again` {
    static func events(
        _ text: String, _ format: DocumentFormat, _ path: StreamPath
    ) throws -> [DocumentEvent] {
        let reader = try DocumentReader(format: format, records: path, place: Place(source: "cs-test"))
        return try reader.feed(Array(text.utf8)) + reader.finish().events
    }

    @Test func `from its bytes alone is the same record, in every format`() throws {
        let spaces = ["s": "urn:s", "d": "urn:d"]
        let xml =
            "<s:R xmlns:s='urn:s' xmlns='urn:d' xmlns:q='urn:&lt;&quot;&amp;'><s:I q:a='1'>x<b/></s:I><s:I/></s:R>"
        var all = try Self.events(
            "{\"d\":[{\"a\": [1, {\"b\":\"\\u8bc1\"}]}, 7, \"x\"]}", .json, try StreamPath("$.d", language: .jsonPath))
        all += try Self.events("{\"a\":1}\n[2]\n", .ndjson, .whole)
        all += try Self.events(xml, .xml, try StreamPath("/s:R/s:I", language: .xPath, namespaces: spaces))
        all += try Self.events(
            "a;'b;''x'\n1;'2\n3'\n;\n", .csv(CSVDialect(delimiter: 0x3B, quote: 0x27)), .whole)
        #expect(all.count == 9)
        for event in all {
            guard case .record(let record) = event else { continue }
            let again = try DocumentRecord(raw: record.raw, ordinal: record.ordinal, surroundings: record.surroundings)
            #expect(again.node == record.node, "\(record.place.words)")
            #expect(again.raw == record.raw)
            #expect(again.node.position == DocumentPosition(line: 1, column: 1, offset: 0))
        }
    }

    @Test func `from a reject says the same again`() throws {
        let bad = try Self.events(
            "{\"d\":[{\"a\":1,\"a\":2}]}", .json, try StreamPath("$.d", language: .jsonPath))
        guard case .reject(let reject)? = bad.first else { return #expect(Bool(false), "no reject") }
        let error = #expect(throws: DocumentError.self) {
            _ = try DocumentRecord(raw: reject.raw, ordinal: 9, surroundings: reject.surroundings)
        }
        #expect(error?.code == .duplicateKey)
        #expect(error?.scope == .record)
        #expect(error?.place.record == 9)
    }

    @Test(arguments: [
        (DocumentFormat.json, "1,2"), (.json, "1],[2"), (.json, ""), (.ndjson, "1\n2"), (.xml, "<a/><b/>"),
        (.xml, "</frame><frame>"), (.xml, "x"), (.csv(CSVDialect()), "1\n2"), (.json, " 1"),
    ]) func `from what is not one record is refused`(format: DocumentFormat, raw: String) {
        #expect(throws: DocumentError.self) {
            _ = try DocumentRecord(
                raw: Array(raw.utf8), surroundings: RecordSurroundings(format: format, place: Place(), columns: ["a"]))
        }
    }

    @Test func `a node can be written down as JSON`() throws {
        #expect(try DocumentNode(json: " {\"a\":\n [1]} ").member("a")?.children.first?.scalarText == "1")
        #expect(throws: DocumentError.self) { _ = try DocumentNode(json: "{") }
    }
}
