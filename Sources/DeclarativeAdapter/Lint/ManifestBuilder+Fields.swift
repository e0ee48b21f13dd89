// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

extension ManifestBuilder {
    mutating func fieldMapping(_ block: Block, _ document: DocumentPlan) -> FieldMapping? {
        guard let fields = block.block("fields") else { return nil }
        let inherited = dialectRules(fields, document)
        var mapping = FieldMapping()
        for field in ManifestLanguage.fieldNames {
            guard let merged = merge(inherited[field.name], fields[field.name]) else { continue }
            if let rule = rule(merged, for: field.name, document) { mapping.fields[field.name] = rule }
        }
        if let list = fields.block("holders") { mapping.holders = holderList(list, document) }
        checkFields(fields, inherited)
        mapping.face = faceFields(block.block("face_fields"), document)
        return mapping
    }

    private mutating func checkFields(_ fields: Block, _ inherited: [String: Block]) {
        func has(_ name: String) -> Bool { fields.has(name) || inherited[name] != nil }
        if !has("status") { need(fields, "status", "neither the manifest nor the dialect says where the status is") }
        if fields.has("holders") {
            for key in ["holder.code", "holder.code_kind", "holder.name"] where fields.has(key) {
                conflict(fields, key, "`holders` and `\(key)` exclude each other", "Keep one.")
            }
        } else if has("holder.code"), !has("holder.code_kind") {
            need(fields, "holder.code_kind", "the kind of a code is never guessed from its shape")
        }
        if !fields.has("holders"), !has("holder.code"), !has("number"), !has("identifier") {
            need(fields, "identifier", "a licence has at least one of identifier, number and holder")
        }
    }

    // MARK: - Dialects

    private mutating func dialectRules(_ fields: Block, _ document: DocumentPlan) -> [String: Block] {
        guard let name = fields.text("dialect") else {
            for key in ["dialect_case", "dialect_prefix"] where fields.has(key) {
                conflict(fields, key, "`\(key)` has no meaning without `dialect`", "Remove it.")
            }
            return [:]
        }
        guard let dialect = dialects.shape(name), let rules = dialect.block("fields") else {
            let nearest = nearestWord(to: name, in: dialects.names)
            findings.add(
                "manifest.unknown_dialect", at: fields.spot("dialect"), "there is no usable dialect `\(shown(name))`",
                nearest.map { "Did you mean `\($0)`?" } ?? "Dialects: \(dialects.names.joined(separator: ", ")).")
            return [:]
        }
        let spelling = fields.text("dialect_case")
        let prefix = fields.text("dialect_prefix")
        var out: [String: Block] = [:]
        for field in ManifestLanguage.fieldNames {
            guard var rule = asRule(rules[field.name]) else { continue }
            for key in ["from", "first_of"] {
                guard let value = rule.values[key] else { continue }
                let names = value.members.compactMap(\.text).map { name in
                    spelled(name, spelling, prefix, document)
                }
                rule.values[key] =
                    key == "from"
                    ? .scalar(names.first ?? "", value.spot) : .list(names.map { .scalar($0, value.spot) }, value.spot)
            }
            out[field.name] = rule
        }
        return out
    }

    /// A dialect's bare name as a path of the interface's format.
    private func spelled(_ name: String, _ spelling: String?, _ prefix: String?, _ document: DocumentPlan) -> String {
        let name = spelling == "upper" ? name.uppercased() : spelling == "lower" ? name.lowercased() : name
        switch document.format.pathLanguage {
        case .jsonPath: return name.hasPrefix("$") ? name : "$['\(name)']"
        case .xPath: return prefix.map { "\($0):\(name)" } ?? name
        case .column: return name
        }
    }

    // MARK: - Rules

    private func asRule(_ shape: Shape?) -> Block? {
        switch shape {
        case .scalar(let text, let spot)?:
            return Block(name: "rule", spot: spot, values: ["from": .scalar(text, spot)], written: ["from": spot])
        case .block(let block)?: return block
        default: return nil
        }
    }

    /// The dialect's rule with the manifest's differences.
    private func merge(_ inherited: Block?, _ own: Shape?) -> Block? {
        guard let own = asRule(own) else { return inherited }
        guard var merged = inherited else { return own }
        let places = ["from", "first_of", "constant"]
        if places.contains(where: own.has) {
            for key in places {
                merged.values[key] = nil
                merged.written[key] = nil
            }
        }
        for (key, value) in own.values { merged.values[key] = value }
        for (key, spot) in own.written { merged.written[key] = spot }
        return Block(name: "rule", spot: own.spot, values: merged.values, written: merged.written)
    }

    mutating func rule(_ block: Block, for field: String, _ document: DocumentPlan) -> FieldRule? {
        let places = ["from", "first_of", "constant"].filter(block.has)
        if places.isEmpty { need(block, "from", "`\(field)` needs a place") }
        if places.count > 1 {
            conflict(block, places[1], "`\(places[0])` and `\(places[1])` exclude each other", "Keep one.")
        }
        var rule = FieldRule()
        if let path = recordPath(block, "from", document) { rule.places = [path] }
        for shape in block["first_of"]?.members ?? [] {
            if let text = shape.text, let path = recordPath(text, at: shape.spot, document) { rule.places.append(path) }
        }
        rule.constant = block.text("constant")
        for pair in block.pairs("map") { rule.map[pair.key] = pair.value }
        rule.otherwise = block.text("otherwise").flatMap(FieldRule.Otherwise.init(rawValue:)) ?? .reject
        rule.dates = block.texts("date").compactMap { DateFormat($0) }
        rule.openEnded = Set(block.texts("open_ended"))
        rule.empty = block.text("empty").flatMap(FieldRule.Empty.init(rawValue:)) ?? .absent
        rule.emptyValues = Set(block.texts("empty_values"))
        rule.trim = block.boolean("trim") ?? true
        rule.halfWidth = block.boolean("half_width") ?? false
        rule.upper = block.boolean("upper") ?? false
        rule.split = block.text("split")
        rule.required = block.boolean("required") ?? false
        checkRule(block, rule, field)
        return rule
    }

    private mutating func checkRule(_ block: Block, _ rule: FieldRule, _ field: String) {
        let isDate = ["issued_on", "valid_from", "valid_until"].contains(field)
        if isDate, !block.has("date") { need(block, "date", "`\(field)` is a date") }
        if !isDate, block.has("date") { conflict(block, "date", "`\(field)` is no date", "Remove it.") }
        if field != "valid_until" {
            if block.has("open_ended") {
                conflict(block, "open_ended", "only `valid_until` can be open", "Remove it.")
            }
            if rule.empty == .openEnded {
                conflict(block, "empty", "only `valid_until` can be open", "Use another word.")
            }
        }
        if block.has("split"), !field.hasPrefix("holder") {
            conflict(block, "split", "only holders come several in one text", "Remove it.")
        }
        if block.has("otherwise"), !block.has("map") {
            conflict(block, "otherwise", "`otherwise` has no meaning without `map`", "Add `map` or remove it.")
        }
        if rule.otherwise == .unknown, field != "status" {
            conflict(block, "otherwise", "only a status can be `unknown`", "Use another word.")
        }
        if field == "status" {
            if !block.has("map"), !block.has("constant") { need(block, "map", "a status is read through a table") }
            if rule.otherwise == .absent || rule.otherwise == .keep {
                conflict(block, "otherwise", "a status is never left out", "Use `reject` or `unknown`.")
            }
        }
        checkValues(block, rule, field)
    }

    /// What a table or constant gives must be a word of ours.
    private mutating func checkValues(_ block: Block, _ rule: FieldRule, _ field: String) {
        let allowed: (String) -> Bool
        let words: String
        switch field {
        case "status":
            allowed = { LicenceStatus(rawValue: $0) != nil }
            words = ManifestLanguage.statusWords.joined(separator: ", ")
        case "holder.code_kind":
            allowed = { TextForm.holderKind.accepts($0) }
            words = TextForm.holderKind.words
        case "trust_grade":
            allowed = { TrustGrade(rawValue: $0) != nil }
            words = "A, B, C, D"
        default: return
        }
        var values = block.pairs("map").map { ($0.value, $0.spot) }
        if let constant = rule.constant { values.append((constant, block.spot("constant"))) }
        for (value, spot) in values where !allowed(value) {
            let nearest = field == "status" ? nearestWord(to: value, in: ManifestLanguage.statusWords) : nil
            findings.add(
                "manifest.unknown_word", at: spot, "`\(shown(value))` is not a value of `\(field)`",
                (nearest.map { "Did you mean `\($0)`? " } ?? "") + "Values: \(words).")
        }
    }

    private mutating func holderList(_ block: Block, _ document: DocumentPlan) -> FieldMapping.HolderList? {
        let list = recordPath(block, "list", document)
        let code = asRule(block["code"]).flatMap { rule($0, for: "holder.code", document) }
        let kind = asRule(block["code_kind"]).flatMap { rule($0, for: "holder.code_kind", document) }
        let name = asRule(block["name"]).flatMap { rule($0, for: "holder.name", document) }
        guard let list, let code, let kind else { return nil }
        return FieldMapping.HolderList(list: list, code: code, kind: kind, name: name)
    }

    private mutating func faceFields(_ block: Block?, _ document: DocumentPlan) -> FieldMapping.FaceFields {
        var face = FieldMapping.FaceFields()
        guard let block else { return face }
        switch block["keep"] {
        case .list?: face.keep = .names(Set(block.texts("keep")))
        default: face.keep = block.text("keep") == "none" ? .none : .rest
        }
        face.drop = Set(block.texts("drop"))
        for shape in block["inside"]?.members ?? [] {
            if let text = shape.text, let path = recordPath(text, at: shape.spot, document) { face.inside.append(path) }
        }
        for entry in block.entries("named") {
            guard let inner = asRule(entry.value), let rule = rule(inner, for: "face field", document) else { continue }
            face.named.append((entry.key, rule))
        }
        return face
    }
}
