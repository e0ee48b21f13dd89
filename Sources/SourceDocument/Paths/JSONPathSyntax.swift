// SPDX-License-Identifier: Apache-2.0

/// The part of JSONPath that is followed step by step: names, indexes and wildcards.
enum JSONPathSyntax {
    enum Kind: Hashable, Sendable {
        case name([UInt8])
        case index(Int)
        case wildcard
    }

    struct Step: Hashable, Sendable {
        var kind: Kind
        /// Offset of the step in the path.
        var at: Int
    }

    /// The steps to a list; what a stream cannot follow is refused by column.
    static func steps(_ text: String) throws(DocumentError) -> [Step] {
        try JSONPathParser.query(text).segments.map { segment throws(DocumentError) in
            if segment.isDescendant {
                throw PathSyntax.error(text, segment.at, "`..` cannot be followed in a stream; write the whole way")
            }
            if segment.selectors.count > 1 {
                throw PathSyntax.error(
                    text, segment.selectors[1].at, "several selectors in one bracket cannot be followed in a stream")
            }
            guard let step = plain(segment) else {
                throw PathSyntax.error(
                    text, segment.selectors[0].at,
                    "slices and filters cannot be followed in a stream; they stand in paths inside a record")
            }
            return step
        }
    }

    /// The same steps, or nil when the query is more than those.
    static func plain(_ query: JSONPathQuery) -> [Step]? {
        let steps = query.segments.compactMap(plain)
        return steps.count == query.segments.count ? steps : nil
    }

    private static func plain(_ segment: JSONPathQuery.Segment) -> Step? {
        guard !segment.isDescendant, segment.selectors.count == 1 else { return nil }
        switch segment.selectors[0].kind {
        case .name(let name): return Step(kind: .name(name), at: segment.at)
        case .index(let index): return Step(kind: .index(index), at: segment.at)
        case .wildcard: return Step(kind: .wildcard, at: segment.at)
        case .slice, .filter: return nil
        }
    }
}
