// SPDX-License-Identifier: Apache-2.0
import DeclarativeAdapter
import Diagnostics
import LicenceModel

/// One record's way from bytes to licence, for a screen: masked unless a person asked to see it whole.
struct ExplanationView {
    let answer: AnswerExplanation
    let reveal: Bool
    /// True shows before and after only, false every column.
    var brief = false

    /// Fields whose values say nothing of a person and are what one looks at.
    private static let open: Set<String> = [
        "version", "cursor", "licence_type", "holder.code_kind", "authority.code", "authority.name", "authority.region",
        "issued_on", "valid_from", "valid_until", "status", "trust_grade",
    ]

    static func shown(_ text: String?, field: String, reveal: Bool) -> String {
        guard let text else { return "-" }
        let bare = field.hasPrefix("holders[") ? "holder." + (field.split(separator: ".").last ?? "") : field
        if reveal || open.contains(bare) { return shortened(text, to: 40) }
        if bare == "holder.name" { return shortened(Masking.name(text), to: 40) }
        return shortened(Masking.code(text), to: 40)
    }

    private func shown(_ text: String?, _ field: FieldExplanation) -> String {
        ExplanationView.shown(text, field: field.field, reveal: reveal)
    }

    var lines: [String] {
        var out: [String] = []
        if !brief, !answer.envelope.isEmpty {
            var table = Table(["beside the records", "path", "value"])
            for one in answer.envelope {
                table.add([
                    one.purpose, one.path,
                    one.purpose == "next page" ? (one.value == nil ? "-" : "there") : one.value ?? "-",
                ])
            }
            out += table.lines + [""]
        }
        if !answer.listIsThere { out.append("The declared path to the records leads nowhere in this answer.") }
        for record in answer.records {
            out.append(headline(record))
            var table =
                brief
                ? Table(["field", "before", "after"])
                : Table(["field", "path", "raw", "byte", "steps", "result"], rightAligned: [3])
            for field in record.fields {
                let result = field.problem.map { "✗ \($0)" } ?? shown(field.result, field)
                table.add(
                    brief
                        ? [field.field, shown(field.raw, field), result]
                        : [
                            field.field, shortened(field.path, to: 44), shown(field.raw, field),
                            field.offset.map(String.init) ?? "", shortened(field.steps.joined(separator: ", "), to: 48),
                            result,
                        ])
            }
            out += table.lines
            if let licence = record.licence, !licence.faceFields.isEmpty {
                out.append(
                    "  and \(licence.faceFields.count) further fields: "
                        + licence.faceFields.prefix(12).map(\.name).joined(separator: ", "))
            }
            if let problem = record.problem { out.append("  \(problem.text)") }
            out.append("")
        }
        return out
    }

    /// Why records are set aside, the most frequent reason first, with the values of fields that say nothing of a person.
    static func reasons(_ records: [RecordExplanation]) -> [String] {
        var counts: [String: (field: String, code: String, count: Int, values: Set<String>)] = [:]
        for record in records {
            let field = record.fields.first { $0.problem != nil }
            let code = field?.problem ?? record.problem?.code ?? ""
            let name = field?.field ?? ""
            var one = counts[name + code] ?? (name, code, 0, [])
            one.count += 1
            if open.contains(name), let raw = field?.raw { one.values.insert(raw) }
            counts[name + code] = one
        }
        guard !counts.isEmpty else { return [] }
        var table = Table(["set aside", "field", "reason", "values"], rightAligned: [0])
        for one in counts.values.sorted(by: { ($1.count, $0.field) < ($0.count, $1.field) }) {
            let values = one.values.sorted()
            table.add([
                "\(one.count)", one.field, one.code,
                values.prefix(100).map { "\"\($0)\"" }.joined(separator: ", ")
                    + (values.count > 100 ? " and \(values.count - 100) more" : ""),
            ])
        }
        return table.lines
    }

    private func headline(_ record: RecordExplanation) -> String {
        let outcome =
            record.licence != nil ? "becomes a licence" : record.isGone ? "says that it is gone" : "is set aside"
        let line = record.place.line.map { ", line \($0)" } ?? ""
        return "Record \(record.ordinal) of \(answer.count)\(line): \(outcome)"
    }

    var json: JSONValue {
        [
            "count": .number(answer.count), "list_is_there": .bool(answer.listIsThere),
            "records": .list(
                answer.records.map { record in
                    [
                        "ordinal": .number(record.ordinal), "licence": .bool(record.licence != nil),
                        "gone": .bool(record.isGone), "problem": .optional(record.problem?.code),
                        "fields": .list(
                            record.fields.map { field in
                                [
                                    "field": .text(field.field), "path": .text(field.path),
                                    "raw": field.raw == nil ? .null : .text(shown(field.raw, field)),
                                    "line": .optional(field.line), "column": .optional(field.column),
                                    "byte": .optional(field.offset),
                                    "steps": .list(field.steps.map { .text($0) }),
                                    "result": field.result == nil ? .null : .text(shown(field.result, field)),
                                    "problem": .optional(field.problem),
                                ]
                            }),
                    ]
                }),
        ]
    }
}
