// SPDX-License-Identifier: Apache-2.0

/// A table's cells as text, quotes undone.
///
/// By scalars, not characters: a joiner at the beginning of a cell makes one character of itself and the mark before it.
enum CSVRows {
    static func read(_ text: String, _ delimiter: Character, quote: Character? = "\"") -> [[String]] {
        let (delimiter, quote) = (delimiter.unicodeScalars.first, quote?.unicodeScalars.first)
        var rows: [[String]] = []
        var row: [String] = []
        var cell = String.UnicodeScalarView()
        var quoted = false
        var scalars = Array(text.unicodeScalars)[...]
        func endCell() {
            row.append(String(cell))
            cell = String.UnicodeScalarView()
        }
        while let scalar = scalars.popFirst() {
            if quoted {
                if scalar == quote {
                    if scalars.first == quote { cell.append(scalars.removeFirst()) } else { quoted = false }
                } else {
                    cell.append(scalar)
                }
            } else if scalar == quote && cell.isEmpty {
                quoted = true
            } else if scalar == delimiter {
                endCell()
            } else if scalar == "\n" || scalar == "\r" {
                if scalar == "\r", scalars.first == "\n" { scalars.removeFirst() }
                endCell()
                rows.append(row)
                row = []
            } else {
                cell.append(scalar)
            }
        }
        if !cell.isEmpty || !row.isEmpty { rows.append(row + [String(cell)]) }
        return rows
    }
}
