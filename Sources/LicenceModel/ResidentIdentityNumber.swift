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
        guard let check = checkCharacter(of: Array(body)) else { return nil }
        return String(decoding: body + [check], as: UTF8.self)
    }

    /// The check character (ISO 7064 MOD 11-2) of 17 digits in ASCII; nil when they are not 17 digits.
    static func checkCharacter(of body: [UInt8]) -> UInt8? {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        guard body.count == 17, body.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let sum = zip(body, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        return Array("10X98765432".utf8)[sum % 11]
    }
}
