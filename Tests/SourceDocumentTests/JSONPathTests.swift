import Diagnostics
// SPDX-License-Identifier: Apache-2.0
import Foundation
import SourceDocument
import Testing

/// The values a query finds in a document, as they stand in it.
private func find(_ query: String, in document: String) throws -> [String] {
    let outcome = try read("[\(document)]", at: "$")
    #expect(outcome.error == nil, "\(outcome)")
    let node = try #require(outcome.trees.first)
    let path = try RecordPath(query, language: .jsonPath)
    let found = path.all(in: node)
    #expect(!node.hasFailedPath)
    #expect(path.first(in: node) == found.first)
    return found.map { String(decoding: $0.raw, as: UTF8.self) }
}

@Suite struct `JSONPath by RFC 9535` {
    @Test(arguments: [
        // 2.3.1.3 names
        (#"$.o['j j']"#, #"{"o":{"j j":{"k.k":3}},"'":{"@":2}}"#, [#"{"k.k":3}"#]),
        (#"$.o['j j']['k.k']"#, #"{"o":{"j j":{"k.k":3}}}"#, ["3"]),
        (#"$["'"]["@"]"#, #"{"'":{"@":2}}"#, ["2"]),
        // 2.3.2.3 wildcards
        ("$[*]", #"{"o":{"j":1,"k":2},"a":[5,3]}"#, [#"{"j":1,"k":2}"#, "[5,3]"]),
        ("$.o[*, *]", #"{"o":{"j":1,"k":2}}"#, ["1", "2", "1", "2"]),
        // 2.3.3.3 indexes
        ("$[1]", #"["a","b"]"#, ["\"b\""]), ("$[-2]", #"["a","b"]"#, ["\"a\""]), ("$[2]", #"["a","b"]"#, []),
        // 2.3.4.3 slices
        ("$[1:3]", #"["a","b","c","d","e","f","g"]"#, ["\"b\"", "\"c\""]),
        ("$[5:]", #"["a","b","c","d","e","f","g"]"#, ["\"f\"", "\"g\""]),
        ("$[1:5:2]", #"["a","b","c","d","e","f","g"]"#, ["\"b\"", "\"d\""]),
        ("$[5:1:-2]", #"["a","b","c","d","e","f","g"]"#, ["\"f\"", "\"d\""]),
        ("$[::-1]", "[1,2,3]", ["3", "2", "1"]), ("$[::0]", "[1,2,3]", []), ("$[-2:]", "[1,2,3]", ["2", "3"]),
        ("$[:-1]", "[1,2,3]", ["1", "2"]), ("$[10:0:-1]", "[1,2,3]", ["3", "2"]),
        ("$[ 0 : 2 ]", "[1,2,3]", ["1", "2"]),
        ("$[-9007199254740991:9007199254740991]", "[1,2]", ["1", "2"]),
        // 2.3.5.3 filters
        ("$.a[?@.b == 'kilo']", Self.filtered, [#"{"b":"kilo"}"#]),
        ("$.a[?(@.b == 'kilo')]", Self.filtered, [#"{"b":"kilo"}"#]),
        ("$.a[?@>3.5]", Self.filtered, ["5", "4", "6"]),
        ("$.a[?@.b]", Self.filtered, [#"{"b":"j"}"#, #"{"b":"k"}"#, #"{"b":{}}"#, #"{"b":"kilo"}"#]),
        (
            "$[?@.*]", Self.filtered,
            [
                #"[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]"#, #"{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}"#,
            ]
        ),
        ("$[?@[?@.b]]", Self.filtered, [#"[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]"#]),
        ("$.o[?@<3, ?@<3]", Self.filtered, ["1", "2", "1", "2"]),
        ("$.a[?@<2 || @.b == \"k\"]", Self.filtered, ["1", #"{"b":"k"}"#]),
        ("$.a[?match(@.b, \"[jk]\")]", Self.filtered, [#"{"b":"j"}"#, #"{"b":"k"}"#]),
        ("$.a[?search(@.b, \"[jk]\")]", Self.filtered, [#"{"b":"j"}"#, #"{"b":"k"}"#, #"{"b":"kilo"}"#]),
        ("$.o[?@>1 && @<4]", Self.filtered, ["2", "3"]), ("$.o[?@.u || @.x]", Self.filtered, [#"{"u":6}"#]),
        ("$.a[?@.b == $.x]", Self.filtered, ["3", "5", "1", "2", "4", "6"]),
        (
            "$.a[?@ == @]", Self.filtered,
            [
                "3", "5", "1", "2", "4", "6", #"{"b":"j"}"#, #"{"b":"k"}"#, #"{"b":{}}"#, #"{"b":"kilo"}"#,
            ]
        ),
        // 2.5.2.3 descendants
        ("$..j", #"{"o":{"j":1,"k":2},"a":[5,3,[{"j":4},{"k":6}]]}"#, ["1", "4"]),
        ("$..[0]", #"{"o":{"j":1,"k":2},"a":[5,3,[{"j":4},{"k":6}]]}"#, ["5", #"{"j":4}"#]),
        ("$.a..[0, 1]", #"{"a":[5,3,[{"j":4},{"k":6}]]}"#, ["5", "3", #"{"j":4}"#, #"{"k":6}"#]),
        ("$..o", #"{"o":{"j":1}}"#, [#"{"j":1}"#]),
        // 2.6.1 null
        ("$.a", #"{"a":null}"#, ["null"]), ("$.a[0]", #"{"a":null}"#, []),
        ("$.b[?@==null]", #"{"b":[null]}"#, ["null"]),
        ("$.c[?@.d==null]", #"{"c":[{}]}"#, []), ("$.null", #"{"null":1}"#, ["1"]),
    ]) func `answers the standard's examples`(query: String, document: String, found: [String]) throws {
        #expect(try find(query, in: document) == found)
    }

    private static let filtered = #"""
        {"a":[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}],"o":{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}},"e":"f"}
        """#

    /// RFC 9535, table 11.
    @Test(arguments: [
        ("$.absent1 == $.absent2", true), ("$.absent1 <= $.absent2", true), ("$.absent == 'g'", false),
        ("$.absent1 != $.absent2", false), ("$.absent != 'g'", true), ("1 <= 2", true), ("1 > 2", false),
        ("13 == '13'", false), ("'a' <= 'b'", true), ("'a' > 'b'", false), ("$.obj == $.arr", false),
        ("$.obj != $.arr", true), ("$.obj == $.obj", true), ("$.obj != $.obj", false), ("$.arr == $.arr", true),
        ("$.arr != $.arr", false), ("$.obj == 17", false), ("$.obj != 17", true), ("$.obj <= $.arr", false),
        ("$.obj < $.arr", false), ("$.obj <= $.obj", true), ("$.arr <= $.arr", true), ("1 <= $.arr", false),
        ("1 >= $.arr", false), ("1 > $.arr", false), ("1 < $.arr", false), ("true <= true", true),
        ("true > true", false),
        // Numbers by what they are worth, exactly.
        ("0.10 == 0.1", true), ("1e2 == 100", true), ("-0 == 0", true), ("-1.5 < -1.4", true), ("2 < 10", true),
        ("430102199003070021 == 430102199003070020", false), ("430102199003070021 > 430102199003070020", true),
        ("1e-999999999 > 0", true), ("1E400 < 2e400", true), ("0e99 == 0", true), ("120 == 12", false),
        // Texts by code points, never by what looks alike.
        ("'\\u00e9' == 'e\\u0301'", false), ("'\\ud83d\\ude00' > '\\uffff'", true), ("'' < 'a'", true),
        ("length('证照') == 2", true), ("length($.obj) == 1", true), ("length($.arr) == 2", true),
        ("length(1) == 1", false), ("count($.*) == 2", true), ("count($.absent) == 0", true),
        ("value($..x) == 'y'", true), ("value($.*) == 1", false), ("!($.obj == 17)", true), ("!$.absent", true),
    ]) func `compares as the standard's table says`(condition: String, holds: Bool) throws {
        let document = #"{"obj":{"x":"y"},"arr":[2,3]}"#
        #expect(try find("$[?\(condition)]", in: document).count == (holds ? 2 : 0))
    }

    @Test func `objects are equal whatever the order of their members`() throws {
        #expect(try find("$[?@.a == @.b]", in: #"[{"a":{"x":1,"y":[2]},"b":{"y":[2.0],"x":1}}]"#).count == 1)
        #expect(try find("$[?@.a == @.b]", in: #"[{"a":{"x":1},"b":{"x":1,"y":null}}]"#).isEmpty)
    }

    @Test(arguments: [
        ("$[?length(@) < 3]", 3), ("$[?count(@) == true && @]", 1), ("$[ 'a' , \"b\" ]", 0), ("$ .a ['b'] ..c", 0),
        ("$[?@.a]", 0), ("$[?(@.a)]", 0), ("$[?!@.a]", 0), ("$[? !( @.a || @.b )&&@.c ]", 0), ("$..*", 0),
        ("$..['a']", 0),
        ("$['\\u0061\\/\\n']", 0), ("$[\"\\\"\"]", 0), ("$['\\'']", 0), ("$[?@ == -0]", 0), ("$[?@ == 1.5E+3]", 0),
        ("$[?match(@.a, @.b)]", 0), ("$[?value(@..a) == 1]", 0), ("$[?length(value(@.*)) == 1]", 0), ("$.☺", 0),
        ("$.a1_", 0),
    ]) func `takes what the grammar takes`(query: String, _: Int) throws {
        _ = try RecordPath(query, language: .jsonPath)
    }

    @Test(arguments: [
        "", " $", "$ ", "a", "$.", "$..", "$. a", "$.a ", "$a", "$[", "$[]", "$['a]", "$['a'", "$[a]", "$[01]", "$[-0]",
        "$[1:2:3:4]", "$[1,]", "$[,1]", "$[9007199254740992]", "$[-9223372036854775808]", "$[::-9223372036854775808]",
        "$[1.0]", "$['\\\"']", "$[\"\\'\"]", "$['\\ud800']",
        "$['\\x41']", "$['\\u12']", "$[\"\u{1}\"]", "$.1a", "$.a-b", "$.'a'", "$...a", "$[?]", "$[?@.a=1]", "$[?@.a==]",
        "$[?==1]", "$[?1]", "$[?true]", "$[?'a']", "$[?@.a && ]", "$[?(@.a]", "$[?@.a)]", "$[?@.* == 1]",
        "$[?@..a == 1]",
        "$[?@[0:1] == 1]", "$[?@['a','b'] == 1]", "$[?@.a == [1]]", "$[?@.a == {}]", "$[?@.a == True]", "$[?@ == 01]",
        "$[?@ == .1]", "$[?@ == 1.]", "$[?@ == +1]", "$[?length(@)]", "$[?count(@)]", "$[?value(@)]", "$[?match(@.a)]",
        "$[?match(@.a,'a') == true]", "$[?length(@.*) == 1]", "$[?length(@,@) == 1]", "$[?length() == 1]",
        "$[?count(1) == 1]",
        "$[?count('a') == 1]", "$[?match(@.*, 'a')]", "$[?size(@) == 1]", "$[?LENGTH(@) == 1]", "$[?length (@) == 1]",
        "$[?match(@, '(')]", "$[?search(@, '[')]", "$[?!1 == 2]", "$[?@.a == 1 == 2]", "$[?@ <> 1]", "$[?@.a and @.b]",
        "$[?@ == null()]", "$[?length(match(@,'a')) == 1]",
    ]) func `refuses what the grammar refuses`(query: String) {
        let error = #expect(throws: DocumentError.self) { _ = try RecordPath(query, language: .jsonPath) }
        #expect(error?.code == .pathSyntax)
        #expect((1...query.utf8.count + 1).contains(error?.place.column ?? 0))
    }

    @Test(arguments: [
        ("a.c", "abc", true), ("a.c", "a\\nc", false), ("[0-9]{18}", "430102199003070020", true),
        ("[0-9]{17}", "430102199003070020", false),
        ("\\\\d", "1", nil), ("[^a]", "b", true), ("[a-]", "-", true), ("[-a]", "-", true), ("[a-c-e]", "b", nil),
        ("\\\\p{Lu}+", "ABC", true),
        ("\\\\P{L}", "1", true), ("\\\\p{Han}", "证", nil), ("[\\\\p{L}\\\\-]+", "证-x", true),
        ("(a|b)*c", "abbac", true), ("", "", true),
        ("a{2,}", "aaa", true), ("a{2,3}", "aaaa", false), ("a{3,2}", "aaa", nil), ("^a$", "a", false),
        ("a\\\\.b", "a.b", true), ("a**", "a", nil),
        ("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false), (".{0,100000}", "x", nil),
    ]) func `matches by RFC 9485`(pattern: String, text: String, matches: Bool?) throws {
        // Out of the document, where a pattern that is none matches nothing; as a literal it is refused.
        let found = try find("$[?match(@.t, @.p)]", in: #"[{"t":"\#(text)","p":"\#(pattern)"}]"#)
        #expect(found.count == (matches == true ? 1 : 0))
        let literal = "$[?match(@.t, \"\(pattern)\")]"
        if matches == nil {
            #expect(throws: DocumentError.self) { _ = try RecordPath(literal, language: .jsonPath) }
        } else {
            _ = try RecordPath(literal, language: .jsonPath)
        }
    }

    @Test func `a path that would never end is given up, and says so`() throws {
        let wide = "[" + Array(repeating: "[[1,2,3,4,5,6,7,8,9]]", count: 2000).joined(separator: ",") + "]"
        let node = try #require(try read("[\(wide)]", at: "$").trees.first)
        let path = try RecordPath("$[?$..[?@ == 10]]", language: .jsonPath)
        #expect(path.all(in: node).isEmpty)
        #expect(node.hasFailedPath)
    }

    @Test(arguments: [
        "$.few[?@ == $.members]", "$.few[?@ == $.list]", "$.few[?length($.list) == 0]",
        "$.few[?length($.members) == 0]",
        "$.texts[?@ == $.long]", "$.texts[?@ < $.long]", "$.texts[?length($.long) == 0]", "$.texts[?search($.long, @)]",
    ]) func `a comparison with something large, for every member, is paid for every time`(query: String) throws {
        let members = (0..<3000).map { "\"m\($0)\":0" }.joined(separator: ",")
        let few = Array(repeating: "{},[]", count: 3000).joined(separator: ",")
        let texts = (0..<3000).map { "\"y\($0)\"" }.joined(separator: ",")
        let list = Array(repeating: "0", count: 3000).joined(separator: ",")
        let long = String(repeating: "x", count: 300_000)
        let document =
            "{\"few\":[\(few)],\"members\":{\(members)},\"texts\":[\(texts)],\"list\":[\(list)],\"long\":\"\(long)\"}"
        let node = try #require(try read("[\(document)]", at: "$").trees.first)
        #expect(try RecordPath(query, language: .jsonPath).all(in: node).isEmpty)
        #expect(node.hasFailedPath)
    }

    @Test(.timeLimit(.minutes(1))) func `a pattern that repeats nothing without end is only nothing`() throws {
        let pattern = "x((((){4096}){4096}){4096}){4096}()*(()+|y)"
        #expect(try find("$[?match(@.t, @.p)]", in: "[{\"t\":\"xy\",\"p\":\"\(pattern)\"}]").count == 1)
        _ = try RecordPath("$[?match(@, '\(pattern)')]", language: .jsonPath)
    }

    @Test func `agrees with another implementation on cases made by Scripts/check-jsonpath`() throws {
        guard let file = ProcessInfo.processInfo.environment["LICGATE_JSONPATH_CASES"] else { return }
        var compared = 0
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 4 else { throw CocoaError(.fileReadCorruptFile) }
            compared += 1
            if fields[2] == "refused" {
                #expect(throws: DocumentError.self, "\(fields[0])") {
                    _ = try RecordPath(fields[0], language: .jsonPath)
                }
            } else {
                // The other one takes more than the grammar when a query was spoilt (`!!@`, `@ == !@`, `f(@,)`).
                if fields[3] == "spoilt", (try? RecordPath(fields[0], language: .jsonPath)) == nil { continue }
                let found = try find(fields[0], in: fields[1])
                #expect("[" + found.joined(separator: ",") + "]" == fields[2], "\(fields[0]) in \(fields[1])")
            }
        }
        #expect(compared > 100)
    }
}
