// SPDX-License-Identifier: Apache-2.0

/// A table for a terminal; Chinese characters count as two columns.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []
    private let rightAligned: Set<Int>

    init(_ headings: [String], rightAligned: Set<Int> = []) {
        self.headings = headings
        self.rightAligned = rightAligned
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var isEmpty: Bool { rows.isEmpty }

    /// The lines, without trailing blanks.
    var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.map { column < $0.count ? displayWidth($0[column]) : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() where column < widths.count {
                let gap = String(repeating: " ", count: max(0, widths[column] - displayWidth(cell)))
                line += (column == 0 ? "" : "  ") + (rightAligned.contains(column) ? gap + cell : cell + gap)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

/// Columns a text takes on a terminal: East Asian wide and full-width characters take two.
///
/// Source: Unicode Standard Annex 11, the wide blocks that occur in Chinese text.
func displayWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
        switch scalar.value {
        case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: width
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            width + 2
        default: width + 1
        }
    }
}

/// The text cut to `columns`, with an ellipsis when something was cut.
func shortened(_ text: String, to columns: Int) -> String {
    guard displayWidth(text) > columns else { return text }
    var out = ""
    var width = 0
    for character in text {
        let next = displayWidth(String(character))
        if width + next > columns - 1 { break }
        out.append(character)
        width += next
    }
    return out + "…"
}

/// A number with thin groups of three: `1,234,567`.
func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var out = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
        out.append(digit)
    }
    return number < 0 ? "-" + out : out
}
