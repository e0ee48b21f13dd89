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
        var found = -1
        _ = start(node) {
            found = $0
            return false
        }
        return found < 0 ? nil : DocumentNode(tree: node.tree, index: found)
    }

    /// Every node the path leads to, in document order.
    public func all(in node: DocumentNode) -> [DocumentNode] {
        var found: [DocumentNode] = []
        _ = start(node) {
            found.append(DocumentNode(tree: node.tree, index: $0))
            return true
        }
        return found
    }

    /// Calls `visit` for each node found until it answers false; answers whether all were visited.
    private func start(_ node: DocumentNode, _ visit: (Int) -> Bool) -> Bool {
        let tree = node.tree
        return tree.cells.withUnsafeBufferPointer { cells in
            let walk = Walk(tree: tree, cells: cells, steps: steps)
            guard language == .xPath, absolute else { return walk.from(node.index, 0, visit) }
            // The first step names the root itself.
            guard case .x(let kind, let ordinal)? = steps.first, ordinal ?? 1 == 1, walk.matches(0, kind) else {
                return true
            }
            return walk.from(0, 1, visit)
        }
    }

    /// One evaluation, on indexes of cells: no node is made before it is found.
    private struct Walk {
        let tree: DocumentTree
        let cells: UnsafeBufferPointer<Cell>
        let steps: [Step]

        func from(_ index: Int, _ at: Int, _ visit: (Int) -> Bool) -> Bool {
            guard at < steps.count else { return visit(index) }
            switch steps[at] {
            case .name(let name):
                guard cells[index].kind == .object, let found = member(of: index, name) else { return true }
                return from(found, at + 1, visit)
            case .index(let wanted):
                guard cells[index].kind == .array, let found = item(of: index, wanted) else { return true }
                return from(found, at + 1, visit)
            case .wildcard:
                guard cells[index].kind == .array || cells[index].kind == .object else { return true }
                var child = index + 1
                while child < Int(cells[index].next) {
                    if !from(child, at + 1, visit) { return false }
                    child = Int(cells[child].next)
                }
                return true
            case .x(.me, _): return from(index, at + 1, visit)
            case .x(let kind, let ordinal):
                return cells[index].kind == .element ? element(index, kind, ordinal, at, visit) : true
            }
        }

        private func element(
            _ index: Int, _ kind: XPathSyntax.Kind, _ ordinal: Int?, _ at: Int, _ visit: (Int) -> Bool
        ) -> Bool {
            var count = 0
            var child = index + 1
            while child < Int(cells[index].next) {
                if matches(child, kind) {
                    count += 1
                    if ordinal ?? count == count, !from(child, at + 1, visit) { return false }
                }
                child = Int(cells[child].next)
            }
            return true
        }

        private func member(of index: Int, _ name: [UInt8]) -> Int? {
            name.withUnsafeBufferPointer { wanted in
                tree.names.withUnsafeBufferPointer { names in
                    var child = index + 1
                    while child < Int(cells[index].next) {
                        if tree.isNamed(cells[child], wanted, names) { return child }
                        child = Int(cells[child].next)
                    }
                    return nil
                }
            }
        }

        private func item(of index: Int, _ wanted: Int) -> Int? {
            var items: [Int] = []
            var child = index + 1
            var count = 0
            while child < Int(cells[index].next) {
                if count == wanted { return child }
                if wanted < 0 { items.append(child) }
                count += 1
                child = Int(cells[child].next)
            }
            return wanted < 0 && count + wanted >= 0 ? items[count + wanted] : nil
        }

        func matches(_ index: Int, _ kind: XPathSyntax.Kind) -> Bool {
            switch kind {
            case .child(let space, let local): cells[index].kind == .element && named(index, space, local)
            case .attribute(let space, let local): cells[index].kind == .attribute && named(index, space, local)
            case .text: cells[index].kind == .text
            case .me: true
            }
        }

        /// Whether the name is `local` in the namespace `space`; nil stands for any, "" for none.
        private func named(_ index: Int, _ space: [UInt8]?, _ local: [UInt8]?) -> Bool {
            tree.arena.withUnsafeBufferPointer { arena in
                if let local, !equal(arena, cells[index].name, local) { return false }
                guard let space else { return true }
                return equal(arena, cells[index].space, space)
            }
        }

        private func equal(_ arena: UnsafeBufferPointer<UInt8>, _ extent: Extent, _ wanted: [UInt8]) -> Bool {
            wanted.withUnsafeBufferPointer { Bytes.equal(arena, Int(extent.start), Int(extent.end), $0) }
        }
    }
}
