// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument
import Testing

private func node(_ json: String) throws -> DocumentNode { try DocumentNode(json: json) }
private func path(_ text: String) throws -> RecordPath { try RecordPath(text, language: .jsonPath) }

@Suite struct `A tree inside a tree` {
    @Test func `is entered by a path, and not seen without one`() throws {
        let root = try node(#"{"a":{"t":"{\"b\":[1,2]}"},"c":"x"}"#)
        let at = try path("$.a.t")
        let whole = try root.embedding(at: at) { host throws(EmbeddedFault) in
            try DocumentNode(embedded: Array((host.scalarText ?? "").utf8), .json, in: host)
        }
        let inner = RecordPath(entering: at, then: try path("$.b[1]"), text: "$.a.t.b[1]")
        #expect(inner.first(in: whole)?.scalarText == "2")
        #expect(inner.first(in: root) == nil)
        #expect(at.first(in: whole)?.scalarText == #"{"b":[1,2]}"#)
        #expect(inner.first(in: whole)?.path == "$.a.t.b[1] (line 1, column 9 of the text inside)")
        #expect(inner.first(in: whole)?.position == at.first(in: root)?.position)
        #expect(inner != RecordPath(entering: at, then: try path("$.b[0]"), text: "$.a.t.b[0]"))
    }

    @Test func `may hold a further one, for every node found`() throws {
        let root = try node(#"{"l":[{"t":"{\"u\":\"<R><n>1</n></R>\"}"},{"t":"{\"u\":\"<R><n>2</n></R>\"}"}]}"#)
        func read(_ host: DocumentNode, _ syntax: EmbeddedSyntax) throws(EmbeddedFault) -> DocumentNode? {
            try DocumentNode(embedded: Array((host.scalarText ?? "").utf8), syntax, in: host)
        }
        let first = try path("$.l[*].t")
        let second = RecordPath(entering: first, then: try path("$.u"), text: "$.l[*].t.u")
        var whole = try root.embedding(at: first) { host throws(EmbeddedFault) in try read(host, .json) }
        whole = try whole.embedding(at: second) { host throws(EmbeddedFault) in try read(host, .xml) }
        let inner = RecordPath(
            entering: second, then: try RecordPath("/R/n", language: .xPath), text: "$.l[*].t.u/R/n")
        #expect(inner.all(in: whole).map(\.scalarText) == ["1", "2"])
    }

    @Test(arguments: [
        (#"{'a':'b"c','d':'e\'f','g':[1,true,null]}"#, #"{"a":"b\"c","d":"e'f","g":[1,true,null]}"#),
        (#"{'a':'\\','b':'\n'}"#, #"{"a":"\\","b":"\n"}"#), ("'x'", "\"x\""),
    ])
    func `in single quotes is what it would be in double ones`(text: String, same: String) throws {
        let host = try node("\"\"")
        #expect(try DocumentNode(embedded: Array(text.utf8), .singleQuotedJSON, in: host) == node(same))
    }

    @Test(arguments: [
        (#"{'a':"b"}"#, 1, 6), (#"{'a':'b'"#, 1, 9), (#"{'a"b':x}"#, 1, 8), ("{'a\"\\'\"b':\n x}", 2, 2),
        ("{'a':'b", 1, 8),
    ])
    func `in single quotes is refused where it is wrong`(text: String, line: Int, column: Int) throws {
        let host = try node("\"\"")
        let fault = #expect(throws: EmbeddedFault.self) {
            try DocumentNode(embedded: Array(text.utf8), .singleQuotedJSON, in: host)
        }
        #expect(fault?.position?.line == line)
        #expect(fault?.position?.column == column)
    }

    @Test(arguments: [("a\tb\"c\u{3}", 1, 6), ("\n\\\n x\u{1}", 3, 3), ("\u{2}", 1, 1)])
    func `taken as it is, is refused where it is wrong`(text: String, line: Int, column: Int) throws {
        let host = try node("\"\"")
        let fault = #expect(throws: EmbeddedFault.self) {
            try DocumentNode(embedded: Array(text.utf8), .text, in: host)
        }
        #expect(fault?.position?.line == line)
        #expect(fault?.position?.column == column)
    }

    @Test(arguments: ["{} {}", "", " ", "{\"a\":1,\"a\":2}", "[1,]", "{\"a\":01}"])
    func `is read as strictly as a document`(text: String) throws {
        let host = try node("\"\"")
        #expect(throws: EmbeddedFault.self) { try DocumentNode(embedded: Array(text.utf8), .json, in: host) }
    }

    @Test func `keeps limits, and no DOCTYPE`() throws {
        let host = try node("\"\"")
        var limits = DocumentLimits()
        limits.depth = 4
        #expect(throws: EmbeddedFault.self) {
            try DocumentNode(embedded: Array("[[[[[[1]]]]]]".utf8), .json, limits: limits, in: host)
        }
        let fault = #expect(throws: EmbeddedFault.self) {
            try DocumentNode(embedded: Array("<!DOCTYPE r []><r/>".utf8), .xml, in: host)
        }
        #expect(fault?.code == .doctypeRefused)
    }
}

@Suite struct `A multipart body` {
    private static let type = "multipart/related; boundary=b; type=\"text/xml\""
    private static func body(_ parts: [String]) -> [UInt8] {
        Array((parts.map { "--b\r\n\($0)\r\n" }.joined() + "--b--\r\n").utf8)
    }

    @Test func `gives its first part when none is named, and line ends may be bare`() throws {
        let bytes = Self.body(["Content-Type: text/xml\r\n\r\n<R/>", "Content-ID: <x>\r\n\r\nother"])
        #expect(try MultipartRelated.root(of: bytes, contentType: Self.type, most: 100).bytes == Array("<R/>".utf8))
        let bare = bytes.filter { $0 != 0x0D }
        #expect(try MultipartRelated.root(of: bare, contentType: Self.type, most: 100).bytes == Array("<R/>".utf8))
    }

    @Test func `is not ended by a line that only begins like its boundary`() throws {
        let bytes = Self.body(["\r\nx\r\n--bb\r\n-- b\r\ny"])
        let root = try MultipartRelated.root(of: bytes, contentType: Self.type, most: 100).bytes
        #expect(String(decoding: root, as: UTF8.self) == "x\r\n--bb\r\n-- b\r\ny")
    }

    @Test func `includes no more than the limit, however often`() throws {
        let include = "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href='cid:a'></x:Include>"
        let root =
            "Content-Type: application/xop+xml\r\n\r\n<R xmlns:x=\"http://www.w3.org/2004/08/xop/include\">"
            + String(repeating: include, count: 200) + "</R>"
        let bytes = Self.body([root, "Content-ID: <a>\r\n\r\n" + String(repeating: "A", count: 5000)])
        let fault = #expect(throws: EmbeddedFault.self) {
            try MultipartRelated.root(of: bytes, contentType: Self.type, most: 100_000)
        }
        #expect(fault?.code == .tooLarge)
        #expect(try MultipartRelated.root(of: bytes, contentType: Self.type, most: 2_000_000).bytes.count > 1_000_000)
    }

    @Test func `leaves alone what is no inclusion: a comment, CDATA, another namespace`() throws {
        let kept =
            "<R><!-- <x:Include href='cid:a'/> --><![CDATA[<x:Include href='cid:a'/>]]><Include href='cid:a'/></R>"
        let bytes = Self.body(["Content-Type: application/xop+xml\r\n\r\n" + kept])
        #expect(
            try MultipartRelated.root(of: bytes, contentType: Self.type, most: 1000).bytes == Array(kept.utf8))
    }
}

@Suite struct `Every encoding in every format` {
    struct Case: Sendable, CustomTestStringConvertible {
        let format: String
        let charset: String
        let way: String
        var testDescription: String { "\(format), \(charset), by \(way)" }
    }
    static let cases = ["json", "xml", "csv"].flatMap { format in
        ["UTF-8", "UTF-16LE", "UTF-16BE", "GBK", "GB18030"].flatMap { charset in
            ["HTTP", "mark", "declaration", "override"].compactMap { way -> Case? in
                if way == "declaration", format != "xml" { return nil }
                if way == "mark", charset == "GBK" { return nil }
                return Case(format: format, charset: charset, way: way)
            }
        }
    }

    @Test(arguments: cases) func `is read`(one: Case) throws {
        let label = one.charset.hasPrefix("UTF-16") ? (one.way == "declaration" ? "UTF-16" : one.charset) : one.charset
        let declared = one.way == "declaration" ? "<?xml version=\"1.0\" encoding=\"\(label)\"?>" : ""
        let text: String
        let format: DocumentFormat
        let list: StreamPath
        switch one.format {
        case "json": (text, format, list) = ("[{\"名\":\"长沙市\"}]", .json, .whole)
        case "xml":
            (text, format, list) = (
                declared + "<根><行><名>长沙市</名></行></根>", .xml, try StreamPath("/根/行", language: .xPath)
            )
        default: (text, format, list) = ("名,b\n长沙市,1\n", .csv(CSVDialect()), .whole)
        }
        var bytes = try encoded(text, one.charset)
        var declaration = CharsetDeclaration()
        switch one.way {
        case "HTTP": declaration.http = one.charset
        case "override":
            declaration.http = one.charset == "UTF-8" ? "gbk" : "utf-8"
            declaration.override = DocumentCharset(label: one.charset)
        case "mark":
            let marks: [String: [UInt8]] = [
                "UTF-8": [0xEF, 0xBB, 0xBF], "UTF-16LE": [0xFF, 0xFE], "UTF-16BE": [0xFE, 0xFF],
                "GB18030": [0x84, 0x31, 0x95, 0x33],
            ]
            bytes = (marks[one.charset] ?? []) + bytes
        default: break
        }
        let reader = try DocumentReader(format: format, records: list, charset: declaration)
        var events: [DocumentEvent] = []
        for byte in bytes { events += try reader.feed([byte]) }
        events += try reader.finish().events
        guard events.count == 1, case .record(let record)? = events.first else {
            return #expect(Bool(false), "\(events)")
        }
        #expect(record.node.member("名")?.scalarText == "长沙市")
    }
}
