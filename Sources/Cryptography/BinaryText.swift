// SPDX-License-Identifier: Apache-2.0

/// How bytes are written as text.
public enum BinaryText: String, Sendable, Hashable, CaseIterable {
    /// Lower-case hexadecimal.
    case hex
    /// Upper-case hexadecimal.
    case hexUpper = "hex_upper"
    /// Base64 with the standard alphabet and padding (RFC 4648, 4).
    case base64

    /// The bytes as text.
    public func text(_ bytes: [UInt8]) -> String {
        switch self {
        case .hex: hexadecimal(bytes)
        case .hexUpper: hexadecimal(bytes).uppercased()
        case .base64: base64Text(bytes)
        }
    }

    /// The bytes of a text; nil when it is no such text.
    ///
    /// Shape: either case of letters is read as hexadecimal; in base64 line ends are passed over and padding may be
    /// missing, because encoders in the field do both. Blanks and everything else are refused.
    public func bytes(_ text: String) -> [UInt8]? {
        switch self {
        case .hex, .hexUpper: hexadecimalBytes(text)
        case .base64: base64Bytes(text)
        }
    }
}

/// The bytes of a hexadecimal text of either case; nil for an odd count or any other character.
public func hexadecimalBytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
        out.append(high << 4 | low)
    }
    return out
}

private func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
}

private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

private func base64Text(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let part = bytes[start..<min(start + 3, bytes.count)]
        var bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        bits <<= UInt32(8 * (3 - part.count))
        for place in 0..<4 {
            let isPadding = place > part.count
            out.append(isPadding ? 61 : base64Alphabet[Int(bits >> UInt32(18 - 6 * place)) & 63])
        }
    }
    return String(decoding: out, as: UTF8.self)
}

private func base64Bytes(_ text: String) -> [UInt8]? {
    var out: [UInt8] = []
    var bits: UInt32 = 0
    var digits = 0
    var padding = 0
    for byte in text.utf8 where byte != 10 && byte != 13 {
        if byte == 61 {
            padding += 1
            continue
        }
        guard padding == 0, let value = sextet(byte) else { return nil }
        bits = bits << 6 | UInt32(value)
        digits += 1
        if digits.isMultiple(of: 4) {
            out += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
            out.append(UInt8(truncatingIfNeeded: bits))
            bits = 0
        }
    }
    // What is left: 2 digits are one byte, 3 are two; the bits beyond them must be zero, so that a text has one reading.
    switch digits % 4 {
    case 0: return padding == 0 ? out : nil
    case 2 where [0, 2].contains(padding) && bits & 0x0F == 0: return out + [UInt8(truncatingIfNeeded: bits >> 4)]
    case 3 where [0, 1].contains(padding) && bits & 0x03 == 0:
        return out + [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    default: return nil
    }
}

private func sextet(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 65...90: byte - 65
    case 97...122: byte - 71
    case 48...57: byte + 4
    case 43: 62
    case 47: 63
    default: nil
    }
}

/// Whether two runs of bytes are equal, in a time that does not depend on where they differ.
public func equalInConstantTime(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
