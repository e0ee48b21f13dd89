// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel
internal import SourceDocument

/// What of an answer says nothing about a person, because the manifest itself says it; everything else is replaced.
///
/// Paths are the names on the way from the root, without indexes and namespace prefixes, joined by `/`.
package struct RecordingPolicy: Sendable {
    /// Values beside the records that the manifest reads as signs: statuses, totals, whether there is more.
    package var signs: Set<String> = []
    /// Values the manifest lists, by path: types, kinds, statuses, words for "no end".
    package var listed: [String: Set<String>] = [:]
    /// Numbers and times whose order a pull relies on.
    package var ordered: Set<String> = []
    /// Names of fields declared `not_personal`.
    package var names: Set<String> = []
    /// The character set the answer has to be in, when the manifest overrides it.
    package var charset: String?
    /// `json`, `ndjson`, `xml` or `csv`, and the delimiter of the last.
    package var format = "json"
    package var delimiter: Character = ","
    /// The character around a field of a table; nil when there is none.
    package var quote: Character? = "\""
    /// The columns of a table whose first row is a record already.
    package var columns: [String] = []
    /// Why an answer cannot be recorded: what it is wrapped in has to be opened first, in the manifest's words.
    package var wrapping: String?

    /// Whether a value may stay.
    package func keeps(_ text: String, at path: String) -> Bool {
        if signs.contains(path) || listed[path]?.contains(text) == true { return true }
        return names.contains(path.split(separator: "/").last.map(String.init) ?? path)
    }
}

extension DecodePlan {
    /// What keeps values out of sight: nothing inside can be replaced, and what was replaced could not be opened again.
    fileprivate var closed: String? {
        if container != nil { return "decode.container" }
        let step = document.first { [.base64, .sm2, .sm4CBC, .singleQuotedJSON].contains($0.kind) }
        return step.map { "decode.document: \($0.kind.rawValue)" }
    }
}

extension SourceManifest {
    /// The policy of one interface; nil when there is no such interface.
    package func recordingPolicy(_ name: String) -> RecordingPolicy? {
        guard let plan = interfaces.first(where: { $0.name == name }) else { return nil }
        var policy = RecordingPolicy()
        policy.names = plan.notPersonal
        policy.wrapping = plan.document.decode.closed
        switch plan.document.wireFormat {
        case .json: policy.format = "json"
        case .ndjson: policy.format = "ndjson"
        case .xml: policy.format = "xml"
        case .csv(let dialect):
            policy.format = "csv"
            policy.delimiter = Character(Unicode.Scalar(dialect.delimiter))
            policy.quote = dialect.isQuoted ? Character(Unicode.Scalar(dialect.quote)) : nil
            policy.columns = dialect.names
        }
        policy.charset = plan.document.charset.map { "\($0)" }
        let signs = plan.status.map(\.path) + [plan.pull?.total, plan.pull?.hasMore].compactMap { $0 }
        for path in signs { policy.signs.insert(names(path.text).joined(separator: "/")) }
        for condition in plan.notFound {
            for test in condition.tests { policy.signs.insert(names(test.path.text).joined(separator: "/")) }
        }
        var lists = [plan.pull?.records, plan.ways.records].compactMap { $0?.text }
        lists += plan.find?.questions.values.map(\.records.text) ?? []
        for list in Set(lists.isEmpty ? ["$"] : lists) { add(plan, names(list), &policy) }
        return policy
    }

    private func add(_ plan: InterfacePlan, _ list: [String], _ policy: inout RecordingPolicy) {
        func inside(_ path: RecordPath) -> String { (list + names(path.text)).joined(separator: "/") }
        func keep(_ path: RecordPath, _ values: some Sequence<String>) {
            policy.listed[inside(path), default: []].formUnion(values)
        }
        if case .from(let path, let table) = plan.types { keep(path, table.keys) }
        for (name, rule) in plan.mapping.fields {
            for place in rule.places {
                keep(place, rule.map.keys)
                // Without a table these fields hold our own words.
                if name == "trust_grade" { keep(place, TrustGrade.allCases.map(\.rawValue)) }
                if name == "status" { keep(place, LicenceStatus.allCases.map(\.rawValue)) }
                keep(place, rule.openEnded.union(rule.emptyValues))
                if let split = rule.split, !rule.map.isEmpty {
                    // Two kinds in one text are still kinds.
                    let words = rule.map.keys.sorted().prefix(32)
                    keep(place, words.flatMap { first in words.map { first + split + $0 } })
                }
            }
        }
        let identity = plan.pull?.identity ?? plan.ways.identity ?? plan.find?.identity
        if let tombstone = identity?.tombstone { keep(tombstone.path, tombstone.values) }
        if case .declared(let path, _)? = identity?.version { policy.ordered.insert(inside(path)) }
        if let cursor = plan.pull?.cursor { policy.ordered.insert(inside(cursor.path)) }
    }

    /// The names of a path, JSON or XML or a column.
    private func names(_ path: String) -> [String] {
        if path.hasPrefix("$") {
            var text = ""
            for character in path.dropFirst() { text.append("['\"]".contains(character) ? "." : character) }
            return text.split(separator: ".").map(String.init).filter { Int($0) == nil && $0 != "*" }
        }
        return path.split(separator: "/").compactMap { step in
            let bare = step.prefix { $0 != "[" }
            if bare == "." || bare == "text()" { return nil }
            let isAttribute = bare.hasPrefix("@")
            let local = bare.split(separator: ":").last.map(String.init) ?? String(bare)
            return isAttribute && !local.hasPrefix("@") ? "@" + local : local
        }
    }
}
