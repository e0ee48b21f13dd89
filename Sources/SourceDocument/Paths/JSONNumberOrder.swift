// SPDX-License-Identifier: Apache-2.0

/// A JSON number as sign, digits and power of ten, so that 0.10 equals 0.1 and 18 digits compare exactly.
struct ExactNumber {
    private var isNegative = false
    /// Significant digits without zeros at either end; empty for zero.
    private var digits: [UInt8] = []
    /// The power of ten of the digit before which the point would stand.
    private var magnitude = 0

    /// Reads a number spelt as JSON spells it.
    ///
    /// An exponent beyond a thousand million is taken as that: such numbers still compare by sign.
    init(_ text: some Sequence<UInt8>) {
        var seenPoint = false
        var exponent = 0
        var exponentSign = 1
        var inExponent = false
        var point = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "-"): if inExponent { exponentSign = -1 } else { isNegative = true }
            case UInt8(ascii: "+"): break
            case UInt8(ascii: "."): seenPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): inExponent = true
            default:
                if inExponent {
                    exponent = min(exponent * 10 + Int(byte - 0x30), 1_000_000_000)
                } else {
                    digits.append(byte - 0x30)
                    if !seenPoint { point += 1 }
                }
            }
        }
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        magnitude = point - leading + exponentSign * exponent
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { (isNegative, magnitude) = (false, 0) }
    }

    static func == (a: ExactNumber, b: ExactNumber) -> Bool {
        a.isNegative == b.isNegative && a.magnitude == b.magnitude && a.digits == b.digits
    }

    static func < (a: ExactNumber, b: ExactNumber) -> Bool {
        let left = a.sign
        let right = b.sign
        guard left == right else { return left < right }
        switch left {
        case 0: return false
        case 1: return isSmaller(a, b)
        default: return isSmaller(b, a)
        }
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    private static func isSmaller(_ a: ExactNumber, _ b: ExactNumber) -> Bool {
        a.magnitude != b.magnitude ? a.magnitude < b.magnitude : a.digits.lexicographicallyPrecedes(b.digits)
    }
}
