// SPDX-License-Identifier: Apache-2.0

/// Writes the generated part of `docs/reference/manifest.md` from the declarations.
package enum ManifestReference {
    /// The line after which the generated part begins on the page.
    package static let begin = "<!-- generated from Sources/DeclarativeAdapter/Language: begin -->"
    /// The line before which it ends.
    package static let end = "<!-- generated from Sources/DeclarativeAdapter/Language: end -->"

    /// The generated part: every block with its keys, the placeholders, the forms of text.
    package static func markdown() -> String {
        var out = ""
        for block in ManifestLanguage.blocks {
            out += "### `\(block.name)`\n\n\(block.doc)\n\n"
            out += "| key | value | needed | meaning | example |\n|---|---|---|---|---|\n"
            for key in block.keys {
                out +=
                    "| `\(key.name)` | \(cell(key.kind.words)) | \(cell(need(key.need))) | \(cell(key.doc)) | `\(cell(key.example))` |\n"
            }
            out += "\n"
        }
        out += "### Placeholders\n\nA closed set; anything else in `${…}` is refused.\n\n"
        out += "| placeholder | stands for | in |\n|---|---|---|\n"
        for kind in Placeholder.Kind.allCases {
            let places = PlaceholderSet.all.filter { $0.allowed.contains(kind) }.map(\.name)
            out +=
                "| `${\(kind.rawValue)\(kind.isNamed ? ":name" : "")}` | \(kind.words) | \(places.joined(separator: ", ")) |\n"
        }
        out += "\n### Forms of text\n\n| form | accepts |\n|---|---|\n"
        for form in TextForm.allCases { out += "| \(form.rawValue) | \(cell(form.words)) |\n" }
        return out
    }

    private static func need(_ need: KeySpec.Need) -> String {
        switch need {
        case .required: "**required**"
        case .optional(let otherwise): "optional; without it: \(otherwise)"
        case .conditional(let when): when
        }
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}

extension ValueKind {
    /// What the value is, in words for the page and for messages.
    var words: String {
        switch self {
        case .text(let max): "text, at most \(max) characters"
        case .form(let form): form.rawValue
        case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .percent: "number, 0 to 100"
        case .boolean: "`true` or `false`"
        case .duration(let range):
            "duration with a unit (`ms s m h d`), \(durationWords(range.lowerBound)) to \(durationWords(range.upperBound))"
        case .bytes(let range):
            "size with a unit (`B KiB MiB GiB`), \(sizeWords(range.lowerBound)) to \(sizeWords(range.upperBound))"
        case .template(let set): "text with placeholders (\(set.name))"
        case .list(let kind, let max): "list of at most \(max): \(kind.words)"
        case .oneOrMore(let kind, let max): "one or a list of at most \(max): \(kind.words)"
        case .map(let keys, let kind, _): "mapping from \(keys?.rawValue ?? "text") to \(kind.words)"
        case .block(let name): "[\(name)](#\(name.split(separator: " ").joined(separator: "-")))"
        case .either(let first, let second): "\(first.words), or \(second.words)"
        }
    }
}

func durationWords(_ milliseconds: Int64) -> String {
    for (unit, size) in [("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
    where milliseconds >= size && milliseconds % size == 0 { return "\(milliseconds / size)\(unit)" }
    return "\(milliseconds)ms"
}

func sizeWords(_ bytes: Int) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes >= 1 << shift && bytes % (1 << shift) == 0
    {
        return "\(bytes >> shift)\(unit)"
    }
    return "\(bytes)B"
}
