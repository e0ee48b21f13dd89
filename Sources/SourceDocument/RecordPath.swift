// SPDX-License-Identifier: Apache-2.0

/// A path inside one record or inside the envelope, compiled once.
///
/// JSON: `$.a.b`, `$['a b']`, `$.list[0]`, `$.list[-1]`, `$.list[*].x`. XML: `NAME/PART`, `p:NAME/@attr`, `NAME/text()`,
/// `*`, `.`, `LIST/ITEM[2]`, and from the root `/ROOT/HEAD`. CSV: the column's name.
/// Limits: a subset; what is not supported is refused when the path is made, by column, never answered with nothing.
public struct RecordPath: Sendable, Hashable {
    /// A step without storage of its own: names are extents of `bytes`, so that following a path counts no references.
    private enum Step: Sendable, Hashable {
        case name(Extent)
        case index(Int)
        case wildcard
        /// nil stands for any, an empty namespace for none.
        case child(space: Extent?, local: Extent?, ordinal: Int)
        case attribute(space: Extent?, local: Extent?)
        case text(ordinal: Int)
        case me
    }

    /// What a path was compiled to; shared by its copies, so that a copy costs one count.
    private final class Program: Sendable {
        let text: String
        let language: PathLanguage
        let absolute: Bool
        let steps: [Step]
        let bytes: [UInt8]

        init(_ text: String, _ language: PathLanguage, absolute: Bool, _ steps: [Step], _ bytes: [UInt8]) {
            self.text = text
            self.language = language
            self.absolute = absolute
            self.steps = steps
            self.bytes = bytes
        }
    }

    private let program: Program

    /// The path as written.
    public var text: String { program.text }
    /// The language it is written in.
    public var language: PathLanguage { program.language }

    /// Compiles a path.
    ///
    /// Throws: `document.path_syntax` with the column in the path, in bytes from 1.
    public init(
        _ text: String, language: PathLanguage, namespaces: [String: String] = [:]
    ) throws(DocumentError) {
        var steps: [Step] = []
        var bytes: [UInt8] = []
        var absolute = true
        func store(_ name: [UInt8]) -> Extent {
            bytes += name
            return Extent(bytes.count - name.count, bytes.count)
        }
        switch language {
        case .jsonPath:
            for step in try JSONPathSyntax.steps(text) {
                switch step.kind {
                case .name(let name): steps.append(.name(store(name)))
                case .index(let index): steps.append(.index(index))
                case .wildcard: steps.append(.wildcard)
                }
            }
        case .xPath:
            let parsed = try XPathSyntax.parse(text, namespaces: namespaces)
            absolute = parsed.absolute
            for step in parsed.steps {
                // 0: every one of them.
                let ordinal = step.ordinal ?? 0
                switch step.kind {
                case .child(let space, let local):
                    steps.append(
                        .child(space: space.map { store($0) }, local: local.map { store($0) }, ordinal: ordinal))
                case .attribute(let space, let local):
                    steps.append(.attribute(space: space.map { store($0) }, local: local.map { store($0) }))
                case .text: steps.append(.text(ordinal: ordinal))
                case .me: steps.append(.me)
                }
            }
        case .column:
            guard !text.isEmpty else { throw PathSyntax.error(text, 0, "the name of a column is missing") }
            steps = [.name(store(Array(text.utf8)))]
        }
        program = Program(text, language, absolute: absolute, steps, bytes)
    }

    /// Whether both lead to the same nodes in every tree.
    public static func == (a: RecordPath, b: RecordPath) -> Bool {
        a.program === b.program
            || (a.language == b.language && a.program.absolute == b.program.absolute
                && a.program.steps == b.program.steps && a.program.bytes == b.program.bytes)
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(language)
        hasher.combine(program.steps)
        hasher.combine(program.bytes)
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
        node.tree.cells.withUnsafeBufferPointer { cells in
            (node.tree.flavour == .json ? node.tree.raw : node.tree.arena).withUnsafeBufferPointer { names in
                program.bytes.withUnsafeBufferPointer { bytes in
                    program.steps.withUnsafeBufferPointer { steps in
                        let walk = Walk(cells: cells, names: names, steps: steps, bytes: bytes)
                        guard program.language == .xPath, program.absolute, let first = steps.first else {
                            return walk.from(node.index, 0, visit)
                        }
                        // The first step names the root itself.
                        return walk.isRoot(first) ? walk.from(0, 1, visit) : true
                    }
                }
            }
        }
    }

    /// One evaluation, on indexes of cells: no node is made before it is found.
    private struct Walk {
        let cells: UnsafeBufferPointer<Cell>
        let names: UnsafeBufferPointer<UInt8>
        let steps: UnsafeBufferPointer<Step>
        let bytes: UnsafeBufferPointer<UInt8>

        func isRoot(_ step: Step) -> Bool {
            guard case .child(let space, let local, let ordinal) = step, ordinal < 2 else { return false }
            return cells[0].kind == .element && isNamed(0, space, local)
        }

        func from(_ index: Int, _ at: Int, _ visit: (Int) -> Bool) -> Bool {
            guard at < steps.count else { return visit(index) }
            let kind = cells[index].kind
            switch steps[at] {
            case .name(let name):
                guard kind == .object, let found = member(of: index, name) else { return true }
                return from(found, at + 1, visit)
            case .index(let wanted):
                guard kind == .array, let found = item(of: index, wanted) else { return true }
                return from(found, at + 1, visit)
            case .wildcard:
                guard kind == .array || kind == .object else { return true }
                return children(index, at, 0, visit) { _ in true }
            case .me: return from(index, at + 1, visit)
            case .child(let space, let local, let ordinal):
                guard kind == .element else { return true }
                return children(index, at, ordinal, visit) {
                    cells[$0].kind == .element && isNamed($0, space, local)
                }
            case .attribute(let space, let local):
                guard kind == .element else { return true }
                return children(index, at, 0, visit) {
                    cells[$0].kind == .attribute && isNamed($0, space, local)
                }
            case .text(let ordinal):
                guard kind == .element else { return true }
                return children(index, at, ordinal, visit) { cells[$0].kind == .text }
            }
        }

        @inline(__always)
        private func children(
            _ index: Int, _ at: Int, _ ordinal: Int, _ visit: (Int) -> Bool, _ isWanted: (Int) -> Bool
        ) -> Bool {
            var count = 0
            var child = index + 1
            let end = Int(cells[index].next)
            while child < end {
                if isWanted(child) {
                    count += 1
                    if ordinal == 0 || ordinal == count, !from(child, at + 1, visit) { return false }
                }
                child = Int(cells[child].next)
            }
            return true
        }

        private func member(of index: Int, _ name: Extent) -> Int? {
            let wanted = UnsafeBufferPointer(rebasing: bytes[name.range])
            var child = index + 1
            let end = Int(cells[index].next)
            while child < end {
                if DocumentTree.isNamed(cells[child], wanted, names) { return child }
                child = Int(cells[child].next)
            }
            return nil
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

        private func isNamed(_ index: Int, _ space: Extent?, _ local: Extent?) -> Bool {
            if let local, !equal(cells[index].name, local) { return false }
            guard let space else { return true }
            return equal(cells[index].space, space)
        }

        private func equal(_ extent: Extent, _ wanted: Extent) -> Bool {
            Bytes.equal(
                names, Int(extent.start), Int(extent.end), UnsafeBufferPointer(rebasing: bytes[wanted.range]))
        }
    }
}
