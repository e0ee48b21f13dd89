// SPDX-License-Identifier: Apache-2.0

/// The resident identity number (公民身份号码): six digits of region, eight of birth, three of sequence, one check.
///
/// Source: GB 11643-1999 by way of implementations (text not read); vectors in `LicenceModelTests`.
public enum ResidentIdentityNumber {
    /// The 18-character form of a 15-digit number: the century 19 inserted, the check character computed.
    ///
    /// Returns nil for anything but 15 digits. A person's number never changes otherwise, so both forms are the same.
    public static func widened(_ canonical: String) -> String? {
        let digits = Array(canonical.utf8)
        guard digits.count == 15, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let body = digits[0..<6] + [49, 57] + digits[6...]
        guard let check = CheckCharacters.mod11And2(body) else { return nil }
        return String(decoding: body + [check], as: UTF8.self)
    }

    /// What the syntax, the birth date and the check character say of a number as written.
    ///
    /// Accepts: 18 characters, and the 15 digits issued until 1999, which have no check character and are then `ok`
    /// when the date exists. An impossible date is `malformed`, whatever the check character says. The region is never
    /// a reason to refuse: numbers do not change when a county is renamed or merged.
    public static func check(_ code: String) -> HolderCodeCheck {
        let canonical = CanonicalCode.of(code)
        let text = Array((widened(canonical) ?? canonical).utf8)
        guard text.count == 18, text[0..<17].allSatisfy({ (48...57).contains($0) }),
            (48...57).contains(text[17]) || text[17] == 88
        else { return .malformed }
        func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(text[$1] - 48) } }
        guard CalendarDay(year: number(6..<10), month: number(10..<12), day: number(12..<14)) != nil
        else { return .malformed }
        return CheckCharacters.mod11And2(text[0..<17]) == text[17] ? .ok : .checkFailed
    }
}
