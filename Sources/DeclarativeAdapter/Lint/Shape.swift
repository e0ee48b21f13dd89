// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics

/// Where in a file a value stands.
struct Spot: Sendable, Hashable {
    var file: String
    var line: Int
    var column: Int
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
    private(set) var list: [Diagnostic] = []

    mutating func add(
        _ code: String, at spot: Spot, _ what: String, _ remedy: String, severity: Severity = .error,
        consequence: String? = nil
    ) {
        list.append(
            Diagnostic(
                severity, code: code, what: what,
                place: Place(file: spot.file, line: spot.line, column: spot.column), consequence: consequence,
                remedy: remedy))
    }

    mutating func add(_ diagnostic: Diagnostic) { list.append(diagnostic) }

    var hasErrors: Bool { list.contains { $0.severity == .error } }

    /// By file, line, column, then code; the same finding once.
    var sorted: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return list.filter { seen.insert($0).inserted }.sorted { a, b in
            (a.place.file ?? "", a.place.line ?? 0, a.place.column ?? 0, a.code)
                < (b.place.file ?? "", b.place.line ?? 0, b.place.column ?? 0, b.code)
        }
    }
}
