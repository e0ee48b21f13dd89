// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument
import Testing

@Suite struct `A path to the records` {
    @Test(arguments: [
        ("$", "[{\"a\":1},2]", 2), ("$", "{\"a\":1}", 1), ("$[*]", "[1,2,3]", 3),
        ("$.data", "{\"data\":[1,2]}", 2), ("$.data", "{\"data\":{\"a\":1}}", 1), ("$['data'][*]", "{\"data\":[1]}", 1),
        ("$.a[1].b", "{\"a\":[{\"b\":[1]},{\"b\":[2,3]},{\"b\":[4]}]}", 2),
        ("$.a[*].b", "{\"a\":[{\"b\":[1]},{\"c\":9},{\"b\":[2,3]}]}", 3), ("$.*", "{\"a\":[1],\"b\":[2]}", 1),
        ("$.*.x", "{\"a\":{\"x\":[1]},\"b\":{\"x\":[2]}}", 2), ("$['a b']['c']", "{\"a b\":{\"c\":[1]}}", 1),
        ("$.证照.列表", "{\"证照\":{\"列表\":[1]}}", 1), ("$.d", "{\"\\u0064\":[1]}", 1), ("$.a", "{\"a\":[]}", 0),
    ]) func `follows JSON`(path: String, text: String, count: Int) throws {
        let outcome = try read(text, at: path)
        #expect(outcome.error == nil)
        #expect(outcome.records.count == count)
        #expect(try #require(outcome.list) >= .single)
        let bytewise = try read(text, at: path, cuts: Array(0...text.utf8.count))
        #expect(bytewise == outcome)
    }

    @Test(arguments: [
        ("$.data", "{\"date\":[1]}", ListOutcome.absent), ("$.data.x", "{\"data\":[1]}", .absent),
        ("$.data[2]", "{\"data\":[[1],[2]]}", .absent), ("$.data", "{\"data\":null}", .scalar),
        ("$.data", "{\"data\":\"$get{node1.response.body.data}\"}", .scalar), ("$.data", "[]", .absent),
    ]) func `says when nothing is there, which is not an empty list`(
        path: String, text: String, list: ListOutcome
    ) throws {
        let outcome = try read(text, at: path)
        #expect(outcome.error == nil && outcome.records.isEmpty)
        #expect(outcome.list == list)
    }

    @Test func `a scalar in the place of the list stays in the envelope`() throws {
        let outcome = try read("{\"data\":\"none\"}")
        #expect(outcome.envelope?.member("data")?.scalarText == "none")
    }

    @Test(arguments: [
        ("/R/L/I", "<R><L><I/><I/></L></R>", 2), ("/R", "<R>x</R>", 1), ("/R/*", "<R><a/><b/></R>", 2),
        ("/R/I", "<R><I/><x><I/></x><I/></R>", 2), ("/*/I", "<R><I/></R>", 1),
        ("/R/L/I", "<R><L><I/></L><L><I/></L></R>", 2),
        ("/R/L/I", "<R><L/></R>", 0), ("/p:R/p:I", "<q:R xmlns:q='urn:p'><q:I/><I/></q:R>", 1),
        ("/p:R/p:*", "<R xmlns='urn:p'><I/><J xmlns=''/></R>", 1), ("/R/I", "<R><I><I/></I></R>", 1),
        ("/证:R/证:I", "<R xmlns='http://长沙.cn/证 照'><I/></R>", 1),
    ]) func `follows XML`(path: String, text: String, count: Int) throws {
        let spaces = ["p": "urn:p", "证": "http://长沙.cn/证 照"]
        let outcome = try read(text, .xml, at: path, namespaces: spaces)
        #expect(outcome.error == nil)
        #expect(outcome.records.count == count)
        #expect(outcome.list == .list)
    }

    @Test func `says when no element is there`() throws {
        #expect(try read("<R><X><I/></X></R>", .xml, at: "/R/L/I").list == .absent)
        #expect(try read("<R xmlns='urn:q'><L/></R>", .xml, at: "/R/L/I").list == .absent)
    }

    @Test(arguments: [
        (PathLanguage.jsonPath, "data", 1), (.jsonPath, "", 1), (.jsonPath, "$data", 2), (.jsonPath, "$.a.", 5),
        (.jsonPath, "$..a", 2), (.jsonPath, "$.a[", 5), (.jsonPath, "$.a[x]", 5), (.jsonPath, "$.a[?@.b]", 5),
        (.jsonPath, "$.a[1:2]", 5), (.jsonPath, "$.a[1,2]", 7), (.jsonPath, "$.a[01]", 5), (.jsonPath, "$.a-b", 4),
        (.jsonPath, "$.a['b", 5), (.jsonPath, "$.a['\\x']", 6), (.jsonPath, "$.a b", 4), (.jsonPath, "$.1a", 3),
        (.jsonPath, "$.a[-1]", 4), (.jsonPath, "$.a[99999999999999999999]", 5), (.jsonPath, "/R/I", 1),
        (.xPath, "", 1), (.xPath, "R/I", 1), (.xPath, "//I", 1), (.xPath, "/R//I", 3), (.xPath, "/R/", 4),
        (.xPath, "/R/@a", 4), (.xPath, "/R/text()", 4), (.xPath, "/q:R", 2), (.xPath, "/R/I[1]", 4),
        (.xPath, "/R/I[@a='1']", 5), (.xPath, "/child::R", 2), (.xPath, "/R/..", 4), (.xPath, "$.data", 1),
        (.xPath, "/R/count(x)", 4), (.xPath, "/R I", 3), (.xPath, "/R/@a[1]", 6), (.column, "a", 1),
    ]) func `is refused by column when it is not one`(language: PathLanguage, path: String, column: Int) {
        let error = #expect(throws: DocumentError.self) { _ = try StreamPath(path, language: language) }
        #expect(error?.code == .pathSyntax)
        #expect(error?.place.column == column, "\(error?.description ?? "")")
    }

    @Test func `must be one for the format`() {
        #expect(throws: DocumentError.self) {
            _ = try DocumentReader(format: .xml, records: try StreamPath("$.a", language: .jsonPath))
        }
        #expect(throws: DocumentError.self) {
            _ = try DocumentReader(format: .json, records: try StreamPath("/a", language: .xPath))
        }
        #expect(throws: DocumentError.self) {
            _ = try DocumentReader(format: .ndjson, records: try StreamPath("$.a", language: .jsonPath))
        }
    }
}

@Suite struct `A path inside a record` {
    static let record = #"{"a":{"b":[10,{"c":"x"},null],"a b":true},"d":[],"\u8bc1":"y","":0}"#

    @Test(arguments: [
        ("$.a.b[0]", ["10"]), ("$.a.b[1].c", ["x"]), ("$.a['a b']", ["true"]), ("$.a.b[-3]", ["10"]),
        ("$['证']", ["y"]), ("$[\"证\"]", ["y"]), ("$.a.b[*].c", ["x"]), ("$['']", ["0"]), ("$.a.b[-2]['c']", ["x"]),
        ("$.a.b[3]", []), ("$.a.b[-4]", []), ("$.x", []), ("$.a.b.c", []), ("$.a[0]", []), ("$.d[*]", []),
    ]) func `finds what is there in JSON`(path: String, texts: [String]) throws {
        let node = try #require(try read("[\(Self.record)]", at: "$").trees.first)
        let compiled = try RecordPath(path, language: .jsonPath)
        #expect(compiled.all(in: node).map { $0.scalarText ?? "-" } == texts)
        #expect(compiled.first(in: node)?.scalarText == texts.first)
    }

    @Test func `null is there, absent is not`() throws {
        let node = try #require(try read("[\(Self.record)]", at: "$").trees.first)
        #expect(try RecordPath("$.a.b[2]", language: .jsonPath).first(in: node)?.kind == .null)
        #expect(try RecordPath("$.a.b[2].x", language: .jsonPath).first(in: node) == nil)
        #expect(try RecordPath("$", language: .jsonPath).first(in: node) == node)
    }

    @Test(arguments: [
        ("a", ["1", "3"]), ("a[2]", ["3"]), ("b/@x", ["y"]), ("b/text()", ["t"]), ("*", ["1", "t", "3"]), ("@k", ["v"]),
        ("./a", ["1", "3"]), (".", []), ("@*", ["v"]), ("/r/a", ["1", "3"]), ("/r/@k", ["v"]), ("/x/a", []), ("c", []),
    ]) func `finds what is there in XML`(path: String, texts: [String]) throws {
        let node = try #require(
            try read("<R><r k='v'><a>1</a><b x='y'>t</b><a>3</a></r></R>", .xml, at: "/R/r").trees.first)
        let found = try RecordPath(path, language: .xPath).all(in: node)
        #expect(found.compactMap(\.scalarText) == texts)
    }

    @Test func `every node knows its path, without values in it`() throws {
        let text = #"{"data":[{"名称":[{"x":1}],"43010219900307002X":{"y":2},"a b":[]}]}"#
        let record = try #require(try read(text).trees.first)
        #expect(try RecordPath("$['名称'][0].x", language: .jsonPath).first(in: record)?.path == "$.名称[0].x")
        #expect(try RecordPath("$['43010219900307002X'].y", language: .jsonPath).first(in: record)?.path == "$.*.y")
        let element = try #require(try read("<R><r><a><b c='1'/></a></r></R>", .xml, at: "/R/r").trees.first)
        #expect(try RecordPath("a/b/@c", language: .xPath).first(in: element)?.path == "/r/a/b/@c")
    }

    @Test func `a field's place names document, record and field`() throws {
        let reader = try DocumentReader(
            format: .json, records: try StreamPath("$.data.items", language: .jsonPath),
            place: Place(source: "cs-test", interface: "licences", page: 3))
        let events = try reader.feed(Array("{\"data\":{\"items\":[{},\n{\"zt\":\n\"9\"}]}}".utf8))
        guard case .record(let record)? = events.last else { return #expect(Bool(false), "no record") }
        let field = try #require(record.node.member("zt"))
        #expect(
            record.place(of: field).words
                == "cs-test/licences, page 3, record 2, line 3, column 1, at $.data.items[1].zt")
    }
}
