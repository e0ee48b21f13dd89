// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// Tells what the mapper does with one record, rule by rule.
struct RecordExplainer {
    let mapper: RecordMapper
    let cursor: CursorPlan?

    func explain(_ event: DocumentEvent, fetchedAt: Timestamp) -> RecordExplanation {
        let mapped = mapper.event(event, cursor: cursor, at: Place(), partition: nil, fetchedAt: fetchedAt)
        var ordinal = 0
        var place = Place()
        var fields: [FieldExplanation] = []
        switch event {
        case .record(let record):
            ordinal = record.ordinal
            place = record.place
            fields = explain((mapped.record ?? record).node)
        case .reject(let reject):
            ordinal = reject.ordinal
            place = reject.error.place
        }
        var explanation = RecordExplanation(
            ordinal: ordinal, place: place, fields: fields, licence: nil, problem: nil, isGone: false)
        switch mapped.outcome {
        case .licence(let licence): explanation.licence = licence
        case .gone: explanation.isGone = true
        case .reject(let reject): explanation.problem = reject.reason
        }
        return explanation
    }

    private func explain(_ node: DocumentNode) -> [FieldExplanation] {
        var out: [FieldExplanation] = []
        for path in mapper.identity.key { out.append(plain("key", path, node, ["kept as written"])) }
        switch mapper.identity.version {
        case .arrival: out.append(fixed("version", "arrival", ["the later one to arrive is newer"]))
        case .declared(let path, let value): out.append(ordered("version", path, value, node))
        }
        if let cursor { out.append(ordered("cursor", cursor.path, cursor.value, node)) }
        if let tombstone = mapper.identity.tombstone {
            out.append(plain("tombstone", tombstone.path, node, ["gone when it is one of its values"]))
        }
        switch mapper.plan.types {
        case .fixed(let code): out.append(fixed("licence_type", code.rawValue, ["the interface's"]))
        case .from(let path, let table):
            var one = plain("licence_type", path, node, [])
            if let raw = one.raw {
                one.result = table[raw]?.rawValue
                one.steps = [
                    table[raw] == nil
                        ? "not among the declared types" : table[raw]?.rawValue == raw ? "a declared type" : "map"
                ]
                if table[raw] == nil { one.problem = "record.type_unknown" }
            }
            out.append(one)
        }
        for field in ManifestLanguage.fieldNames {
            if let rule = mapper.plan.mapping.fields[field.name] { out.append(explain(field.name, rule, node)) }
        }
        if let list = mapper.plan.mapping.holders {
            for (index, member) in list.list.all(in: node).prefix(16).enumerated() {
                out.append(explain("holders[\(index)].code", list.code, member))
                out.append(explain("holders[\(index)].code_kind", list.kind, member))
                if let name = list.name { out.append(explain("holders[\(index)].name", name, member)) }
            }
        }
        for (name, rule) in mapper.plan.mapping.face.named { out.append(explain("face \(name)", rule, node)) }
        return out
    }

    private func fixed(_ field: String, _ value: String, _ steps: [String]) -> FieldExplanation {
        FieldExplanation(field: field, path: "-", raw: nil, steps: steps, result: value, problem: nil)
    }

    private func plain(_ field: String, _ path: RecordPath, _ node: DocumentNode, _ steps: [String]) -> FieldExplanation
    {
        let found = path.first(in: node)
        let raw = found?.scalarText
        return FieldExplanation(
            field: field, path: path.text, raw: raw, line: found?.position.line, column: found?.position.column,
            offset: found?.position.offset, steps: raw == nil ? ["nothing there"] : steps, result: raw,
            problem: raw == nil && field == "key" ? "record.field_missing" : nil)
    }

    private func ordered(_ field: String, _ path: RecordPath, _ value: OrderedValue, _ node: DocumentNode)
        -> FieldExplanation
    {
        var one = plain(field, path, node, [])
        guard let raw = one.raw else { return one }
        let number = value.read(raw)
        one.result = number.map(value.write)
        switch value {
        case .number: one.steps = ["number"]
        case .time(let formats, _): one.steps = ["time " + formats.map(\.source).joined(separator: " or ")]
        }
        if number == nil { one.problem = "record.version_unreadable" }
        return one
    }

    /// One rule, step by step, in the order of the language: take, clean, empty, table or date.
    func explain(_ field: String, _ rule: FieldRule, _ node: DocumentNode) -> FieldExplanation {
        if let constant = rule.constant { return fixed(field, constant, ["constant"]) }
        let taken = rule.take(from: node)
        let found = taken?.node ?? rule.anyNode(in: node)
        let path =
            rule.places.first { place in found.map { place.first(in: node) == $0 } ?? false } ?? rule.places.first
        var one = FieldExplanation(
            field: field, path: path?.text ?? "-", raw: found?.scalarText, line: found?.position.line,
            column: found?.position.column, offset: found?.position.offset, steps: [], result: nil, problem: nil)
        if rule.places.count > 1 {
            one.steps.append(
                rule.join == nil ? "first of \(rule.places.count) paths" : "all of \(rule.places.count) paths")
        }
        do throws(RecordFault) {
            one.result = try result(field, rule, node, taken, &one.steps)
        } catch {
            one.problem = error.diagnostic(at: Place()).code
        }
        return one
    }

    private func result(
        _ field: String, _ rule: FieldRule, _ node: DocumentNode, _ taken: FieldRule.Taken?, _ steps: inout [String]
    ) throws(RecordFault) -> String? {
        if let raw = taken?.node?.scalarText, let text = taken?.text, raw != text, rule.join == nil {
            steps.append("clean")
        }
        let isDay = ["issued_on", "valid_from", "valid_until"].contains(field)
        if taken == nil {
            steps.append(
                rule.empty == .openEnded
                    ? "empty means open-ended"
                    : rule.empty == .reject || rule.required ? "empty is refused" : "empty means absent")
        }
        if isDay {
            let end = try rule.day(of: node, field: field)
            if let text = taken?.text {
                if rule.openEnded.contains(text) {
                    steps.append("open_ended")
                } else if let format = rule.dates.first(where: { $0.day(text, zone: rule.zone) != nil }) {
                    steps.append("date \(format.source)")
                }
            }
            switch end {
            case .absent: return nil
            case .openEnded: return "open"
            case .day(let day): return day.description
            }
        }
        if let split = rule.split {
            steps.append("split \(split)")
            if !rule.map.isEmpty { steps.append("map") }
            return try rule.parts(of: node, field: field).joined(separator: " + ")
        }
        if let text = taken?.text, !rule.map.isEmpty {
            steps.append(rule.map[text] == nil ? "otherwise \(rule.otherwise.rawValue)" : "map")
        }
        return try rule.text(of: node, field: field)
    }
}
