// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

/// Checks a YAML tree against the declarations and reports everything that does not fit.
struct ShapeReader {
    /// Licence types that exist; nil leaves them unchecked.
    let licenceTypes: Set<LicenceTypeCode>?
    var findings = Findings()

    init(licenceTypes: Set<LicenceTypeCode>?) { self.licenceTypes = licenceTypes }

    mutating func block(_ node: YAMLNode, _ spec: BlockSpec) -> Block? {
        guard case .map(let pairs, let spot) = node else {
            wrongType(node, "a mapping with the keys of `\(spec.name)`")
            return nil
        }
        var block = Block(name: spec.name, spot: pairs.first?.spot ?? spot)
        for pair in pairs {
            guard let key = spec.key(pair.key) else {
                unknownKey(pair.key, pair.spot, spec)
                continue
            }
            // `confirm` may stand in every block and changes what none of them means.
            if pair.key != KeySpec.confirm.name { block.written[pair.key] = pair.spot }
            if let value = value(pair.value, key.kind, of: pair.key) { block.values[pair.key] = value }
        }
        for key in spec.keys where key.need == .required && !block.has(key.name) {
            findings.add(
                "manifest.missing_key", at: block.spot, "`\(spec.name)` lacks the key `\(key.name)`",
                "Add `\(key.name): \(key.example)`: \(key.doc)")
        }
        return block
    }

    private mutating func unknownKey(_ name: String, _ spot: Spot, _ spec: BlockSpec) {
        let nearest = nearestWord(to: name, in: spec.keys.map(\.name))
        findings.add(
            "manifest.unknown_key", at: spot, "unknown key `\(shown(name))` in `\(spec.name)`",
            nearest.map { "Did you mean `\($0)`?" } ?? "Keys here: \(spec.keys.map(\.name).joined(separator: ", ")).")
    }

    private mutating func value(_ node: YAMLNode, _ kind: ValueKind, of key: String) -> Shape? {
        if case .refused = node { return nil }
        switch kind {
        case .block(let name):
            guard let spec = ManifestLanguage.block(name) else { return nil }
            return block(node, spec).map { .block($0) }
        case .list(let member, let max):
            guard case .list(let nodes, let spot) = node else { return wrongType(node, "a list") }
            return list(nodes, member, max, spot, key)
        case .oneOrMore(let member, let max):
            if case .list(let nodes, let spot) = node { return list(nodes, member, max, spot, key) }
            return value(node, member, of: key)
        case .map(let form, let member, let max):
            guard case .map(let pairs, let spot) = node else { return wrongType(node, "a mapping") }
            return map(pairs, form, member, max, spot, key)
        case .either(let first, let second):
            if case .scalar = node { return value(node, first, of: key) }
            return value(node, second, of: key)
        default:
            guard case .scalar(let text, _, let spot) = node else { return wrongType(node, kind.words) }
            return scalar(node, text, spot, kind, key) ? .scalar(text, spot) : nil
        }
    }

    private mutating func list(_ nodes: [YAMLNode], _ member: ValueKind, _ max: Int, _ spot: Spot, _ key: String)
        -> Shape?
    {
        guard nodes.count <= max else {
            findings.add(
                "manifest.out_of_range", at: spot, "`\(key)` has \(nodes.count) members, more than \(max)",
                "Shorten the list.")
            return nil
        }
        guard !nodes.isEmpty || Self.mayBeEmpty.contains(key) else { return refuseEmpty(spot, key) }
        return .list(nodes.compactMap { value($0, member, of: key) }, spot)
    }

    private mutating func map(
        _ pairs: [(key: String, spot: Spot, value: YAMLNode)], _ form: TextForm?, _ member: ValueKind, _ max: Int,
        _ spot: Spot, _ key: String
    ) -> Shape? {
        guard pairs.count <= max else {
            findings.add(
                "manifest.out_of_range", at: spot, "`\(key)` has \(pairs.count) entries, more than \(max)",
                "Shorten it.")
            return nil
        }
        guard !pairs.isEmpty else { return refuseEmpty(spot, key) }
        var out: [(key: String, spot: Spot, value: Shape)] = []
        for pair in pairs {
            if let form, !check(pair.key, form, pair.spot, key) { continue }
            if let value = value(pair.value, member, of: pair.key) { out.append((pair.key, pair.spot, value)) }
        }
        return .map(out, spot)
    }

    /// Keys whose empty list says something: there is no business status, there is no way to say "none".
    static let mayBeEmpty: Set<String> = ["status", "not_found"]

    private mutating func refuseEmpty(_ spot: Spot, _ key: String) -> Shape? {
        findings.add("manifest.empty", at: spot, "`\(key)` is empty", "Fill it, or remove the key.")
        return nil
    }

    private mutating func scalar(_ node: YAMLNode, _ text: String, _ spot: Spot, _ kind: ValueKind, _ key: String)
        -> Bool
    {
        if case .scalar(let raw, true, _) = node, raw.isEmpty || raw == "~" || raw == "null" {
            findings.add("manifest.wrong_type", at: spot, "`\(key)` has no value", "Give it a value or remove the key.")
            return false
        }
        switch kind {
        case .text(let max):
            guard text.count <= max else {
                findings.add(
                    "manifest.out_of_range", at: spot, "`\(key)` has \(text.count) characters, more than \(max)",
                    "Shorten it.")
                return false
            }
            return true
        case .form(let form): return check(text, form, spot, key)
        case .word(let words): return checkWord(text, words, spot, key)
        case .boolean:
            guard text == "true" || text == "false" else { return refuse(spot, key, "`true` or `false`") }
            return true
        case .integer(let range):
            guard let number = Int(text), String(number) == text else { return refuse(spot, key, kind.words) }
            guard range.contains(number) else { return refuse(spot, key, kind.words, code: "manifest.out_of_range") }
            return true
        case .percent:
            guard let number = Double(text), (0...100).contains(number) else { return refuse(spot, key, kind.words) }
            return true
        case .duration(let range):
            guard let duration = parseDuration(text) else { return refuseUnit(text, spot, key, kind, "10s") }
            guard range.contains(duration.wholeMilliseconds) else {
                return refuse(spot, key, kind.words, code: "manifest.out_of_range")
            }
            return true
        case .bytes(let range):
            guard let bytes = parseBytes(text) else { return refuseUnit(text, spot, key, kind, "8MiB") }
            guard range.contains(bytes) else { return refuse(spot, key, kind.words, code: "manifest.out_of_range") }
            return true
        case .template(let set): return checkTemplate(text, set, spot, key)
        default: return true
        }
    }

    private mutating func refuse(_ spot: Spot, _ key: String, _ words: String, code: String = "manifest.wrong_type")
        -> Bool
    {
        findings.add(code, at: spot, "`\(key)` is not as declared", "Give it: \(words).")
        return false
    }

    private mutating func refuseUnit(_ text: String, _ spot: Spot, _ key: String, _ kind: ValueKind, _ example: String)
        -> Bool
    {
        if !text.isEmpty, text.utf8.allSatisfy(isDigit) {
            findings.add(
                "manifest.missing_unit", at: spot, "`\(key)` has no unit",
                "Write it with one, as in `\(example)`: \(kind.words).")
            return false
        }
        return refuse(spot, key, kind.words)
    }

    private mutating func checkWord(_ text: String, _ words: [String], _ spot: Spot, _ key: String) -> Bool {
        guard !words.contains(text) else { return true }
        let nearest = nearestWord(to: text, in: words)
        findings.add(
            "manifest.unknown_word", at: spot, "`\(shown(text))` is not a value of `\(key)`",
            (nearest.map { "Did you mean `\($0)`? " } ?? "") + "Values: \(words.joined(separator: ", ")).")
        return false
    }

    private mutating func check(_ text: String, _ form: TextForm, _ spot: Spot, _ key: String) -> Bool {
        guard form.accepts(text) else {
            let literal = form == .secretReference
            findings.add(
                form.code, at: spot,
                literal
                    ? "`\(key)` is not a reference to a secret" : "`\(key)` is not a valid \(form.rawValue)",
                literal
                    ? "Write `${secret:name}` and put the value where secrets are kept; a secret never stands in a manifest."
                    : "Expected: \(form.words).")
            return false
        }
        if form == .licenceType, let licenceTypes, !licenceTypes.contains(LicenceTypeCode(text)) {
            findings.add(
                "manifest.unknown_licence_type", at: spot, "no licence type has this code",
                "Add it to Config/licence-types.csv or correct it.")
            return false
        }
        return true
    }

    private mutating func checkTemplate(_ text: String, _ set: PlaceholderSet, _ spot: Spot, _ key: String) -> Bool {
        let places = set.allowed.map { "${\($0.rawValue)\($0.isNamed ? ":name" : "")}" }.joined(separator: ", ")
        switch Template.parse(text) {
        case .failure(let problem):
            let what =
                switch problem {
                case .unclosed: "`\(key)` has a `${` without its `}`"
                case .unknown(let inside): "`\(key)` has the unknown placeholder `${\(shown(inside))}`"
                case .needsName(let inside): "`${\(shown(inside))}` in `\(key)` lacks a name"
                case .takesNoName(let inside): "`${\(shown(inside))}` in `\(key)` takes no name"
                }
            findings.add("manifest.unknown_placeholder", at: spot, what, "Placeholders here: \(places).")
            return false
        case .success(let template):
            let strangers = template.placeholders.filter { !set.allowed.contains($0.kind) }
            for stranger in strangers {
                let secret = stranger.kind == .secret
                findings.add(
                    "manifest.placeholder_not_here", at: spot, "`\(stranger.text)` cannot stand in `\(key)`",
                    secret
                        ? "Secrets stand in `auth`, headers and bodies only: addresses are logged by every proxy on the way."
                        : "Placeholders here: \(places).")
            }
            return strangers.isEmpty
        }
    }

    @discardableResult
    private mutating func wrongType(_ node: YAMLNode, _ words: String) -> Shape? {
        let found =
            switch node {
            case .scalar: "text"
            case .list: "a list"
            case .map: "a mapping"
            case .refused: "something refused"
            }
        findings.add("manifest.wrong_type", at: node.spot, "\(found) stands here", "Expected: \(words).")
        return nil
    }
}

/// A name from a manifest as it may stand in a message.
func shown(_ text: String) -> String { text.count <= 60 ? text : text.prefix(60) + "…" }

/// The word at the smallest edit distance, when it is near enough to be meant.
func nearestWord(to text: String, in words: [String]) -> String? {
    guard text.count <= 64 else { return nil }
    let scored = words.map { ($0, editDistance(Array(text), Array($0))) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(3, text.count / 2)) else { return nil }
    return best.0
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let next = min(row[j + 1] + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = next
        }
    }
    return row[b.count]
}
