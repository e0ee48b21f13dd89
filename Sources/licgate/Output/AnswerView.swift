// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import GatewayConfiguration
import LicenceModel
import ProofFree

/// An answer for a screen: the verdict first, then its passport, then what to do.
struct AnswerView {
    let answer: ProofFreeAnswer
    let register: LicenceTypeRegister
    let reveal: Bool
    let now: Timestamp

    static func exitCode(_ verdict: Verdict) -> Int32 {
        switch verdict {
        case .holds: 0
        case .doesNotHold, .noRecord: 1
        case .cannotTell: 3
        }
    }

    func show(_ format: OutputFormat) {
        if format == .json { return Console.out(json.rendered()) }
        lines.forEach(Console.out)
    }

    private var entries: [CatalogueEntry] { answer.records.map(\.entry) }

    var lines: [String] {
        var out = [headline]
        out.append("  \(answer.sentence.chinese)")
        out.append("  \(answer.sentence.english)")
        if let failure = answer.failure { out.append("  \(failure.text)") }
        for considered in answer.considered where considered.doubt != nil {
            let age = considered.asOf.map { "last complete pull \((now - $0).spoken) ago" } ?? "never pulled completely"
            out.append(
                "  in doubt: \(considered.interface) \(considered.sourceName): \(considered.doubt?.name ?? ""), \(age)")
        }
        guard !entries.isEmpty else { return out }
        var table = Table(["type", "status", "valid from", "valid until", "holder", "source", "id"])
        for entry in entries.prefix(20) {
            let licence = entry.licence
            let name = register[licence.typeCode]?.nameChinese ?? licence.typeCode.rawValue
            let holders = licence.holders.map { reveal ? $0.code : Masking.code($0.code) }
            table.add([
                shortened(name, to: 24), entry.withdrawal == nil ? licence.status.rawValue : "gone",
                licence.validity.from?.description ?? "-", licence.validity.until.words,
                holders.joined(separator: " "), licence.interface.description, entry.id.rawValue,
            ])
        }
        out.append("")
        out += table.lines
        if entries.count > 20 { out.append("… and more") }
        return out
    }

    private var headline: String {
        let passport = answer.passport
        var parts = [words(answer.verdict)]
        if let source = passport.source {
            parts.append("source \(source)" + (passport.simulated ? " (simulated)" : ""))
        }
        if let asOf = passport.asOf { parts.append("as of \((now - asOf).spoken) ago") }
        if let grade = passport.trustGrade { parts.append("trust \(grade.rawValue)") }
        return parts.joined(separator: "   ")
    }

    private func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .holds:
            let until = entries.first?.licence.validity.until.words
            return "holds" + (until.map { "   valid until \($0)" } ?? "")
        case .doesNotHold(.expired(let day)): return "does not hold   expired on \(day)"
        case .doesNotHold(.notYetValid(let day)): return "does not hold   valid only from \(day)"
        case .doesNotHold(.status(let status)): return "does not hold   \(status.rawValue)"
        case .doesNotHold(.removedBySource): return "does not hold   its source no longer has it"
        case .noRecord: return "no record"
        case .cannotTell(let doubt, let retry):
            return "cannot tell   \(doubt.name)" + (retry.map { "   worth asking again at \($0.iso8601)" } ?? "")
        }
    }

    var json: JSONValue {
        let passport = answer.passport
        var verdict: [(String, JSONValue)] = [("verdict", .text(answer.verdict.name))]
        switch answer.verdict {
        case .holds, .noRecord: break
        case .doesNotHold(let reason):
            switch reason {
            case .expired(let day): verdict += [("reason", "expired"), ("day", .text(day.description))]
            case .notYetValid(let day): verdict += [("reason", "not_yet_valid"), ("day", .text(day.description))]
            case .status(let status): verdict.append(("reason", .text(status.rawValue)))
            case .removedBySource: verdict.append(("reason", "removed_by_source"))
            }
        case .cannotTell(let doubt, let retry):
            verdict += [("cause", .text(doubt.name)), ("retry_at", .optional(retry?.iso8601))]
        }
        let rest: [(String, JSONValue)] = [
            (
                "passport",
                [
                    "source": .optional(passport.source?.rawValue), "live": .bool(passport.live),
                    "as_of": .optional(passport.asOf?.iso8601),
                    "age_seconds": .optional(passport.age.map { Int($0.components.seconds) }),
                    "trust_grade": .optional(passport.trustGrade?.rawValue),
                    "rule_version": .text(passport.ruleVersion), "simulated": .bool(passport.simulated),
                ]
            ),
            ("sentence", ["zh": .text(answer.sentence.chinese), "en": .text(answer.sentence.english)]),
            ("licences", .list(entries.map { EntryView(entry: $0, reveal: reveal).json })),
            (
                "considered",
                .list(
                    answer.considered.map {
                        [
                            "interface": .text($0.interface.description), "as_of": .optional($0.asOf?.iso8601),
                            "doubt": .optional($0.doubt?.name), "retry_at": .optional($0.retryAt?.iso8601),
                        ]
                    })
            ),
        ]
        return .object(verdict + rest)
    }
}
