// SPDX-License-Identifier: Apache-2.0

/// A path inside one record or inside the envelope, compiled once.
///
/// JSON: `$.a.b`, `$['a b']`, `$.list[0]`, `$.list[-1]`, `$.list[*].x`. XML: `NAME/PART`, `p:NAME/@attr`, `NAME/text()`,
/// `*`, `.`, `LIST/ITEM[2]`, and from the root `/ROOT/HEAD`. CSV: the column's name.
/// Limits: a subset; what is not supported is refused when the path is made, by column, never answered with nothing.
public struct RecordPath: Sendable, Hashable {
    private enum Step: Sendable, Hashable {
        case name([UInt8])
        case index(Int)
        case wildcard
        case x(XPathSyntax.Kind, ordinal: Int?)
    }

    /// The path as written.
    public let text: String
    /// The language it is written in.
    public let language: PathLanguage
    private let steps: [Step]
    private let absolute: Bool

    /// Compiles a path.
    ///
    /// Throws: `document.path_syntax` with the column in the path, in bytes from 1.
    public init(
        _ text: String, language: PathLanguage, namespaces: [String: String] = [:]
    ) throws(DocumentError) {
        self.text = text
        self.language = language
        switch language {
        case .jsonPath:
            absolute = true
            steps = try JSONPathSyntax.steps(text).map { step in
                switch step.kind {
                case .name(let name): .name(name)
                case .index(let index): .index(index)
                case .wildcard: .wildcard
                }
            }
        case .xPath:
            let parsed = try XPathSyntax.parse(text, namespaces: namespaces)
            absolute = parsed.absolute
            steps = parsed.steps.map { .x($0.kind, ordinal: $0.ordinal) }
        case .column:
            guard !text.isEmpty else { throw PathSyntax.error(text, 0, "the name of a column is missing") }
            absolute = true
            steps = [.name(Array(text.utf8))]
        }
    }

    /// The first node the path leads to, or nil when nothing is there.
    public func first(in node: DocumentNode) -> DocumentNode? {
        var found: DocumentNode?
        _ = start(node) {
            found = $0
            return false
        }
        return found
    }

    /// Every node the path leads to, in document order.
    public func all(in node: DocumentNode) -> [DocumentNode] {
        var found: [DocumentNode] = []
        _ = start(node) {
            found.append($0)
            return true
        }
        return found
    }

    /// Calls `visit` for each node found until it answers false; answers whether all were visited.
    private func start(_ node: DocumentNode, _ visit: (DocumentNode) -> Bool) -> Bool {
        if language == .xPath, absolute {
            // The first step names the root itself.
            let root = DocumentNode(tree: node.tree, index: 0)
            guard case .x(let kind, let ordinal)? = steps.first, ordinal ?? 1 == 1, matches(root, kind) else {
                return true
            }
            return walk(root, 1, visit)
        }
        return walk(node, 0, visit)
    }

    private func walk(_ node: DocumentNode, _ at: Int, _ visit: (DocumentNode) -> Bool) -> Bool {
        guard at < steps.count else { return visit(node) }
        switch steps[at] {
        case .name(let name):
            guard node.kind == .object else { return true }
            let found = name.withUnsafeBufferPointer { bytes in
                for child in Children(of: node) where child.isNamed(bytes) { return Optional(child) }
                return nil
            }
            return found.map { walk($0, at + 1, visit) } ?? true
        case .index(let index):
            guard node.kind == .array, let item = item(of: node, index) else { return true }
            return walk(item, at + 1, visit)
        case .wildcard:
            for child in Children(of: node) where !walk(child, at + 1, visit) { return false }
            return true
        case .x(.me, _):
            return walk(node, at + 1, visit)
        case .x(let kind, let ordinal):
            guard node.kind == .element else { return true }
            return walkElement(node, kind, ordinal, at, visit)
        }
    }

    private func walkElement(
        _ node: DocumentNode, _ kind: XPathSyntax.Kind, _ ordinal: Int?, _ at: Int, _ visit: (DocumentNode) -> Bool
    ) -> Bool {
        var count = 0
        var index = node.index + 1
        let end = Int(node.cell.next)
        while index < end {
            let child = DocumentNode(tree: node.tree, index: index)
            index = Int(child.cell.next)
            guard matches(child, kind) else { continue }
            count += 1
            if let ordinal, ordinal != count { continue }
            if !walk(child, at + 1, visit) { return false }
        }
        return true
    }

    private func item(of node: DocumentNode, _ index: Int) -> DocumentNode? {
        if index >= 0 {
            var left = index
            for child in Children(of: node) {
                if left == 0 { return child }
                left -= 1
            }
            return nil
        }
        let items = node.children
        return items.count + index >= 0 ? items[items.count + index] : nil
    }

    private func matches(_ node: DocumentNode, _ kind: XPathSyntax.Kind) -> Bool {
        switch kind {
        case .child(let space, let local): node.kind == .element && node.matches(space: space, local: local)
        case .attribute(let space, let local): node.kind == .attribute && node.matches(space: space, local: local)
        case .text: node.kind == .text
        case .me: true
        }
    }
}

extension DocumentNode {
    /// Whether the name is `local` in the namespace `space`; nil stands for any, "" for none.
    func matches(space: String?, local: String?) -> Bool {
        if var local {
            guard local.withUTF8({ isNamed($0) }) else { return false }
        }
        guard let space else { return true }
        let range = cell.space.range
        return tree.arena[range].elementsEqual(space.utf8)
    }
}
