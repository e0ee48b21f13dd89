// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Workbench

/// A proposal for a screen: what was found and why, what to confirm, what comes next.
struct ProposalView {
    let proposal: Proposal
    let id: String
    let file: String

    var lines: [String] {
        var out = [
            "Read \(proposal.records) record\(proposal.records == 1 ? "" : "s"). Found, with what speaks for it:", "",
        ]
        var table = Table(["what", "is", "because"])
        for one in proposal.conclusions {
            table.add([(one.doubt == nil ? "✓ " : "? ") + one.topic, shortened(one.value, to: 44), one.evidence])
        }
        out += table.lines
        let doubts = proposal.conclusions.filter { $0.doubt != nil }
        if !doubts.isEmpty {
            out += [
                "", "To be confirmed (`?`), by asking the system's owner; each stands in the manifest with `confirm`:",
                "",
            ]
            for one in doubts { out.append("  \(one.topic): \(one.doubt ?? "")") }
        }
        out += ["", "Written: \(file), \(proposal.unconfirmed) marks to confirm. Next:", ""]
        if !proposal.settings.isEmpty {
            out.append("  1. Put the source into your gateway.yaml:")
            out.append("       sources:")
            out.append("         \(id):")
            for one in proposal.settings { out.append("           \(one.name): \(one.meaning)") }
        }
        for secret in Set(proposal.secrets).sorted() {
            out.append("     and the secret `\(secret)` into your secrets folder, mode 0600.")
        }
        out.append(
            "  2. licgate sync \(id) --dry-run 100    before and after, what is set aside and why; writes nothing")
        out.append("  3. licgate lint \(folder)              lists every mark; correct, then remove it")
        out.append(
            "  4. licgate adapter record \(id) --case sample --replace     the sample as a fixture again, as it maps now"
        )
        out.append("  5. licgate adapter test \(id)          the conformance suite for this folder")
        return out
    }

    private var folder: String { file.hasSuffix("/manifest.yaml") ? String(file.dropLast(14)) : file }

    var json: JSONValue {
        [
            "file": .text(file), "records": .number(proposal.records), "unconfirmed": .number(proposal.unconfirmed),
            "conclusions": .list(
                proposal.conclusions.map {
                    [
                        "topic": .text($0.topic), "value": .text($0.value), "evidence": .text($0.evidence),
                        "doubt": .optional($0.doubt), "others": .list($0.others.map { .text($0) }),
                    ]
                }),
            "settings": .list(proposal.settings.map { ["name": .text($0.name), "meaning": .text($0.meaning)] }),
            "secrets": .list(Set(proposal.secrets).sorted().map { .text($0) }),
        ]
    }
}
