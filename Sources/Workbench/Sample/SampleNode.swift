// SPDX-License-Identifier: Apache-2.0
internal import SourceDocument

/// One value of a sample: the same tree for JSON, XML, NDJSON and CSV.
struct SampleNode: Sendable {
    enum Kind: Sendable, Hashable { case object, list, text, number, flag, null }

    var kind: Kind
    /// The text of a scalar; empty for null.
    var text = ""
    var members: [(name: String, node: SampleNode)] = []
    var items: [SampleNode] = []
    /// The document that the text of this value is, when it is one.
    var inner: [SampleNode] = []
    /// `json` or `xml` when `inner` is there.
    var innerKind = ""

    var isScalar: Bool { kind != .object && kind != .list && inner.isEmpty }
    /// Null, an empty text or nothing inside.
    var isEmpty: Bool {
        switch kind {
        case .null: true
        case .text: text.allSatisfy(\.isWhitespace)
        case .number, .flag: false
        case .object: members.isEmpty
        case .list: items.isEmpty
        }
    }

    func member(_ name: String) -> SampleNode? { members.first { $0.name == name }?.node }

    /// An XML element's or a JSON value's tree.
    static func from(_ node: DocumentNode, _ names: inout NamespaceBook, depth: Int = 0) -> SampleNode {
        switch node.kind {
        case .object:
            var out = SampleNode(kind: .object)
            for child in node.children { out.members.append((child.name ?? "", from(child, &names, depth: depth))) }
            return out
        case .array:
            var out = SampleNode(kind: .list)
            out.items = node.children.map { from($0, &names, depth: depth) }
            return out
        case .null: return SampleNode(kind: .null)
        case .number: return SampleNode(kind: .number, text: node.scalarText ?? "")
        case .bool: return SampleNode(kind: .flag, text: node.scalarText ?? "")
        case .string, .text, .attribute:
            return embedded(SampleNode(kind: .text, text: node.scalarText ?? ""), &names, depth)
        case .element: return element(node, &names, depth: depth)
        }
    }

    private static func element(_ node: DocumentNode, _ names: inout NamespaceBook, depth: Int) -> SampleNode {
        let attributes = node.attributes.filter { $0.namespace == nil }
        if attributes.isEmpty, let text = node.scalarText {
            return embedded(SampleNode(kind: .text, text: text), &names, depth)
        }
        var out = SampleNode(kind: .object)
        for one in attributes {
            out.members.append(("@" + (one.name ?? ""), SampleNode(kind: .text, text: one.scalarText ?? "")))
        }
        // Attributes begin with `@`, so no element is taken for one.
        var places: [String: Int] = [:]
        for child in node.children where child.kind == .element {
            let name = names.qualified(child)
            let value = element(child, &names, depth: depth)
            if let at = places[name] {
                if out.members[at].node.kind == .list {
                    out.members[at].node.items.append(value)
                } else {
                    var list = SampleNode(kind: .list)
                    list.items = [out.members[at].node, value]
                    out.members[at].node = list
                }
            } else {
                places[name] = out.members.count
                out.members.append((name, value))
            }
        }
        return out
    }

    /// A text that is itself a document is opened, three levels at most.
    private static func embedded(_ node: SampleNode, _ names: inout NamespaceBook, _ depth: Int) -> SampleNode {
        guard depth < 3, node.text.utf8.count >= 2, let first = node.text.first(where: { !$0.isWhitespace }),
            first == "{" || first == "[" || first == "<"
        else { return node }
        guard let inner = SampleParser.document(Array(node.text.utf8), isXML: first == "<", &names, depth: depth + 1)
        else { return node }
        var out = node
        out.inner = [inner]
        out.innerKind = first == "<" ? "xml" : "json"
        return out
    }
}

/// The prefixes a proposed manifest uses for the namespaces of a sample.
struct NamespaceBook: Sendable {
    private(set) var prefixes: [String: String] = [:]

    mutating func qualified(_ node: DocumentNode) -> String {
        guard let space = node.namespace else { return node.name ?? "*" }
        return prefix(space) + ":" + (node.name ?? "*")
    }

    mutating func prefix(_ uri: String) -> String {
        if let known = prefixes[uri] { return known }
        guard prefixes.count < 64 else { return "n" }
        let usual = ["http://schemas.xmlsoap.org/soap/envelope/": "s", "http://www.w3.org/2003/05/soap-envelope": "s"]
        let taken = Set(prefixes.values)
        let free = [usual[uri]].compactMap { $0 } + ["h", "k", "m", "p"] + (1...64).map { "n\($0)" }
        let chosen = free.first { !taken.contains($0) } ?? "n"
        prefixes[uri] = chosen
        return chosen
    }

    /// Prefix to URI, as a manifest writes them.
    var declared: [(prefix: String, uri: String)] {
        prefixes.map { (prefix: $0.value, uri: $0.key) }.sorted { $0.prefix < $1.prefix }
    }
}
