// SPDX-License-Identifier: Apache-2.0
import LicenceModel
import Testing

@Suite struct `A canonical code` {
    @Test(arguments: [
        ("430102199003070020", "430102199003070020"), ("11010519491231002x", "11010519491231002X"),
        ("４３０１０２１９９００３０７００２０", "430102199003070020"), (" 4301 0219 9003 0700 20\t\n", "430102199003070020"),
        ("（湘）字第〔2026〕001号", "湘字第2026001号"), ("【A】[b](c)", "ABC"), ("\u{FEFF}00612224-4\u{3000}", "00612224-4"),
        ("ａｂｃ", "ABC"), ("", ""), ("　", ""), ("00001", "00001"),
    ])
    func `is half-width, upper case and without blanks and brackets`(_ text: String, _ expected: String) {
        #expect(CanonicalCode.of(text) == expected)
    }

    @Test func `is its own canonical form`() {
        var random = SeededGenerator("canonical form")
        let alphabet = "0189AZaz０９ＡＺａｚ．－（）()[]【】〔〕 \u{3000}\u{A0}\u{200B}-.·号字第é𝟗"
        for _ in 0..<2000 {
            let once = CanonicalCode.of(random.text(Int.random(in: 0...24, using: &random), of: alphabet))
            #expect(CanonicalCode.of(once) == once)
        }
    }
}

@Suite struct `A masked value` {
    @Test(arguments: [
        ("430102199003070020", "4301**********0020"), ("湘A12345678", "湘A******78"), ("12345678", "12****78"),
        ("1234567", "1******"), ("7", "*"), ("", ""), ("123456789012", "1234****9012"),
    ])
    func `of a code shows four and four at most`(_ code: String, _ expected: String) {
        #expect(Masking.code(code) == expected)
    }

    @Test(arguments: [("张三", "张*"), ("欧阳小芳", "欧***"), ("Ann Lee", "A** ***"), ("古丽·买买提", "古*·***"), ("", "")])
    func `of a name shows its first character`(_ name: String, _ expected: String) {
        #expect(Masking.name(name) == expected)
    }

    @Test func `leaves what a public register shows`() {
        let firm = Holder(kind: .unifiedSocialCreditCode, code: "91430100MA4L1A2B92", name: "示例公司")
        #expect(Masking.code(of: firm) == firm.code)
        #expect(Masking.name(of: firm) == "示例公司")
        let person = Holder(kind: .residentIdentityNumber, code: "430102199003070020", name: "张三")
        #expect(Masking.code(of: person) == "4301**********0020")
        #expect(Masking.name(of: person) == "张*")
        let unknown = Holder(kind: HolderCodeKind(rawValue: "005"), code: "张三", name: "张三")
        #expect(Masking.code(of: unknown) == "张*")
        #expect(Masking.name(of: unknown) == "张*")
    }
}

@Suite struct `A region code` {
    @Test(arguments: [
        ("430124", "430182", "宁乡市"), ("430122", "430112", "望城区"), ("430102", "430102", "芙蓉区"),
        ("430103", "430103", "天心区"), ("430104", "430104", "岳麓区"), ("430105", "430105", "开福区"),
        ("430111", "430111", "雨花区"), ("430121", "430121", "长沙县"), ("430181", "430181", "浏阳市"),
        ("430124000000", "430182", "宁乡市"), ("430100", "430100", "长沙市"), ("433100", "433100", "湘西土家族苗族自治州"),
        ("４３０１０２", "430102", "芙蓉区"), ("430105008001", "430105", "开福区"),
    ])
    func `has its name of today, from six or twelve digits`(_ text: String, _ current: String, _ name: String) throws {
        let region = try #require(RegionCode(text))
        #expect(region.current.digits == current)
        #expect(region.displayName == name)
    }

    @Test(arguments: ["", "43010", "4301021", "43010A", "长沙市", "4301020000000"])
    func `of another shape is none`(_ text: String) { #expect(RegionCode(text) == nil) }

    @Test func `that nobody knows is kept without a name`() throws {
        let region = try #require(RegionCode("430199"))
        #expect(region.displayName == nil)
        #expect(region.current == region)
    }
}
