// SPDX-License-Identifier: Apache-2.0

/// The form in which codes and numbers are compared: half-width, upper case, without blanks and brackets.
///
/// Source: common practice recorded in the domain notes (trim, full-width to half-width, upper-case `x`, inner blanks
/// and brackets removed). The original text is always kept beside it for display.
public enum CanonicalCode {
    private static let plain: ClosedRange<UInt8> = 45...47

    /// The canonical form of any code or number.
    ///
    /// Cost: O(length); texts that are canonical already are returned as they are.
    public static func of(_ text: String) -> String {
        // Printable ASCII but for blanks, small letters and brackets is as it should be: most codes are.
        if text.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) || plain.contains($0) }) {
            return text
        }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            var value = scalar.value
            if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
            if (97...122).contains(value) { value -= 32 }
            switch value {
            case 0x09...0x0D, 0x20, 0xA0, 0x2000...0x200B, 0x202F, 0x3000, 0xFEFF: continue
            case 0x28, 0x29, 0x5B, 0x5D, 0x3010, 0x3011, 0x3014, 0x3015: continue
            default: if let kept = Unicode.Scalar(value) { out.append(kept) }
            }
        }
        return String(out)
    }
}
