// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Yams

/// A YAML file as nodes with positions, and the findings met while reading it.
struct ConfigurationTree {
    let file: String
    var findings: [Diagnostic] = []

    init(file: String) { self.file = file }

    /// The root mapping, or a finding.
    mutating func root(of text: String) -> Node.Mapping? {
        do {
            guard let node = try Yams.compose(yaml: text) else { return Node.Mapping([]) }
            guard let mapping = node.mapping else {
                report("configuration.not_a_map", node.mark, "the file is not a map of keys", "Start with `listen: …`")
                return nil
            }
            return mapping
        } catch let error as YamlError {
            reportSyntax(error)
        } catch {
            report("configuration.not_yaml", nil, "the file is not YAML", "Check quotes and indentation")
        }
        return nil
    }

    private mutating func reportSyntax(_ error: YamlError) {
        let remedy = "Check quotes, colons and indentation around this place"
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            report("configuration.not_yaml", mark, "the file is not YAML: \(problem)", remedy)
        case .duplicatedKeysInMapping(let duplicates, _):
            report(
                "configuration.duplicate_key", nil, "a key stands twice: \(duplicates.joined(separator: ", "))",
                "Keep one of them")
        default: report("configuration.not_yaml", nil, "the file is not YAML", remedy)
        }
    }

    mutating func report(
        _ code: String, _ mark: Mark?, _ what: String, _ remedy: String, severity: Severity = .error
    ) {
        findings.append(
            Diagnostic(
                severity, code: code, what: what, place: Place(file: file, line: mark?.line, column: mark?.column),
                remedy: remedy))
    }
}

/// The candidate nearest to a word by edit distance, when it is near enough to be meant.
func nearest(_ word: String, among candidates: [String]) -> String? {
    func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[b.count]
    }
    let letters = Array(word)
    let best = candidates.map { ($0, distance(letters, Array($0))) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
    guard let best, best.1 <= max(2, word.count / 3) else { return nil }
    return best.0
}
