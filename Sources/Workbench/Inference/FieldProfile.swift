// SPDX-License-Identifier: Apache-2.0
internal import DeclarativeAdapter
internal import LicenceModel

/// What the values of one field of the sample's records show.
struct FieldProfile: Sendable {
    let path: SamplePath
    /// Where it stands among the record's fields.
    let position: Int
    /// One entry a record: nil where the field is missing, `""` where it is null or blank.
    let values: [String?]
    let kinds: Set<SampleNode.Kind>

    let filled: [String]
    let distinct: Int
    let maxLength: Int
    let isDigits: Bool
    let dates: DateFinding?

    init(path: SamplePath, position: Int, values: [String?], kinds: Set<SampleNode.Kind>) {
        self.path = path
        self.position = position
        self.values = values
        self.kinds = kinds
        filled = values.compactMap { $0 }.filter { !$0.isEmpty }
        distinct = Set(filled).count
        maxLength = filled.map(\.count).max() ?? 0
        isDigits = !filled.isEmpty && filled.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
        dates = DateFinding.of(filled, isNumber: kinds.contains(.number))
    }

    var plain: String { NameBook.plain(path.last) }
    var isComplete: Bool { filled.count == values.count && !values.isEmpty }
    var isUnique: Bool { isComplete && distinct == values.count }
    var missing: Int { values.count - filled.count }

    /// The parts of a value that holds several.
    func parts(_ separator: Character?) -> [String] {
        guard let separator else { return filled }
        return filled.flatMap { $0.split(separator: separator).map { $0.trimmed } }
    }

    /// The separator, when splitting by it makes parts pass a check that the whole does not.
    ///
    /// Beside a person with a resident number may stand one with a passport, which no check proves.
    var separator: Character? {
        guard filled.contains(where: { code($0) == .none }) else { return nil }
        return [",", ";", "，", "、", "|", "/", "^"].first { mark in
            let several = filled.filter { $0.contains(mark) }.flatMap { $0.split(separator: mark) }
            return !several.isEmpty && several.count { code($0.trimmed) != .none } * 2 >= several.count
        }
    }

    enum CodeProof: Sendable, Hashable { case none, resident, credit }

    /// Which check a code passes; one that passes both counts as a credit code only when it starts like one.
    func code(_ text: String) -> CodeProof { FieldProfile.proof(text) }

    static func proof(_ text: String) -> CodeProof {
        let canonical = CanonicalCode.of(text)
        guard canonical.utf8.count == 18 else { return .none }
        let resident = ResidentIdentityNumber.check(canonical) == .ok
        let credit = UnifiedSocialCreditCode.check(canonical) == .ok
        return resident ? .resident : credit ? .credit : .none
    }

    /// How many parts pass each check.
    var proofs: (resident: Int, credit: Int, all: Int) {
        let parts = parts(separator)
        return (parts.count { code($0) == .resident }, parts.count { code($0) == .credit }, parts.count)
    }

    var identifiers: Int { filled.count { LicenceIdentifier($0).parts != nil } }
    var isShortCode: Bool { !filled.isEmpty && maxLength <= 16 && distinct <= 12 }
    var isAscending: Bool {
        let numbers = filled.compactMap { Int64($0) }
        return numbers.count == values.count && numbers.count >= 2
            && zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 }
    }
    var isInteger: Bool { !filled.isEmpty && filled.allSatisfy { Int64($0) != nil } }
    var looksLikeDigest: Bool {
        ["md5", "sha1", "sha256", "sha512", "sm3", "digest", "hash", "checksum", "crc32"].contains {
            plain.hasSuffix($0)
        }
    }
}

/// In which formats the values of a field are dates.
struct DateFinding: Sendable, Hashable {
    /// The fewest formats that read every date, the most used first.
    var formats: [String]
    /// Values that are no date and stand for "no end" or for nothing.
    var sentinels: [String]
    /// Far dates that usually stand for "no end".
    var far: [String]
    var hasTime: Bool

    static let patterns = [
        "yyyy-MM-dd", "yyyyMMdd", "yyyy-MM-dd HH:mm:ss", "yyyy年MM月dd日", "yyyy/MM/dd", "yyyy/MM/dd HH:mm:ss",
        "yyyy.MM.dd",
        "yyyyMMddHHmmss", "yyyyMMddHHmmssSSS", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss.SSS",
        "yyyy-MM-ddTHH:mm:ss.SSS", "yyyy-MM-dd HH:mm",
        "yyyy/MM/dd HH:mm", "yyyy年MM月dd日 HH:mm:ss", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "dd-MM-yyyy", "iso8601",
        "epoch_ms", "epoch_s",
    ]
    static let words: Set<String> = [
        "长期", "永久", "长期有效", "永久有效", "无固定期限", "无期限", "空", "无", "-", "--", "/", "0", "null", "NULL", "forever",
        "permanent",
    ]
    static let openWords: Set<String> = ["长期", "永久", "长期有效", "永久有效", "无固定期限", "无期限", "forever", "permanent"]

    static func of(_ values: [String], isNumber: Bool) -> DateFinding? {
        guard !values.isEmpty else { return nil }
        // Equal values say nothing new, and most fields are no dates: their first value shows it.
        var left = Array(Set(values))
        guard left.contains(where: { words.contains($0) || looksLikeDate($0) }) else { return nil }
        var sentinels: [String] = []
        left.removeAll { value in
            guard words.contains(value) else { return false }
            if !sentinels.contains(value) { sentinels.append(value) }
            return true
        }
        guard !left.isEmpty else { return nil }
        var formats: [String] = []
        var far: Set<String> = []
        var all = left
        while !left.isEmpty {
            guard looksLikeDate(left[0]) else { return nil }
            let counts = patterns.map { pattern in (pattern, left.filter { reads($0, pattern) }) }
            guard let best = counts.max(by: { $0.1.count < $1.1.count }), !best.1.isEmpty, formats.count < 4 else {
                return nil
            }
            formats.append(best.0)
            far.formUnion(best.1.filter { year($0, best.0) >= 2090 })
            left.removeAll { reads($0, best.0) }
        }
        all.removeAll { far.contains($0) }
        let times = formats.contains { $0.contains("HH") || $0 == "iso8601" || $0.hasPrefix("epoch") }
        return DateFinding(formats: formats, sentinels: sentinels, far: far.sorted(), hasTime: times)
    }

    private static func looksLikeDate(_ text: String) -> Bool {
        text.utf8.count <= 40 && text.utf8.count { (48...57).contains($0) } >= 8
    }

    private static let probes: [String: DateProbe] = Dictionary(
        uniqueKeysWithValues: patterns.compactMap { pattern in DateProbe(pattern).map { (pattern, $0) } })

    private static func reads(_ value: String, _ pattern: String) -> Bool {
        let length = value.utf8.count
        switch pattern {
        case "epoch_ms": if length != 13 { return false }
        case "epoch_s": if length != 10 { return false }
        case "iso8601": if !value.contains("T") && !value.contains("+") && !value.hasSuffix("Z") { return false }
        default: if length != pattern.utf8.count { return false }
        }
        guard let probe = probes[pattern], probe.moment(value) != nil else { return false }
        let year = year(value, pattern)
        if pattern.hasPrefix("epoch") { return (1990...2100).contains(year) }
        return (1880...2100).contains(year) || (9990...9999).contains(year)
    }

    private static func year(_ value: String, _ pattern: String) -> Int {
        Int(probes[pattern]?.day(value)?.description.prefix(4) ?? "") ?? 0
    }
}

extension StringProtocol {
    var trimmed: String {
        var out = Substring(self)
        while let first = out.first, first.isWhitespace { out.removeFirst() }
        while let last = out.last, last.isWhitespace { out.removeLast() }
        return String(out)
    }
}

extension FieldProfile {
    /// The profiles of every scalar inside the records, three levels deep, lists left out.
    static func all(of records: [SampleNode]) -> (
        profiles: [FieldProfile], inner: [(path: SamplePath, kind: String)], lists: [SamplePath]
    ) {
        var order: [SamplePath] = []
        var table: [SamplePath: (values: [String?], kinds: Set<SampleNode.Kind>)] = [:]
        var inner: [(path: SamplePath, kind: String)] = []
        var lists: [SamplePath] = []
        func visit(_ node: SampleNode, _ path: SamplePath, _ index: Int) {
            if !node.inner.isEmpty {
                if !inner.contains(where: { $0.path == path }) { inner.append((path, node.innerKind)) }
                return
            }
            switch node.kind {
            case .object where path.steps.count < 4:
                for (name, child) in node.members { visit(child, path.appending(name), index) }
            case .object: break
            case .list: if !lists.contains(path) { lists.append(path) }
            default:
                if table[path] == nil {
                    order.append(path)
                    table[path] = (Array(repeating: nil, count: records.count), [])
                }
                table[path]?.values[index] = node.isEmpty ? "" : node.text.trimmed
                table[path]?.kinds.insert(node.kind)
            }
        }
        for (index, record) in records.enumerated() { visit(record, SamplePath(), index) }
        let profiles = order.enumerated().compactMap { position, path in
            table[path].map { FieldProfile(path: path, position: position, values: $0.values, kinds: $0.kinds) }
        }
        return (profiles, inner, lists)
    }
}
