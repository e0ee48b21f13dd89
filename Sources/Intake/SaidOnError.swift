// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics

/// The tail of a program's standard error, as far as it may be shown.
///
/// Secrets are masked by value. What the program says about records may hold people's values: runs of five digits and
/// more and everything that is not plain ASCII are masked as well.
enum SaidOnError {
    static let linesMax = 5
    static let textMax = 600

    static func words(_ tail: [UInt8], secrets: [Secret]) -> String {
        var text = String(decoding: tail, as: UTF8.self)
        var longest = 0
        for secret in secrets.map(\.revealed).sorted(by: { $0.utf8.count > $1.utf8.count }) where !secret.isEmpty {
            for form in [secret, String(SmallJSON.text(secret).dropFirst().dropLast()), percent(secret)] {
                text = text.replacing(form, with: "<secret>")
                longest = max(longest, form.count)
            }
        }
        // A tail that was cut may begin in the middle of a secret, which no comparison finds.
        if tail.count >= ChildProcess.tailMax { text.removeFirst(min(longest, text.count)) }
        let lines = text.split(whereSeparator: \.isNewline).map { masked($0) }.filter { !$0.isEmpty }
        let last = lines.suffix(linesMax).joined(separator: " | ").suffix(textMax)
        return last.isEmpty ? "" : "; it said: \(last)"
    }

    private static func masked(_ line: Substring) -> String {
        var out = ""
        var digits = ""
        func flush() {
            out += digits.count >= 5 ? "…" : digits
            digits = ""
        }
        for scalar in line.unicodeScalars {
            switch scalar.value {
            case 48...57: digits.unicodeScalars.append(scalar)
            case 32...126:
                flush()
                out.unicodeScalars.append(scalar)
            case 9:
                flush()
                out += " "
            default:
                flush()
                if !out.hasSuffix("…") { out += "…" }
            }
        }
        flush()
        return String(out.drop { $0 == " " })
    }

    private static func percent(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isPlain || [45, 46, 95, 126].contains(byte) {
                out.append(byte)
            } else {
                out += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
