// SPDX-License-Identifier: Apache-2.0
import LicenceModel
import Testing

@Suite struct `A resident number's check` {
    @Test(arguments: [
        "11010519491231002X", "440524188001010014", "430102199003070020", "430104198511110031", "430111202002290014",
        "430181197606060055", "430182201809010045", "430121199912310123", "430112202301010066", "430124199801010012",
        // As people write them.
        "11010519491231002x", " 430102 19900307 0020 ", "４３０１０２１９９００３０７００２０", "1101 0519 4912 3100 2ｘ",
        // A region nobody knows is no reason to refuse; the old form has no check character.
        "999999199003070020", "430102900307002",
    ])
    func `passes`(_ code: String) {
        #expect(HolderCodeKind.residentIdentityNumber.check(code) == .ok)
    }

    @Test(arguments: ["430102199003070021", "110105194912310020", "440524188001010015", "43012419980101001X"])
    func `fails on the check character`(_ code: String) {
        #expect(HolderCodeKind.residentIdentityNumber.check(code) == .checkFailed)
    }

    @Test(arguments: [
        "430111202102290014", "430111190002290014", "430111202013010014", "430111202000010014", "430111202004310014",
        "430111000001010014", "430102900230002", "430102901301002",
        "", "   ", "43010219900307002", "4301021990030700200", "43010219900307X020", "4301021990030700AX",
        "43010219900307002Ｙ", "91310000MA7CX0HM9U", "四三〇一〇二一九九〇〇三〇七〇〇二〇",
    ])
    func `is not even reached by impossible dates and other shapes`(_ code: String) {
        #expect(HolderCodeKind.residentIdentityNumber.check(code) == .malformed)
    }

    @Test func `comes after the date`() {
        // Whatever its last character, a number of 29 February 2021 is malformed and never merely wrong.
        let verdicts = Set("0123456789X".map { ResidentIdentityNumber.check("43011120210229001\($0)") })
        #expect(verdicts == [.malformed])
    }

    @Test func `catches every wrong digit and every swap of neighbours`() throws {
        var random = SeededGenerator("resident number")
        var missed = 0
        for _ in 0..<200 {
            let number = random.residentNumber()
            #expect(ResidentIdentityNumber.check(number) == .ok)
            for wrong in number.singleChanges(of: "0123456789X") + number.swaps
            where ResidentIdentityNumber.check(wrong) == .ok { missed += 1 }
        }
        #expect(missed == 0)
    }

    @Test func `holds for the 18 characters of every 15-digit number`() throws {
        var random = SeededGenerator("widening")
        for _ in 0..<300 {
            let wide = random.residentNumber(century: "19")
            let old = String(wide.prefix(6)) + String(wide.dropFirst(8).dropLast())
            #expect(ResidentIdentityNumber.widened(old) == wide)
            #expect(ResidentIdentityNumber.widened(wide) == nil)
            let kind = HolderCodeKind.residentIdentityNumber
            #expect(HolderReference(kind: kind, code: old) == HolderReference(kind: kind, code: wide.lowercased()))
            // Only this kind is widened: elsewhere fifteen digits are fifteen digits.
            #expect(HolderReference(kind: .otherPersonCode, code: old).canonicalCode == old)
        }
    }
}

@Suite struct `A credit code's check` {
    @Test(arguments: [
        "91310000MA7CX0HM9U", "11430000006122244L", "11100000MB03271699", "11100000000013338W", "11100000000013127D",
        "91430100MA4L1A2B92", "91430104MA4Q9X8Y6R", "11430100006127176H", "124301004448853563", "52430100MJJ0123475",
        "92430121MA4N5P6Q1R", "914600007477761066", "914301007000002122", "914301007000007572",
        "91310000ma7cx0hm9u", "９１３１００００ＭＡ７ＣＸ０ＨＭ９Ｕ", "91310000 MA7CX0HM9 U",
    ])
    func `passes`(_ code: String) {
        #expect(HolderCodeKind.unifiedSocialCreditCode.check(code) == .ok)
    }

    static let passing = ["91310000MA7CX0HM9U", "91430100MA4L1A2B92", "92430121MA4N5P6Q1R"]

    @Test(arguments: passing, ["I", "O", "S", "V", "Z"])
    func `is not reached by the letters it never has`(_ code: String, _ letter: String) {
        for position in 8..<18 {
            #expect(UnifiedSocialCreditCode.check(code.replacing(position, by: letter)) == .malformed)
        }
    }

    @Test(arguments: ["", "91310000MA7CX0HM9", "91310000MA7CX0HM9UU", "9131000AMA7CX0HM9U", "MA7CX0HM9", "统一社会信用代码"])
    func `is not reached by other shapes`(_ code: String) {
        #expect(UnifiedSocialCreditCode.check(code) == .malformed)
    }

    @Test func `covers the organisation code inside`() throws {
        // The outer check made right over a wrong inner one.
        let outer = try #require(
            "0123456789ABCDEFGHJKLMNPQRTUWXY".map { "91310000MA7CX0HM8\($0)" }
                .first { UnifiedSocialCreditCode.organisationCode(in: $0) == "MA7CX0HM8" })
        #expect(UnifiedSocialCreditCode.check(outer) == .checkFailed)
        #expect(OrganisationCode.check("MA7CX0HM8") == .checkFailed)
        let verdicts = "0123456789ABCDEFGHJKLMNPQRTUWXY".map { UnifiedSocialCreditCode.check("91310000MA7CX0HM8\($0)") }
        #expect(verdicts.allSatisfy { $0 == .checkFailed })
    }

    @Test func `catches every wrong character and every swap of neighbours`() {
        var random = SeededGenerator("credit code")
        var missed = 0
        for _ in 0..<100 {
            let code = random.creditCode()
            #expect(UnifiedSocialCreditCode.check(code) == .ok)
            for wrong in code.singleChanges(of: "0123456789ABCDEFGHJKLMNPQRTUWXY") + code.swaps
            where UnifiedSocialCreditCode.check(wrong) == .ok { missed += 1 }
        }
        #expect(missed == 0)
    }
}

@Suite struct `An organisation code's check` {
    @Test(arguments: ["MA7CX0HM9", "MA7CX0HM-9", "006122244", "00612224-4", "ma7cx0hm-9", "MB0327169"])
    func `passes with and without the dash`(_ code: String) {
        #expect(OrganisationCode.check(code) == .ok)
    }

    @Test(arguments: [
        ("006122245", HolderCodeCheck.checkFailed), ("00612224-X", .checkFailed), ("00612224A", .malformed),
        ("0061222-44", .malformed), ("", .malformed), ("00612224-44", .malformed),
    ])
    func `fails`(_ code: String, _ expected: HolderCodeCheck) {
        #expect(OrganisationCode.check(code) == expected)
    }

    @Test func `catches every wrong digit among digits, which is all it promises`() {
        var random = SeededGenerator("organisation code")
        var missed = 0
        for _ in 0..<100 {
            let code = random.organisationCode(of: "0123456789")
            for wrong in code.singleChanges(of: "0123456789") where OrganisationCode.check(wrong) == .ok { missed += 1 }
        }
        #expect(missed == 0)
        // B stands 11 places after 0, so modulo 11 they are the same.
        #expect(OrganisationCode.check("B06122244") == .ok)
    }
}

@Suite struct `A permanent-residence card's check` {
    @Test(arguments: [
        ("911566198103210267", HolderCodeCheck.ok), ("911566198103210268", .checkFailed),
        ("811566198103210267", .malformed), ("91156619810321026", .malformed), ("91156619810321026A", .malformed),
        ("ABC123456789012", .notChecked), ("abc123456789012", .notChecked), ("AB1123456789012", .malformed),
        ("123456789012345", .malformed), ("", .malformed),
    ])
    func `knows both forms`(_ code: String, _ expected: HolderCodeCheck) {
        #expect(HolderCodeKind.foreignPermanentResidence.check(code) == expected)
    }
}

@Suite struct `A kind of holder code` {
    @Test(arguments: ["914301007000002122", "914301007000007572"])
    func `is never inferred from a code that passes under three kinds`(_ code: String) {
        #expect(HolderCodeKind.unifiedSocialCreditCode.check(code) == .ok)
        #expect(HolderCodeKind.foreignPermanentResidence.check(code) == .ok)
        // As a resident number it has an impossible date; under a kind without a rule nothing is claimed.
        #expect(HolderCodeKind.residentIdentityNumber.check(code) == .malformed)
        #expect(HolderCodeKind.otherPersonCode.check(code) == .notChecked)
        let references = ["001", "553", "111"].map { HolderReference(kind: HolderCodeKind(rawValue: $0), code: code) }
        #expect(Set(references).count == 3)
    }

    @Test(arguments: ["914600007477761066", "124301004448853563"])
    func `is not excused by another kind's check`(_ code: String) {
        #expect(HolderCodeKind.unifiedSocialCreditCode.check(code) == .ok)
        #expect(HolderCodeKind.foreignPermanentResidence.check(code) != .ok)
        #expect(HolderCodeKind.residentIdentityNumber.check(code) != .ok)
    }

    @Test func `has a row for each code of the annex and the extensions met`() {
        let codes = HolderCodeKind.known.map(\.kind.rawValue)
        #expect(codes == codes.sorted())
        #expect(
            codes.joined(separator: " ")
                == "001 099 111 114 115 118 119 120 122 400 411 412 413 414 511 516 551 552 553 999")
        #expect(HolderCodeKind.known.filter { !$0.isInAnnexA }.map(\.kind.rawValue) == ["400", "551", "552", "553"])
        #expect(HolderCodeKind.known.filter { $0.subject == .organisation }.map(\.kind.rawValue) == ["001", "099"])
    }

    @Test func `that is unknown is kept and claims nothing`() {
        let kind = HolderCodeKind(rawValue: "005")
        #expect(!kind.isKnown)
        #expect(kind.subject == nil)
        #expect(kind.chineseName == "005")
        #expect(kind.check("anything") == .notChecked)
        #expect(kind.check(" ") == .malformed)
    }
}

extension String {
    /// Every text that differs from this one in one character.
    func singleChanges(of alphabet: String) -> [String] {
        indices.flatMap { index in
            alphabet.filter { $0 != self[index] }.map {
                replacing(distance(from: startIndex, to: index), by: String($0))
            }
        }
    }

    /// Every text with two unequal neighbours swapped.
    var swaps: [String] {
        let characters = Array(self)
        return (1..<characters.count).compactMap { position in
            var swapped = characters
            swapped.swapAt(position - 1, position)
            return swapped == characters ? nil : String(swapped)
        }
    }

    func replacing(_ position: Int, by text: String) -> String {
        String(prefix(position)) + text + String(dropFirst(position + 1))
    }
}

extension SeededGenerator {
    mutating func residentNumber(century: String? = nil) -> String {
        let year = (century ?? ["18", "19", "20"].randomElement(using: &self) ?? "19") + text(2, of: "0123456789")
        let month = Int.random(in: 1...12, using: &self)
        let day = Int.random(in: 1...28, using: &self)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let body = text(6, of: "123456789") + year + two(month) + two(day) + text(3, of: "0123456789")
        return "0123456789X".map { body + String($0) }.first { ResidentIdentityNumber.check($0) == .ok } ?? body
    }

    mutating func organisationCode(of alphabet: String) -> String {
        let body = text(8, of: alphabet)
        return "0123456789X".map { body + String($0) }.first { OrganisationCode.check($0) == .ok } ?? body
    }

    mutating func creditCode() -> String {
        let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        let body = text(2, of: alphabet) + text(6, of: "0123456789") + organisationCode(of: alphabet)
        return alphabet.map { body + String($0) }.first { UnifiedSocialCreditCode.check($0) == .ok } ?? body
    }
}
