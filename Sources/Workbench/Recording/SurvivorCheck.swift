// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel

/// The last look at a file before it is written, for values of the live answer that are left in it.
///
/// Shape: a text of three letters beyond ASCII, or of ten characters, may stand nowhere, not even inside another; a
/// shorter one not by itself. A single letter, and fewer than four ASCII characters, say nothing by themselves.
struct SurvivorCheck {
    private let text: [UInt8]
    /// Every run of six bytes of the text: most values are seen not to be there without reading it again.
    private let runs: Set<UInt64>
    private let words: Set<String>
    private let valueWords: Set<String>

    /// A file's text, and its values with escapes undone.
    init(text: String, values: [String]) {
        let all = values.joined(separator: "\n")
        let bytes = Array((text + "\n" + all).utf8)
        self.text = bytes
        runs = SurvivorCheck.runs(bytes)
        valueWords = SurvivorCheck.words(all)
        words = SurvivorCheck.words(text).union(valueWords)
    }

    func look(for originals: [String: String]) throws(WorkbenchError) {
        for (original, path) in originals where survives(original) { throw SurvivorCheck.refusal(path) }
    }

    private func survives(_ original: String) -> Bool {
        let isASCII = original.utf8.allSatisfy { $0 < 128 }
        if original.count >= (isASCII ? 10 : 3) {
            let bytes = Array(original.utf8)
            return SurvivorCheck.runs(bytes).isSubset(of: runs) && text.contains(bytes)
        }
        // A short word of ASCII may well be the name of a member, too.
        return original.count >= (isASCII ? 4 : 2) && (isASCII ? valueWords : words).contains(original)
    }

    private static func runs(_ bytes: [UInt8]) -> Set<UInt64> {
        var out: Set<UInt64> = []
        var run: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            run = (run << 8 | UInt64(byte)) & 0xFFFF_FFFF_FFFF
            if index >= 5 { out.insert(run) }
        }
        return out
    }

    /// By scalars: a joiner or an accent behind a name does not make another word of it.
    private static func words(_ text: String) -> Set<String> {
        let words = text.unicodeScalars.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
        return Set(words.map { String($0) })
    }

    /// Whether a text is or holds a number that passes a resident's check.
    static func holdsResident(_ text: String) -> Bool {
        guard text.utf8.count >= 18 else { return false }
        let characters = Array(CanonicalCode.of(text).utf8)
        guard characters.count >= 18 else { return false }
        return (0...characters.count - 18).contains { start in
            let piece = characters[start..<start + 18]
            return piece.dropLast().allSatisfy { (48...57).contains($0) }
                && ResidentIdentityNumber.check(String(decoding: piece, as: UTF8.self)) == .ok
        }
    }

    static func refusal(_ path: String?) -> WorkbenchError {
        WorkbenchError(
            "workbench.value_survives",
            "a value of the live answer would stand in a file" + (path.map { "; its field is `\($0)`" } ?? ""),
            consequence: "Nothing was written",
            remedy: "Declare that field `not_personal` if it says nothing of a person; else write this fixture by hand."
        )
    }
}

extension [UInt8] {
    /// Whether other bytes stand inside.
    func contains(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, count >= wanted.count else { return wanted.isEmpty }
        var at = 0
        while let next = self[at...].firstIndex(of: first), next <= count - wanted.count {
            if self[next..<next + wanted.count].elementsEqual(wanted) { return true }
            at = next + 1
        }
        return false
    }
}
