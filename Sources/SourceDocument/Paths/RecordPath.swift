// SPDX-License-Identifier: Apache-2.0

/// A path inside one record or inside the envelope, compiled once.
///
/// JSON: RFC 9535 whole. XML: XPath 1.0 whole, without comments, processing instructions, variables and the namespace
/// axis, which a record's tree does not have; a result that is a text, a number or a truth value is one text. CSV: the
/// column's name.
/// Cost: names, indexes, wildcards, attributes and positions are followed on the flat tree without allocation; any
/// other path (`isSlow`) makes objects for every node it meets, and for XML a copy of the record. Each following has an
/// allowance of work: beyond it nothing is found and `DocumentNode.hasFailedPath` says so from then on.
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

    /// What the plain steps cannot say.
    private enum Query: Sendable, Hashable {
        case json(JSONPathQuery)
        case xml(XPathQuery)
    }

    /// What a path was compiled to; shared by its copies, so that a copy costs one count.
    private final class Program: Sendable {
        let text: String
        let language: PathLanguage
        let absolute: Bool
        let steps: [Step]
        let bytes: [UInt8]
        let query: Query?
        /// The path to a text, and the path inside what was read from it.
        let entered: (outer: RecordPath, inner: RecordPath)?

        init(
            _ text: String, _ language: PathLanguage, absolute: Bool, _ steps: [Step], _ bytes: [UInt8],
            _ query: Query?, entered: (outer: RecordPath, inner: RecordPath)? = nil
        ) {
            self.entered = entered
            self.text = text
            self.language = language
            self.absolute = absolute
            self.steps = steps
            self.bytes = bytes
            self.query = query
        }
    }

    private let program: Program

    /// The path as written.
    public var text: String { program.text }
    /// The language it is written in.
    public var language: PathLanguage { program.language }
    /// Whether it is more than plain steps: followed node by node, and for XML on a copy of the record.
    public var isSlow: Bool {
        program.query != nil || program.entered.map { $0.outer.isSlow || $0.inner.isSlow } == true
    }
    /// The two parts of a path that goes on inside a text.
    var entered: (outer: RecordPath, inner: RecordPath)? { program.entered }

    /// A path that goes on inside what was read from the text `outer` leads to; see `DocumentNode.embedding`.
    public init(entering outer: RecordPath, then inner: RecordPath, text: String) {
        program = Program(text, outer.language, absolute: true, [], [], nil, entered: (outer, inner))
    }

    /// Compiles a path.
    ///
    /// Throws: `document.path_syntax` with the column in the path, in bytes from 1.
    public init(
        _ text: String, language: PathLanguage, namespaces: [String: String] = [:]
    ) throws(DocumentError) {
        var steps: [Step] = []
        var bytes: [UInt8] = []
        var absolute = true
        var query: Query?
        func store(_ name: [UInt8]) -> Extent {
            bytes += name
            return Extent(bytes.count - name.count, bytes.count)
        }
        switch language {
        case .jsonPath:
            let parsed = try JSONPathParser.query(text)
            guard let plain = JSONPathSyntax.plain(parsed) else {
                query = .json(parsed)
                break
            }
            for step in plain {
                switch step.kind {
                case .name(let name): steps.append(.name(store(name)))
                case .index(let index): steps.append(.index(index))
                case .wildcard: steps.append(.wildcard)
                }
            }
        case .xPath:
            guard let parsed = try? XPathSyntax.parse(text, namespaces: namespaces) else {
                query = .xml(try XPathQuery(text, namespaces: namespaces))
                break
            }
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
        program = Program(text, language, absolute: absolute, steps, bytes, query)
    }

    /// Whether both lead to the same nodes in every tree.
    public static func == (a: RecordPath, b: RecordPath) -> Bool {
        a.program === b.program
            || (a.language == b.language && a.program.absolute == b.program.absolute
                && a.program.steps == b.program.steps && a.program.bytes == b.program.bytes
                && a.program.query == b.program.query && a.entered?.outer == b.entered?.outer
                && a.entered?.inner == b.entered?.inner)
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(language)
        hasher.combine(program.steps)
        hasher.combine(program.bytes)
        hasher.combine(program.query)
        if let (outer, inner) = program.entered {
            hasher.combine(outer)
            hasher.combine(inner)
        }
    }

    /// The first node the path leads to, or nil when nothing is there.
    public func first(in node: DocumentNode) -> DocumentNode? {
        if let query = program.query { return found(query, node).first }
        if program.entered != nil { return foundInside(node).first }
        var found = -1
        _ = start(node) {
            found = $0
            return false
        }
        return found < 0 ? nil : DocumentNode(tree: node.tree, index: found)
    }

    /// Every node the path leads to, in document order; for JSONPath in the order RFC 9535 gives.
    public func all(in node: DocumentNode) -> [DocumentNode] {
        if let query = program.query { return found(query, node) }
        if program.entered != nil { return foundInside(node) }
        var found: [DocumentNode] = []
        _ = start(node) {
            found.append(DocumentNode(tree: node.tree, index: $0))
            return true
        }
        return found
    }

    private func foundInside(_ node: DocumentNode) -> [DocumentNode] {
        guard let (outer, inner) = program.entered else { return [] }
        return outer.all(in: node).compactMap(\.inside).flatMap { root in
            let found = inner.all(in: root)
            if root.hasFailedPath { node.tree.failPath() }
            return found
        }
    }

    private func found(_ query: Query, _ node: DocumentNode) -> [DocumentNode] {
        let answer: [DocumentNode]?
        switch query {
        case .json(let query):
            guard node.tree.flavour == .json else { return [] }
            var evaluator = JSONPathEvaluator(root: node)
            let nodes = evaluator.nodes(query, at: node)
            answer = evaluator.isExhausted ? nil : nodes
        case .xml(let query):
            guard node.tree.flavour == .xml else { return [] }
            answer = query.nodes(in: node)
        }
        guard let answer else {
            node.tree.failPath()
            return []
        }
        return answer
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
