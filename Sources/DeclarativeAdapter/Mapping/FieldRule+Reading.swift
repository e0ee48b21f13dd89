// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel
internal import SourceDocument

extension FieldRule {
    /// A value that was taken and cleaned, and where from.
    struct Taken {
        let text: String
        let node: DocumentNode?
    }

    /// The cleaned text of the first place that gives one; nil when everything is absent or empty.
    func take(from record: DocumentNode) -> Taken? {
        if let constant { return Taken(text: constant, node: nil) }
        if let join { return takeAll(from: record, join) }
        for place in places {
            guard let node = place.first(in: record), let text = node.scalarText else { continue }
            let clean = cleaned(text)
            if !clean.isEmpty, !emptyValues.contains(clean) { return Taken(text: clean, node: node) }
        }
        return nil
    }

    private func takeAll(from record: DocumentNode, _ join: String) -> Taken? {
        var texts: [String] = []
        var first: DocumentNode?
        for place in places {
            guard let node = place.first(in: record), let text = node.scalarText else { continue }
            let clean = cleaned(text)
            guard !clean.isEmpty, !emptyValues.contains(clean) else { continue }
            texts.append(clean)
            first = first ?? node
        }
        return texts.isEmpty ? nil : Taken(text: texts.joined(separator: join), node: first)
    }

    /// The node a fault is shown at when nothing was taken.
    func anyNode(in record: DocumentNode) -> DocumentNode? { places.lazy.compactMap { $0.first(in: record) }.first }

    func cleaned(_ text: String) -> String {
        var out = text
        if halfWidth { out = FieldRule.halfWidth(out) }
        for (text, by) in replace { out = FieldRule.pieces(out, text).joined(separator: by) }
        if trim { out = FieldRule.trimmed(out) }
        if upper, out.utf8.contains(where: { (97...122).contains($0) }) {
            out = String(decoding: out.utf8.map { (97...122).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
        }
        return out
    }

    /// The text after the table; nil when it is absent.
    ///
    /// Throws: `record.value_unknown`, `record.field_missing`.
    func text(of record: DocumentNode, field: String) throws(RecordFault) -> String? {
        guard let taken = take(from: record) else {
            if let mapped = map[""] { return mapped }
            if required || empty == .reject { throw RecordFault(.fieldMissing, field, at: anyNode(in: record)) }
            return nil
        }
        return try mapped(taken.text, field: field, node: taken.node)
    }

    func mapped(_ text: String, field: String, node: DocumentNode?) throws(RecordFault) -> String? {
        if isNumber, !FieldRule.isNumber(text) { throw RecordFault(.numberUnreadable, field, at: node) }
        guard !map.isEmpty else { return text }
        if let mapped = map[text] { return mapped }
        switch otherwise {
        case .reject: throw RecordFault(.valueUnknown, field, at: node)
        case .unknown: return LicenceStatus.unknown.rawValue
        case .absent: return nil
        case .keep: return text
        }
    }

    /// The day, an open end, or nothing.
    func day(of record: DocumentNode, field: String) throws(RecordFault) -> Validity.End {
        guard let taken = take(from: record) else {
            if empty == .openEnded { return .openEnded }
            if required || empty == .reject { throw RecordFault(.fieldMissing, field, at: anyNode(in: record)) }
            return .absent
        }
        if openEnded.contains(taken.text) { return .openEnded }
        guard let text = try mapped(taken.text, field: field, node: taken.node) else { return .absent }
        if openEnded.contains(text) { return .openEnded }
        for format in dates {
            if let day = format.day(text, zone: zone) { return .day(day) }
        }
        throw RecordFault(.dateUnreadable, field, at: taken.node)
    }

    /// The parts of a value that holds several, each through the table; empty when it is absent.
    func parts(of record: DocumentNode, field: String) throws(RecordFault) -> [String] {
        guard let split, constant == nil, let taken = take(from: record) else {
            return try text(of: record, field: field).map { [$0] } ?? []
        }
        var out: [String] = []
        for piece in FieldRule.pieces(taken.text, split) {
            let clean = cleaned(piece)
            guard !clean.isEmpty else { continue }
            if let mapped = try mapped(clean, field: field, node: taken.node) { out.append(mapped) }
        }
        return out
    }

    /// A decimal number as written: sign, digits, fraction, exponent.
    static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        func digits() -> Bool {
            let run = rest.prefix(while: isDigit)
            rest = rest.dropFirst(run.count)
            return !run.isEmpty
        }
        if rest.first == 45 || rest.first == 43 { rest = rest.dropFirst() }
        guard digits() else { return false }
        if rest.first == 46 {
            rest = rest.dropFirst()
            guard digits() else { return false }
        }
        if rest.first == 69 || rest.first == 101 {
            rest = rest.dropFirst()
            if rest.first == 45 || rest.first == 43 { rest = rest.dropFirst() }
            guard digits() else { return false }
        }
        return rest.isEmpty
    }

    /// The parts between a separator, empty ones included.
    ///
    /// By bytes, not characters: a joiner or an accent behind a separator makes one character of both, and two holders
    /// would become one that nobody looks for.
    static func pieces(_ text: String, _ separator: String) -> [String] {
        let wanted = Array(separator.utf8)
        guard let first = wanted.first else { return [text] }
        var out: [String] = []
        var rest = Array(text.utf8)[...]
        var at = rest.startIndex
        while let next = rest[at...].firstIndex(of: first) {
            guard rest[next...].starts(with: wanted) else {
                at = next + 1
                continue
            }
            out.append(String(decoding: rest[..<next], as: UTF8.self))
            rest = rest[(next + wanted.count)...]
            at = rest.startIndex
        }
        return out.isEmpty ? [text] : out + [String(decoding: rest, as: UTF8.self)]
    }

    private static func trimmed(_ text: String) -> String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value <= 32 || scalar.value == 0xA0 || scalar.value == 0x3000 || scalar.value == 0xFEFF
        }
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            isBlank(first) || isBlank(last)
        else { return text }
        let start = text.unicodeScalars.drop(while: isBlank)
        var view = String.UnicodeScalarView(start)
        while let end = view.last, isBlank(end) { view.removeLast() }
        return String(view)
    }

    private static func halfWidth(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { (0xFF01...0xFF5E).contains($0.value) || $0.value == 0x3000 }) else {
            return text
        }
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value == 0x3000 {
                view.append(" ")
            } else if (0xFF01...0xFF5E).contains(scalar.value), let half = Unicode.Scalar(scalar.value - 0xFEE0) {
                view.append(half)
            } else {
                view.append(scalar)
            }
        }
        return String(view)
    }
}
