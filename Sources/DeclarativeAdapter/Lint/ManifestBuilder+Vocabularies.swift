// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

extension ManifestBuilder {
    /// A named table, layer or shape; what is not there is a finding at `key`.
    mutating func vocabulary(_ block: Block, _ key: String, of kinds: [String]) -> Block? {
        guard let name = block.text(key) else { return nil }
        if let found = dialects.vocabulary(name, of: kinds) { return found }
        let names = dialects.vocabularyNames(of: kinds)
        findings.add(
            "manifest.unknown_vocabulary", at: block.spot(key),
            "there is no usable vocabulary `\(shown(name))` for this",
            nearestWord(to: name, in: names).map { "Did you mean `\($0)`?" }
                ?? "Vocabularies here: \(names.joined(separator: ", ")).")
        return nil
    }

    /// The table of a rule: the named one with what `map` adds or says instead, or the words for true and false.
    mutating func table(_ block: Block, for field: String) -> [String: String] {
        var table: [String: String] = [:]
        if block.has("vocabulary") {
            switch field {
            case "status": add(vocabulary(block, "vocabulary", of: ["status"]), to: &table)
            case "holder.code_kind": add(vocabulary(block, "vocabulary", of: ["holder_kind"]), to: &table)
            default: conflict(block, "vocabulary", "there is no vocabulary for `\(field)`", "Use `map`.")
            }
        }
        for pair in block.pairs("map") { table[pair.key] = pair.value }
        if let words = block.block("boolean") {
            if block.has("map") {
                conflict(block, "boolean", "`map` and `boolean` exclude each other", "Keep one.")
            }
            if field != "face field" { conflict(block, "boolean", "`\(field)` is not true or false", "Remove it.") }
            for word in words.texts("true") { table[word] = "true" }
            for word in words.texts("false") where table.updateValue("false", forKey: word) != nil {
                conflict(words, "false", "a word means both true and false", "Keep it in one list.")
            }
        }
        return table
    }

    private func add(_ vocabulary: Block?, to table: inout [String: String]) {
        for pair in vocabulary?.pairs("values") ?? [] { table[pair.key] = pair.value }
    }

    /// The values of a named layer by their meaning.
    mutating func knownLayer(_ block: Block) -> [String: StatusLayer.Meaning] {
        guard let known = vocabulary(block, "known", of: ["status_layer"]) else { return [:] }
        var values: [String: StatusLayer.Meaning] = [:]
        for entry in known.entries("meanings") {
            guard let meaning = StatusLayer.Meaning(word: entry.key) else { continue }
            for text in entry.value.members.compactMap(\.text) { values[text] = meaning }
        }
        for pair in known.pairs("not_in_force") {
            if let status = LicenceStatus(rawValue: pair.value), status != .valid {
                values[pair.key] = .notInForce(status)
            }
        }
        return values
    }

    /// The tests of a named shape of "there is none"; each is an alternative.
    mutating func knownShapes(_ block: Block, _ document: DocumentPlan) -> [EnvelopeTest] {
        guard let known = vocabulary(block, "known", of: ["not_found"]) else { return [] }
        guard let path = envelopePath(block, "at", document) else {
            if !block.has("at") { need(block, "at", "a named shape is looked for somewhere") }
            return []
        }
        if known.boolean("empty") == true { return [EnvelopeTest(path: path, kind: .empty)] }
        return known.texts("equals").map { EnvelopeTest(path: path, kind: .equals($0)) }
            + known.texts("contains").map { EnvelopeTest(path: path, kind: .contains($0)) }
    }

    /// The vocabularies that the rules of a shape name, for the mapping's revision.
    func vocabularies(in shape: Shape?) -> String {
        switch shape {
        case nil, .scalar?: return ""
        case .list(let members, _)?: return members.map { vocabularies(in: $0) }.joined()
        case .map(let pairs, _)?: return pairs.map { vocabularies(in: $0.value) }.joined()
        case .block(let block)?:
            let own = block.text("vocabulary").flatMap { dialects.vocabulary($0, of: ["status", "holder_kind"]) }
            let inner = block.values.keys.sorted().map { vocabularies(in: block[$0]) }.joined()
            return (own.map { canonical($0["values"]) } ?? "") + inner
        }
    }

    // MARK: - A dialect by itself

    /// What can be wrong with a dialect before any manifest uses it.
    mutating func checkDialect(_ dialect: Block) {
        guard let fields = dialect.block("fields") else { return }
        for field in ManifestLanguage.fieldNames {
            guard let rule = asRule(fields[field.name]) else { continue }
            checkPlaces(rule)
            for key in ["from", "first_of", "all_of"] {
                for shape in rule[key]?.members ?? [] { checkName(shape, dialect) }
            }
            checkRule(rule, compiled(rule, for: field.name), field.name, isPartial: true)
        }
        for shape in dialect["type_code"]?.members ?? [] { checkName(shape, dialect) }
        for entry in dialect.entries("face") { for shape in entry.value.members { checkName(shape, dialect) } }
    }

    /// A dialect holds bare names: what makes a path of them is the manifest's format.
    private mutating func checkName(_ shape: Shape, _ dialect: Block) {
        guard let text = shape.text, text.contains(where: { "$/@[]'\"".contains($0) }) else { return }
        findings.add(
            "manifest.bad_path", at: shape.spot, "a dialect holds bare names, no paths",
            "Write the name alone; `dialect_case`, `dialect_prefix` and `dialect_style` say how a source carries it.")
    }
}
