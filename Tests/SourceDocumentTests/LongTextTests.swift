// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import SourceDocument
import Testing

/// A text over the limit spoils its record, and what follows it in the document is judged as if it had not been there.
@Suite struct `An XML text over the limit` {
    static let limits = {
        var limits = DocumentLimits()
        limits.textBytes = 64
        return limits
    }()
    static let long = String(repeating: "长", count: 100)

    /// Names whose bytes were kept before the text came, so that an error after it has a path to tell.
    static let inRecord = "<r><list><item><name>x</name><remark>\(long)"
    static let inEnvelope = "<r><head><message>\(long)"

    static let broken: [(name: String, rest: String)] = [
        ("another end tag", "</name></item></list></r>"),
        ("a prefix that is not declared", "<p:a/></remark></item></list></r>"),
        ("a bare <", "< b</remark></item></list></r>"),
        ("an entity that is not declared", "&x;</remark></item></list></r>"),
        ("a DOCTYPE", "<!DOCTYPE x></remark></item></list></r>"),
        ("a section that does not end", "<![CDATA[</remark></item></list></r>"),
        ("the end", ""),
        ("elements without end", String(repeating: "<a>", count: 2000)),
        ("a tag without end", "<a b='" + String(repeating: "x", count: 600_000)),
        ("an attribute twice", "<a b='1' b='2'/></remark></item></list></r>"),
    ]

    /// In one piece, byte by byte at the border, and in pieces as a socket gives them.
    static func cuts(_ text: String) -> [[Int]] {
        let count = text.utf8.count
        return [[], Array(0...min(count, 600)), Array(stride(from: 0, to: count, by: 7))]
    }

    @Test(arguments: broken.map(\.name), [true, false])
    func `then something malformed refuses the page`(name: String, isInRecord: Bool) throws {
        let rest = try #require(Self.broken.first { $0.name == name }).rest
        let head = isInRecord ? Self.inRecord : Self.inEnvelope
        for cuts in Self.cuts(head + rest) {
            let outcome = try read(head + rest, .xml, at: "/r/list/item", cuts: cuts, limits: Self.limits)
            let error = outcome.error
            #expect(error != nil, "\(name), \(cuts.count) cuts")
            #expect(outcome.records.isEmpty)
            #expect(!"\(outcome)".contains("长"), "the text is quoted: \(outcome)")
        }
    }

    @Test func `sets the record aside with the place of the text, and goes on`() throws {
        let text = Self.inRecord + "</remark><after a='1'>y</after></item><item><name>z</name></item></list></r>"
        for cuts in Self.cuts(text) {
            let outcome = try read(text, .xml, at: "/r/list/item", cuts: cuts, limits: Self.limits)
            #expect(outcome.error == nil)
            #expect(outcome.rejectCodes == ["document.text_too_long"])
            #expect(outcome.rejects.first?.error.place.path?.hasSuffix("/remark") == true)
            #expect(outcome.texts == ["<item><name>z</name></item>"])
        }
    }

    @Test func `around the list refuses the page and names the element`() throws {
        let text = Self.inEnvelope + "</message></head><list><item/></list></r>"
        for cuts in Self.cuts(text) {
            let outcome = try read(text, .xml, at: "/r/list/item", cuts: cuts, limits: Self.limits)
            #expect(outcome.code == "document.text_too_long")
            #expect(outcome.error?.place.path == "/r/head/message")
        }
    }

    @Test func `and a later error names the elements it lies in`() throws {
        let text = Self.inRecord + "<p:a/></remark></item></list></r>"
        let outcome = try read(text, .xml, at: "/r/list/item", limits: Self.limits)
        #expect(outcome.code == "document.not_xml")
        #expect(outcome.error?.place.path?.contains("/remark") == true)
    }
}
