// SPDX-License-Identifier: Apache-2.0

/// What can be said of a holder code by looking at it, once its kind is known.
public enum HolderCodeCheck: String, Sendable, Codable, CaseIterable {
    /// Syntax and check character are right.
    case ok
    /// The syntax is right, a check character is not.
    case checkFailed = "check_failed"
    /// Not a code of this kind: length, alphabet or a date that does not exist.
    case malformed
    /// This kind has no rule that we could verify.
    case notChecked = "not_checked"
}

extension HolderCodeKind {
    /// Checks a code as written by the rule of this kind.
    ///
    /// The kind is never inferred from the code, and a code that would pass under another kind is not excused: an
    /// all-digit credit code can pass the resident-number check, and one that starts with 9 the check of the foreign
    /// permanent-residence card. An empty code is malformed whatever the kind.
    public func check(_ code: String) -> HolderCodeCheck {
        if CanonicalCode.of(code).isEmpty { return .malformed }
        return switch self {
        case .unifiedSocialCreditCode: UnifiedSocialCreditCode.check(code)
        case .residentIdentityNumber: ResidentIdentityNumber.check(code)
        case .foreignPermanentResidence: ForeignPermanentResidenceCard.check(code)
        default: .notChecked
        }
    }
}
