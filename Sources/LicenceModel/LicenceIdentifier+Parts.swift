// SPDX-License-Identifier: Apache-2.0

extension LicenceIdentifier {
    /// The segments of an identifier of the standard's form.
    public struct Parts: Sendable, Hashable {
        /// The root object identifier, `1.2.156.3005.2`.
        public let root: String
        /// 证照类型代码, 21 characters.
        public let typeCode: LicenceTypeCode
        /// 证照颁发机构代码: a credit code, or a region code in real identifiers.
        public let issuer: String
        /// 流水号.
        public let serial: String
        /// 版本号, three digits.
        public let version: String
        /// 校验位 as written.
        public let check: Character

        /// The check character that the other segments ask for; root and dots do not count.
        public var expectedCheck: Character? {
            let body = typeCode.rawValue + issuer + serial + version
            return CheckCharacters.mod37And36(body.utf8).map { Character(Unicode.Scalar($0)) }
        }
    }

    /// The root of the standard's identifiers; vendors use others, which are nonconforming and still found.
    public static let root = "1.2.156.3005.2"

    /// The segments, or nil when the identifier is not of the standard's form.
    ///
    /// Accepts: half- and full-width, either case, `.OFD` at the end. Issuer of 6 to 18 characters and a serial of 1 to
    /// 64 (real ones have 7 to 32). Cost: O(length).
    public var parts: Parts? {
        let text = canonical
        guard text.utf8.count <= 160, text.hasPrefix(Self.root + ".") else { return nil }
        let segments = text.dropFirst(Self.root.count + 1).split(separator: ".", omittingEmptySubsequences: false)
        guard segments.count == 5,
            segments.allSatisfy({ $0.utf8.allSatisfy { CheckCharacters.value36($0) != nil } }),
            segments[0].utf8.count == 21, (6...18).contains(segments[1].utf8.count),
            (1...64).contains(segments[2].utf8.count), segments[3].utf8.count == 3,
            segments[3].utf8.allSatisfy({ (48...57).contains($0) }), segments[4].utf8.count == 1,
            let check = segments[4].first
        else { return nil }
        return Parts(
            root: Self.root, typeCode: LicenceTypeCode(String(segments[0])), issuer: String(segments[1]),
            serial: String(segments[2]), version: String(segments[3]), check: check)
    }

    /// What the syntax and the check character say; never a reason to drop a record.
    public var conformance: Conformance {
        guard let parts else { return .nonconforming }
        return parts.expectedCheck == parts.check ? .conforming : .checkFailed
    }
}
