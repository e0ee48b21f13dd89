// SPDX-License-Identifier: Apache-2.0

/// A JSONPath query, RFC 9535 whole, as a tree.
struct JSONPathQuery: Hashable, Sendable {
    /// Whether it starts at `@`, the node a filter looks at, instead of `$`.
    var isRelative: Bool
    var segments: [Segment]

    struct Segment: Hashable, Sendable {
        /// `..`: applied to the node and all below it.
        var isDescendant: Bool
        var selectors: [Selector]
        /// Offset in the text.
        var at: Int
    }

    struct Selector: Hashable, Sendable {
        var kind: Kind
        /// Offset in the text.
        var at: Int
    }

    enum Kind: Hashable, Sendable {
        case name([UInt8])
        case index(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case wildcard
        case filter(Logical)
    }

    /// What a filter decides by.
    indirect enum Logical: Hashable, Sendable {
        case any([Logical])
        case all([Logical])
        case not(Logical)
        case exists(JSONPathQuery)
        case compares(Comparable, Order, Comparable)
        case test(Call)
    }

    enum Order: String, Hashable, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
    }

    /// One side of a comparison.
    indirect enum Comparable: Hashable, Sendable {
        case literal(Literal)
        case query(JSONPathQuery)
        case call(Call)
    }

    enum Literal: Hashable, Sendable {
        case null
        case bool(Bool)
        /// As written.
        case number(String)
        case string(String)
    }

    /// A function of RFC 9535, section 2.4.
    enum Function: String, Hashable, Sendable, CaseIterable {
        case length, count, match, search, value

        var parameters: [Kind] {
            switch self {
            case .length: [.value]
            case .count, .value: [.nodes]
            case .match, .search: [.value, .value]
            }
        }

        var result: Kind {
            switch self {
            case .length, .count, .value: .value
            case .match, .search: .logical
            }
        }

        enum Kind { case value, nodes, logical }
    }

    struct Call: Hashable, Sendable {
        var function: Function
        var arguments: [Comparable]
        /// The pattern of `match` and `search` when it is a literal: compiled once.
        var pattern: IRegexp?
    }

    /// Whether it leads to one node at most, whatever the document: names and indexes only.
    var isSingular: Bool {
        segments.allSatisfy { segment in
            guard !segment.isDescendant, segment.selectors.count == 1 else { return false }
            switch segment.selectors[0].kind {
            case .name, .index: return true
            case .slice, .wildcard, .filter: return false
            }
        }
    }
}
