// SPDX-License-Identifier: Apache-2.0

/// Follows a JSONPath query through one tree, as RFC 9535 says, within an allowance of work.
struct JSONPathEvaluator {
    /// Nodes looked at, compared or matched before an evaluation is given up.
    static let workMax = 4_000_000

    let root: DocumentNode
    private(set) var work = JSONPathEvaluator.workMax

    init(root: DocumentNode) { self.root = root }

    /// Whether the allowance was not enough: what was found is then not the answer.
    var isExhausted: Bool { work <= 0 }

    /// Every node the query leads to, in the order RFC 9535 gives.
    mutating func nodes(_ query: JSONPathQuery, at current: DocumentNode) -> [DocumentNode] {
        var found = [query.isRelative ? current : root]
        for segment in query.segments {
            var following: [DocumentNode] = []
            for node in found {
                guard work > 0 else { return [] }
                if segment.isDescendant {
                    descend(node, segment.selectors, &following)
                } else {
                    apply(segment.selectors, node, &following)
                }
            }
            found = following
        }
        return found
    }

    private mutating func descend(
        _ node: DocumentNode, _ selectors: [JSONPathQuery.Selector], _ found: inout [DocumentNode]
    ) {
        guard work > 0 else { return }
        apply(selectors, node, &found)
        for child in Children(of: node) { descend(child, selectors, &found) }
    }

    private mutating func apply(
        _ selectors: [JSONPathQuery.Selector], _ node: DocumentNode, _ found: inout [DocumentNode]
    ) {
        for selector in selectors {
            work -= 1
            switch selector.kind {
            case .name(let name):
                guard node.kind == .object else { continue }
                name.withUnsafeBufferPointer { bytes in
                    for child in Children(of: node) {
                        work -= 1
                        if child.isNamed(bytes) { return found.append(child) }
                    }
                }
            case .wildcard:
                for child in Children(of: node) {
                    work -= 1
                    found.append(child)
                }
            case .filter(let condition):
                for child in Children(of: node) {
                    guard work > 0 else { return }
                    work -= 1
                    if holds(condition, child) { found.append(child) }
                }
            case .index, .slice:
                guard node.kind == .array else { continue }
                let items = Array(Children(of: node))
                work -= items.count
                pick(selector.kind, items, &found)
            }
        }
    }

    private func pick(_ kind: JSONPathQuery.Kind, _ items: [DocumentNode], _ found: inout [DocumentNode]) {
        if case .index(let index) = kind {
            let place = index < 0 ? items.count + index : index
            if items.indices.contains(place) { found.append(items[place]) }
            return
        }
        guard case .slice(let start, let end, let step) = kind, step != 0 else { return }
        // Bounds by RFC 9535, section 2.3.4.2.2.
        let count = items.count
        func normal(_ index: Int) -> Int { index < 0 ? count + index : index }
        if step > 0 {
            let from = min(max(normal(start ?? 0), 0), count)
            let to = min(max(normal(end ?? count), 0), count)
            for index in stride(from: from, to: max(to, from), by: step) { found.append(items[index]) }
        } else {
            let from = min(max(normal(start ?? count - 1), -1), count - 1)
            let to = end.map { min(max(normal($0), -1), count - 1) } ?? -1
            for index in stride(from: from, to: min(to, from), by: step) { found.append(items[index]) }
        }
    }

    mutating func spend(_ amount: Int) { work -= amount }

    mutating func matches(_ pattern: IRegexp, _ text: String, anywhere: Bool) -> Bool {
        pattern.matches(text, anywhere: anywhere, work: &work) ?? false
    }
}
