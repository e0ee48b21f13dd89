// SPDX-License-Identifier: Apache-2.0

/// Values that fit the schemas of one operation; a schema that holds itself ends where it comes round.
final class SchemaExample {
    private let root: SampleNode
    private let isSwagger: Bool
    private var left = InterfaceDocument.valuesMax
    /// References followed on the way to the value that is being made.
    private var open: [String] = []
    /// References that lead nowhere in this document.
    private(set) var missing: [String] = []

    init(_ root: SampleNode, isSwagger: Bool) {
        self.root = root
        self.isSwagger = isSwagger
    }

    /// The node a `$ref` stands for, eight references at most; one that leads nowhere is noted and an empty node.
    func resolved(_ node: SampleNode) -> SampleNode {
        var node = node
        for _ in 0..<8 {
            guard let reference = node.member("$ref")?.text else { return node }
            guard let found = find(reference) else {
                if !missing.contains(reference), missing.count < 16 { missing.append(reference) }
                return SampleNode(kind: .object)
            }
            node = found
        }
        return node
    }

    private func find(_ reference: String) -> SampleNode? {
        guard reference.hasPrefix("#/") else { return nil }
        var at: SampleNode? = root
        for step in reference.dropFirst(2).split(separator: "/") {
            let name = RequestSample.decoded(String(step), plusIsSpace: false)
                .replacing("~1", with: "/").replacing("~0", with: "~")
            if at?.kind == .list {
                at = Int(name).flatMap { index in
                    at.flatMap { $0.items.indices.contains(index) ? $0.items[index] : nil }
                }
            } else {
                at = at?.member(name)
            }
        }
        return at
    }

    /// A value that fits a schema: its example, its default, its first word, or an empty one.
    func value(
        _ schema: SampleNode, _ name: String, round: Int = 0, example: SampleNode? = nil, forRequest: Bool = false
    ) -> SampleNode {
        left -= 1
        guard left > 0, open.count < 24 else { return SampleNode(kind: .null) }
        let reference = schema.member("$ref")?.text
        if let reference {
            guard !open.contains(reference) else { return SampleNode(kind: .null) }
            open.append(reference)
        }
        defer { if reference != nil { open.removeLast() } }
        let schema = resolved(schema)
        if let given = example ?? schema.member("example") ?? schema.member("examples")?.items.first {
            return opened(given)
        }
        if let constant = schema.member("const") { return constant }
        var members: [(name: String, node: SampleNode)] = []
        func add(_ more: [(name: String, node: SampleNode)]) {
            for one in more where !members.contains(where: { $0.name == one.name }) { members.append(one) }
        }
        for part in schema.member("allOf")?.items ?? [] {
            let value = value(part, name, round: round, forRequest: forRequest)
            // `allOf` around one plain schema only adds a description.
            if value.kind != .object, schema.member("properties") == nil, value.kind != .null { return value }
            add(value.members)
        }
        let choices = (schema.member("oneOf") ?? schema.member("anyOf"))?.items ?? []
        if let either = choices.first(where: { kind($0) != "null" }) {
            let value = value(either, name, round: round, forRequest: forRequest)
            if value.kind != .object { return value }
            add(value.members)
        }
        for (key, property) in (schema.member("properties")?.members ?? []).prefix(400) {
            add([(key, value(property, key, round: round, forRequest: forRequest))])
        }
        let type = kind(schema)
        if !members.isEmpty || type == "object" {
            var out = SampleNode(kind: .object)
            out.members = members
            return out
        }
        if type == "array" || schema.member("items") != nil {
            var out = SampleNode(kind: .list)
            let item = schema.member("items") ?? SampleNode(kind: .null)
            out.items = (0..<(forRequest ? 1 : 2)).map { value(item, name, round: $0, forRequest: forRequest) }
            return out
        }
        return scalar(schema, name, round, forRequest)
    }

    /// The text sent for a parameter.
    func text(_ parameter: SampleNode, _ name: String) -> String {
        let schema = isSwagger ? parameter : parameter.member("schema") ?? SampleNode(kind: .object)
        let named = (parameter.member("examples")?.members.first?.node).flatMap { resolved($0).member("value") }
        let value = value(schema, name, example: parameter.member("example") ?? named, forRequest: true)
        return value.kind == .list ? value.items.map(\.text).joined(separator: ",") : value.text
    }

    /// An example of a whole answer is often written as one text.
    private func opened(_ example: SampleNode) -> SampleNode {
        guard example.kind == .text, let first = example.text.first(where: { !$0.isWhitespace }),
            first == "{" || first == "["
        else { return example }
        var space = NamespaceBook()
        return SampleParser.document(Array(example.text.utf8), isXML: false, &space, depth: 3) ?? example
    }

    /// A schema's type; of several, as OpenAPI 3.1 allows, the first that is not null.
    private func kind(_ schema: SampleNode) -> String {
        guard let type = schema.member("type") else { return "" }
        return type.kind == .list ? type.items.map(\.text).first { $0 != "null" } ?? "null" : type.text
    }

    private func scalar(_ schema: SampleNode, _ name: String, _ round: Int, _ forRequest: Bool) -> SampleNode {
        if let words = schema.member("enum")?.items, !words.isEmpty { return words[round % words.count] }
        if let value = schema.member("default") { return value }
        let plain = NameBook.plain(name)
        switch kind(schema) {
        case "integer", "number": return SampleNode(kind: .number, text: ExampleWriter.number(plain))
        case "boolean": return SampleNode(kind: .flag, text: "true")
        case "null": return SampleNode(kind: .null)
        default:
            switch schema.member("format")?.text {
            case "date": return SampleNode(kind: .text, text: "2026-01-31")
            case "date-time": return SampleNode(kind: .text, text: "2026-01-31T08:00:00+08:00")
            case "uri": return SampleNode(kind: .text, text: "https://example.invalid/next")
            default: return SampleNode(kind: .text, text: forRequest || Envelope.statusNames.contains(plain) ? "0" : "")
            }
        }
    }
}

/// A tree as JSON text, and the numbers of made-up values.
enum ExampleWriter {
    static func json(_ node: SampleNode) -> String {
        switch node.kind {
        case .object:
            "{" + node.members.map { JSONRewriter.quoted($0.name) + ":" + json($0.node) }.joined(separator: ",") + "}"
        case .list: "[" + node.items.map(json).joined(separator: ",") + "]"
        case .text: JSONRewriter.quoted(node.text)
        // What YAML takes for a number, such as 001, is not always one in JSON.
        case .number: isJSONNumber(node.text) ? node.text : JSONRewriter.quoted(node.text)
        case .flag: node.text == "false" ? "false" : "true"
        case .null: "null"
        }
    }

    static func isJSONNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
    }

    /// A number that makes sense under this name.
    static func number(_ plain: String) -> String {
        if Envelope.sizeNames.contains(plain) { return "100" }
        if Envelope.totalNames.contains(plain) { return "1000" }
        return Envelope.statusNames.contains(plain) || Envelope.offsetNames.contains(plain) ? "0" : "1"
    }
}
