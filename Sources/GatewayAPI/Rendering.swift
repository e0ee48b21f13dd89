// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import InterfaceHealth
import LicenceModel

extension BilingualSentence {
    var json: JSON { ["zh": .string(chinese), "en": .string(english)] }
}

extension Timestamp {
    var json: JSON { .string(iso8601) }
}

/// Shows enough of a personal value to recognise it, and not enough to learn it.
enum Mask {
    /// The first character of a name; the rest as stars, never telling how long it is.
    static func name(_ name: String) -> String { name.prefix(1) + "**" }

    /// The first two and the last two characters of a code of at least eight; stars for a shorter one.
    static func code(_ code: String) -> String {
        let count = code.count
        guard count >= 8 else { return String(repeating: "*", count: count) }
        return code.prefix(2) + String(repeating: "*", count: count - 4) + code.suffix(2)
    }
}

extension CatalogueEntry {
    /// The record as the API shows it: holder names, codes and numbers masked, face fields by name only.
    var members: [(String, JSON?)] {
        let licence = licence
        let until: JSON? =
            switch licence.validity.until {
            case .absent: nil
            case .openEnded: "open_ended"
            case .day(let day): .string(day.description)
            }
        let holders = licence.holders.map { holder -> JSON in
            [
                "kind": .string(holder.kind.rawValue), "code": .string(Mask.code(holder.code)),
                "name": holder.name.map { .string(Mask.name($0)) },
            ]
        }
        let authority = licence.issuingAuthority.map { authority -> JSON in
            [
                "code": authority.code.map { .string($0) }, "name": authority.name.map { .string($0) },
                "region": authority.region.map { .string($0) },
            ]
        }
        return [
            ("catalogue_id", .string(id.rawValue)), ("masked", true), ("type", .string(licence.typeCode.rawValue)),
            ("identifier", licence.identifier.map { .string(Mask.code($0.raw)) }),
            ("number", licence.number.map { .string(Mask.code($0.raw)) }), ("holders", .array(holders)),
            ("issuing_authority", authority), ("issued_on", licence.issuedOn.map { .string($0.description) }),
            ("valid_from", licence.validity.from.map { .string($0.description) }), ("valid_until", until),
            ("status", .string(licence.status.rawValue)),
            ("face_fields", .array(licence.faceFields.map { .string($0.name) })), ("version", .int(version)),
            ("recorded_at", recordedAt.json), ("withdrawal", withdrawal.map(\.json)),
            ("newer_version_unreadable", .bool(newerVersionUnreadable)),
            ("source", .string(licence.key.source.rawValue)), ("interface", .string(licence.interface.name)),
            ("simulated", .bool(licence.provenance.simulated)),
        ]
    }
}

extension Withdrawal {
    fileprivate var json: JSON { ["at": at.json, "evidence": .string(evidence.rawValue)] }
}

extension SourceDescription {
    /// A line of the list of sources.
    func json(_ reports: [InterfaceHealthReport]) -> JSON {
        let own = reports.filter { $0.interface.source == id }
        return [
            "id": .string(id.rawValue), "name": .string(name), "owner": .string(owner),
            "region": region.map { .string($0) }, "simulated": .bool(simulated),
            "interfaces": .array(
                interfaces.map { interface in
                    let report = own.first { $0.interface == interface.id }
                    return [
                        "name": .string(interface.id.name),
                        "licence_types": .array(interface.licenceTypes.map { .string($0.rawValue) }),
                        "pulls": .array(interface.pulls.map(\.rawValue).sorted().map { .string($0) }),
                        "questions": .array(interface.questions.map(\.rawValue).sorted().map { .string($0) }),
                        "partitions": .int(interface.partitions.count),
                        "schedule": interface.schedule.slots.map { .string($0.description) },
                        "verdict": .string((report?.verdict ?? .unknown).rawValue),
                        "records": .int(report?.records ?? 0), "quarantined": .int(report?.openRejects ?? 0),
                    ]
                }),
        ]
    }
}

extension InterfaceHealthReport {
    var json: JSON {
        [
            "interface": .string(interface.name), "source": .string(interface.source.rawValue),
            "verdict": .string(verdict.rawValue), "since": since.json, "root": root.map { .string($0.rawValue) },
            "reason": reason.json, "consequence": consequence.json, "remedy": remedy.json,
            "owner": .string(owner), "simulated": .bool(simulated),
            "licence_types": .array(licenceTypes.map { .string($0.rawValue) }),
            "findings": .array(findings.map(\.json)),
            "certificate_days_left": certificateDaysLeft.map { .int($0) },
            "latency_ms": latency.map { .int(Int($0.wholeMilliseconds)) },
            "last_complete_pull": lastComplete.map { pull in
                [
                    "mode": .string(pull.mode.rawValue), "as_of": pull.asOf.json, "finished_at": pull.finishedAt.json,
                    "records": .int(pull.records), "declared_total": pull.declaredTotal.map { .int($0) },
                ]
            },
            "newest_change_at": newestChangeAt.map(\.json),
            "golden_questions": [
                "declared": .int(golden.declared), "asked": .int(golden.asked),
                "answered_rightly": .int(golden.answeredRightly), "asked_at": golden.askedAt.map(\.json),
            ],
            "records": .int(records), "quarantined": .int(openRejects), "back_at": backAt.map(\.json),
            "retry_at": retryAt.map(\.json),
        ]
    }
}

extension HealthFinding {
    fileprivate var json: JSON {
        let root: JSON? = if case .consequence(let root) = outcome { .string(root.rawValue) } else { nil }
        return [
            "aspect": .string(aspect.rawValue), "outcome": .string(outcome.name), "of": root, "evidence": evidence.json,
            "code": code.map { .string($0) }, "observed_at": observedAt.json,
            "took_ms": took.map { .int(Int($0.wholeMilliseconds)) },
        ]
    }
}
