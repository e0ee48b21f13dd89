// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics

extension ManifestBuilder {
    /// `confirm` anywhere: a warning here, a refusal when the source is used.
    mutating func collectUnconfirmed(_ shape: Shape) {
        switch shape {
        case .scalar: break
        case .list(let members, _): for member in members { collectUnconfirmed(member) }
        case .map(let pairs, _): for pair in pairs { collectUnconfirmed(pair.value) }
        case .block(let block):
            collectMarks(of: block)
            for key in block.values.keys.sorted() where key != KeySpec.confirm.name {
                if let value = block[key] { collectUnconfirmed(value) }
            }
        }
    }

    private mutating func collectMarks(of block: Block) {
        switch block[KeySpec.confirm.name] {
        case .scalar("true", let spot)?:
            mark("this `\(block.name)` is proposed from a sample", at: spot, "`confirm: true`")
        case .list(let names, _)?:
            for name in names {
                guard let key = name.text else { continue }
                guard block.has(key) else {
                    findings.add(
                        "manifest.conflict", at: name.spot,
                        "`confirm` names `\(shown(key))`, which is no key of this `\(block.name)`",
                        "Remove it from the list; an empty list goes as a whole.")
                    continue
                }
                mark("`\(key)` of this `\(block.name)` is proposed from a sample", at: name.spot, "it from `confirm`")
            }
        default: break
        }
    }

    private mutating func mark(_ what: String, at spot: Spot, _ remove: String) {
        let warning = Diagnostic(
            .warning, code: "manifest.unconfirmed", what: what,
            place: Place(file: spot.file, line: spot.line, column: spot.column),
            consequence: "Sync and serve refuse this source until it is confirmed",
            remedy: "Ask the system's owner, correct it if need be, and remove \(remove).")
        findings.add(warning)
        // The rows of a table share the places of their template.
        if !unconfirmed.contains(warning) { unconfirmed.append(warning) }
    }
}
