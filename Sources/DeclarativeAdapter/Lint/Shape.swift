// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics

/// Where in a file a value stands.
struct Spot: Sendable, Hashable {
    var file: String
    var line: Int
    var column: Int
    /// The row of a table that this value was made for, when it was.
    var row: RowPlace?
    /// True when the text itself comes out of the row.
    var isCell = false

    init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    init(_ place: RowPlace) { self.init(file: place.file, line: place.line, column: place.column) }

    /// This spot of a template, for one row.
    func `in`(_ place: RowPlace) -> Spot {
        var spot = self
        spot.row = place
        return spot
    }

    /// This spot of a template, filled from one cell.
    func at(_ place: RowPlace) -> Spot {
        var spot = self.in(place)
        spot.isCell = true
        return spot
    }
}

/// A place in a table of rows.
struct RowPlace: Sendable, Hashable {
    let file: String
    let line: Int
    let column: Int
}

/// A value of a manifest whose shape has been checked against its declaration.
indirect enum Shape: Sendable {
    case scalar(String, Spot)
    case list([Shape], Spot)
    case map([(key: String, spot: Spot, value: Shape)], Spot)
    case block(Block)

    var spot: Spot {
        switch self {
        case .scalar(_, let spot), .list(_, let spot), .map(_, let spot): spot
        case .block(let block): block.spot
        }
    }

    var text: String? { if case .scalar(let text, _) = self { text } else { nil } }
    var block: Block? { if case .block(let block) = self { block } else { nil } }
    /// The members of a list, or the value itself as a list of one.
    var members: [Shape] { if case .list(let members, _) = self { members } else { [self] } }
}

/// The keys of one mapping that passed, and all that were written.
struct Block: Sendable {
    let name: String
    let spot: Spot
    var values: [String: Shape] = [:]
    /// Every key that was written, also when its value was refused.
    var written: [String: Spot] = [:]

    subscript(key: String) -> Shape? { values[key] }
    func has(_ key: String) -> Bool { written[key] != nil }
    func spot(_ key: String) -> Spot { values[key]?.spot ?? written[key] ?? spot }
    func text(_ key: String) -> String? { values[key]?.text }
    func integer(_ key: String) -> Int? { text(key).flatMap { Int($0) } }
    func boolean(_ key: String) -> Bool? { text(key).map { $0 == "true" } }
    func duration(_ key: String) -> Duration? { text(key).flatMap(parseDuration) }
    func bytes(_ key: String) -> Int? { text(key).flatMap(parseBytes) }
    func block(_ key: String) -> Block? { values[key]?.block }
    func texts(_ key: String) -> [String] { values[key]?.members.compactMap(\.text) ?? [] }
    func blocks(_ key: String) -> [Block] { values[key]?.members.compactMap(\.block) ?? [] }
    func template(_ key: String) -> Template? { text(key).flatMap { try? Template.parse($0).get() } }

    /// The pairs of a mapping to scalars, in the order written.
    func pairs(_ key: String) -> [(key: String, value: String, spot: Spot)] {
        guard case .map(let pairs, _)? = values[key] else { return [] }
        return pairs.compactMap { pair in pair.value.text.map { (pair.key, $0, pair.value.spot) } }
    }

    /// The pairs of a mapping to anything.
    func entries(_ key: String) -> [(key: String, spot: Spot, value: Shape)] {
        guard case .map(let pairs, _)? = values[key] else { return [] }
        return pairs
    }
}

/// Collects findings while a manifest is read.
struct Findings {
    private var entries: [(finding: Diagnostic, row: RowPlace?)] = []
    /// How often one place of a template was at fault with cells of its rows.
    private var cells: [Spot: Int] = [:]
    /// Faulty cells of one place of a template that are shown one by one.
    static let cellsShown = 20

    var list: [Diagnostic] { entries.map(\.finding) }

    /// Adds a finding; one that a cell causes stands at the cell, and says where it was put in.
    mutating func add(
        _ code: String, at spot: Spot, _ what: String, _ remedy: String, severity: Severity = .error,
        consequence: String? = nil
    ) {
        var finding = Diagnostic(
            severity, code: code, what: what, place: Place(file: spot.file, line: spot.line, column: spot.column),
            consequence: consequence, remedy: remedy)
        guard let row = spot.row, spot.isCell else {
            entries.append((finding, spot.row))
            return
        }
        let origin = Spot(file: spot.file, line: spot.line, column: spot.column)
        let before = cells[origin, default: 0]
        cells[origin] = before + 1
        guard before <= Self.cellsShown else { return }
        if before == Self.cellsShown {
            finding.what = "further cells of the table are wrong here in the same way or another"
        } else {
            finding.place = Place(file: row.file, line: row.line, column: row.column)
            finding.what += " (put in at \(spot.file):\(spot.line):\(spot.column))"
        }
        entries.append((finding, nil))
    }

    mutating func add(_ diagnostic: Diagnostic) { entries.append((diagnostic, nil)) }

    var errorCount: Int { entries.count { $0.finding.severity == .error } }
    var hasErrors: Bool { entries.contains { $0.finding.severity == .error } }

    /// By file, line, column, then code; the same finding once, with the first rows of a table it holds for.
    var sorted: [Diagnostic] {
        var rows: [Diagnostic: [RowPlace]] = [:]
        var order: [Diagnostic] = []
        for (finding, row) in entries {
            if rows[finding] == nil { order.append(finding) }
            rows[finding, default: []] += row.map { [$0] } ?? []
        }
        return order.map { finding in
            var seen: Set<RowPlace> = []
            let places = (rows[finding] ?? []).filter { seen.insert($0).inserted }
            guard !places.isEmpty else { return finding }
            var finding = finding
            let shown = places.prefix(3).map { "\($0.file):\($0.line):\($0.column)" }.joined(separator: ", ")
            let more = places.count > 3 ? " and \(places.count - 3) more" : ""
            finding.what += " (for the rows \(shown)\(more))"
            return finding
        }.sorted { a, b in
            (a.place.file ?? "", a.place.line ?? 0, a.place.column ?? 0, a.code)
                < (b.place.file ?? "", b.place.line ?? 0, b.place.column ?? 0, b.code)
        }
    }
}
