// SPDX-License-Identifier: Apache-2.0

/// Collects the lines of a manifest together with what is told about them.
struct ManifestDraft {
    private(set) var lines: [String] = []
    private(set) var conclusions: [Proposal.Conclusion] = []

    mutating func line(_ text: String, indent: Int = 0) {
        lines.append(String(repeating: " ", count: indent) + text)
    }

    /// The reason of a proposal as a comment, and as a line of the report.
    mutating func because(
        _ topic: String, _ value: String, _ finding: Finding, indent: Int, comment: Bool = true
    ) {
        conclusions.append(
            Proposal.Conclusion(
                topic: topic, value: value, evidence: finding.evidence, doubt: finding.doubt, others: finding.others))
        guard comment else { return }
        let text =
            finding.doubt.map { "\(topic): \(finding.evidence). Confirm: \($0)." } ?? "\(topic): \(finding.evidence)."
        for piece in ManifestDraft.wrapped(text, width: 110 - indent) { line("# " + piece, indent: indent) }
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    static func wrapped(_ text: String, width: Int) -> [String] {
        var out: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            if !current.isEmpty, current.count + word.count + 1 > width {
                out.append(current)
                current = String(word)
            } else {
                current += (current.isEmpty ? "" : " ") + word
            }
        }
        return current.isEmpty ? out : out + [current]
    }
}
