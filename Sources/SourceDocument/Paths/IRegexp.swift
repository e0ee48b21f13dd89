// SPDX-License-Identifier: Apache-2.0

/// A regular expression of RFC 9485, as JSONPath's `match` and `search` take it.
///
/// Shape: states of a non-deterministic machine, all walked at once, so that no pattern and no text makes it slow.
/// Limits: 1,024 characters of pattern, 4,096 states after repetitions are written out. Cost: states by characters.
struct IRegexp: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case one(CharacterSet, next: Int)
        case split(Int, Int)
        case done
    }

    /// What one character may be.
    struct CharacterSet: Hashable, Sendable {
        var isNegated = false
        var ranges: [ClosedRange<UInt32>] = []
        /// Prefixes of general categories: `L`, `Lu`.
        var categories: [String] = []
        var notCategories: [String] = []

        func holds(_ scalar: Unicode.Scalar) -> Bool {
            var found = ranges.contains { $0.contains(scalar.value) }
            if !found, !categories.isEmpty || !notCategories.isEmpty {
                let category = IRegexp.code(scalar.properties.generalCategory)
                found =
                    categories.contains { category.hasPrefix($0) }
                    || notCategories.contains { !category.hasPrefix($0) }
            }
            return found != isNegated
        }

        /// `.`: anything but the ends of a line.
        static let any = CharacterSet(isNegated: true, ranges: [0x0A...0x0A, 0x0D...0x0D])
    }

    static let statesMax = 4096
    private let states: [State]
    private let start: Int

    /// Compiles a pattern; nil when it is not one, or is too large.
    init?(_ pattern: String) {
        var reader = IRegexpReader(pattern)
        guard let tree = reader.whole() else { return nil }
        var builder = Builder()
        guard let start = builder.add(tree, then: builder.done) else { return nil }
        (states, self.start) = (builder.states, start)
    }

    /// Whether the whole text matches, or some part of it; nil when the work granted is used up.
    func matches(_ text: String, anywhere: Bool, work: inout Int) -> Bool? {
        var current = Threads(states.count)
        var following = Threads(states.count)
        current.enter(start, states)
        for scalar in text.unicodeScalars {
            if anywhere {
                if current.isDone { return true }
                current.enter(start, states)
            }
            work -= current.entered.count + 1
            guard work > 0 else { return nil }
            following.clear()
            for state in current.list {
                if case .one(let set, let next) = states[state], set.holds(scalar) { following.enter(next, states) }
            }
            swap(&current, &following)
            if !anywhere, current.list.isEmpty, !current.isDone { return false }
        }
        if anywhere, !current.isDone { current.enter(start, states) }
        return current.isDone
    }

    /// The states the machine is in.
    private struct Threads {
        var list: [Int] = []
        var isDone = false
        /// Every state that was entered, those that only lead on to others too.
        private(set) var entered: [Int] = []
        private var marks: [Bool]

        init(_ count: Int) { marks = Array(repeating: false, count: count) }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            isDone = false
            for index in entered { marks[index] = false }
            entered.removeAll(keepingCapacity: true)
        }

        mutating func enter(_ state: Int, _ states: [State]) {
            var waiting = [state]
            while let state = waiting.popLast() {
                guard !marks[state] else { continue }
                marks[state] = true
                entered.append(state)
                switch states[state] {
                case .one: list.append(state)
                case .split(let first, let second): waiting += [second, first]
                case .done: isDone = true
                }
            }
        }
    }

    /// Writes states from the end of a pattern to its start.
    private struct Builder {
        var states: [State] = [.done]
        let done = 0

        private mutating func add(_ state: State) -> Int? {
            guard states.count < IRegexp.statesMax else { return nil }
            states.append(state)
            return states.count - 1
        }

        mutating func add(_ tree: IRegexpReader.Tree, then next: Int) -> Int? {
            switch tree {
            case .one(let set): return add(.one(set, next: next))
            case .sequence(let parts):
                var at = next
                for part in parts.reversed() {
                    guard let start = add(part, then: at) else { return nil }
                    at = start
                }
                return at
            case .choice(let branches):
                guard var at = branches.last.flatMap({ add($0, then: next) }) else { return nil }
                for branch in branches.dropLast().reversed() {
                    guard let start = add(branch, then: next), let split = add(.split(start, at)) else { return nil }
                    at = split
                }
                return at
            case .several(let inner, let least, let most): return several(inner, least, most, then: next)
            }
        }

        private mutating func several(
            _ inner: IRegexpReader.Tree, _ least: Int, _ most: Int?, then next: Int
        ) -> Int? {
            var at = next
            if let most {
                guard most - least <= IRegexp.statesMax else { return nil }
                for _ in 0..<max(most - least, 0) {
                    guard let start = add(inner, then: at), let split = add(.split(start, next)) else { return nil }
                    at = split
                }
            } else {
                // The loop is closed once its body is known.
                guard let loop = add(.split(next, next)), let body = add(inner, then: loop) else { return nil }
                states[loop] = .split(body, next)
                at = loop
            }
            guard least <= IRegexp.statesMax else { return nil }
            for _ in 0..<least {
                guard let start = add(inner, then: at) else { return nil }
                // Nothing, however often, is nothing: it writes no state that could end this.
                if start == at { break }
                at = start
            }
            return at
        }
    }
}
