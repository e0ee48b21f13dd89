// SPDX-License-Identifier: Apache-2.0

/// The number of the foreign permanent-residence card (外国人永久居留身份证), in its two forms that are valid in parallel.
///
/// Source: 新版外国人永久居留身份证机读信息规则 (2023) by way of a reproduction of items 2 and 3; the inner layout was not
/// verified, so only the first digit and the check character are asserted.
public enum ForeignPermanentResidenceCard {
    /// What the syntax and the check character say of a number as written.
    ///
    /// Accepts: 18 characters starting with 9 whose last is the MOD 11-2 check of the first 17 (issued from
    /// 2023-12-01), and the older three letters and twelve digits, whose check could not be verified: `notChecked`.
    public static func check(_ code: String) -> HolderCodeCheck {
        let text = Array(CanonicalCode.of(code).utf8)
        if text.count == 15 {
            let old =
                text[0..<3].allSatisfy { (65...90).contains($0) } && text[3...].allSatisfy { (48...57).contains($0) }
            return old ? .notChecked : .malformed
        }
        guard text.count == 18, text[0] == 57, (48...57).contains(text[17]) || text[17] == 88,
            let expected = CheckCharacters.mod11And2(text[0..<17])
        else { return .malformed }
        return expected == text[17] ? .ok : .checkFailed
    }
}
