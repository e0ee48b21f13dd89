// SPDX-License-Identifier: Apache-2.0

/// What kind of code a holder code is (持证主体代码类型), three digits.
///
/// Never inferred from the shape of the number: an all-digit credit code passes the resident-id check too.
/// Source: GB/T 36903-2018 Annex A by way of three independent implementations (clause not read); 400 and 55x are
/// extensions met in the field.
public struct HolderCodeKind: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The three digits.
    public let rawValue: String
    /// Wraps a kind's code; unknown kinds are kept, `isKnown` tells.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The three digits.
    public var description: String { rawValue }
    /// By code.
    public static func < (a: HolderCodeKind, b: HolderCodeKind) -> Bool { a.rawValue < b.rawValue }

    /// 统一社会信用代码, unified social credit code.
    public static let unifiedSocialCreditCode = HolderCodeKind(rawValue: "001")
    /// 其他法人或其他组织有效证件代码, another code of an organisation.
    public static let otherOrganisationCode = HolderCodeKind(rawValue: "099")
    /// 公民身份号码, resident identity number.
    public static let residentIdentityNumber = HolderCodeKind(rawValue: "111")
    /// 外国人永久居留身份证, foreign permanent-residence card.
    public static let foreignPermanentResidence = HolderCodeKind(rawValue: "553")
    /// 其他自然人有效证件代码, another code of a person.
    public static let otherPersonCode = HolderCodeKind(rawValue: "999")
}

/// One holder of a licence (持证主体); a licence has one or more.
public struct Holder: Sendable, Hashable {
    /// The kind of code, as the source's table maps it.
    public var kind: HolderCodeKind
    /// The code exactly as the source wrote it.
    public var code: String
    /// The name, when the source gives one.
    public var name: String?

    /// Makes a holder.
    public init(kind: HolderCodeKind, code: String, name: String? = nil) {
        self.kind = kind
        self.code = code
        self.name = name
    }

    /// Kind and canonical code: what look-ups compare.
    public var reference: HolderReference { HolderReference(kind: kind, code: code) }
}

/// Who is asked about: a kind and a code in canonical form.
public struct HolderReference: Sendable, Hashable {
    /// The kind of code.
    public let kind: HolderCodeKind
    /// Half-width, upper case, without blanks; 15-digit resident numbers widened to 18.
    public let canonicalCode: String

    /// Makes a reference from a code as written; stored and asked codes pass through here alike.
    public init(kind: HolderCodeKind, code: String) {
        self.kind = kind
        let canonical = CanonicalCode.of(code)
        self.canonicalCode =
            kind == .residentIdentityNumber ? ResidentIdentityNumber.widened(canonical) ?? canonical : canonical
    }
}
