// SPDX-License-Identifier: Apache-2.0

/// A table's cells as text, quotes undone.
enum CSVRows {
    static func read(_ text: String, _ delimiter: Character, quote: Character? = "\"") -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = ""
        var quoted = false
        var characters = Array(text)[...]
        while let character = characters.popFirst() {
            if quoted {
                if character == quote {
                    if characters.first == quote { cell.append(characters.removeFirst()) } else { quoted = false }
                } else {
                    cell.append(character)
                }
            } else if character == quote && cell.isEmpty {
                quoted = true
            } else if character == delimiter {
                row.append(cell)
                cell = ""
            } else if character.isNewline {
                row.append(cell)
                rows.append(row)
                row = []
                cell = ""
            } else {
                cell.append(character)
            }
        }
        if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
        return rows
    }
}
