// SPDX-License-Identifier: Apache-2.0

/// The unified social credit code (统一社会信用代码): registering body, category, six digits of region, nine of
/// organisation code, one check.
///
/// Source: GB 32100-2015 by way of implementations (text not read); both checks hold on 18 real codes.
public enum UnifiedSocialCreditCode {
    /// What the syntax, the check character and the inner organisation code say of a code as written.
    ///
    /// Accepts: 18 characters without I, O, S, V and Z; the region is digits and never a reason to refuse.
    public static func check(_ code: String) -> HolderCodeCheck {
        let text = Array(CanonicalCode.of(code).utf8)
        guard text.count == 18, text.allSatisfy(CheckCharacters.alphabet31.contains),
            text[2..<8].allSatisfy({ (48...57).contains($0) })
        else { return .malformed }
        guard CheckCharacters.mod31(text[0..<17]) == text[17] else { return .checkFailed }
        return OrganisationCode.check(ofCanonical: text[8..<17])
    }

    /// The nine characters of the organisation code inside a code as written; nil unless it has 18 characters.
    public static func organisationCode(in code: String) -> String? {
        let text = Array(CanonicalCode.of(code).utf8)
        return text.count == 18 ? String(decoding: text[8..<17], as: UTF8.self) : nil
    }
}

/// The organisation code (组织机构代码): eight characters and one check, written `00612224-4` or without the dash.
///
/// Source: GB 11714 by way of implementations (text not read).
public enum OrganisationCode {
    /// What the syntax and the check character say of a code as written.
    public static func check(_ code: String) -> HolderCodeCheck {
        var text = Array(CanonicalCode.of(code).utf8)
        if text.count == 10, text[8] == 45 { text.remove(at: 8) }
        return check(ofCanonical: text[...])
    }

    static func check(ofCanonical text: ArraySlice<UInt8>) -> HolderCodeCheck {
        guard text.count == 9, let last = text.last, (48...57).contains(last) || last == 88,
            let expected = CheckCharacters.mod11Organisation(text.dropLast())
        else { return .malformed }
        return expected == last ? .ok : .checkFailed
    }
}
