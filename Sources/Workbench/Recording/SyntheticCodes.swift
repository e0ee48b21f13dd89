// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel

/// Codes of nobody, with check characters that are right.
struct SyntheticCodes {
    /// The chance they are made from.
    var chance: any RandomNumberGenerator

    private static let regions = [
        "430102", "430103", "430104", "430105", "430111", "430112", "430121", "430181", "430182",
    ]
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// A resident identity number that passes its check; `digits` without an X at its end, to be written as a number.
    mutating func resident(digits: Bool) -> String {
        for _ in 0..<64 {
            let region = Self.regions.randomElement(using: &chance) ?? "430102"
            let year = String(Int.random(in: 1950...2005, using: &chance))
            let body = region + year + two(1...12) + two(1...28) + three()
            for last in digits ? "0123456789" : "0123456789X"
            where ResidentIdentityNumber.check(body + String(last)) == .ok { return body + String(last) }
        }
        return "430102197001011000"
    }

    /// A unified social credit code that passes both of its checks.
    mutating func credit() -> String {
        for _ in 0..<64 {
            let region = Self.regions.randomElement(using: &chance) ?? "430102"
            let middle = "MX" + String((0..<6).map { _ in Self.alphabet.randomElement(using: &chance) ?? "0" })
            for inner in "0123456789X" where OrganisationCode.check(middle + String(inner)) == .ok {
                let body = "91" + region + middle + String(inner)
                for last in Self.alphabet where UnifiedSocialCreditCode.check(body + String(last)) == .ok {
                    return body + String(last)
                }
            }
        }
        return "91430102MX00000000"
    }

    /// An identifier with its root, type and version, another issuer and serial, and the right check character.
    mutating func identifier(like text: String, issuer: String) -> String? {
        guard let parts = LicenceIdentifier(text).parts else { return nil }
        let serial = scrambled(parts.serial)
        let body = "\(parts.root).\(parts.typeCode).\(issuer).\(serial).\(parts.version)."
        let check = LicenceIdentifier(body + "0").parts?.expectedCheck ?? "0"
        // One that failed its check goes on failing it: fixtures are there to show such things.
        guard parts.expectedCheck == parts.check else { return body + (check == "0" ? "1" : "0") }
        return body + String(check)
    }

    /// Another text of the same length and the same classes of characters.
    mutating func scrambled(_ text: String) -> String {
        var out = ""
        for character in text {
            guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else {
                out.append("某")
                continue
            }
            switch scalar.value {
            case 48...57: out += String(Int.random(in: out.isEmpty ? 1...9 : 0...9, using: &chance))
            case 65...90: out.append(other("ABCDEFGHJKLMNPQRSTUVWXYZ", character))
            case 97...122: out.append(other("abcdefghijkmnopqrstuvwxyz", character))
            case 0x3400...0x9FFF, 0x20000...0x3FFFF: out.append(other(Self.hanzi, character))
            case 0xFF10...0xFF19:
                out.unicodeScalars.append(Unicode.Scalar(0xFF10 + UInt32.random(in: 0...9, using: &chance)) ?? scalar)
            case 0xFF21...0xFF3A:
                out.unicodeScalars.append(Unicode.Scalar(0xFF21 + UInt32.random(in: 0...25, using: &chance)) ?? scalar)
            case 0xFF41...0xFF5A:
                out.unicodeScalars.append(Unicode.Scalar(0xFF41 + UInt32.random(in: 0...25, using: &chance)) ?? scalar)
            default:
                if scalar.properties.isAlphabetic {
                    out.append(
                        scalar.properties.isUppercase
                            ? other("ABCDEFGHJKLMNPQRSTUVWXYZ", character)
                            : other("abcdefghijkmnopqrstuvwxyz", character))
                } else if scalar.properties.numericType != nil {
                    out += String(Int.random(in: 1...9, using: &chance))
                } else {
                    out.append(character)
                }
            }
        }
        return out
    }

    /// Another number written with as many digits; signs, points and exponents stay.
    mutating func number(_ text: String) -> String {
        var out = ""
        var isFirst = true
        var inExponent = false
        for character in text {
            if character == "e" || character == "E" { inExponent = true }
            guard character.isASCII, character.isNumber, !inExponent else {
                out.append(character)
                continue
            }
            out += String(Int.random(in: isFirst ? 1...9 : 0...9, using: &chance))
            isFirst = false
        }
        return out
    }

    private mutating func other(_ letters: String, _ one: Character) -> Character {
        letters.filter { $0 != one }.randomElement(using: &chance) ?? "某"
    }

    private mutating func two(_ range: ClosedRange<Int>) -> String {
        let number = Int.random(in: range, using: &chance)
        return number < 10 ? "0\(number)" : "\(number)"
    }

    private mutating func three() -> String { String(Int.random(in: 100...999, using: &chance)) }

    private static let hanzi = "安白柏滨采辰池川春翠丹帆枫谷桂海禾荷鹤湖江锦景菊兰岚莲林岭柳鹿梅沐楠宁鹏平溪青秋泉荣若山杉石松棠亭桐望文梧霞湘晓雪岩燕阳叶雨云泽竹"
}
