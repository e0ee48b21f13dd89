// SPDX-License-Identifier: Apache-2.0
import SourceDocument
import Testing

@Suite struct `Reading XML` {
    static let page = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- 一 comment with <tags> -->
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns="urn:x">
          <s:Body>
            <ANSWER code="200" 名="值">
              <total>2</total>
              <LIST>
                <RECORD id="1" note="a &gt; b > c"><name>企业 &amp; 证</name><empty/><nil xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"></nil></RECORD>
                <RECORD id="2"><name><![CDATA[<b>]]>x&#x8bc1;</name><p xmlns="urn:y">
                  <q>1</q><q>2</q></p></RECORD>
              </LIST>
              <next>t</next>
            </ANSWER>
          </s:Body>
        </s:Envelope>
        """
    static let path = "/s:Envelope/s:Body/ANSWER/LIST/RECORD"
    static let spaces = ["s": "http://www.w3.org/2003/05/soap-envelope", "": "urn:x", "y": "urn:y"]

    func x(_ path: String) throws -> RecordPath { try RecordPath(path, language: .xPath, namespaces: Self.spaces) }

    @Test func `hands over each element with its exact bytes, and the envelope without them`() throws {
        let outcome = try read(Self.page, .xml, at: Self.path, namespaces: Self.spaces)
        #expect(outcome.error == nil)
        #expect(outcome.texts.count == 2)
        let first = try #require(outcome.trees.first)
        #expect(outcome.texts[0].hasPrefix("<RECORD id=\"1\"") && outcome.texts[0].hasSuffix("</RECORD>"))
        #expect(outcome.texts[1].hasPrefix("<RECORD id=\"2\"") && outcome.texts[1].hasSuffix("</RECORD>"))
        #expect(try x("@id").first(in: first)?.scalarText == "1")
        #expect(try x("@note").first(in: first)?.scalarText == "a > b > c")
        #expect(try x("name").first(in: first)?.scalarText == "企业 & 证")
        #expect(try x("empty").first(in: first)?.isEmptyOrNull == true)
        #expect(try x("nil").first(in: first)?.isEmptyOrNull == true)
        let second = outcome.trees[1]
        #expect(try x("name").first(in: second)?.scalarText == "<b>x证")
        #expect(try x("y:p/y:q").all(in: second).map(\.scalarText) == ["1", "2"])
        #expect(try x("y:p/y:q[2]/text()").first(in: second)?.scalarText == "2")
        #expect(try x("p/q").all(in: second).isEmpty)
        #expect(try x("name").first(in: second)?.position.line == 9)
        let envelope = try #require(outcome.envelope)
        #expect(try x("/s:Envelope/s:Body/ANSWER/next").first(in: envelope)?.scalarText == "t")
        #expect(try x("/s:Envelope/s:Body/ANSWER/next").first(in: envelope)?.position.line == 12)
        #expect(try x("/s:Envelope/s:Body/ANSWER/@code").first(in: envelope)?.scalarText == "200")
        #expect(try x("/s:Envelope/s:Body/ANSWER/LIST/*").all(in: envelope).isEmpty)
    }

    @Test func `every cut in two gives the same`() throws {
        let whole = try read(Self.page, .xml, at: Self.path, namespaces: Self.spaces)
        for cut in 0...Self.page.utf8.count {
            let cutInTwo = try read(Self.page, .xml, at: Self.path, cuts: [cut], namespaces: Self.spaces)
            #expect(cutInTwo == whole, "cut at \(cut)")
            #expect(cutInTwo.positions == whole.positions, "cut at \(cut)")
        }
        let bytewise = try read(
            Self.page, .xml, at: Self.path, cuts: Array(0...Self.page.utf8.count), namespaces: Self.spaces)
        #expect(bytewise == whole)
    }

    @Test func `a document cut off anywhere is never complete`() throws {
        let bytes = Array(Self.page.utf8)
        for length in 0..<bytes.count {
            let outcome = try read(Array(bytes[..<length]), .xml, at: Self.path, namespaces: Self.spaces)
            #expect(outcome.error != nil, "cut after \(length)")
        }
    }

    @Test func `a reference in an attribute means the character, as in a text`() throws {
        let text = "<R><I a='&amp;' b='x&amp;#38;&lt;&#38;y&#x26;' c='&quot;&apos;&gt;'>&amp;#38;&#38;</I></R>"
        let record = try #require(try read(text, .xml, at: "/R/I").trees.first)
        #expect(record.attributes.map(\.scalarText) == ["&", "x&#38;<&y&", "\"'>"])
        #expect(record.scalarText == "&#38;&")
        let spaced = "<R xmlns='urn:a&amp;b'><I/></R>"
        #expect(try read(spaced, .xml, at: "/a:R/a:I", namespaces: ["a": "urn:a&b"]).records.count == 1)
    }
}
