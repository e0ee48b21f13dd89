// SPDX-License-Identifier: Apache-2.0
internal import DeclarativeAdapter
internal import Diagnostics
internal import LicenceModel

/// Replaces values by synthetic ones, the same value always by the same one; what is not declared is replaced.
///
/// The way back is in nobody's hands: chance is drawn anew for each recording.
struct Pseudonymiser {
    private var codes: SyntheticCodes
    private var known: [String: String] = [:]
    private let days: Int
    private let step: Int64
    /// Fields all of whose values in the answer are dates, by path.
    private let dates: [String: [String]]
    /// Values of the answer: none of them is given to somebody else.
    private let taken: Set<String>
    /// Every value that was replaced.
    private(set) var count: Set<String> = []
    /// What was replaced and must be found nowhere afterwards, and the field it stood in.
    private(set) var replaced: [String: String] = [:]

    init(chance: any RandomNumberGenerator, dates: [String: [String]], taken: Set<String>) {
        var chance = chance
        days = -Int.random(in: 40...400, using: &chance)
        step = Int64.random(in: 1...9, using: &chance) * 7
        codes = SyntheticCodes(chance: chance)
        self.dates = dates
        self.taken = taken
    }

    /// A synthetic value in place of one; `ordered` values keep their order.
    mutating func value(_ text: String, path: String, ordered: Bool, isNumber: Bool) -> String {
        let bare = text.trimmed
        guard !bare.isEmpty else { return text }
        let ordered = ordered && FieldProfile.proof(bare) == .none
        let out = pieces(bare, path: path, ordered: ordered, isNumber: isNumber)
        if out != bare { count.insert(bare) }
        // Dates that move together meet each other's old days: they name nobody by themselves.
        if dates[path] == nil, !ordered { note(bare, out, path) }
        return out
    }

    /// Remembers what must not be found again; counts and short numbers would be found by chance.
    private mutating func note(_ text: String, _ made: String, _ path: String) {
        let isCommon = text.utf8.count < 10 && text.utf8.allSatisfy { (45...57).contains($0) }
        if made != text, !isCommon, replaced[text] == nil { replaced[text] = path }
    }

    private mutating func pieces(_ text: String, path: String, ordered: Bool, isNumber: Bool) -> String {
        if let formats = dates[path], let shifted = shifted(text, formats) { return shifted }
        if ordered, let number = Int64(text), number >= 0, number < Int64.max - step {
            return padded(number + step, like: text)
        }
        // One code is one however it is written; a number and a text are one when both are digits.
        let isCode = FieldProfile.proof(text) != .none
        let isDigits = text.utf8.allSatisfy { (48...57).contains($0) }
        let name = isCode ? CanonicalCode.of(text) : isNumber && !isDigits ? "number " + text : text
        if let known = known[name] { return known }
        for mark in [",", "，", "、", ";", "|"] where text.contains(mark) && !isNumber {
            let parts = text.components(mark)
            guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }) else { continue }
            return parts.map { part in
                let made = pieces(part, path: path, ordered: false, isNumber: false)
                note(part, made, path)
                return made
            }.joined(separator: mark)
        }
        let made = fresh(text, isNumber: isNumber)
        known[name] = made
        return made
    }

    private mutating func fresh(_ text: String, isNumber: Bool) -> String {
        switch FieldProfile.proof(text) {
        case .resident: return codes.resident(digits: text.utf8.allSatisfy { (48...57).contains($0) })
        case .credit: return codes.credit()
        case .none: break
        }
        if let parts = LicenceIdentifier(text).parts {
            let issuer =
                known[parts.issuer]
                ?? (FieldProfile.proof(parts.issuer) == .credit ? codes.credit() : codes.scrambled(parts.issuer))
            known[parts.issuer] = issuer
            if let made = codes.identifier(like: text, issuer: issuer) { return made }
        }
        for _ in 0..<16 {
            let made = isNumber ? codes.number(text) : codes.scrambled(text)
            if made != text, !taken.contains(made) { return made }
        }
        return isNumber ? (text == "7" ? "8" : "7") : text == "某" ? "谁" : "某"
    }

    /// A date by the recording's own number of days earlier; words and far dates stay what they are.
    private func shifted(_ text: String, _ formats: [String]) -> String? {
        if DateFinding.words.contains(text) { return text }
        for format in formats {
            guard let probe = DateProbe(format), let moment = probe.moment(text) else { continue }
            let year = Int(probe.day(text)?.description.prefix(4) ?? "") ?? 0
            guard year < 2090 else { return text }
            let moved = Timestamp(milliseconds: moment.milliseconds + Int64(days) * 86_400_000)
            if format == "iso8601" { return isoLike(text, moved) }
            return probe.text(moved)
        }
        return nil
    }

    /// Keeps the way an ISO time is written: only its day moves.
    private func isoLike(_ text: String, _ moved: Timestamp) -> String {
        guard let before = DateProbe("yyyy-MM-dd")?.moment(String(text.prefix(10))) else { return text }
        let day = Timestamp(milliseconds: before.milliseconds + Int64(days) * 86_400_000)
        return (DateProbe("yyyy-MM-dd")?.text(day) ?? "2000-01-01") + text.dropFirst(10)
    }

    private func padded(_ number: Int64, like text: String) -> String {
        let digits = String(number)
        return text.hasPrefix("0") ? String(repeating: "0", count: max(0, text.count - digits.count)) + digits : digits
    }
}

extension String {
    /// The parts between a separator, empty ones included.
    func components(_ separator: String) -> [String] {
        var out: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(ofText: separator) {
            out.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return out + [String(rest)]
    }
}
