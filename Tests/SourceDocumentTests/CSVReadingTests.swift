// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument
import Testing

@Suite struct `Reading CSV` {
    static let rows = "编号,name,\"note, long\"\r\n001,甲,\"a \"\"b\"\"\r\nc\"\r\n002,,\r\n\r\n003,\"x\",y\n"

    @Test func `names fields by the header, keeps quoted line ends and exact bytes`() throws {
        let outcome = try read(Self.rows, .csv(CSVDialect()))
        #expect(outcome.error == nil)
        #expect(outcome.records.count == 3)
        let first = try #require(outcome.trees.first)
        #expect(try RecordPath("编号", language: .column).first(in: first)?.scalarText == "001")
        #expect(first.member("note, long")?.scalarText == "a \"b\"\r\nc")
        #expect(outcome.texts[0] == "001,甲,\"a \"\"b\"\"\r\nc\"")
        #expect(outcome.trees[1].member("name")?.isEmptyOrNull == true)
        #expect(outcome.trees[2].member("name")?.scalarText == "x")
        #expect(outcome.positions.map(\.line) == [2, 4, 6])
    }

    @Test func `every cut in two gives the same`() throws {
        let whole = try read(Self.rows, .csv(CSVDialect()))
        for cut in 0...Self.rows.utf8.count {
            #expect(try read(Self.rows, .csv(CSVDialect()), cuts: [cut]) == whole, "cut at \(cut)")
        }
        #expect(try read(Self.rows, .csv(CSVDialect()), cuts: Array(0...Self.rows.utf8.count)) == whole)
    }

    @Test(arguments: [
        ("a,b\n1\n2,3\n", "document.csv_field_count", 1), ("a,b\n1,2,3\n2,3\n", "document.csv_field_count", 1),
        ("a,b\n1,x\"y\n2,3\n", "document.csv_quote", 1), ("a,b\n1,\u{01}\n2,3\n", "document.control_character", 1),
    ]) func `sets one bad row aside and reads on`(text: String, code: String, ordinal: Int) throws {
        let outcome = try read(text, .csv(CSVDialect()))
        #expect(outcome.error == nil)
        #expect(outcome.rejectCodes == [code])
        #expect(outcome.rejects.first?.ordinal == ordinal)
        #expect(outcome.records.count == 1)
    }

    @Test(arguments: [
        ("", "document.empty"), ("\n\n", "document.empty"), ("a,a\n1,2\n", "document.csv_header"),
        ("a,\n1,2\n", "document.csv_header"), ("a,b\n\"1\"x,2\n", "document.csv_quote"),
        ("a,b\n1,\"2", "document.truncated"), ("a,b\n1,2\r3,4\n", "document.csv_quote"),
        ("<!DOCTYPE html><p>a,b</p>\n1,2\n", "document.not_csv"),
    ]) func `refuses what is not CSV`(text: String, code: String) throws {
        #expect(try read(text, .csv(CSVDialect())).code == code)
    }

    @Test func `takes other delimiters and quotes`() throws {
        let outcome = try read("a;b\n'x;''y''';2\n", .csv(CSVDialect(delimiter: 0x3B, quote: 0x27)))
        #expect(outcome.trees.first?.member("a")?.scalarText == "x;'y'")
    }

    @Test func `says when the last row has no line end, and refuses it where told`() throws {
        let bytes = Array("a,b\n1,2".utf8)
        let reader = try DocumentReader(format: .csv(CSVDialect()), records: .whole)
        _ = try reader.feed(bytes)
        let end = try reader.finish()
        #expect(end.lastLineUnended && end.records == 1)
        #expect(try read(bytes, .csv(CSVDialect(requiresFinalLineEnd: true))).code == "document.truncated")
    }
}

@Suite struct `Reading NDJSON` {
    static let lines = "{\"a\": 1}\n\r\n  {\"a\": [2]}\r\n[3]"

    @Test func `takes a record from each line`() throws {
        let outcome = try read(Self.lines, .ndjson, at: "$")
        #expect(outcome.error == nil)
        #expect(outcome.texts == ["{\"a\": 1}", "{\"a\": [2]}", "[3]"])
        #expect(outcome.positions.map { [$0.line, $0.column] } == [[1, 1], [3, 3], [4, 1]])
    }

    @Test func `every cut gives the same`() throws {
        let whole = try read(Self.lines, .ndjson, at: "$")
        for cut in 0...Self.lines.utf8.count {
            #expect(try read(Self.lines, .ndjson, at: "$", cuts: [cut]) == whole)
        }
    }

    @Test(arguments: [
        ("{\"a\":1,}", "document.trailing_comma"), ("{\"a\":1", "document.truncated"), ("1 2", "document.not_json"),
        ("{\"a\":1,\"a\":2}", "document.duplicate_key"), ("NaN", "document.not_json"),
    ]) func `sets a bad line aside and reads on`(line: String, code: String) throws {
        let outcome = try read("{}\n\(line)\n{}\n", .ndjson, at: "$")
        #expect(outcome.error == nil)
        #expect(outcome.rejectCodes == [code])
        #expect(outcome.records.count == 2)
        #expect(outcome.rejects.first?.error.place.line == 2)
    }

    @Test func `a last line cut off spoils the page`() throws {
        #expect(try read("{}\n{\"a\":", .ndjson, at: "$").code == "document.truncated")
        #expect(try read("<html>", .ndjson, at: "$").code == "document.not_json")
        #expect(try read(" \n", .ndjson, at: "$").code == "document.empty")
    }

    @Test func `a line over the limit is set aside without being kept`() throws {
        var limits = DocumentLimits()
        limits.recordBytes = 100
        let long = "{\"a\":\"" + String(repeating: "x", count: 1000) + "\"}"
        for cuts in [[], Array(stride(from: 0, to: 1100, by: 7))] {
            let outcome = try read("{}\n\(long)\n{}\n", .ndjson, at: "$", cuts: cuts, limits: limits)
            #expect(outcome.rejectCodes == ["document.record_too_large"])
            #expect(outcome.records.count == 2)
        }
    }
}
