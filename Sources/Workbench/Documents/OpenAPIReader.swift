// SPDX-License-Identifier: Apache-2.0
internal import Yams

/// OpenAPI 3.x, JSON or YAML; `$ref` within the document only.
struct OpenAPIReader {
    let root: SampleNode
    let names: NameBook

    init(_ bytes: [UInt8], names: NameBook) throws(WorkbenchError) {
        if let error = InterfaceDocument.tooLarge(bytes) { throw error }
        self.names = names
        var space = NamespaceBook()
        let text = String(decoding: bytes, as: UTF8.self)
        let isJSON = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" } == "{"
        let read = isJSON ? SampleParser.document(bytes, isXML: false, &space, depth: 3) : YAMLTree.read(text)
        guard let root = read, root.kind == .object else {
            throw WorkbenchError(
                "workbench.document_unreadable", "the document is neither JSON nor YAML that can be read",
                remedy: "Anchors and aliases are not read; check its syntax.")
        }
        guard root.member("openapi")?.text.hasPrefix("3.") == true else {
            throw WorkbenchError(
                "workbench.document_unknown",
                root.member("swagger") != nil ? "the document is Swagger 2" : "the document is not OpenAPI 3",
                remedy: "Convert it to OpenAPI 3, or give a sample answer instead.")
        }
        self.root = root
    }

    func operations() -> [DocumentedOperation] {
        var out: [DocumentedOperation] = []
        for (path, item) in (root.member("paths")?.members ?? []).prefix(2000) {
            for method in ["get", "post"] {
                guard let operation = item.member(method) else { continue }
                out.append(read(path, method, item, operation))
            }
        }
        return out
    }

    // MARK: - One operation

    private func read(_ path: String, _ method: String, _ item: SampleNode, _ operation: SampleNode)
        -> DocumentedOperation
    {
        let parameters = ((item.member("parameters")?.items ?? []) + (operation.member("parameters")?.items ?? [])).map
        { resolved($0) }
        var query: [String] = []
        for parameter in parameters where parameter.member("in")?.text == "query" {
            let name = parameter.member("name")?.text ?? ""
            query.append("\(name)=\(example(parameter, name))")
        }
        let server = root.member("servers")?.items.first?.member("url")?.text ?? ""
        let base = server.hasPrefix("http") ? server : "https://example.invalid" + server
        let url =
            (base.hasSuffix("/") ? String(base.dropLast()) : base) + path
            + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        var body: String?
        if let schema = content(operation.member("requestBody").map { resolved($0) }) {
            body = ExampleWriter.json(
                value(schema.schema, "", depth: 0, round: 0, example: schema.example, forRequest: true))
        }
        let response = answer(operation)
        let text = response.map { ExampleWriter.json($0) }
        return DocumentedOperation(
            name: "\(method.uppercased()) \(path)",
            request: RequestSample(method: method.uppercased(), url: url, body: body),
            authentication: authentication(operation),
            answer: text.map { Array($0.utf8) }, score: response.map(score) ?? 0,
            title: root.member("info")?.member("title")?.text)
    }

    private func answer(_ operation: SampleNode) -> SampleNode? {
        let responses = operation.member("responses")?.members ?? []
        let good = responses.first { $0.name.hasPrefix("2") } ?? responses.first { $0.name == "default" }
        guard let found = content(good.map { resolved($0.node) }) else { return nil }
        return value(found.schema, "", depth: 0, round: 0, example: found.example, forRequest: false)
    }

    private func content(_ holder: SampleNode?) -> (schema: SampleNode, example: SampleNode?)? {
        let kinds = holder?.member("content")?.members ?? []
        let json = kinds.first { $0.name.contains("json") } ?? kinds.first { $0.name == "*/*" }
        guard let json = json?.node, let schema = json.member("schema") else { return nil }
        let example = json.member("example") ?? json.member("examples")?.members.first?.node.member("value")
        return (schema, example)
    }

    /// `#/components/…` followed, eight times at most; anything else stays as it is.
    private func resolved(_ node: SampleNode) -> SampleNode {
        var node = node
        for _ in 0..<8 {
            guard let reference = node.member("$ref")?.text, reference.hasPrefix("#/") else { return node }
            var at: SampleNode? = root
            for step in reference.dropFirst(2).split(separator: "/") {
                at = at?.member(
                    String(step).components("~1").joined(separator: "/").components("~0").joined(separator: "~"))
            }
            guard let found = at else { return node }
            node = found
        }
        return node
    }

    /// A value that fits a schema: its example, its default, its first word, or an empty one.
    private func value(
        _ schema: SampleNode, _ name: String, depth: Int, round: Int, example: SampleNode?, forRequest: Bool
    ) -> SampleNode {
        let schema = resolved(schema)
        if let example = example ?? schema.member("example") ?? schema.member("examples")?.items.first {
            return example
        }
        guard depth < 12 else { return SampleNode(kind: .null) }
        var members: [(name: String, node: SampleNode)] = []
        for part in schema.member("allOf")?.items ?? [] {
            members += value(part, name, depth: depth + 1, round: round, example: nil, forRequest: forRequest).members
        }
        if let either = (schema.member("oneOf") ?? schema.member("anyOf"))?.items.first {
            return value(either, name, depth: depth + 1, round: round, example: nil, forRequest: forRequest)
        }
        for (key, property) in (schema.member("properties")?.members ?? []).prefix(400) {
            members.append(
                (key, value(property, key, depth: depth + 1, round: round, example: nil, forRequest: forRequest)))
        }
        let type = schema.member("type")?.items.first?.text ?? schema.member("type")?.text ?? ""
        if !members.isEmpty || type == "object" {
            var out = SampleNode(kind: .object)
            out.members = members
            return out
        }
        if type == "array" || schema.member("items") != nil {
            var out = SampleNode(kind: .list)
            let item = schema.member("items") ?? SampleNode(kind: .null)
            out.items = (0..<(forRequest ? 1 : 2)).map {
                value(item, name, depth: depth + 1, round: $0, example: nil, forRequest: forRequest)
            }
            return out
        }
        return scalar(schema, type, name, round, forRequest)
    }

    private func scalar(_ schema: SampleNode, _ type: String, _ name: String, _ round: Int, _ forRequest: Bool)
        -> SampleNode
    {
        if let words = schema.member("enum")?.items, !words.isEmpty { return words[round % words.count] }
        if let value = schema.member("default") { return value }
        let plain = NameBook.plain(name)
        switch type {
        case "integer", "number":
            return SampleNode(
                kind: .number,
                text: Envelope.sizeNames.contains(plain)
                    ? "100"
                    : Envelope.totalNames.contains(plain) ? "1000" : Envelope.statusNames.contains(plain) ? "0" : "1")
        case "boolean": return SampleNode(kind: .flag, text: "true")
        default:
            switch schema.member("format")?.text {
            case "date": return SampleNode(kind: .text, text: "2026-01-31")
            case "date-time": return SampleNode(kind: .text, text: "2026-01-31T08:00:00+08:00")
            case "uri": return SampleNode(kind: .text, text: "https://example.invalid/next")
            default: return SampleNode(kind: .text, text: forRequest || Envelope.statusNames.contains(plain) ? "0" : "")
            }
        }
    }

    private func example(_ parameter: SampleNode, _ name: String) -> String {
        if let given = parameter.member("example"), given.isScalar { return given.text }
        let schema = resolved(parameter.member("schema") ?? SampleNode(kind: .null))
        if let given = schema.member("example") ?? schema.member("default"), given.isScalar { return given.text }
        return scalar(schema, schema.member("type")?.text ?? "", name, 0, true).text
    }

    private func authentication(_ operation: SampleNode) -> ProposalInput.Authentication {
        let wanted = (operation.member("security") ?? root.member("security"))?.items
        if let wanted, wanted.isEmpty { return .none }
        let schemes = root.member("components")?.member("securitySchemes")?.members ?? []
        let name = wanted?.first?.members.first?.name
        guard let scheme = (schemes.first { $0.name == name } ?? (wanted == nil ? nil : schemes.first))?.node else {
            return .unknown
        }
        let resolved = resolved(scheme)
        let place = resolved.member("name")?.text ?? ""
        switch (
            resolved.member("type")?.text, resolved.member("in")?.text, resolved.member("scheme")?.text.lowercased()
        ) {
        case ("apiKey", "header", _): return .header(place)
        case ("apiKey", "query", _): return .query(place)
        case ("http", _, "basic"): return .basic
        case ("http", _, "bearer"): return .bearer
        default: return .unknown
        }
    }

    private func score(_ node: SampleNode) -> Int {
        guard let best = ListFinder(names: names).candidates(node).first else { return 0 }
        let known = best.records.first?.members.count { names.isKnown($0.name) } ?? 0
        return known * 2 + (best.isList ? 3 : 0)
    }
}

/// A tree as JSON text.
enum ExampleWriter {
    static func json(_ node: SampleNode) -> String {
        switch node.kind {
        case .object:
            "{" + node.members.map { JSONRewriter.quoted($0.name) + ":" + json($0.node) }.joined(separator: ",") + "}"
        case .list: "[" + node.items.map(json).joined(separator: ",") + "]"
        case .text: JSONRewriter.quoted(node.text)
        case .number: Double(node.text) == nil ? JSONRewriter.quoted(node.text) : node.text
        case .flag: node.text == "false" ? "false" : "true"
        case .null: "null"
        }
    }
}

/// YAML as the same tree; anchors, aliases and trees without end are refused.
enum YAMLTree {
    static func read(_ text: String) -> SampleNode? {
        guard let parser = try? Parser(yaml: text, resolver: .basic), let node = try? parser.singleRoot() else {
            return nil
        }
        var left = 200_000
        return withExtendedLifetime(parser) { convert(node, &left, 0) }
    }

    private static func convert(_ node: Node, _ left: inout Int, _ depth: Int) -> SampleNode? {
        left -= 1
        guard left > 0, depth < 64, node.anchor == nil else { return nil }
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else {
                return SampleNode(kind: .text, text: scalar.string)
            }
            switch scalar.string {
            case "", "~", "null": return SampleNode(kind: .null)
            case "true", "false": return SampleNode(kind: .flag, text: scalar.string)
            default: return SampleNode(kind: Double(scalar.string) != nil ? .number : .text, text: scalar.string)
            }
        case .sequence(let members):
            var out = SampleNode(kind: .list)
            for member in members {
                guard let value = convert(member, &left, depth + 1) else { return nil }
                out.items.append(value)
            }
            return out
        case .mapping(let mapping):
            var out = SampleNode(kind: .object)
            for (key, value) in mapping {
                guard let name = key.scalar?.string, let value = convert(value, &left, depth + 1) else { return nil }
                out.members.append((name, value))
            }
            return out
        case .alias: return nil
        }
    }
}
