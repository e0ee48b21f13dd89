// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics

/// Makes one interface of each row of a table, by the first template that takes it.
///
/// Cells are put in at the level of nodes, never read again as YAML: a cell can neither add a key nor a placeholder.
struct TemplateRows {
    /// Bytes of text that all rows together may produce.
    static let bytesMax = 64 << 20
    /// Values that all rows together may produce.
    static let nodesMax = 2_000_000

    /// A template and what it takes.
    fileprivate struct Template {
        let when: [(column: String, values: Set<String>)]
        let body: [(key: String, spot: Spot, value: YAMLNode)]
        let spot: Spot
        var taken = 0
    }

    let table: RowTable
    /// Columns that stand in the table for people alone.
    let unused: Set<String>
    private var templates: [Template] = []
    private var used: Set<String> = []
    private var bytes = 0
    private var nodes = 0

    init(table: RowTable, unused: [String]) {
        self.table = table
        self.unused = Set(unused)
    }

    /// The interfaces of all rows, in the table's order.
    mutating func interfaces(_ node: YAMLNode, findings: inout Findings) -> [YAMLNode] {
        guard case .list(let members, _) = node, !members.isEmpty, members.count <= 64 else {
            findings.add(
                "manifest.wrong_type", at: node.spot, "`templates` is not a list of 1 to 64 templates",
                "Write each as an interface, with `when` to say which rows it takes.")
            return []
        }
        let errors = findings.errorCount
        templates = members.compactMap { template($0, &findings) }
        guard templates.count == members.count else { return [] }
        for template in templates {
            for (column, _) in template.when { use(column, at: template.spot, &findings) }
            for pair in template.body { collect(pair.value, &findings) }
        }
        guard findings.errorCount == errors else { return [] }
        var out: [YAMLNode] = []
        for row in table.rows {
            guard let index = templates.firstIndex(where: { $0.takes(row) }) else {
                findings.add(
                    "table.row_without_template", at: Spot(row.place), "no template takes this row",
                    "Add a template whose `when` holds for it, or one without `when` at the end.")
                continue
            }
            templates[index].taken += 1
            out.append(
                .map(pairs(templates[index].body, row, isTop: true, &findings), templates[index].spot.in(row.place)))
            guard bytes <= Self.bytesMax, nodes <= Self.nodesMax else {
                findings.add(
                    "table.too_large", at: Spot(row.place), "the rows together make too much of their templates",
                    "Shorten the templates, or make two sources of the table.")
                return []
            }
        }
        for template in templates where template.taken == 0 {
            findings.add(
                "table.template_without_row", at: template.spot, "no row takes this template",
                "Correct its `when`, or remove it.", severity: .warning)
        }
        warnOfColumns(&findings)
        return out
    }

    private func warnOfColumns(_ findings: inout Findings) {
        for (name, spot) in table.columns where !used.contains(name) && !unused.contains(name) {
            findings.add(
                "table.unused_column", at: spot, "no template uses the column `\(shown(name))`",
                "Remove it, put it in somewhere, or name it under `table: { unused: … }`.", severity: .warning)
        }
    }

    // MARK: - Templates

    private func template(_ node: YAMLNode, _ findings: inout Findings) -> Template? {
        guard case .map(let pairs, let spot) = node else {
            findings.add(
                "manifest.wrong_type", at: node.spot, "a template is a mapping",
                "Write it as an interface, with `when`.")
            return nil
        }
        var when: [(column: String, values: Set<String>)] = []
        for pair in pairs where pair.key == "when" {
            guard case .map(let tests, _) = pair.value, !tests.isEmpty, tests.count <= 16 else {
                findings.add(
                    "manifest.wrong_type", at: pair.spot, "`when` is not a mapping from columns to values",
                    "Write it as `{ method: [POST], format: [json] }`, or leave it out to take every row.")
                return nil
            }
            for test in tests {
                let values: [YAMLNode] = if case .list(let list, _) = test.value { list } else { [test.value] }
                let texts = values.compactMap { if case .scalar(let text, _, _) = $0 { text } else { nil } }
                guard texts.count == values.count, !texts.isEmpty, texts.count <= 400 else {
                    findings.add(
                        "manifest.wrong_type", at: test.spot, "the values of a column are texts",
                        "Write one, or a list of 1 to 400.")
                    return nil
                }
                when.append((test.key, Set(texts)))
            }
        }
        return Template(when: when, body: pairs.filter { $0.key != "when" }, spot: pairs.first?.spot ?? spot)
    }

    private mutating func use(_ column: String, at spot: Spot, _ findings: inout Findings) {
        used.insert(column)
        guard !table.columnNames.contains(column) else { return }
        let nearest = nearestWord(to: column, in: table.columnNames)
        findings.add(
            "table.unknown_column", at: spot, "the table has no column `\(shown(column))`",
            nearest.map { "Did you mean `\($0)`?" } ?? "Columns: \(table.columnNames.joined(separator: ", ")).")
    }

    /// Checks the columns a template names.
    private mutating func collect(_ node: YAMLNode, _ findings: inout Findings) {
        switch node {
        case .refused: break
        case .scalar(let text, _, let spot):
            for piece in RowPiece.split(text) { if case .column(let name) = piece { use(name, at: spot, &findings) } }
        case .list(let members, _): for member in members { collect(member, &findings) }
        case .map(let pairs, _): for pair in pairs { collect(pair.value, &findings) }
        }
    }

    // MARK: - Putting in

    private mutating func pairs(
        _ pairs: [(key: String, spot: Spot, value: YAMLNode)], _ row: RowTable.Row, isTop: Bool,
        _ findings: inout Findings
    ) -> [(key: String, spot: Spot, value: YAMLNode)] {
        pairs.compactMap { pair in
            guard let value = filled(pair.value, row, isName: isTop && pair.key == "name", &findings) else {
                return nil
            }
            return (pair.key, pair.spot.in(row.place), value)
        }
    }

    /// The node with the row's cells in it; nil when it is one placeholder whose cell is empty.
    private mutating func filled(
        _ node: YAMLNode, _ row: RowTable.Row, isName: Bool = false, _ findings: inout Findings
    ) -> YAMLNode? {
        nodes += 1
        switch node {
        case .refused: return node
        case .list(let members, let spot):
            return .list(members.compactMap { filled($0, row, &findings) }, spot.in(row.place))
        case .map(let inner, let spot): return .map(pairs(inner, row, isTop: false, &findings), spot.in(row.place))
        case .scalar(let text, let plain, let spot):
            let pieces = RowPiece.split(text)
            guard let first = pieces.lazy.compactMap(\.columnName).first, let cell = row.cells[first] else {
                return .scalar(text, plain: plain, spot.in(row.place))
            }
            var out = ""
            for piece in pieces {
                switch piece {
                case .text(let literal): out += literal
                case .column(let name):
                    guard let cell = row.cells[name] else { continue }
                    if cell.text.contains("${") {
                        findings.add(
                            "table.placeholder_in_cell", at: spot.at(cell.place), "a placeholder stands in a cell",
                            "Placeholders stand in the template; a cell is text.")
                        return .refused(spot)
                    }
                    out += cell.text
                }
            }
            if pieces.count == 1, out.isEmpty { return nil }
            bytes += out.utf8.count
            return .scalar(isName ? kebabName(out) : out, plain: false, spot.at(cell.place))
        }
    }

    /// An interface's name out of a cell: lower case, blanks, dots and low lines as hyphens.
    private func kebabName(_ text: String) -> String {
        String(text.lowercased().map { " _.".contains($0) ? "-" : $0 })
    }
}

extension TemplateRows.Template {
    fileprivate func takes(_ row: RowTable.Row) -> Bool {
        when.allSatisfy { test in row.cells[test.column].map { test.values.contains($0.text) } ?? false }
    }
}

/// A piece of a template's text: as written, or a column.
private enum RowPiece {
    case text(String)
    case column(String)

    var columnName: String? { if case .column(let name) = self { name } else { nil } }

    static func split(_ text: String) -> [RowPiece] {
        guard text.utf8.contains(36) else { return [.text(text)] }
        var out: [RowPiece] = []
        var rest = Substring(text)
        while let start = rest.range(ofText: "${row:"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            if start.lowerBound > rest.startIndex { out.append(.text(String(rest[..<start.lowerBound]))) }
            out.append(.column(String(rest[start.upperBound..<end])))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { out.append(.text(String(rest))) }
        return out
    }
}
