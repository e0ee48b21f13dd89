// SPDX-License-Identifier: Apache-2.0

/// The JSON Schema (draft 2020-12) of manifests, interface files, dialects and vocabularies, for editors.
///
/// Made from the declarations that the parser reads. It knows shapes, words, forms and bounds; what only shows when keys
/// are seen together (a cursor without `order`, a path in the wrong language) is `licgate lint`'s.
public enum ManifestSchema {
    /// The schema as JSON text with a line end.
    public static func json() -> String {
        var definitions: [(String, SchemaValue)] = []
        for block in ManifestLanguage.blocks {
            guard block.name != "template" else { continue }
            definitions.append((reference(block.name), object(block, inRow: false)))
        }
        definitions.append((reference("template"), template()))
        for name in reachable(from: "interface").sorted() where name != "interface" {
            guard let block = ManifestLanguage.block(name) else { continue }
            definitions.append(("row-" + reference(name), object(block, inRow: true)))
        }
        let kinds = [
            ("manifest_version", "manifest"), ("dialect_version", "dialect"), ("vocabulary_version", "vocabulary"),
        ]
        let chain = kinds.reversed().reduce(SchemaValue.object([ref("interface", inRow: false)])) { otherwise, kind in
            .object([
                ("if", .object([("required", .list([.text(kind.0)]))])),
                ("then", .object([ref(kind.1, inRow: false)])), ("else", otherwise),
            ])
        }
        let root = SchemaValue.object(
            [
                ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
                ("title", .text("licgate adapter manifest, interface, dialect or vocabulary")),
                (
                    "description",
                    .text(
                        "Manifest language version \(ManifestLanguage.version). Made by `licgate lint --json-schema`; do not edit."
                    )
                ), ("type", .text("object")),
            ] + chain.pairs + [("$defs", .object(definitions))])
        return root.rendered() + "\n"
    }

    // MARK: - Blocks

    private static func object(_ block: BlockSpec, inRow: Bool) -> SchemaValue {
        .object(
            [("description", .text(block.doc)), ("type", .text("object")), ("additionalProperties", .bool(false))]
                + body(block.keys, inRow: inRow))
    }

    /// A template: an interface's keys, every value of which may come out of the row, and `when`.
    private static func template() -> SchemaValue {
        guard let template = ManifestLanguage.block("template") else { return .object([]) }
        let own = template.keys.map { ($0.name, property($0, inRow: false)) }
        let rest = ManifestLanguage.interface.keys.map { ($0.name, property($0, inRow: true)) }
        return .object([
            ("description", .text(template.doc)), ("type", .text("object")), ("additionalProperties", .bool(false)),
            ("required", .list(required(ManifestLanguage.interface.keys))), ("properties", .object(own + rest)),
        ])
    }

    private static func body(_ keys: [KeySpec], inRow: Bool) -> [(String, SchemaValue)] {
        let needed = required(keys)
        return (needed.isEmpty ? [] : [("required", .list(needed))])
            + [("properties", .object(keys.map { ($0.name, property($0, inRow: inRow)) }))]
    }

    private static func required(_ keys: [KeySpec]) -> [SchemaValue] {
        keys.filter { $0.need == .required }.map { .text($0.name) }
    }

    private static func property(_ key: KeySpec, inRow: Bool) -> SchemaValue {
        let need =
            switch key.need {
            case .required: "Required."
            case .optional(let otherwise): "Without it: \(otherwise)."
            case .conditional(let when): "Needed: \(when)."
            }
        let kind = schema(key.kind, of: key.name, inRow: inRow)
        return .object([("description", .text("\(key.doc) \(need) Example: `\(key.example)`"))] + kind)
    }

    // MARK: - Values

    private static func schema(_ kind: ValueKind, of key: String, inRow: Bool) -> [(String, SchemaValue)] {
        switch kind {
        case .block(let name): return [ref(name, inRow: inRow)]
        case .list(let member, let max): return list(member, max, key, inRow)
        case .oneOrMore(let member, let max):
            return [
                (
                    "anyOf",
                    .list([.object(schema(member, of: key, inRow: inRow)), .object(list(member, max, key, inRow))])
                )
            ]
        case .map(let form, let member, let max):
            var pairs: [(String, SchemaValue)] = [
                ("type", .text("object")), ("minProperties", .number(1)), ("maxProperties", .number(max)),
                ("additionalProperties", .object(schema(member, of: key, inRow: inRow))),
            ]
            if let pattern = form?.pattern { pairs.append(("propertyNames", .object([("pattern", .text(pattern))]))) }
            return pairs
        case .either(let first, let second):
            return [
                (
                    "anyOf",
                    .list([
                        .object(schema(first, of: key, inRow: inRow)), .object(schema(second, of: key, inRow: inRow)),
                    ])
                )
            ]
        default:
            let plain = scalar(kind)
            guard inRow else { return plain }
            let row: SchemaValue = .object([("type", .text("string")), ("pattern", .text("\\$\\{row:[^}]+\\}"))])
            return [("anyOf", .list([.object(plain), row]))]
        }
    }

    private static func list(_ member: ValueKind, _ max: Int, _ key: String, _ inRow: Bool) -> [(String, SchemaValue)] {
        var pairs: [(String, SchemaValue)] = [
            ("type", .text("array")), ("maxItems", .number(max)),
            ("items", .object(schema(member, of: key, inRow: inRow))),
        ]
        if !ShapeReader.mayBeEmpty.contains(key) { pairs.insert(("minItems", .number(1)), at: 1) }
        return pairs
    }

    /// YAML readers make numbers and booleans of plain words; the gateway takes each as the text it was written as.
    private static func scalar(_ kind: ValueKind) -> [(String, SchemaValue)] {
        let anyText = SchemaValue.list([.text("string"), .text("number"), .text("boolean")])
        switch kind {
        case .text(let max): return [("type", anyText), ("maxLength", .number(max))]
        case .form(let form):
            var pairs: [(String, SchemaValue)] = [("type", anyText)]
            if let pattern = form.pattern { pairs.append(("pattern", .text(pattern))) }
            return pairs
        case .word(let words): return [("enum", .list(words.map { .text($0) }))]
        case .boolean: return [("enum", .list([.bool(true), .bool(false), .text("true"), .text("false")]))]
        case .integer(let range):
            return [
                ("type", .list([.text("integer"), .text("string")])), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)), ("pattern", .text("^(0|-?[1-9][0-9]*)$")),
            ]
        case .percent:
            return [
                ("type", .list([.text("number"), .text("string")])), ("minimum", .number(0)), ("maximum", .number(100)),
            ]
        case .duration: return [("type", .text("string")), ("pattern", .text("^[0-9]{1,12}(ms|s|m|h|d)$"))]
        case .bytes: return [("type", .text("string")), ("pattern", .text("^[0-9]{1,12}(B|KiB|MiB|GiB)$"))]
        case .template(let set): return [("type", anyText), ("pattern", .text(pattern(of: set)))]
        default: return []
        }
    }

    /// Text in which every `${…}` is a placeholder of the set, or a cell's when a template is read.
    private static func pattern(of set: PlaceholderSet) -> String {
        let named = set.allowed.filter(\.isNamed).map(\.rawValue)
        let plain = set.allowed.filter { !$0.isNamed }.map(\.rawValue)
        var ways = plain
        if !named.isEmpty { ways.append("(\(named.joined(separator: "|"))):[A-Za-z0-9_.-]{1,64}") }
        return "^([^$]|\\$(?!\\{)|\\$\\{(\(ways.joined(separator: "|")))\\})*$"
    }

    private static func ref(_ name: String, inRow: Bool) -> (String, SchemaValue) {
        ("$ref", .text("#/$defs/" + (inRow ? "row-" : "") + reference(name)))
    }

    private static func reference(_ name: String) -> String { name.split(separator: " ").joined(separator: "-") }

    private static func reachable(from name: String) -> Set<String> {
        var found: Set<String> = []
        var waiting = [name]
        while let next = waiting.popLast() {
            guard found.insert(next).inserted, let block = ManifestLanguage.block(next) else { continue }
            for key in block.keys { waiting += blocks(in: key.kind) }
        }
        return found
    }

    private static func blocks(in kind: ValueKind) -> [String] {
        switch kind {
        case .block(let name): [name]
        case .list(let inner, _), .oneOrMore(let inner, _), .map(_, let inner, _): blocks(in: inner)
        case .either(let first, let second): blocks(in: first) + blocks(in: second)
        default: []
        }
    }
}

extension TextForm {
    /// The form as a regular expression, where one says it; nil where only the parser can.
    var pattern: String? {
        switch self {
        case .kebab: "^(?=.{1,64}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$"
        case .region: "^[0-9]{6}$"
        case .cron: "^\\S+ +\\S+ +\\S+ +\\S+ +\\S+$"
        case .downtime: "^(none|(nightly|weekly [A-Za-z]{3}|monthly [0-9]{1,2}) [0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})$"
        case .hours: "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"
        case .url: "^(https?://[^/?#@ ]+(/[^?# ]*)?|\\$\\{config:[A-Za-z0-9_.-]{1,64}\\})$"
        case .uri: "^\\S+$"
        case .recordPath, .listPath, .envelopePath: "."
        case .dateFormat: nil
        case .licenceType: "^[A-Za-z0-9-]{1,64}$"
        case .holderKind: "^[0-9]{3}$"
        case .secretReference: "^\\$\\{secret:[A-Za-z0-9_.-]{1,64}\\}$"
        case .secretName: "^[A-Za-z0-9_.-]{1,64}$"
        case .filePattern: "^[^/]{1,128}$"
        case .tableFile: "^[A-Za-z0-9_-][A-Za-z0-9_.-]*\\.csv$"
        case .token: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$"
        case .prefix: "^[A-Za-z][A-Za-z0-9_-]{0,31}$"
        case .conformanceNumber: "^C(0[1-9]|1[0-3])$"
        case .dialectName, .vocabularyName: "^[A-Za-z0-9_]{1,64}$"
        case .zone: "^(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"
        }
    }
}

/// A JSON value with the keys in the order they were written.
indirect enum SchemaValue {
    case bool(Bool)
    case number(Int)
    case text(String)
    case list([SchemaValue])
    case object([(String, SchemaValue)])

    var pairs: [(String, SchemaValue)] { if case .object(let pairs) = self { pairs } else { [] } }

    func rendered(_ indent: String = "") -> String {
        let inner = indent + " "
        switch self {
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return String(value)
        case .text(let value): return "\"\(JSONText.escape(value))\""
        case .list(let items):
            let flat = items.map { $0.rendered(inner) }
            return flat.allSatisfy { !$0.contains("\n") } && flat.joined().count < 90
                ? "[\(flat.joined(separator: ", "))]"
                : "[\n\(flat.map { inner + $0 }.joined(separator: ",\n"))\n\(indent)]"
        case .object(let pairs):
            guard !pairs.isEmpty else { return "{}" }
            let lines = pairs.map { "\(inner)\"\(JSONText.escape($0.0))\": \($0.1.rendered(inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        }
    }
}
