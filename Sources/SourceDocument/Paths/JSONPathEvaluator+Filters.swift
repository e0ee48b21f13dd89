// SPDX-License-Identifier: Apache-2.0

/// Filters and functions: RFC 9535, sections 2.3.5.2 and 2.4.
extension JSONPathEvaluator {
    /// What one side of a comparison is.
    private enum Value {
        /// No value at all: a path that leads nowhere.
        case nothing
        case node(DocumentNode)
        case literal(JSONPathQuery.Literal)
    }

    mutating func holds(_ condition: JSONPathQuery.Logical, _ node: DocumentNode) -> Bool {
        switch condition {
        case .any(let terms):
            for term in terms where holds(term, node) { return true }
            return false
        case .all(let terms):
            for term in terms where !holds(term, node) { return false }
            return true
        case .not(let term): return !holds(term, node)
        case .exists(let query): return !nodes(query, at: node).isEmpty
        case .compares(let left, let order, let right):
            return compare(value(left, node), order, value(right, node))
        case .test(let call): return matches(call, node)
        }
    }

    private mutating func value(_ side: JSONPathQuery.Comparable, _ node: DocumentNode) -> Value {
        switch side {
        case .literal(let literal): return .literal(literal)
        case .query(let query): return nodes(query, at: node).first.map { .node($0) } ?? .nothing
        case .call(let call):
            switch call.function {
            case .length: return length(value(call.arguments[0], node))
            case .count: return .literal(.number(String(listed(call, node).count)))
            case .value:
                let found = listed(call, node)
                return found.count == 1 ? .node(found[0]) : .nothing
            case .match, .search: return .nothing
            }
        }
    }

    private mutating func listed(_ call: JSONPathQuery.Call, _ node: DocumentNode) -> [DocumentNode] {
        guard case .query(let query) = call.arguments[0] else { return [] }
        return nodes(query, at: node)
    }

    private mutating func length(_ value: Value) -> Value {
        switch value {
        case .literal(.string(let text)): return .literal(.number(String(text.unicodeScalars.count)))
        case .node(let node):
            switch node.kind {
            case .string: return .literal(.number(String(text(node).unicodeScalars.count)))
            case .array, .object:
                let count = Array(Children(of: node)).count
                spend(count)
                return .literal(.number(String(count)))
            default: return .nothing
            }
        default: return .nothing
        }
    }

    private mutating func matches(_ call: JSONPathQuery.Call, _ node: DocumentNode) -> Bool {
        guard let text = string(value(call.arguments[0], node)) else { return false }
        if let pattern = call.pattern { return matches(pattern, text, anywhere: call.function == .search) }
        guard let written = string(value(call.arguments[1], node)) else { return false }
        // A pattern out of the document is compiled each time, and paid for.
        spend(written.utf8.count * 4)
        guard let pattern = IRegexp(written) else { return false }
        return matches(pattern, text, anywhere: call.function == .search)
    }

    private mutating func string(_ value: Value) -> String? {
        switch value {
        case .literal(.string(let text)): text
        case .node(let node) where node.kind == .string: text(node)
        default: nil
        }
    }

    /// A node's text; a long one that a filter reads for every member is paid for every time.
    private mutating func text(_ node: DocumentNode) -> String {
        spend(node.raw.count / 64)
        return node.ownText
    }

    private mutating func compare(_ left: Value, _ order: JSONPathQuery.Order, _ right: Value) -> Bool {
        switch order {
        case .equal: equals(left, right)
        case .notEqual: !equals(left, right)
        case .less: precedes(left, right)
        case .greater: precedes(right, left)
        case .lessOrEqual: precedes(left, right) || equals(left, right)
        case .greaterOrEqual: precedes(right, left) || equals(left, right)
        }
    }

    private func number(_ value: Value) -> ExactNumber? {
        switch value {
        case .literal(.number(let text)): ExactNumber(text.utf8)
        case .node(let node) where node.kind == .number: ExactNumber(node.ownText.utf8)
        default: nil
        }
    }

    private mutating func precedes(_ left: Value, _ right: Value) -> Bool {
        spend(1)
        if let a = number(left), let b = number(right) { return a < b }
        if let a = string(left), let b = string(right) {
            return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
        }
        return false
    }

    private mutating func equals(_ left: Value, _ right: Value) -> Bool {
        spend(1)
        switch (left, right) {
        case (.nothing, .nothing): return true
        case (.nothing, _), (_, .nothing): return false
        case (.node(let a), .node(let b)): return same(a, b)
        default: break
        }
        if let a = number(left), let b = number(right) { return a == b }
        if let a = string(left), let b = string(right) { return a.utf8.elementsEqual(b.utf8) }
        if let a = word(left), let b = word(right) { return a == b }
        return false
    }

    /// `null`, `true` and `false`.
    private func word(_ value: Value) -> String? {
        switch value {
        case .literal(.null): "null"
        case .literal(.bool(let bool)): bool ? "true" : "false"
        case .node(let node) where node.kind == .null: "null"
        case .node(let node) where node.kind == .bool: node.ownText
        default: nil
        }
    }

    /// Whether two values are the same JSON value: members in any order, numbers by what they are worth.
    private mutating func same(_ a: DocumentNode, _ b: DocumentNode) -> Bool {
        spend(1)
        guard a.kind == b.kind, work > 0 else { return false }
        switch a.kind {
        case .number: return ExactNumber(a.ownText.utf8) == ExactNumber(b.ownText.utf8)
        case .string: return text(a).utf8.elementsEqual(text(b).utf8)
        case .array:
            let left = Array(Children(of: a))
            let right = Array(Children(of: b))
            spend(left.count + right.count)
            guard left.count == right.count else { return false }
            for (one, other) in zip(left, right) where !same(one, other) { return false }
            return true
        case .object:
            let left = Array(Children(of: a))
            let right = Dictionary(Children(of: b).map { (Array($0.nameText.utf8), $0) }) { first, _ in first }
            spend(left.count + right.count)
            guard left.count == right.count else { return false }
            for child in left {
                guard let other = right[Array(child.nameText.utf8)], same(child, other) else { return false }
            }
            return true
        default: return a.ownText == b.ownText
        }
    }
}
