// SPDX-License-Identifier: Apache-2.0

/// The check character systems of the field, over ASCII bytes; each returns nil for text outside its alphabet.
///
/// Cost: O(length), no allocation. All of them only flag a code: a wrong check character never drops a record.
enum CheckCharacters {
    /// 0 to 35 for `0-9A-Z`, nil for anything else.
    static func value36(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte) - 48
        case 65...90: Int(byte) - 55
        default: nil
        }
    }

    /// ISO 7064 MOD 37,36 (hybrid): finds every single wrong character.
    ///
    /// Source: ISO 7064 by way of two implementations and four real identifiers that pass (standard not read).
    static func mod37And36(_ body: some Sequence<UInt8>) -> UInt8? {
        var p = 36
        for byte in body {
            guard let value = value36(byte) else { return nil }
            p = (p + value) % 36
            if p == 0 { p = 36 }
            p = p * 2 % 37
        }
        let check = (37 - p) % 36
        return UInt8(check < 10 ? check + 48 : check + 55)
    }

    /// ISO 7064 MOD 11-2 over 17 digits: finds every single wrong digit and every swap of neighbours.
    static func mod11And2(_ body: some Collection<UInt8>) -> UInt8? {
        guard body.count == 17 else { return nil }
        var sum = 0
        for byte in body {
            guard (48...57).contains(byte) else { return nil }
            // Weight of a digit: 2 to the power of its distance from the check, modulo 11; by Horner's rule.
            sum = (sum + Int(byte - 48)) * 2 % 11
        }
        let check = (12 - sum) % 11
        return check == 10 ? 88 : UInt8(check + 48)
    }

    /// The alphabet of GB 32100 in the order of its values: no I, O, S, V, Z.
    static let alphabet31 = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// GB 32100's MOD 31 over 17 characters: finds every single wrong character and every swap of neighbours.
    static func mod31(_ body: some Collection<UInt8>) -> UInt8? {
        guard body.count == 17 else { return nil }
        var sum = 0
        var weight = 1
        for byte in body {
            guard let value = alphabet31.firstIndex(of: byte) else { return nil }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return alphabet31[(31 - sum % 31) % 31]
    }

    /// GB 11714's MOD 11 over 8 characters `0-9A-Z`.
    ///
    /// Finds every wrong digit among digits; a letter for a character 11, 22 or 33 places away (`0` and `B`) passes.
    static func mod11Organisation(_ body: some Collection<UInt8>) -> UInt8? {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        guard body.count == 8 else { return nil }
        var sum = 0
        for (byte, weight) in zip(body, weights) {
            guard let value = value36(byte) else { return nil }
            sum += value * weight
        }
        let check = 11 - sum % 11
        return check == 10 ? 88 : check == 11 ? 48 : UInt8(check + 48)
    }
}
