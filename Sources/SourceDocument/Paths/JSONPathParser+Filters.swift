// SPDX-License-Identifier: Apache-2.0

/// Filters: RFC 9535, sections 2.3.5 and 2.4.
extension JSONPathParser {
    /// One or more terms joined by `||`.
    mutating func logical() throws(DocumentError) -> JSONPathQuery.Logical {
        try deeper()
        defer { depth -= 1 }
        var terms = [try conjunction()]
        while true {
            let before = at
            skipBlanks()
            guard take("||") else {
                at = before
                return terms.count == 1 ? terms[0] : .any(terms)
            }
            skipBlanks()
            terms.append(try conjunction())
        }
    }

    private mutating func conjunction() throws(DocumentError) -> JSONPathQuery.Logical {
        var terms = [try basic()]
        while true {
            let before = at
            skipBlanks()
            guard take("&&") else {
                at = before
                return terms.count == 1 ? terms[0] : .all(terms)
            }
            skipBlanks()
            terms.append(try basic())
        }
    }

    private mutating func basic() throws(DocumentError) -> JSONPathQuery.Logical {
        let start = at
        if next == UInt8(ascii: "!"), !sees("!=") {
            at += 1
            skipBlanks()
            if next == UInt8(ascii: "(") { return .not(try parenthesised()) }
            let term = at
            return .not(try test(try side(), at: term))
        }
        if next == UInt8(ascii: "(") { return try parenthesised() }
        let left = try side()
        let afterLeft = at
        skipBlanks()
        guard let order = order() else {
            at = afterLeft
            return try test(left, at: start)
        }
        skipBlanks()
        let second = at
        let right = try side()
        return .compares(try value(left, at: start), order, try value(right, at: second))
    }

    private mutating func parenthesised() throws(DocumentError) -> JSONPathQuery.Logical {
        let start = at
        at += 1
        skipBlanks()
        let inner = try logical()
        skipBlanks()
        guard take(")") else { throw fail("the parenthesis is not closed", at: start) }
        return inner
    }

    private mutating func order() -> JSONPathQuery.Order? {
        if take("==") { return .equal }
        if take("!=") { return .notEqual }
        if take("<=") { return .lessOrEqual }
        if take(">=") { return .greaterOrEqual }
        if take("<") { return .less }
        return take(">") ? .greater : nil
    }

    /// A literal, a query or a function, whichever stands here.
    private mutating func side() throws(DocumentError) -> JSONPathQuery.Comparable {
        guard let byte = next else { throw fail("an expression is missing") }
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .literal(.string(String(decoding: try quoted(), as: UTF8.self)))
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            at += 1
            return .query(JSONPathQuery(isRelative: byte == UInt8(ascii: "@"), segments: try segments()))
        case UInt8(ascii: "-"), 0x30...0x39: return .literal(.number(try number()))
        case 0x61...0x7A: return try word()
        default: throw fail("a literal, a path from `@` or `$`, or a function is expected here")
        }
    }

    private mutating func number() throws(DocumentError) -> String {
        let start = at
        while let byte = next, JSONText.isNumberByte(byte) { at += 1 }
        let word = Array(bytes[start..<at])
        let token = word.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { JSONText.number($0, 0, buffer.count, atEnd: true) }
        }
        guard let token, token.end == word.count, token.fault == nil else {
            throw fail("this is not a number", at: start)
        }
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func word() throws(DocumentError) -> JSONPathQuery.Comparable {
        let start = at
        while let byte = next, (0x61...0x7A).contains(byte) || byte == 0x5F || (0x30...0x39).contains(byte) { at += 1 }
        let name = String(decoding: bytes[start..<at], as: UTF8.self)
        guard next == UInt8(ascii: "(") else {
            switch name {
            case "true": return .literal(.bool(true))
            case "false": return .literal(.bool(false))
            case "null": return .literal(.null)
            default: throw fail("`\(name)` is no literal; texts stand in quotes", at: start)
            }
        }
        guard let function = JSONPathQuery.Function(rawValue: name) else {
            throw fail("there are the functions length, count, match, search and value", at: start)
        }
        return .call(try call(function))
    }

    private mutating func call(_ function: JSONPathQuery.Function) throws(DocumentError) -> JSONPathQuery.Call {
        try deeper()
        defer { depth -= 1 }
        let start = at
        at += 1
        var arguments: [JSONPathQuery.Comparable] = []
        skipBlanks()
        if next != UInt8(ascii: ")") {
            while true {
                arguments.append(try argument(function, arguments.count))
                skipBlanks()
                guard take(",") else { break }
                skipBlanks()
            }
        }
        guard take(")") else { throw fail("the parenthesis is not closed", at: start) }
        guard arguments.count == function.parameters.count else {
            throw fail("`\(function.rawValue)` takes \(function.parameters.count)", at: start)
        }
        var call = JSONPathQuery.Call(function: function, arguments: arguments)
        if function.result == .logical, case .literal(.string(let pattern)) = arguments[1] {
            guard let compiled = IRegexp(pattern) else {
                throw fail("the pattern is not one of RFC 9485, or too large", at: start)
            }
            call.pattern = compiled
        }
        return call
    }

    private mutating func argument(
        _ function: JSONPathQuery.Function, _ position: Int
    ) throws(DocumentError) -> JSONPathQuery.Comparable {
        let start = at
        let given = try side()
        guard position < function.parameters.count else {
            throw fail("`\(function.rawValue)` takes \(function.parameters.count)", at: start)
        }
        if function.parameters[position] == .value { return try value(given, at: start) }
        guard case .query = given else { throw fail("`\(function.rawValue)` takes a path", at: start) }
        return given
    }

    /// What stands alone in a filter must be a path or answer yes or no.
    private func test(
        _ side: JSONPathQuery.Comparable, at place: Int
    ) throws(DocumentError) -> JSONPathQuery.Logical {
        switch side {
        case .query(let query): return .exists(query)
        case .call(let call) where call.function.result == .logical: return .test(call)
        case .call(let call): throw fail("`\(call.function.rawValue)` must be compared with something", at: place)
        case .literal: throw fail("a literal must be compared with something", at: place)
        }
    }

    /// What is compared must be one value.
    private func value(
        _ side: JSONPathQuery.Comparable, at place: Int
    ) throws(DocumentError) -> JSONPathQuery.Comparable {
        switch side {
        case .literal: return side
        case .query(let query) where query.isSingular: return side
        case .query: throw fail("only a path of names and indexes gives the one value needed here", at: place)
        case .call(let call) where call.function.result == .value: return side
        case .call(let call): throw fail("`\(call.function.rawValue)` answers yes or no, which is no value", at: place)
        }
    }
}
