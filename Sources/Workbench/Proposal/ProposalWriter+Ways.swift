// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import LicenceModel

extension ProposalWriter {
    /// Whether the list is beyond doubt.
    private var listFinding: Finding {
        let margin = list.score - (runnerUp?.score ?? -10)
        let evidence =
            list.evidence.isEmpty ? "the only place with several values" : list.evidence.joined(separator: ", ")
        if !list.isList {
            return Finding(
                evidence: evidence + (list.evidence.isEmpty ? "" : ", one record"),
                doubt: "one record alone cannot show where a list of several stands")
        }
        if list.records.count >= 2 && margin >= 3 { return Finding(evidence: evidence, doubt: nil) }
        return Finding(
            evidence: evidence,
            doubt: margin < 3
                ? "another place, `\(runnerUp.map { root($0.path) } ?? "")`, looks nearly as likely"
                : "one record alone cannot show where a list of several stands")
    }

    mutating func writeRequest(indent: Int) {
        if request.method == "POST" { draft.line("method: POST", indent: indent) }
        draft.line("path: \(YAMLText.scalar(request.path))", indent: indent)
        if !request.query.isEmpty {
            let pairs = request.query.map { "\(YAMLText.key($0.name)): \(YAMLText.quoted($0.value))" }
            draft.line("query: { \(pairs.joined(separator: ", ")) }", indent: indent)
        }
        guard let body = request.body else { return }
        draft.line("body:", indent: indent)
        draft.line("kind: \(body.kind)", indent: indent + 2)
        if let action = body.action { draft.line("action: \(YAMLText.quoted(action))", indent: indent + 2) }
        draft.line(
            body.kind == "form" ? "fields: \(body.template)" : "template: \(YAMLText.quoted(body.template))",
            indent: indent + 2)
    }

    mutating func writePull() {
        draft.line("pull:", indent: 4)
        var open: [String] = []
        if input.request == nil {
            draft.because(
                "request", request.path,
                Finding(
                    evidence: "no request was given", doubt: "by which path and parameters it is asked; `--url` says it"
                ), indent: 6)
            open.append("path")
        }
        writeRequest(indent: 6)
        if request.cursorIsGuessed {
            draft.because(
                "cursor parameter", RequestPlanner.start(for: RequestPlanner.changes(input.request).until),
                Finding(evidence: "the request shows none", doubt: "by which parameter changes are asked for"),
                indent: 6)
            open.append("query")
        }
        writePages()
        draft.because("records", root(list.path), listFinding, indent: 6)
        draft.line("records: \(YAMLText.scalar(root(list.path)))", indent: 6)
        if listFinding.doubt != nil { open.append("records") }
        if let total = envelope.total {
            let count = list.records.count
            draft.because(
                "total", root(total.path),
                Finding(
                    evidence: "a number by that name, not less than the \(count) records here",
                    doubt: "whether it counts everything or only this page"), indent: 6)
            draft.line("total: \(YAMLText.scalar(root(total.path)))", indent: 6)
            open.append("total")
        }
        if let more = envelope.hasMore {
            draft.line("has_more: \(YAMLText.scalar(root(more.path)))", indent: 6)
            open.append("has_more")
        }
        writeIdentity(indent: 6, &open)
        if let cursor = identity.cursor, !asksForChanges {
            draft.because(
                "cursor", "none",
                Finding(
                    evidence: "the request asks for everything",
                    doubt:
                        "whether changes can be asked for: `\(inside(cursor.path))` looks like what they would be counted by"
                ), indent: 6)
            draft.line("mode: full", indent: 6)
            open.append("mode")
        } else if let cursor = identity.cursor, let finding = identity.cursorFinding {
            draft.because("cursor", inside(cursor.path), finding, indent: 6)
            draft.line(
                "cursor: { from: \(YAMLText.scalar(inside(cursor.path))), \(ordered(cursor))\(identity.cursorIsTime ? "" : ", start: \"0\"")\(cursor.isAscending || identity.cursorIsTime && isSorted(cursor) ? "" : ", order: any"), confirm: true }",
                indent: 6)
        }
        draft.line("confirm: \(YAMLText.list(open))", indent: 6)
    }

    private func isSorted(_ profile: FieldProfile) -> Bool {
        zip(profile.filled, profile.filled.dropFirst()).allSatisfy { $0 <= $1 }
    }

    private func ordered(_ profile: FieldProfile) -> String {
        if identity.cursorIsTime, profile.dates == nil {
            return "kind: time, format: [iso8601, \"yyyy-MM-dd HH:mm:ss\"]"
        }
        guard identity.cursorIsTime, let dates = profile.dates else { return "kind: number" }
        return "kind: time, format: "
            + (dates.formats.count == 1 ? YAMLText.scalar(dates.formats[0]) : YAMLText.list(dates.formats))
    }

    private mutating func writePages() {
        var text = "pages: { kind: \(request.pages)"
        if let parameter = request.parameter { text += ", parameter: \(YAMLText.scalar(parameter))" }
        if let size = request.sizeParameter, let number = request.size {
            text += ", size_parameter: \(YAMLText.scalar(size)), size: \(number)"
        } else if let number = request.size,
            ["page_number", "offset"].contains(request.pages) || request.body?.template.contains("${page_size}") == true
        {
            text += ", size: \(number)"
        }
        if request.pages == "page_number", let first = request.first, first == 0 { text += ", first: 0" }
        if request.pages == "cursor_token", let token = envelope.token {
            text += ", token: \(YAMLText.scalar(root(token.path)))"
        }
        if request.pages == "next_link", let next = envelope.next {
            text += ", next: \(YAMLText.scalar(root(next.path)))"
        }
        draft.because(
            "pages", request.pages + (request.parameter.map { " by `\($0)`" } ?? ""), request.pagesFinding, indent: 6)
        draft.line(text + ", confirm: true }", indent: 6)
    }

    mutating func writeIdentity(indent: Int, _ open: inout [String]) {
        let paths = identity.key.map { inside($0.path) }
        draft.because("key", paths.joined(separator: ", "), identity.keyFinding, indent: indent)
        draft.line("key: \(YAMLText.list(paths))", indent: indent)
        open.append("key")
        if let cursor = identity.cursor {
            draft.because(
                "version", inside(cursor.path),
                Finding(
                    evidence: "the field that grows with changes",
                    doubt: "a sample cannot show that it grows with every change"), indent: indent)
            draft.line(
                "version: { from: \(YAMLText.scalar(inside(cursor.path))), \(ordered(cursor)), confirm: true }",
                indent: indent)
        } else {
            draft.because(
                "version", "arrival",
                Finding(
                    evidence: "no field looks like the time or number of a change", doubt: "whether the source has one"),
                indent: indent)
            draft.line("version: arrival", indent: indent)
            open.append("version")
        }
        if let gone = identity.gone {
            let path = inside(gone.path)
            draft.because(
                "tombstone", path,
                Finding(evidence: "the name speaks of deletion", doubt: "which value means that a record is gone"),
                indent: indent, comment: false)
            draft.line(
                "# tombstone: `\(path)` may say that a record is gone: { from: \(path), values: [...] }. Ask which values.",
                indent: indent)
        }
    }

    mutating func writeFiles() {
        draft.line("files:", indent: 4)
        draft.line("folder: \"${config:drop_folder}\"", indent: 6)
        settings.append(("drop_folder", "the folder the files are put in"))
        let suffix = sample.format.word
        draft.line("pattern: \"*.\(suffix)\"", indent: 6)
        draft.line(
            "# ready: a data file is read once the file beside it says that it is complete. Ask what they write.",
            indent: 6)
        draft.line("ready: { suffix: .done, confirm: true }", indent: 6)
        if sample.format == .xml || sample.format == .json {
            draft.because("records", root(list.path), listFinding, indent: 6)
            draft.line("records: \(YAMLText.scalar(root(list.path)))", indent: 6)
        }
        var open = ["pattern"]
        writeIdentity(indent: 6, &open)
        draft.line("confirm: \(YAMLText.list(open))", indent: 6)
    }

    mutating func writeFind(_ kind: LookupQuestion.Kind) {
        draft.line("find:", indent: 4)
        draft.line(
            "# \(kind.rawValue): one answer cannot show what none, an empty answer or a refusal look like.", indent: 6)
        if let part = request.askedByPath {
            draft.because(
                "request", request.path,
                Finding(
                    evidence: "the code that is asked about is a part of the path, `{\(part)}`",
                    doubt: "a manifest cannot put it there: use another operation, or write this one in Swift"),
                indent: 6)
        }
        draft.line("\(kind.rawValue):", indent: 6)
        writeRequest(indent: 8)
        draft.because("records", root(list.path), listFinding, indent: 8)
        draft.line("records: \(YAMLText.scalar(root(list.path)))", indent: 8)
        draft.line("confirm: true", indent: 8)
        var open: [String] = []
        writeIdentity(indent: 6, &open)
        draft.line("confirm: \(YAMLText.list(open))", indent: 6)
    }

    /// Texts that hold documents.
    mutating func writeDecoding() {
        guard !list.openings.isEmpty || !innerTexts.isEmpty else { return }
        draft.because(
            "decode", (list.openings.map { root($0.at) } + innerTexts.map { inside($0.path) }).joined(separator: ", "),
            Finding(evidence: "texts that are documents themselves", doubt: nil), indent: 4)
        draft.line("decode:", indent: 4)
        if !list.openings.isEmpty {
            draft.line("document:", indent: 6)
            for one in list.openings {
                draft.line("- { at: \(YAMLText.scalar(root(one.at))), kind: \(one.kind) }", indent: 8)
            }
        }
        if !innerTexts.isEmpty {
            draft.line("record:", indent: 6)
            for one in innerTexts.prefix(8) {
                draft.line("- { at: \(YAMLText.scalar(inside(one.path))), kind: \(one.kind) }", indent: 8)
            }
        }
    }
}
