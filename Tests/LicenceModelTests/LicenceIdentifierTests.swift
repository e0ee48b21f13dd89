// SPDX-License-Identifier: Apache-2.0
import LicenceModel
import Testing

@Suite struct `A licence identifier` {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var raw: String
        var conformance: LicenceIdentifier.Conformance
        var expected: Character?
        var testDescription: String { name }
    }

    /// Every row of the domain note's table, by what is special about it.
    static let vectors = [
        Case(
            name: "a ministry's format example, a Hunan issuer",
            raw: "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U", conformance: .conforming,
            expected: "U"),
        Case(
            name: "a real file's, version 002",
            raw: "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0", conformance: .conforming,
            expected: "0"),
        Case(
            name: "a region code as the issuer",
            raw: "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9", conformance: .conforming, expected: "9"),
        Case(
            name: "a serial of seven digits",
            raw: "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F", conformance: .conforming,
            expected: "F"),
        Case(
            name: "a published example that fails",
            raw:
                "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M",
            conformance: .checkFailed, expected: "D"),
        Case(
            name: "an underscore and short segments", raw: "1.2.156.3005.2.062301.1101101102.0624_001.001.U",
            conformance: .nonconforming, expected: nil),
        Case(
            name: "letters in the serial",
            raw: "1.2.156.3005.2.11100000000013127D001.11430100006127176H.A1B2C3D4E5F6G7H8J9K0.001.4",
            conformance: .conforming, expected: "4"),
        Case(
            name: "a serial of sixteen digits",
            raw: "1.2.156.3005.2.11100000MB03271699001.11430100006127176H.2026000000012345.001.K",
            conformance: .conforming, expected: "K"),
        Case(
            name: "the same with version 002",
            raw: "1.2.156.3005.2.11100000MB03271699001.11430100006127176H.2026000000012345.002.I",
            conformance: .conforming, expected: "I"),
        Case(
            name: "the same with version 002 and the old check",
            raw: "1.2.156.3005.2.11100000MB03271699001.11430100006127176H.2026000000012345.002.K",
            conformance: .checkFailed, expected: "I"),
        Case(
            name: "a serial of twelve digits",
            raw: "1.2.156.3005.2.11100000000019713D008.11430100006127176H.430100123456.001.I",
            conformance: .conforming, expected: "I"),
    ]

    @Test(arguments: vectors)
    func `is judged by syntax and check character`(_ vector: Case) {
        let identifier = LicenceIdentifier(vector.raw)
        #expect(identifier.conformance == vector.conformance)
        #expect(identifier.parts?.expectedCheck == vector.expected)
        #expect(identifier.raw == vector.raw)
    }

    @Test(arguments: vectors.filter { $0.conformance == .conforming })
    func `is the same in lower case, in full width, with blanks and as a file name`(_ vector: Case) {
        let wide = String(
            String.UnicodeScalarView(
                vector.raw.unicodeScalars.map { Unicode.Scalar($0.value + 0xFEE0) ?? $0 }))
        let forms = [vector.raw.lowercased(), vector.raw + ".OFD", vector.raw + ".ofd", " \(vector.raw)\n", wide]
        #expect(forms.map { LicenceIdentifier($0).canonical } == forms.map { _ in vector.raw })
        #expect(forms.allSatisfy { LicenceIdentifier($0).conformance == .conforming })
    }

    @Test func `gives its segments`() throws {
        let parts = try #require(LicenceIdentifier(Self.vectors[0].raw).parts)
        #expect(parts.root == "1.2.156.3005.2")
        #expect(parts.typeCode == LicenceTypeCode("11100000000013338W011"))
        #expect(parts.issuer == "11430000006122244L")
        #expect(parts.serial == "20230000403")
        #expect(parts.version == "001")
        #expect(parts.check == "U")
    }

    @Test(arguments: [
        "", ".", "1.2.156.3005.2", "1.2.156.3005.2.", "1.2.156.3003.2.11100000000013338W011.11430000006122244L.1.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.01.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.A01.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L..001.U",
        "1.2.156.3005.2.11100000000013338W01.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U.X", "证照标识", "\u{0}", "OFD", ".OFD",
        String(repeating: "1.2.156.3005.2.", count: 40),
    ])
    func `of another form is kept and flagged, never refused`(_ raw: String) {
        #expect(LicenceIdentifier(raw).conformance == .nonconforming)
        #expect(LicenceIdentifier(raw).raw == raw)
    }

    @Test func `never survives one wrong character`() throws {
        var random = SeededGenerator("licence identifier")
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        var missed = 0
        for _ in 0..<40 {
            let segments = [
                random.text(21, of: String(alphabet)), random.text(18, of: String(alphabet)),
                random.text(Int.random(in: 7...32, using: &random), of: String(alphabet)),
                random.text(3, of: "0123456789"),
            ]
            let body = LicenceIdentifier.root + "." + segments.joined(separator: ".") + "."
            let check = try #require(LicenceIdentifier(body + "0").parts?.expectedCheck)
            #expect(LicenceIdentifier(body + String(check)).conformance == .conforming)
            let whole = Array(body + String(check))
            for position in (LicenceIdentifier.root.count + 1)..<whole.count where whole[position] != "." {
                for other in alphabet where other != whole[position] {
                    var wrong = whole
                    wrong[position] = other
                    if LicenceIdentifier(String(wrong)).conformance == .conforming { missed += 1 }
                }
            }
        }
        #expect(missed == 0)
    }
}
