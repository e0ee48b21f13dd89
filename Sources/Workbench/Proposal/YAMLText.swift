// SPDX-License-Identifier: Apache-2.0

/// Scalars as YAML, always readable back as the same text.
enum YAMLText {
    /// A scalar for a flow or block place.
    static func scalar(_ text: String) -> String {
        let plain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                ($0.value >= 48 && $0.value <= 57) || ($0.value >= 65 && $0.value <= 90)
                    || ($0.value >= 97 && $0.value <= 122)
                    || $0.value == 95 || $0.value == 45 || $0.value == 46 || $0.value == 47 || $0.value == 36
                    || $0.value >= 0x4E00 && $0.value < 0xA000
            }
        let first = text.unicodeScalars.first?.value ?? 0
        let wordLike =
            (65...90).contains(first) || (97...122).contains(first) || first == 36 || first == 47 || first >= 0x4E00
        if plain, wordLike, !["true", "false", "null", "yes", "no", "on", "off", "y", "n", "Y", "N"].contains(text) {
            return text
        }
        return quoted(text)
    }

    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 32 || scalar.value == 127 {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\x" + String(repeating: "0", count: 2 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    static func list(_ texts: [String]) -> String { "[" + texts.map(scalar).joined(separator: ", ") + "]" }
    static func map(_ pairs: [(String, String)]) -> String {
        "{ " + pairs.map { "\(key($0.0)): \(scalar($0.1))" }.joined(separator: ", ") + " }"
    }
    /// A key: quoted unless it is a plain word.
    static func key(_ text: String) -> String { scalar(text) }
}
