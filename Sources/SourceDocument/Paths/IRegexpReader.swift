// SPDX-License-Identifier: Apache-2.0

/// Reads a pattern by the grammar of RFC 9485, section 4.
struct IRegexpReader {
    indirect enum Tree {
        case one(IRegexp.CharacterSet)
        case sequence([Tree])
        case choice([Tree])
        case several(Tree, least: Int, most: Int?)
    }

    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    /// The whole pattern, or nil when it is none.
    mutating func whole() -> Tree? {
        guard scalars.count <= 1024, let tree = choice(), at == scalars.count else { return nil }
        return tree
    }

    private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        at += 1
        return true
    }

    private mutating func choice() -> Tree? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 64 else { return nil }
        var branches: [Tree] = []
        repeat {
            guard let branch = branch() else { return nil }
            branches.append(branch)
        } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func branch() -> Tree? {
        var pieces: [Tree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let atom = atom(), let piece = quantified(atom) else { return nil }
            pieces.append(piece)
        }
        return .sequence(pieces)
    }

    private mutating func atom() -> Tree? {
        guard let scalar = next else { return nil }
        switch scalar {
        case "(":
            at += 1
            guard let inner = choice(), take(")") else { return nil }
            return inner
        case ".":
            at += 1
            return .one(.any)
        case "[": return bracketed().map { .one($0) }
        case "\\": return escaped().map { .one($0) }
        case "*", "+", "?", "{", "}", "]": return nil
        default:
            at += 1
            return .one(.init(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func quantified(_ atom: Tree) -> Tree? {
        if take("*") { return .several(atom, least: 0, most: nil) }
        if take("+") { return .several(atom, least: 1, most: nil) }
        if take("?") { return .several(atom, least: 0, most: 1) }
        guard take("{") else { return atom }
        guard let least = count() else { return nil }
        if take("}") { return .several(atom, least: least, most: least) }
        guard take(",") else { return nil }
        if take("}") { return .several(atom, least: least, most: nil) }
        guard let most = count(), most >= least, take("}") else { return nil }
        return .several(atom, least: least, most: most)
    }

    private mutating func count() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
            at += 1
        }
        return value
    }

    /// `\n`, `\.`, `\p{Lu}`.
    private mutating func escaped() -> IRegexp.CharacterSet? {
        at += 1
        guard let scalar = next else { return nil }
        at += 1
        switch scalar {
        case "n": return .init(ranges: [0x0A...0x0A])
        case "r": return .init(ranges: [0x0D...0x0D])
        case "t": return .init(ranges: [0x09...0x09])
        case "p", "P":
            guard take("{") else { return nil }
            var name = ""
            while let letter = next, letter != "}", name.count < 3 {
                name.unicodeScalars.append(letter)
                at += 1
            }
            guard take("}"), IRegexp.isCategory(name) else { return nil }
            return scalar == "p" ? .init(categories: [name]) : .init(notCategories: [name])
        case "(", ")", "*", "+", "-", ".", "?", "[", "\\", "]", "^", "{", "|", "}":
            return .init(ranges: [scalar.value...scalar.value])
        default: return nil
        }
    }

    private mutating func bracketed() -> IRegexp.CharacterSet? {
        at += 1
        var set = IRegexp.CharacterSet(isNegated: take("^"))
        var isFirst = true
        while true {
            guard let scalar = next else { return nil }
            if scalar == "]" {
                at += 1
                return isFirst ? nil : set
            }
            if scalar == "-" {
                // Bare only at either end.
                at += 1
                guard isFirst || next == "]" else { return nil }
                set.ranges.append(0x2D...0x2D)
            } else {
                guard member(&set) else { return nil }
            }
            isFirst = false
        }
    }

    private mutating func member(_ set: inout IRegexp.CharacterSet) -> Bool {
        guard let low = character() else { return false }
        guard low.ranges.count == 1 else {
            set.categories += low.categories
            set.notCategories += low.notCategories
            return true
        }
        guard next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else {
            set.ranges += low.ranges
            return true
        }
        at += 1
        guard let high = character(), high.ranges.count == 1 else { return false }
        let (from, to) = (low.ranges[0].lowerBound, high.ranges[0].lowerBound)
        guard from <= to else { return false }
        set.ranges.append(from...to)
        return true
    }

    private mutating func character() -> IRegexp.CharacterSet? {
        guard let scalar = next else { return nil }
        switch scalar {
        case "\\": return escaped()
        case "[", "]", "-": return nil
        default:
            at += 1
            return .init(ranges: [scalar.value...scalar.value])
        }
    }
}

extension IRegexp {
    /// Whether `\p{…}` knows it (RFC 9485, section 4).
    static func isCategory(_ name: String) -> Bool {
        ["L", "M", "N", "P", "Z", "S", "C"].contains(name) || names.contains(name)
    }

    private static let names: Set<String> = [
        "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps",
        "Zl", "Zp", "Zs", "Sc", "Sk", "Sm", "So", "Cc", "Cf", "Cn", "Co",
    ]

    /// The two letters of a general category.
    static func code(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .lowercaseLetter: "Ll"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .titlecaseLetter: "Lt"
        case .uppercaseLetter: "Lu"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .nonspacingMark: "Mn"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .closePunctuation: "Pe"
        case .finalPunctuation: "Pf"
        case .initialPunctuation: "Pi"
        case .otherPunctuation: "Po"
        case .openPunctuation: "Ps"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .spaceSeparator: "Zs"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .mathSymbol: "Sm"
        case .otherSymbol: "So"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
