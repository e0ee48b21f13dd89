// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument
import Testing

@Suite struct `XPath 1.0 inside a record` {
    static let document = """
        <R xmlns:q='urn:q'><r k='v' q:m='w'><a n='1'>one</a><a n='2'>two</a><b><a n='3'>three</a><c> x  y </c></b>\
        <q:d>10</q:d><q:d>2.5</q:d><e/><证照 类型='甲'>内</证照></r></R>
        """
    static let spaces = ["h": "urn:q"]

    func find(_ path: String) throws -> (texts: [String], failed: Bool) {
        let node = try #require(try read(Self.document, .xml, at: "/R/r").trees.first)
        let compiled = try RecordPath(path, language: .xPath, namespaces: Self.spaces)
        let found = compiled.all(in: node)
        #expect(compiled.first(in: node) == found.first)
        return (found.map { $0.scalarText ?? "<\($0.name ?? "")>" }, node.hasFailedPath)
    }

    @Test(arguments: [
        (".//a", ["one", "two", "three"]), ("//a", ["one", "two", "three"]), ("a[@n='2']", ["two"]),
        ("a[@n > 1]", ["two"]), ("a[last()]", ["two"]), ("a[position() < 2]", ["one"]), ("descendant::a[3]", ["three"]),
        ("b/a/..", ["<b>"]), ("b/a/parent::b/c", [" x  y "]), ("a | b/a", ["one", "two", "three"]),
        ("b/a | a", ["one", "two", "three"]), ("h:d[. > 5]", ["10"]), ("*[local-name()='d']", ["10", "2.5"]),
        ("@*", ["v", "w"]), ("@h:m", ["w"]), ("a/@n", ["1", "2"]), ("a[not(@n='1')]", ["two"]), ("e", [""]),
        ("证照[@类型='甲']", ["内"]), ("following-sibling::*", []), ("a[1]/following-sibling::a", ["two"]),
        ("count(.//a)", ["3"]), ("sum(h:d)", ["12.5"]), ("string(b/a)", ["three"]),
        ("concat(a[1], '-', a[2])", ["one-two"]),
        ("normalize-space(b/c)", ["x y"]), ("substring-before('2026-11-25T08', 'T')", ["2026-11-25"]),
        ("substring('430102', 1, 4)", ["4301"]), ("translate(@k, 'v', 'V')", ["V"]), ("string-length(证照)", ["1"]),
        ("a = 'two'", ["true"]), ("a = 'four'", ["false"]), ("boolean(x)", ["false"]), ("1 div 4", ["0.25"]),
        ("number('x')", []),
        ("x", []), ("//x", []), ("string(x)", [""]), ("namespace-uri(h:d)", ["urn:q"]), ("/r/b/c", [" x  y "]),
        ("self::r/@k", ["v"]), ("a[contains(., 'w')]", ["two"]), ("a[starts-with(., 'o') or @n=2]", ["one", "two"]),
        ("text()", []), ("b//text()", ["three", " x  y "]), ("ancestor-or-self::*", ["<r>"]), ("/", ["<r>"]),
    ]) func `finds what is there`(path: String, texts: [String]) throws {
        let found = try find(path)
        #expect(found.texts == texts)
        #expect(!found.failed)
    }

    @Test(arguments: [
        ("a[", 3), ("a[@n='1'", 9), ("foo(a)", 1), ("a[foo()]", 3), ("p:a", 1), ("a[p:b='1']", 3), ("a[$x]", 3),
        ("namespace::*", 1),
        ("document('/etc/passwd')", 1), ("a]", 2), ("count()", 1), ("a[@n='1]", 6), ("h:f(a)", 1), ("sideways::a", 1),
        ("a + ", 4),
        ("count('x')", 1), ("key('a','b')", 1), ("current()", 1),
    ]) func `refuses what is no XPath, by column`(path: String, column: Int) {
        let error = #expect(throws: DocumentError.self) {
            _ = try RecordPath(path, language: .xPath, namespaces: Self.spaces)
        }
        #expect(error?.code == .pathSyntax)
        #expect(abs((error?.place.column ?? -9) - column) <= 1, "\(error?.description ?? "")")
    }

    @Test func `texts on both sides of a record that was taken out stay two, and nothing freed is touched`() throws {
        let outcome = try read("<R>one<r/>two<r/>three<t>3</t></R>", .xml, at: "/R/r")
        let envelope = try #require(outcome.envelope)
        let texts = try RecordPath("//text()[. != '']", language: .xPath).all(in: envelope).map { $0.scalarText }
        #expect(texts == ["one", "two", "three", "3"])
        #expect(try RecordPath("string(//t)", language: .xPath).first(in: envelope)?.scalarText == "3")
    }

    @Test func `a node found has its place in the document`() throws {
        let node = try #require(
            try read("<R>\n<r><a>1</a>\n <b><a x='y'>2</a></b></r></R>", .xml, at: "/R/r").trees.first)
        let found = try #require(try RecordPath(".//a[@x]", language: .xPath).first(in: node))
        #expect((found.position.line, found.position.column) == (3, 5))
        #expect(found.path == "/r/b/a")
    }

    @Test func `an expression that would never end is given up, and says so`() throws {
        let wide = String(repeating: "<a><b/><b/><b/></a>", count: 3000)
        let node = try #require(try read("<R><r>\(wide)</r></R>", .xml, at: "/R/r").trees.first)
        let path = try RecordPath("count(.//*[count(//*[count(//b) > 1]) > 1])", language: .xPath)
        #expect(path.first(in: node) == nil)
        #expect(node.hasFailedPath)
    }

    @Test func `many threads may follow one path`() async throws {
        let path = try RecordPath(".//a[@n='3']", language: .xPath)
        let node = try #require(try read(Self.document, .xml, at: "/R/r").trees.first)
        let texts = await withTaskGroup(of: [String?].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<200).map { _ in path.first(in: node)?.scalarText } }
            }
            return await group.reduce(into: Set<String?>()) { $0.formUnion($1) }
        }
        #expect(texts == ["three"])
    }
}
