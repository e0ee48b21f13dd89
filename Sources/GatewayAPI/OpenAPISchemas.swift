// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import InterfaceHealth
import LicenceModel

/// The schemas of the OpenAPI document.
enum OpenAPISchemas {
    static let all: [(name: String, value: JSON)] = [
        ("Problem", problem), ("Sentence", sentence), ("Day", day), ("Moment", moment),
        ("HolderQuestion", holderQuestion),
        ("Asking", asking), ("SearchQuestion", searchQuestion), ("Question", question), ("Verdict", verdict),
        ("Reason", reason), ("Cause", cause), ("Passport", passport), ("Holder", holder), ("Licence", licence),
        (
            "Answer",
            answer(extra: [
                ("code_check", oneOf(HolderCodeCheck.allCases.map(\.rawValue))), ("licences", list(ref("Licence"))),
                ("considered", list(ref("Considered"))),
            ])
        ), ("Considered", considered), ("Word", word),
        ("LicenceAnswer", answer(extra: [("licence", ref("Licence"))])), ("Change", change), ("ChangePage", changePage),
        ("SourceInterface", sourceInterface), ("Source", source),
        ("Sources", object([("sources", list(ref("Source")))])),
        ("Finding", finding), ("InterfaceHealth", interfaceHealth), ("SourceHealth", sourceHealth),
        ("LicenceType", licenceType), ("LicenceTypes", object([("types", list(ref("LicenceType")))])),
        ("PushReject", OpenAPIPush.reject), ("PushReceipt", OpenAPIPush.receipt),
        ("Alive", object([("status", ["const": "ok"]), ("version", text)])), ("Readiness", readiness),
    ]

    static let text: JSON = ["type": "string"]
    static let bool: JSON = ["type": "boolean"]
    static let count: JSON = ["type": "integer", "minimum": 0]

    static func ref(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/" + name)] }
    static func list(_ item: JSON) -> JSON { ["type": "array", "items": item] }
    static func oneOf(_ words: [String]) -> JSON { ["type": "string", "enum": .array(words.map { .string($0) })] }
    static func text(_ minimum: Int, _ maximum: Int, _ pattern: String? = nil) -> JSON {
        [
            "type": "string", "minLength": .int(minimum), "maxLength": .int(maximum),
            "pattern": pattern.map { .string($0) },
        ]
    }

    /// An object with exactly these members; those in `optional` may be absent.
    static func object(_ members: [(String, JSON)], optional: [(String, JSON)] = [], more: [(String, JSON)] = [])
        -> JSON
    {
        .members(
            [
                ("type", "object"),
                ("properties", .object((members + optional).map { (name: $0.0, value: $0.1) })),
                ("required", members.isEmpty ? nil : .array(members.map { .string($0.0) })),
                ("additionalProperties", false),
            ] + more.map { ($0.0, $0.1) })
    }

    private static let printable = "^[^\\u0000-\\u001f\\u007f]+$"
    /// Printable, with a letter or digit (half-width or full-width) in it.
    private static let code =
        "^[^\\u0000-\\u001f\\u007f]*[0-9A-Za-z\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a][^\\u0000-\\u001f\\u007f]*$"

    private static let problem = object(
        [
            ("type", text), ("title", text), ("status", ["type": "integer"]), ("detail", text), ("code", text),
            ("what", text), ("remedy", text), ("request_id", text),
        ], optional: [("fields", list(object([("field", text), ("what", text)])))])
    private static let sentence = object([("zh", text), ("en", text)])
    private static let day: JSON = ["type": "string", "format": "date", "description": "A day in UTC+8."]
    private static let moment: JSON = ["type": "string", "format": "date-time", "description": "A moment, in UTC+8."]

    private static let holderQuestion = object([
        ("kind", text(3, 3, "^[0-9]{3}$")), ("code", text(1, 64, code)),
    ])
    private static let asking = object(
        [("system", text(1, 64, printable)), ("purpose", text(1, 200, printable))],
        optional: [("operator", text(1, 64, printable)), ("matter", text(1, 64, printable))])
    private static let searchQuestion: JSON = [
        "type": "object", "description": "Exactly one of identifier, number (with type) and holder.",
        "oneOf": [
            object(
                [("identifier", text(1, 256, code))], optional: [("on", ref("Day")), ("asking", ref("Asking"))]),
            object(
                [("number", text(1, 128, code)), ("type", text(1, 64, printable))],
                optional: [("on", ref("Day")), ("asking", ref("Asking"))]),
            object(
                [("holder", ref("HolderQuestion"))],
                optional: [("type", text(1, 64, printable)), ("on", ref("Day")), ("asking", ref("Asking"))]),
        ],
    ]
    private static let question = object(
        [("holder", ref("HolderQuestion")), ("type", text(1, 64, printable))],
        optional: [("on", ref("Day")), ("asking", ref("Asking"))])

    private static let verdict = oneOf(["holds", "does_not_hold", "no_record", "cannot_tell"])
    private static let reason = object(
        [("name", oneOf(["expired", "not_yet_valid", "status", "removed_by_source"]))],
        optional: [("day", ref("Day")), ("status", oneOf(LicenceStatus.allCases.map(\.rawValue)))])
    private static let cause = object(
        [
            (
                "name",
                oneOf([
                    "never_synced", "source_down", "stale_copy", "paused", "newer_version_unreadable",
                    "record_unreadable",
                    "ambiguous", "validity_unknown", "status_unknown", "no_source", "too_many", "catalogue_unavailable",
                ])
            )
        ], optional: [("source", text)])
    private static let passport = object(
        [("live", bool), ("rule_version", text), ("simulated", bool)],
        optional: [
            ("source", text), ("as_of", ref("Moment")), ("age_seconds", ["type": "integer"]),
            ("trust_grade", oneOf(TrustGrade.allCases.map(\.rawValue))),
        ])
    private static func answer(extra: [(String, JSON)]) -> JSON {
        object(
            [("verdict", ref("Verdict")), ("sentence", ref("Sentence")), ("passport", ref("Passport"))] + extra,
            optional: [("reason", ref("Reason")), ("cause", ref("Cause")), ("retry_at", ref("Moment"))])
    }

    private static let holder = object([("kind", text), ("code", text)], optional: [("name", text)])
    private static let licence = object(
        [
            ("catalogue_id", ["type": "string", "pattern": "^[0-9a-f]{32}$"]), ("masked", bool), ("type", text),
            ("holders", list(ref("Holder"))), ("status", oneOf(LicenceStatus.allCases.map(\.rawValue))),
            ("face_fields", list(text)), ("version", count), ("recorded_at", ref("Moment")),
            ("newer_version_unreadable", bool), ("source", text), ("interface", text), ("simulated", bool),
        ],
        optional: [
            ("identifier", text), ("number", text),
            ("issuing_authority", object([], optional: [("code", text), ("name", text), ("region", text)])),
            ("issued_on", ref("Day")), ("valid_from", ref("Day")),
            ("valid_until", ["anyOf": [ref("Day"), ["const": "open_ended"]]]),
            ("says", ref("Word")), ("held_back_by", ref("Cause")), ("source_retired", bool), ("as_of", ref("Moment")),
            ("age_seconds", ["type": "integer"]), ("decided", bool), ("disputed", bool),
            ("withdrawal", object([("at", ref("Moment")), ("evidence", oneOf(["tombstone", "absence"]))])),
        ])

    /// What a record says for itself: a verdict without the state of its source.
    private static let word = object(
        [("verdict", ref("Verdict"))],
        optional: [("reason", ref("Reason")), ("cause", ref("Cause")), ("retry_at", ref("Moment"))])
    private static let considered = object(
        [
            ("source", text), ("interface", text), ("source_name", text), ("copy_limit_seconds", count),
            ("simulated", bool),
        ], optional: [("as_of", ref("Moment")), ("doubt", ref("Cause")), ("retry_at", ref("Moment"))])

    private static let change = object([
        ("token", text), ("catalogue_id", text), ("version", count),
        ("cause", oneOf(["created", "updated", "withdrawn", "late"])), ("recorded_at", ref("Moment")),
    ])
    private static let changePage = object([("entries", list(ref("Change"))), ("next", text)])

    private static let verdicts = oneOf(HealthVerdict.allCases.map(\.rawValue))
    private static let aspects = oneOf(HealthAspect.allCases.map(\.rawValue))
    private static let sourceInterface = object(
        [
            ("name", text), ("licence_types", list(text)), ("pulls", list(oneOf(["full", "incremental"]))),
            ("questions", list(oneOf(["identifier", "number", "holder"]))), ("partitions", count),
            ("verdict", verdicts),
            ("records", count), ("quarantined", count),
        ], optional: [("schedule", text)])
    private static let source = object(
        [
            ("id", text), ("name", text), ("owner", text), ("simulated", bool),
            ("interfaces", list(ref("SourceInterface"))),
        ], optional: [("region", text)])
    private static let finding = object(
        [
            ("aspect", aspects), ("outcome", oneOf(["passed", "warned", "failed", "consequence", "not_applicable"])),
            ("evidence", ref("Sentence")), ("observed_at", ref("Moment")),
        ], optional: [("of", aspects), ("code", text), ("took_ms", count)])
    private static let interfaceHealth = object(
        [
            ("interface", text), ("source", text), ("verdict", verdicts), ("since", ref("Moment")),
            ("reason", ref("Sentence")), ("consequence", ref("Sentence")), ("remedy", ref("Sentence")), ("owner", text),
            ("simulated", bool), ("licence_types", list(text)), ("findings", list(ref("Finding"))),
            (
                "golden_questions",
                object(
                    [("declared", count), ("asked", count), ("answered_rightly", count)],
                    optional: [("asked_at", ref("Moment"))])
            ), ("records", count), ("quarantined", count),
        ],
        optional: [
            ("root", aspects), ("certificate_days_left", ["type": "integer"]), ("latency_ms", count),
            (
                "last_complete_pull",
                object(
                    [
                        ("mode", oneOf(["full", "incremental"])), ("as_of", ref("Moment")),
                        ("finished_at", ref("Moment")),
                        ("records", count),
                    ], optional: [("declared_total", count)])
            ), ("newest_change_at", ref("Moment")), ("back_at", ref("Moment")), ("retry_at", ref("Moment")),
        ])
    private static let sourceHealth = object([
        ("source", text), ("at", ref("Moment")), ("interfaces", list(ref("InterfaceHealth"))),
    ])
    private static let licenceType = object([("code", text), ("sources", list(text))], optional: [("name", text)])
    private static let readiness = object([
        ("ready", bool), ("version", text), ("now", ref("Moment")),
        ("checks", list(object([("name", text), ("ready", bool), ("detail", text)]))),
    ])
}
