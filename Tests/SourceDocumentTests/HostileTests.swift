// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import SourceDocument
import Testing

@Suite struct `Hostile documents` {
    static let laughs =
        "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;'>]>"
        + "<r><i>&c;</i></r>"
    static let blowUp =
        "<!DOCTYPE r [<!ENTITY a '\(String(repeating: "x", count: 60_000))'>]><r><i>"
        + String(repeating: "&a;", count: 60_000) + "</i></r>"

    @Test(arguments: [
        ("billion laughs", laughs), ("quadratic blow-up", blowUp),
        ("XXE file", "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r><i>&x;</i></r>"),
        ("XXE http", "<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]><r><i>&x;</i></r>"),
        ("external DTD", "<!DOCTYPE r SYSTEM 'http://127.0.0.1:9/r.dtd'><r><i/></r>"),
        ("parameter entity", "<!DOCTYPE r [<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]><r><i/></r>"),
        ("public", "<?xml version='1.0'?><!-- x --><!DOCTYPE r PUBLIC '-//X' 'x.dtd'><r><i/></r>"),
        ("empty subset", "<!DOCTYPE r []><r><i/></r>"), ("bare", "<!DOCTYPE r><r><i/></r>"),
    ]) func `any DOCTYPE is refused at once`(name: String, text: String) throws {
        for cuts in [[], Array(stride(from: 1, to: min(text.utf8.count, 600), by: 1))] {
            let outcome = try read(text, .xml, at: "/r/i", cuts: cuts)
            #expect(outcome.code == "document.doctype_refused")
            #expect(outcome.records.isEmpty)
        }
    }

    @Test func `a DOCTYPE that never ends is given up`() throws {
        let text = "<!DOCTYPE r [" + String(repeating: "<!ENTITY a 'x'>", count: 40_000)
        #expect(try read(text, .xml, at: "/r/i", cuts: Array(stride(from: 0, to: 600_000, by: 16_384))).error != nil)
    }

    @Test(arguments: [
        ("<r><i>&x;</i></r>", "document.not_xml"), ("<r><i></r>", "document.not_xml"),
        ("<r><i/></r>x", "document.not_xml"),
        ("<r><i/></r><r/>", "document.not_xml"), ("<r><i a='1' a='2'/></r>", "document.not_xml"),
        ("<r><i a=1/></r>", "document.not_xml"), ("<r><i>a & b</i></r>", "document.not_xml"),
        ("<r><i>a < b</i></r>", "document.not_xml"), ("<r><p:i/></r>", "document.not_xml"),
        ("<r><i>&#0;</i></r>", "document.not_xml"), ("<r><i>]]></i></r>", "document.not_xml"),
        ("\n<?xml version='1.0'?><r/>", "document.not_xml"), ("<r><i", "document.truncated"),
        ("<r>", "document.truncated"),
        ("", "document.empty"), ("  \n", "document.empty"), ("{\"a\":1}", "document.not_xml"),
        ("Error 500", "document.not_xml"),
        ("<html><body><p>x</body></html>", "document.not_xml"), ("<!DOCTYPE html><html></html>", "document.not_xml"),
        ("<HTML><HEAD>", "document.not_xml"),
        ("<r xmlns:a='urn:1' xmlns:b='urn:1' a:x='1'><i a:y='1' b:y='2'/></r>", "document.not_xml"),
    ]) func `what is not XML is refused`(text: String, code: String) throws {
        let whole = try read(text, .xml, at: "/r/i")
        #expect(whole.code == code, "\(whole)")
        let bytewise = try read(text, .xml, at: "/r/i", cuts: Array(0...text.utf8.count))
        #expect(bytewise.code == code, "\(bytewise)")
    }

    @Test func `nothing is opened and no network is touched`() throws {
        let include =
            "<r xmlns:xi='http://www.w3.org/2001/XInclude'><i><xi:include href='/etc/passwd' parse='text'/></i></r>"
        let outcome = try read(include, .xml, at: "/r/i")
        #expect(outcome.trees.first?.children.first?.children.isEmpty == true)
        let style = "<?xml-stylesheet href='file:///etc/passwd'?><r><i>x</i></r>"
        #expect(try read(style, .xml, at: "/r/i").texts == ["<i>x</i>"])
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"]) func `endless nesting is given up`(unit: String) throws {
        let text = "{\"data\":[" + String(repeating: unit, count: 100_000)
        #expect(try read(text).code == "document.too_deep")
        #expect(try read(text, cuts: Array(stride(from: 0, to: 100_000, by: 1000))).code == "document.too_deep")
        #expect(try read(String(repeating: unit, count: 100_000)).code == "document.too_deep")
    }

    @Test func `a record too deep is set aside, one at the limit is not`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let outcome = try read("{\"data\":[\(nested(64)),\(nested(65)),\(nested(900))]}")
        #expect(outcome.records.count == 1)
        #expect(outcome.rejectCodes == ["document.too_deep", "document.too_deep"])
        func elements(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        let xml = try read("<r>\(elements(64))\(elements(65))\(elements(900))</r>", .xml, at: "/r/a")
        #expect(xml.records.count == 1)
        #expect(xml.rejectCodes == ["document.too_deep", "document.too_deep"])
        #expect(try read("<r>\(elements(5000))</r>", .xml, at: "/r/a").code == "document.too_deep")
        #expect(try read("<r>\(elements(70))</r>", .xml, at: "/r/b").code == "document.too_deep")
    }

    @Test func `limits set one record aside, in one piece or in many`() throws {
        var limits = DocumentLimits()
        limits.textBytes = 1000
        limits.recordBytes = 3000
        limits.attributesPerElement = 4
        limits.nodesPerRecord = 50
        let x = String(repeating: "x", count: 1001)
        let many = String(repeating: "\"y\",", count: 700)
        let json =
            "{\"data\":[{\"a\":1},{\"a\":\"\(x)\"},[\(many)1],[\"\(x.dropLast(2))\",\"\(x.dropLast(2))\","
            + "\"\(x.dropLast(2))\",[{\"\\\"\":\"]\"}]],{\"a\":2}],\"z\":1}"
        let expected = ["document.text_too_long", "document.record_too_large", "document.record_too_large"]
        for cuts in [[], Array(stride(from: 0, to: json.utf8.count, by: 13))] {
            let outcome = try read(json, cuts: cuts, limits: limits)
            #expect(outcome.error == nil)
            #expect(outcome.rejectCodes == expected, "\(outcome.rejects)")
            #expect(outcome.records.count == 2)
            #expect(outcome.ordinals == [1, 2, 3, 4, 5])
        }
        let elements = String(repeating: "<b/>", count: 60)
        let xml =
            "<r><i>1</i><i>\(x)</i><i a='1' b='2' c='3' d='4' e='5'/><i>\(elements)</i>"
            + "<i><a>\(x.dropLast(2))</a><a>\(x.dropLast(2))</a><a>\(x.dropLast(2))</a><a>\(x)</a></i><i>2</i></r>"
        for cuts in [[], Array(stride(from: 0, to: xml.utf8.count, by: 13))] {
            let outcome = try read(xml, .xml, at: "/r/i", cuts: cuts, limits: limits)
            #expect(outcome.error == nil)
            #expect(outcome.records.count == 2)
            #expect(outcome.rejects.count == 4)
            #expect(
                Array(outcome.rejectCodes.prefix(3)) == [
                    "document.text_too_long", "document.too_many_attributes", "document.record_too_large",
                ])
        }
    }

    @Test func `limits of the document end it`() throws {
        var limits = DocumentLimits()
        limits.envelopeBytes = 1000
        limits.totalBytes = 50_000
        limits.records = 100
        let x = String(repeating: "x", count: 1001)
        #expect(try read("{\"a\":\"\(x)\",\"data\":[]}", limits: limits).code == "document.envelope_too_large")
        #expect(try read("{\"a\":[\"\(x)", limits: limits).code == "document.envelope_too_large")
        #expect(try read("<r><a>\(x)</a></r>", .xml, at: "/r/i", limits: limits).code == "document.envelope_too_large")
        let list = Array(repeating: "1", count: 101).joined(separator: ",")
        #expect(try read("[\(list)]", at: "$", limits: limits).code == "document.too_many_records")
        let rows = String(repeating: "<i/>", count: 101)
        #expect(try read("<r>\(rows)</r>", .xml, at: "/r/i", limits: limits).code == "document.too_many_records")
        #expect(try read(String(repeating: " ", count: 50_001), limits: limits).code == "document.too_large")
        #expect(
            try read("a\n" + String(repeating: "1\n", count: 101), .csv(CSVDialect()), limits: limits).code
                == "document.too_many_records")
    }

    @Test func `what stands between the records does not fill the envelope`() throws {
        var limits = DocumentLimits()
        limits.envelopeBytes = 1000
        let rows = String(repeating: "<i>x</i>\n        ", count: 2000)
        let xml = try read("<r>\n  \(rows)</r>", .xml, at: "/r/i", limits: limits)
        #expect(xml.error == nil && xml.records.count == 2000)
        #expect(xml.envelope?.isEmptyOrNull == true)
        let items = String(repeating: "{\"a\":1} ,\n        ", count: 2000)
        let json = try read("{\"data\":[ \(items) {}\n ]}", limits: limits)
        #expect(json.error == nil && json.records.count == 2001)
    }

    @Test func `a tag of a hundred thousand attributes is given up early`() throws {
        let many = (0..<100_000).map { "a\($0)=''" }.joined(separator: " ")
        #expect(try read("<r><i \(many)/></r>", .xml, at: "/r/i").error != nil)
        let comment = "<r><!--" + String(repeating: "x", count: 600_000)
        #expect(try read(comment, .xml, at: "/r/i").code == "document.not_xml")
    }

    @Test func `a record without end is given up with bounded memory`() throws {
        var limits = DocumentLimits()
        limits.recordBytes = 10_000
        let reader = try DocumentReader(
            format: .json, records: try StreamPath("$", language: .jsonPath), limits: limits)
        _ = try reader.feed(Array("[{\"a\":\"".utf8))
        let chunk = [UInt8](repeating: 0x78, count: 16_384)
        let error = #expect(throws: DocumentError.self) {
            for _ in 0..<10_000 { _ = try reader.feed(chunk) }
        }
        #expect(error?.code == .tooLarge)
        let again = #expect(throws: DocumentError.self) { _ = try reader.feed(chunk) }
        #expect(again?.code == .alreadyEnded)
    }

    @Test func `a value without end is given up at its limit, byte by byte`() throws {
        var limits = DocumentLimits()
        limits.envelopeBytes = 1000
        for (format, path, start) in [
            (DocumentFormat.json, "$.data", "{\"a\":\""), (.json, "$.data", "{\"a\":[1,[\""), (.xml, "/r/i", "<r>"),
        ] {
            let list = try StreamPath(path, language: format.pathLanguage)
            let reader = try DocumentReader(format: format, records: list, limits: limits)
            _ = try reader.feed(Array(start.utf8))
            var fed = 0
            let error = #expect(throws: DocumentError.self) {
                while fed < 10_000 {
                    _ = try reader.feed([0x78])
                    fed += 1
                }
            }
            #expect(error?.code == .envelopeTooLarge)
            // libxml2 itself waits for some hundred bytes of text.
            #expect(fed < (format == .xml ? 1400 : 1010))
        }
    }

    @Test func `a control character in XML sets one record aside`() throws {
        let outcome = try read("<r><i>1</i><i>a\u{0B}b</i><i>2</i></r>", .xml, at: "/r/i")
        #expect(outcome.error == nil && outcome.records.count == 2)
        #expect(outcome.rejectCodes == ["document.control_character"])
        #expect(outcome.rejects.first?.error.place.column == 16)
    }

    /// Values are planted where errors arise; none may come out again.
    @Test(arguments: [
        (DocumentFormat.json, "{\"data\":[{\"name\":\"canary\",\"name\":\"canary\"}]}"),
        (.json, "{\"data\":[{\"name\":\"canary\\ud800\"}]}"), (.json, "{\"data\":[{\"name\":'canary'}]}"),
        (.json, "{\"data\":[canary]}"), (.json, "canary"), (.json, "{\"data\":[{\"zh\":0canary}]}"),
        (.xml, "<r><i>&canary;</i></r>"), (.xml, "<r><i a='canary' a='canary'/></r>"), (.xml, "<r><i>canary &</i></r>"),
        (.xml, "<r xmlns='canary'><i><x:y/></i></r>"), (.xml, "<!DOCTYPE canary><r/>"), (.xml, "canary"),
        (.xml, "<?xml version='1.0' encoding='canary'?><r/>"), (.csv(CSVDialect()), "a,b\n\"canary\"canary,1\n"),
        (.csv(CSVDialect()), "a,b\ncanary,1,2\n"), (.csv(CSVDialect()), "canary,canary\n"),
        (.ndjson, "{\"a\":canary}\n"),
    ]) func `no value stands in an error`(format: DocumentFormat, text: String) throws {
        let path = format == .xml ? "/r/i" : format == .ndjson ? "$" : "$.data"
        let outcome = try read(text, format, at: path)
        let errors = outcome.rejects.map(\.error) + [outcome.error].compactMap { $0 }
        #expect(!errors.isEmpty)
        for error in errors { #expect(!"\(error) \(error.diagnostic)".contains("canary"), "\(error)") }
    }

    @Test func `printing a node, a record or a reject shows no value`() throws {
        let reader = try DocumentReader(format: .json, records: .whole)
        let events = try reader.feed(Array("[{\"k\":\"canary\"},{\"k\":\"canary\",\"k\":1}]".utf8))
        var shown = "\(events) \(String(reflecting: events))"
        dump(events, to: &shown)
        if case .record(let record)? = events.first { dump(record.node.children, to: &shown) }
        #expect(events.count == 2)
        // Bytes would be printed as numbers.
        #expect(!shown.contains("canary") && !shown.contains("99, 97, 110") && !shown.contains("- 99"))
    }

    @Test func `every error says what, where and what to do`() throws {
        let error = try #require(try read("{\"data\":[{\"a\":1,}]}").error)
        #expect(
            error.description
                == "[document.trailing_comma] record 1, line 1, column 17, at $.data[0].a: a comma stands before a "
                + "closing bracket. Nothing of this document is used. Tell the source's operator: this is not JSON.")
    }
}
