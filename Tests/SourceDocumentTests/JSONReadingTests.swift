// SPDX-License-Identifier: Apache-2.0
import SourceDocument
import Testing

@Suite struct `Reading JSON` {
    static let page = """
        {"code": 200, "data": {"total": 3, "items": [
          {"id": "001", "n": 0.10, "big": 12345678901234567890, "名": "企业\\u8bc1", "none": null, "ok": true},
          {"id": "002", "e": 1E400, "list": [1, [2, {"x": "y"}]]},
          {"id": "003"}
        ], "next": "abc"}}
        """

    @Test func `hands over each record with its exact bytes, and the envelope without them`() throws {
        let outcome = try read(Self.page, at: "$.data.items")
        #expect(outcome.error == nil)
        #expect(outcome.records.count == 3)
        #expect(outcome.texts[2] == #"{"id": "003"}"#)
        #expect(outcome.list == .list)
        let first = try #require(outcome.trees.first)
        #expect(first.member("id")?.scalarText == "001")
        #expect(first.member("n")?.scalarText == "0.10")
        #expect(first.member("big")?.scalarText == "12345678901234567890")
        #expect(first.member("名")?.scalarText == "企业证")
        #expect(first.member("none")?.isEmptyOrNull == true)
        #expect(first.member("ok")?.scalarText == "true")
        let envelope = try #require(outcome.envelope)
        let next = try RecordPath("$.data.next", language: .jsonPath)
        #expect(next.first(in: envelope)?.scalarText == "abc")
        let place = try #require(Self.page.utf8.indices(of: "\"abc\"").first)
        #expect(next.first(in: envelope)?.position == DocumentPosition(line: 5, column: 12, offset: place))
        #expect(try RecordPath("$.data.items", language: .jsonPath).first(in: envelope)?.children.isEmpty == true)
    }

    @Test func `every cut in two gives the same`() throws {
        let whole = try read(Self.page, at: "$.data.items[*]")
        for cut in 0...Self.page.utf8.count {
            let cutInTwo = try read(Self.page, at: "$.data.items[*]", cuts: [cut])
            #expect(cutInTwo == whole, "cut at \(cut)")
        }
        let bytewise = try read(Self.page, at: "$.data.items[*]", cuts: Array(0...Self.page.utf8.count))
        #expect(bytewise == whole)
    }

    @Test func `a document cut off anywhere is never complete`() throws {
        let bytes = Array(Self.page.utf8)
        for length in 0..<bytes.count {
            let outcome = try read(Array(bytes[..<length]), at: "$.data.items")
            #expect(outcome.error != nil, "cut after \(length)")
        }
    }
}

extension Collection<UInt8> {
    /// Where a text stands among bytes.
    func indices(of text: String) -> [Int] {
        let bytes = Array(self)
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return [] }
        return (0...(bytes.count - wanted.count)).filter { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
