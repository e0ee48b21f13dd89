// SPDX-License-Identifier: Apache-2.0

/// A way through a sample, written as the manifest language writes it.
struct SamplePath: Sendable, Hashable {
    var steps: [String] = []

    func appending(_ step: String) -> SamplePath { SamplePath(steps: steps + [step]) }
    var last: String { steps.last ?? "" }

    /// From the document's root.
    func fromRoot(_ format: ParsedSample.Format) -> String {
        switch format {
        case .json, .ndjson: SamplePath.json(steps)
        case .xml: "/" + steps.joined(separator: "/")
        case .csv: "$"
        }
    }

    /// From one record.
    func inRecord(_ format: ParsedSample.Format) -> String {
        switch format {
        case .json, .ndjson: SamplePath.json(steps)
        case .xml: steps.joined(separator: "/")
        case .csv: last
        }
    }

    static func json(_ steps: [String]) -> String {
        steps.reduce("$") { path, step in
            if Int(step) != nil { return path + "[\(step)]" }
            let plain =
                step.utf8.allSatisfy {
                    (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
                        || $0 >= 128
                } && !(step.utf8.first.map { (48...57).contains($0) } ?? true)
            if plain { return path + "." + step }
            let escaped = step.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
                .split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
            return path + "['\(escaped)']"
        }
    }
}
