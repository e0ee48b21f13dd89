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
        if let list = fields.block("holders") {
            if list.has("from") {
                mapping.pairs = holderPairs(list, document)
            } else {
                mapping.holders = holderList(list, document)
            }
        }
        checkFields(fields, inherited)
        mapping.face = faceFields(block.block("face_fields"), fields, document)
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
            for key in ["dialect_case", "dialect_prefix", "dialect_style"] where fields.has(key) {
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
        if fields.has("dialect_style"), document.format != .xml {
            conflict(
                fields, "dialect_style", "only XML carries names in another way than by elements",
                "Remove it; names and values in a list of JSON are decoded first.")
        }
        var out: [String: Block] = [:]
        for field in ManifestLanguage.fieldNames {
            guard var rule = asRule(rules[field.name]) else { continue }
            for key in ["from", "first_of", "all_of"] {
                guard let value = rule.values[key] else { continue }
                let names = value.members.compactMap(\.text).map { spelled($0, fields, document) }
                rule.values[key] =
                    key == "from"
                    ? .scalar(names.first ?? "", value.spot) : .list(names.map { .scalar($0, value.spot) }, value.spot)
            }
            out[field.name] = rule
        }
        return out
    }

    /// A dialect's bare name as a path of the interface's format.
    func spelled(_ name: String, _ fields: Block, _ document: DocumentPlan) -> String {
        let spelling = fields.text("dialect_case")
        let name = spelling == "upper" ? name.uppercased() : spelling == "lower" ? name.lowercased() : name
        switch document.format.pathLanguage {
        case .jsonPath: return name.hasPrefix("$") ? name : "$['\(name)']"
        case .xPath:
            switch fields.text("dialect_style") {
            case "attribute": return "@\(name)"
            case "name_value": return ".//*[@name='\(name)']"
            default: return fields.text("dialect_prefix").map { "\($0):\(name)" } ?? name
            }
        case .column: return name
        }
    }

    /// The path a dialect has for the licence type's code, for a manifest that names none.
    mutating func dialectTypePath(_ block: Block, _ document: DocumentPlan) -> RecordPath? {
        guard let fields = block.block("fields"), let name = fields.text("dialect"), let dialect = dialects.shape(name),
            let first = dialect.texts("type_code").first
        else { return nil }
        return dialectPath(spelled(first, fields, document), at: dialect.spot("type_code"), document)
    }

    // MARK: - Rules

    func asRule(_ shape: Shape?) -> Block? {
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
        let places = ["from", "first_of", "all_of", "join", "constant"]
        if places.contains(where: own.has) {
            for key in places {
                merged.values[key] = nil
                merged.written[key] = nil
            }
        }
        if own.has("constant") {
            // A value of ours goes through no table of theirs.
            for key in ["map", "vocabulary", "otherwise"] {
                merged.values[key] = nil
                merged.written[key] = nil
            }
        }
        for (key, value) in own.values { merged.values[key] = value }
        for (key, spot) in own.written { merged.written[key] = spot }
        return Block(name: "rule", spot: own.spot, values: merged.values, written: merged.written)
    }

    mutating func rule(_ block: Block, for field: String, _ document: DocumentPlan) -> FieldRule? {
        if !checkPlaces(block) { need(block, "from", "`\(field)` needs a place") }
        var rule = compiled(block, for: field)
        for key in ["from", "first_of", "all_of"] {
            for shape in block[key]?.members ?? [] {
                if let text = shape.text, let path = dialectPath(text, at: shape.spot, document) {
                    rule.places.append(path)
                }
            }
        }
        checkRule(block, rule, field)
        return rule
    }

    /// True when a rule says where its value comes from; two ways exclude each other.
    @discardableResult
    mutating func checkPlaces(_ block: Block) -> Bool {
        let places = ["from", "first_of", "all_of", "constant"].filter(block.has)
        if places.count > 1 {
            conflict(block, places[1], "`\(places[0])` and `\(places[1])` exclude each other", "Keep one.")
        }
        if block.has("join"), !block.has("all_of") {
            conflict(block, "join", "`join` has no meaning without `all_of`", "Remove it, or write `all_of`.")
        }
        return !places.isEmpty
    }

    /// A path that may be a dialect's: elements that say their names are found by a slow path, which is meant so.
    func isMeantSlow(_ text: String) -> Bool { text.hasPrefix(".//*[@name='") }

    mutating func dialectPath(_ text: String, at spot: Spot, _ document: DocumentPlan) -> RecordPath? {
        let before = findings
        let path = recordPath(text, at: spot, document)
        if path != nil, isMeantSlow(text) { findings = before }
        return path
    }

    /// Everything of a rule but its paths.
    mutating func compiled(_ block: Block, for field: String) -> FieldRule {
        var rule = FieldRule()
        rule.constant = block.text("constant")
        rule.map = table(block, for: field)
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
        rule.join = block.has("all_of") ? block.text("join") ?? "" : nil
        rule.replace = block.pairs("replace").map { ($0.key, $0.value) }
        rule.isNumber = block.has("number")
        rule.zone = block.text("zone").flatMap(zoneMinutes)
        rule.rejectsField = block.text("on_error") == "reject_field"
        return rule
    }

    /// `isPartial`: a dialect's rule, which a manifest may still complete.
    mutating func checkRule(_ block: Block, _ rule: FieldRule, _ field: String, isPartial: Bool = false) {
        let isDate = ["issued_on", "valid_from", "valid_until"].contains(field)
        if isDate, !block.has("date"), !isPartial { need(block, "date", "`\(field)` is a date") }
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
        let hasTable = ["map", "vocabulary", "boolean"].contains(where: block.has)
        if block.has("otherwise"), !hasTable {
            conflict(block, "otherwise", "`otherwise` has no meaning without `map`", "Add `map` or remove it.")
        }
        if rule.otherwise == .unknown, field != "status" {
            conflict(block, "otherwise", "only a status can be `unknown`", "Use another word.")
        }
        if field == "status" {
            if !hasTable, !block.has("constant"), !isPartial { need(block, "map", "a status is read through a table") }
            if rule.otherwise == .absent || rule.otherwise == .keep {
                conflict(block, "otherwise", "a status is never left out", "Use `reject` or `unknown`.")
            }
        }
        checkConversions(block, rule, field, isDate: isDate)
        checkValues(block, rule, field)
    }

    private mutating func checkConversions(_ block: Block, _ rule: FieldRule, _ field: String, isDate: Bool) {
        if block.has("number"), isDate || block.has("map") || block.has("boolean") || field == "status" {
            conflict(block, "number", "a number is neither a date nor a word out of a table", "Keep one.")
        }
        if block.has("zone"), !rule.dates.contains(where: \.takesZone) {
            conflict(block, "zone", "none of the formats has a time without an offset", "Remove it.")
        }
        for pair in block.pairs("replace") where pair.key.isEmpty {
            conflict(block, "replace", "nothing is replaced by something", "Name the text that is replaced.")
        }
        checkSeparators(block)
        let mayLack = [
            "issued_on", "authority.code", "authority.name", "authority.region", "trust_grade", "face field",
        ]
        if rule.rejectsField, !mayLack.contains(field) {
            conflict(
                block, "on_error",
                "a verdict or a look-up rests on `\(field)`: a record without it would answer falsely",
                "Remove it; such a record is set aside whole.")
        }
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
        for key in ["list", "code", "code_kind"] where !block.has(key) { need(block, key, "a list of holders has it") }
        for key in ["split", "between", "order"] where block.has(key) {
            conflict(block, key, "`\(key)` has no meaning with `list`", "Remove it.")
        }
        let list = recordPath(block, "list", document)
        let code = asRule(block["code"]).flatMap { rule($0, for: "holder.code", document) }
        let kind = asRule(block["code_kind"]).flatMap { rule($0, for: "holder.code_kind", document) }
        let name = asRule(block["name"]).flatMap { rule($0, for: "holder.name", document) }
        guard let list, let code, let kind else { return nil }
        return FieldMapping.HolderList(list: list, code: code, kind: kind, name: name)
    }

    private mutating func checkSeparators(_ block: Block) {
        for key in ["split", "between"] where block.text(key)?.isEmpty == true {
            conflict(block, key, "nothing separates nothing", "Write what stands between two parts.")
        }
    }

    private mutating func holderPairs(_ block: Block, _ document: DocumentPlan) -> FieldMapping.HolderPairs? {
        for key in ["split", "between", "order"] where !block.has(key) {
            need(block, key, "one text holds all holders")
        }
        for key in ["list", "code", "name"] where block.has(key) {
            conflict(block, key, "`\(key)` and `from` exclude each other", "Say it in `order`.")
        }
        checkSeparators(block)
        let order = block.texts("order").compactMap { FieldMapping.HolderPairs.Part(rawValue: $0) }
        if block.has("order"),
            Set(order.filter { $0 != .skip }).count != order.count(where: { $0 != .skip }) || !order.contains(.code)
        {
            conflict(block, "order", "`order` names `code` once, and no part twice", "Correct it.")
        }
        var kind: FieldRule?
        if let own = asRule(block["code_kind"]) {
            kind =
                order.contains(.kind)
                ? compiled(own, for: "holder.code_kind") : rule(own, for: "holder.code_kind", document)
            if order.contains(.kind) { checkRule(own, compiled(own, for: "holder.code_kind"), "holder.code_kind") }
        } else if !order.contains(.kind) {
            need(block, "code_kind", "the kind of a code is never guessed from its shape")
        }
        guard let path = recordPath(block, "from", document) else { return nil }
        var text = FieldRule()
        text.places = [path]
        text.split = block.text("split")
        return FieldMapping.HolderPairs(text: text, between: block.text("between") ?? "", order: order, kind: kind)
    }

    private mutating func faceFields(
        _ block: Block?, _ fields: Block, _ document: DocumentPlan
    ) -> FieldMapping.FaceFields {
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
        face.named += knownFace(block, fields, document)
        for entry in block.entries("named") {
            guard let inner = asRule(entry.value), let rule = rule(inner, for: "face field", document) else { continue }
            face.named.append((entry.key, rule))
        }
        return face
    }

    /// Face fields that the dialect names.
    private mutating func knownFace(
        _ block: Block, _ fields: Block, _ document: DocumentPlan
    ) -> [(name: String, rule: FieldRule)] {
        guard block.has("known") else { return [] }
        let named = fields.text("dialect").flatMap { dialects.shape($0) }?.entries("face") ?? []
        let wanted = block.text("known") == "all" ? named.map(\.key) : block.texts("known")
        if named.isEmpty { conflict(block, "known", "the dialect names no face fields", "Use `named`.") }
        return wanted.compactMap { name in
            guard let entry = named.first(where: { $0.key == name }) else {
                findings.add(
                    "manifest.unknown_word", at: block.spot("known"), "the dialect has no face field `\(shown(name))`",
                    "It has: \(named.map(\.key).joined(separator: ", ")).")
                return nil
            }
            var rule = FieldRule()
            for shape in entry.value.members {
                guard let text = shape.text else { continue }
                if let path = dialectPath(spelled(text, fields, document), at: shape.spot, document) {
                    rule.places.append(path)
                }
            }
            return (name, rule)
        }
    }
}
