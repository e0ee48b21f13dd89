// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel
import ProofFree

extension Verdict {
    /// The verdict with what belongs to it: a reason, or a cause and when to ask again.
    var members: [(String, JSON?)] {
        switch self {
        case .holds, .noRecord: [("verdict", .string(name))]
        case .doesNotHold(let reason): [("verdict", .string(name)), ("reason", reason.json)]
        case .cannotTell(let doubt, let retryAt):
            [("verdict", .string(name)), ("cause", doubt.json), ("retry_at", retryAt?.json)]
        }
    }
}

extension DenialReason {
    fileprivate var json: JSON {
        switch self {
        case .expired(let day): ["name": "expired", "day": .string(day.description)]
        case .notYetValid(let day): ["name": "not_yet_valid", "day": .string(day.description)]
        case .status(let status): ["name": "status", "status": .string(status.rawValue)]
        case .removedBySource: ["name": "removed_by_source"]
        }
    }
}

extension Doubt {
    var json: JSON {
        let source: SourceID? =
            switch self {
            case .neverSynced(let id), .sourceDown(let id), .staleCopy(let id), .paused(let id): id
            default: nil
            }
        return ["name": .string(name), "source": source.map { .string($0.rawValue) }]
    }
}

extension Passport {
    var json: JSON {
        [
            "source": source.map { .string($0.rawValue) }, "live": .bool(live), "as_of": asOf.map(\.json),
            "age_seconds": age.map { .int(Int($0.components.seconds)) },
            "trust_grade": trustGrade.map { .string($0.rawValue) }, "rule_version": .string(ruleVersion),
            "simulated": .bool(simulated),
        ]
    }
}

extension ProofFreeAnswer {
    /// The whole answer.
    var json: JSON {
        .members(
            verdict.members + [
                ("sentence", sentence.json), ("passport", passport.json),
                ("code_check", .string(codeCheck.rawValue)), ("licences", .array(records.map(\.json))),
                ("considered", .array(considered.map(\.json))),
            ])
    }
}

extension JudgedRecord {
    /// The record and what it says; masked.
    var json: JSON {
        .members(
            entry.members + [
                ("says", .members(says.verdict.members)), ("held_back_by", heldBackBy?.json),
                ("source_retired", .bool(retired)), ("as_of", asOf.json),
                ("age_seconds", .int(Int(age.components.seconds))), ("decided", .bool(decided)),
                ("disputed", .bool(disputed)),
            ])
    }

    /// The verdict as far as this record alone goes.
    var verdict: Verdict {
        if retired { return .cannotTell(.noSource, retryAt: nil) }
        return heldBackBy.map { .cannotTell($0, retryAt: nil) } ?? says.verdict
    }
}

extension RecordVerdict {
    var verdict: Verdict {
        switch self {
        case .counts: .holds
        case .denied(let reason): .doesNotHold(reason)
        case .doubtful(let doubt): .cannotTell(doubt, retryAt: nil)
        }
    }
}

extension ConsideredInterface {
    fileprivate var json: JSON {
        [
            "source": .string(interface.source.rawValue), "interface": .string(interface.name),
            "source_name": .string(sourceName), "as_of": asOf.map(\.json),
            "copy_limit_seconds": .int(Int(copyLimit.components.seconds)), "doubt": doubt?.json,
            "retry_at": retryAt.map(\.json), "simulated": .bool(simulated),
        ]
    }
}
