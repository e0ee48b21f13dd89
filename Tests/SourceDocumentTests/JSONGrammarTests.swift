// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import SourceDocument
import Testing

/// What RFC 8259 says about a text, in the manner of the JSON test suite: y must be read, n must be refused.
struct GrammarCase: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    var isGood: Bool
    /// Foundation reads it though it is not JSON, or refuses it though it is.
    var foundationDiffers = false
    var testDescription: String { name }

    init(_ name: String, _ text: String, foundationDiffers: Bool = false) {
        self.init(name, Array(text.utf8), foundationDiffers: foundationDiffers)
    }

    init(_ name: String, _ bytes: [UInt8], foundationDiffers: Bool = false) {
        self.name = name
        self.bytes = bytes
        isGood = name.hasPrefix("y_")
        self.foundationDiffers = foundationDiffers
    }

    static let nest = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)

    static let all: [GrammarCase] = good + bad + badBytes

    static let good: [GrammarCase] = [
        .init("y_empty_array", "[]"), .init("y_empty_object", "{}"), .init("y_blanks", " [ 1 ,\t2\r\n] "),
        .init("y_zero", "[0]"), .init("y_minus_zero", "[-0]"), .init("y_decimal", "[0.10]"),
        .init("y_exponents", "[1e5,1E5,1e+5,1E-5,-1.5e0,0e1,0E+1]"), .init("y_18_digits", "[123456789012345678]"),
        .init("y_20_digits", "[12345678901234567890]"), .init("y_words", "[true,false,null]"),
        .init("y_escapes", #"["\"\\\/\b\f\n\r\t"]"#), .init("y_unicode_escape", #"["\u8bc1\u0000\uFFFF"]"#),
        .init("y_surrogate_pair", #"["\ud83d\ude00"]"#), .init("y_bare_four_bytes", "[\"😀𠮷\"]"),
        .init("y_del", "[\"\u{7f}\"]"), .init("y_empty_key", #"{"":1}"#),
        .init("y_key_escapes", #"{"\u0061":1,"b":2}"#),
        .init("y_nested", nest), .init("y_object_in_array", #"[{"a":[{}]},{"b":[]}]"#),
        .init("y_noncharacter", "[\"\u{FFFF}\"]"), .init("y_line_separator", "[\"\u{2028}\"]"),
        .init("y_same_key_elsewhere", #"{"a":{"a":1},"b":{"a":2}}"#),
        .init("y_long_string", "[\"" + String(repeating: "长x", count: 500) + "\"]"),
        .init("y_huge_exponent", "[1E400]", foundationDiffers: true), .init("y_nothing_in_string", #"[""]"#),
    ]

    static let bad: [GrammarCase] = [
        .init("n_trailing_comma_array", "[1,]", foundationDiffers: true),
        .init("n_trailing_comma_object", #"{"a":1,}"#, foundationDiffers: true),
        .init("n_leading_comma", "[,1]"), .init("n_double_comma", "[1,,2]"), .init("n_only_comma", "[,]"),
        .init("n_missing_comma", "[1 2]"), .init("n_missing_colon", #"{"a" 1}"#), .init("n_double_colon", #"{"a"::1}"#),
        .init("n_missing_value", #"{"a":}"#), .init("n_bare_key", "{a:1}"), .init("n_number_key", "{1:1}"),
        .init("n_single_quotes", "['a']"), .init("n_single_quoted_key", "{'a':1}"), .init("n_nan", "[NaN]"),
        .init("n_infinity", "[Infinity]"), .init("n_minus_infinity", "[-Infinity]"), .init("n_plus", "[+1]"),
        .init("n_leading_zero", "[01]"), .init("n_minus_leading_zero", "[-01]"), .init("n_dot_first", "[.5]"),
        .init("n_dot_last", "[1.]"), .init("n_minus_alone", "[-]"), .init("n_exponent_empty", "[1e]"),
        .init("n_exponent_sign", "[1e+]"), .init("n_two_dots", "[1.2.3]"), .init("n_hex", "[0x1F]"),
        .init("n_two_minus", "[--1]"), .init("n_minus_inside", "[1-2]"), .init("n_word_case", "[True]"),
        .init("n_word_short", "[tru]"), .init("n_word_long", "[nulls]"), .init("n_comment_block", "[1/*x*/]"),
        .init("n_comment_line", "[1//x\n]"), .init("n_comment_hash", "[1#x\n]"), .init("n_garbage_after", "[1]x"),
        .init("n_two_documents", "[1][2]"), .init("n_closing_extra", "[1]]"), .init("n_mismatch", "[1}"),
        .init("n_mismatch_object", #"{"a":1]"#), .init("n_unclosed_array", "[1"),
        .init("n_unclosed_object", #"{"a":1"#),
        .init("n_unclosed_string", #"["a"#), .init("n_only_open", "["), .init("n_empty", ""), .init("n_blank", "  \n "),
        .init("n_bad_escape", #"["\x41"]"#), .init("n_bad_hex", #"["\u12G4"]"#), .init("n_short_hex", #"["\u12"]"#),
        .init("n_escape_at_end", #"["\"]"#), .init("n_lone_high", #"["\ud800"]"#), .init("n_lone_low", #"["\udc00"]"#),
        .init("n_high_then_text", #"["\ud800x"]"#), .init("n_high_then_high", #"["\ud800\ud800"]"#),
        .init("n_low_then_high", #"["\udc00\ud800"]"#), .init("n_bare_newline", "[\"a\nb\"]"),
        .init("n_bare_tab", "[\"a\tb\"]"), .init("n_bare_nul", "[\"a\u{0}b\"]"), .init("n_form_feed", "[\u{0C}1]"),
        .init("n_no_break_space", "[\u{A0}1]"), .init("n_bom_inside", "[\u{FEFF}1]"),
        .init("n_duplicate", #"{"a":1,"a":2}"#, foundationDiffers: true),
        .init("n_duplicate_same", #"{"a":1,"a":1}"#, foundationDiffers: true),
        .init("n_duplicate_escaped", #"{"a":1,"\u0061":2}"#, foundationDiffers: true),
        .init("n_html", "<html></html>"), .init("n_key_alone", #"{"a"}"#), .init("n_comma_in_object", "{,}"),
        .init("n_colon_in_array", #"["a":1]"#), .init("n_too_deep", String(repeating: "[", count: 2000)),
    ]

    static let badBytes: [GrammarCase] = [
        .init("n_lone_continuation", [0x5B, 0x22, 0x80, 0x22, 0x5D]), .init("n_fe", [0x5B, 0x22, 0xFE, 0x22, 0x5D]),
        .init("n_overlong_slash", [0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D]),
        .init("n_overlong_three", [0x5B, 0x22, 0xE0, 0x80, 0xAF, 0x22, 0x5D]),
        .init("n_surrogate_bytes", [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D]),
        .init("n_above_10ffff", [0x5B, 0x22, 0xF4, 0x90, 0x80, 0x80, 0x22, 0x5D]),
        .init("n_cut_character", [0x5B, 0x22, 0xE8, 0xAF, 0x22, 0x5D]), .init("n_bare_ff", [0x5B, 0xFF, 0x5D]),
        .init("n_latin1_key", [0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D]),
    ]
}

@Suite struct `JSON as RFC 8259 has it` {
    /// A value is read three ways: as a line, as one record among others, and in the envelope.
    @Test(arguments: GrammarCase.all) func `reads what is JSON and refuses what is not`(_ sample: GrammarCase) throws {
        let open = Array("{\"data\":[1,".utf8)
        let close = Array(",2],\"end\":true}".utf8)
        let inList = try read(open + sample.bytes + close)
        let inEnvelope = try read(Array("{\"other\":".utf8) + sample.bytes + Array(",\"data\":[]}".utf8))
        let good = inList.error == nil && inList.rejects.isEmpty
        #expect(good == sample.isGood, "in a list: \(inList)")
        #expect((inEnvelope.error == nil) == sample.isGood, "in the envelope: \(inEnvelope)")
        if sample.isGood {
            #expect(inList.records.count == 3)
            let line = try read(sample.bytes.filter { $0 != 0x0A }, .ndjson, at: "$")
            #expect(line.records.count == 1 && line.rejects.isEmpty)
        }
    }

    /// Foundation is the oracle where it is strict; where it is not, the table says so and this test would notice.
    @Test(arguments: GrammarCase.all) func `agrees with Foundation but where Foundation is lax`(_ sample: GrammarCase) {
        let theirs = (try? JSONSerialization.jsonObject(with: Data(sample.bytes))) != nil
        let differs = theirs != sample.isGood
        #expect(differs == sample.foundationDiffers)
    }

    @Test(arguments: GrammarCase.all) func `every cut in two says the same`(_ sample: GrammarCase) throws {
        let bytes = Array("{\"data\":[1,".utf8) + sample.bytes + Array(",2],\"end\":true}".utf8)
        guard bytes.count < 400 else { return }
        let whole = try read(bytes)
        for cut in 0...bytes.count {
            let other = try read(bytes, cuts: [cut])
            #expect(other.error == whole.error && (whole.error != nil || other == whole), "cut at \(cut)")
        }
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "document.duplicate_key"), (#"{"a":"\ud800"}"#, "document.lone_surrogate"),
        (#"{"a":"\x"}"#, "document.bad_escape"), (#"{"a":007}"#, "document.number_spelling"),
        (#"{"a":+1}"#, "document.number_spelling"), (#"{"a":.5}"#, "document.number_spelling"),
        ("{\"a\":\"x\ty\"}", "document.control_character"),
    ]) func `one spoilt record is set aside, with its bytes and its place`(record: String, code: String) throws {
        let outcome = try read("{\"data\":[{\"k\":1},\n \(record),\n{\"k\":3}]}")
        #expect(outcome.error == nil)
        #expect(outcome.records.count == 2)
        let reject = try #require(outcome.rejects.first)
        #expect(reject.error.code.name == code)
        #expect(reject.error.scope == .record)
        #expect(reject.raw == Array(record.utf8))
        #expect(reject.ordinal == 2)
        #expect(reject.error.place.line == 2)
        #expect(reject.error.place.path == "$.data[1].a")
    }

    @Test func `an undecodable byte sets one record aside`() throws {
        let bytes = Array("{\"data\":[{\"k\":1},{\"k\":\"".utf8) + [0xB4, 0xF3] + Array("\"},{\"k\":3}]}".utf8)
        let outcome = try read(bytes)
        #expect(outcome.error == nil && outcome.records.count == 2)
        #expect(outcome.rejectCodes == ["document.undecodable"])
        #expect(outcome.rejects.first?.raw == Array("{\"k\":\"".utf8) + [0xB4, 0xF3] + Array("\"}".utf8))
    }

    @Test(arguments: [
        (#"{"data":[{"a":1,}]}"#, "document.trailing_comma"), (#"{"data":[{"a":1},]}"#, "document.trailing_comma"),
        (#"{"data":[{"a":1} {"a":2}]}"#, "document.not_json"), (#"{"data":[{'a':1}]}"#, "document.not_json"),
        (#"{"data":[{"a":1}]} x"#, "document.not_json"), (#"{"data":[{"a":1}"#, "document.truncated"),
        (#"{"x":1,"data":[],"x":2}"#, "document.duplicate_key"), (#"{"data":[],"data":[]}"#, "document.duplicate_key"),
        (#"{"data":[],}"#, "document.trailing_comma"), (#"{"x":"\ud800","data":[]}"#, "document.lone_surrogate"),
        ("<html><body>login</body></html>", "document.not_json"), ("", "document.empty"), (" \n", "document.empty"),
    ]) func `broken structure spoils the page`(text: String, code: String) throws {
        let outcome = try read(text)
        #expect(outcome.code == code)
        #expect(outcome.error?.scope == .page)
    }

    @Test func `a large object is searched for double keys too`() throws {
        for count in [10, 32, 33, 34, 500] {
            let keys = (0..<count).map { "\"k\($0)\":\($0)" }
            #expect(try read("{\"data\":[{\(keys.joined(separator: ","))}]}").records.count == 1)
            let double = keys + ["\"k\(count / 2)\":0"]
            let outcome = try read("{\"data\":[{\(double.joined(separator: ","))}]}")
            #expect(outcome.rejectCodes == ["document.duplicate_key"], "\(count) keys")
        }
    }

    @Test func `says HTML when it is HTML`() throws {
        let outcome = try read("\n <!DOCTYPE html><html><head>")
        #expect(outcome.error?.description.contains("the body is HTML, not JSON") == true)
    }
}
