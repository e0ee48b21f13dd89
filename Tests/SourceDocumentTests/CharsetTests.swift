// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Glibc
import SourceDocument
import Testing

/// A text in another encoding, through the C library.
func encoded(_ text: String, _ charset: String) throws -> [UInt8] {
    let handle = iconv_open(charset, "UTF-8")
    defer { iconv_close(handle) }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 4 + 16)
    var left = input.count
    var room = output.count
    let total = output.count
    let result = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { sink in
            var from = source.baseAddress
            var to = sink.baseAddress
            return iconv(handle, &from, &left, &to, &room)
        }
    }
    try #require(result != -1 && left == 0)
    return output[..<(total - room)].map { UInt8(bitPattern: $0) }
}

@Suite struct `The encoding of a document` {
    static let json = "{\"data\":[{\"名称\":\"长沙市𠮷企业😀\"},{\"k\":\"ﬀ€\"}],\"next\":\"证\"}"
    static let mark = (utf8: [UInt8]([0xEF, 0xBB, 0xBF]), le: [UInt8]([0xFF, 0xFE]), be: [UInt8]([0xFE, 0xFF]))

    @Test(arguments: [
        ("UTF-8", "utf-8", DocumentCharset.utf8), ("UTF-16LE", "utf-16le", .utf16LE),
        ("UTF-16BE", "UTF-16BE", .utf16BE),
        ("GB18030", "gb18030", .gb18030), ("GB18030", "\"GB2312\"", .gbk),
    ]) func `follows the HTTP header, whatever the cut`(name: String, label: String, charset: DocumentCharset) throws {
        let bytes = try encoded(Self.json, name)
        let plain = try read(Self.json)
        let declaration = CharsetDeclaration(http: label)
        #expect(try read(bytes, charset: declaration) == plain)
        for cut in 0...bytes.count { #expect(try read(bytes, cuts: [cut], charset: declaration) == plain) }
        #expect(try read(bytes, cuts: Array(0...bytes.count), charset: declaration) == plain)
        #expect(DocumentCharset(label: label) == charset)
    }

    @Test func `follows the byte order mark`() throws {
        let plain = try read(Self.json)
        #expect(try read(Self.mark.utf8 + Array(Self.json.utf8)) == plain)
        #expect(try read(Self.mark.le + encoded(Self.json, "UTF-16LE")) == plain)
        #expect(try read(Self.mark.be + encoded(Self.json, "UTF-16BE")) == plain)
        #expect(try read([0x84, 0x31, 0x95, 0x33] + encoded(Self.json, "GB18030")) == plain)
        #expect(try read(Self.mark.be + encoded(Self.json, "UTF-16BE"), charset: .init(http: "utf-16")) == plain)
        #expect(try read(encoded(Self.json, "UTF-16BE"), charset: .init(http: "utf-16")) == plain)
        #expect(try read(encoded(Self.json, "UTF-16LE")) == plain)
    }

    @Test(arguments: ["GB18030", "gbk", "GB2312", "UTF-8", "UTF-16"])
    func `follows the XML declaration`(label: String) throws {
        let text = "<?xml version='1.0' encoding='\(label)'?><R><名>企业</名><名>长沙</名></R>"
        let bytes = label == "UTF-16" ? try encoded(text, "UTF-16LE") : try encoded(text, label)
        for cuts in [[], [1], [30], Array(0...bytes.count)] {
            let outcome = try read(bytes, .xml, at: "/R/名", cuts: cuts)
            #expect(outcome.texts == ["<名>企业</名>", "<名>长沙</名>"], "\(outcome)")
        }
    }

    @Test func `the manifest overrules header and declaration`() throws {
        let text = "<?xml version='1.0' encoding='UTF-8'?><R><名>企业</名></R>"
        let outcome = try read(
            encoded(text, "GB18030"), .xml, at: "/R/名", charset: .init(http: "iso-8859-1", override: .gbk))
        #expect(outcome.code == "document.charset_unknown" || outcome.texts == ["<名>企业</名>"])
        #expect(
            try read(encoded(text, "GB18030"), .xml, at: "/R/名", charset: .init(http: "utf-8", override: .gbk)).texts
                == ["<名>企业</名>"])
    }

    @Test func `a mark that contradicts a declaration is refused`() throws {
        let xml = Self.mark.utf8 + Array("<?xml version='1.0' encoding='GB18030'?><R/>".utf8)
        #expect(try read(xml, .xml, at: "/R").code == "document.charset_contradiction")
        let json = Self.mark.utf8 + Array(Self.json.utf8)
        #expect(try read(json, charset: .init(http: "gbk")).code == "document.charset_contradiction")
        #expect(try read(json, charset: .init(override: .gbk)).code == "document.charset_contradiction")
        let wide = Array("<?xml version='1.0' encoding='UTF-16'?><R/>".utf8)
        #expect(try read(wide, .xml, at: "/R").code == "document.charset_contradiction")
        let narrow = try encoded("<?xml version='1.0' encoding='UTF-8'?><R/>", "UTF-16LE")
        #expect(try read(Self.mark.le + narrow, .xml, at: "/R").code == "document.charset_contradiction")
        #expect(try read(narrow, .xml, at: "/R").code == "document.charset_contradiction")
    }

    @Test func `an unknown label is refused by name of its origin`() throws {
        let outcome = try read(Self.json, charset: .init(http: "x-klingon"))
        #expect(outcome.code == "document.charset_unknown")
        #expect(outcome.error?.description.contains("klingon") == false)
        #expect(
            try read("<?xml version='1.0' encoding='ebcdic'?><R/>", .xml, at: "/R").code == "document.charset_unknown")
    }

    @Test func `GBK read as UTF-8 sets each record aside, in JSON and XML`() throws {
        let json = try encoded("{\"data\":[{\"a\":1},{\"a\":\"企业\"}]}", "GB18030")
        let outcome = try read(json)
        #expect(outcome.error == nil && outcome.records.count == 1)
        #expect(outcome.rejectCodes == ["document.undecodable"])
        let xml = try encoded("<R><a>1</a><a>企业</a><a>2</a></R>", "GB18030")
        let elements = try read(xml, .xml, at: "/R/a")
        #expect(elements.error == nil && elements.records.count == 2)
        #expect(elements.rejectCodes == ["document.undecodable"])
        #expect(elements.rejects.first?.raw == (try encoded("<a>企业</a>", "GB18030")))
        #expect(
            try read(encoded("<R><b>企业</b><a>1</a></R>", "GB18030"), .xml, at: "/R/a").code
                == "document.undecodable")
        #expect(
            try read(encoded("<R><a>1</a><企 x='1'/></R>", "GB18030"), .xml, at: "/R/a").code
                == "document.undecodable")
    }

    @Test func `broken GB 18030 and broken UTF-16 set one record aside`() throws {
        let open = Array("{\"data\":[{\"a\":1},{\"a\":\"".utf8)
        let close = Array("\"},{\"a\":2}]}".utf8)
        for bad: [UInt8] in [[0xFF], [0x81], [0x80], [0x81, 0x30, 0x81]] {
            let outcome = try read(open + bad + close, charset: .init(http: "gb18030"))
            #expect(outcome.error == nil && outcome.records.count == 2, "\(bad)")
            #expect(outcome.rejectCodes == ["document.undecodable"], "\(bad)")
        }
        func wide(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { [$0, 0] } }
        let outcome = try read(wide(open) + [0x00, 0xD8] + wide(close), charset: .init(http: "utf-16le"))
        #expect(outcome.error == nil && outcome.records.count == 2)
        #expect(outcome.rejectCodes == ["document.undecodable"])
    }

    @Test func `half a character at the end is not lost`() throws {
        #expect(try read(Array("[1]".utf8) + [0x81], at: "$", charset: .init(http: "gbk")).error != nil)
        #expect(try read([0x5B, 0, 0x5D, 0, 0x20], at: "$", charset: .init(http: "utf-16le")).error != nil)
        #expect(try read(Array("<R/>".utf8) + [0xE4, 0xBC], .xml, at: "/R").error != nil)
    }
}
