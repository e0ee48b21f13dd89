// SPDX-License-Identifier: Apache-2.0
internal import Archives
internal import Cryptography
internal import Diagnostics
internal import SourceDocument

extension ManifestBuilder {
    /// How answers of an interface are read, with everything that is around and inside them.
    mutating func decodedPlan(_ block: Block, _ defaults: InterfaceDefaults) -> DocumentPlan {
        var plan = documentPlan(block, defaults)
        checkCSV(block, plan)
        if let decode = block.block("decode") ?? defaults.top.block("decode") {
            if block.hasOtherWay {
                for key in ["container", "document"] where block.block("decode")?.has(key) == true {
                    conflict(decode, key, "`\(key)` has no meaning for what is not asked over HTTP", "Remove it.")
                }
            } else {
                plan.decode.container = container(decode)
                for step in decode.blocks("document") { documentStep(step, &plan) }
            }
            for step in decode.blocks("record") { recordStep(step, &plan) }
        }
        if let line = block.block("pull")?.block("end_line") { plan.endLine = endLine(line, plan) }
        return plan
    }

    private mutating func checkCSV(_ block: Block, _ plan: DocumentPlan) {
        if case .csv = plan.format {
            let names = block.texts("header")
            if names != ["true"], Set(names).count != names.count {
                conflict(block, "header", "two columns have one name", "Give each its own.")
            }
            if case .list(let members, _)? = block["header"], members.isEmpty {
                conflict(block, "header", "the list of columns is empty", "Name every column, or say `true`.")
            }
            return
        }
        for key in ["quote", "header"] where block.has(key) {
            conflict(block, key, "`\(key)` has no meaning without `format: csv`", "Remove it.")
        }
    }

    private mutating func container(_ block: Block) -> DecodePlan.Container? {
        let word = block.text("container")
        if block.has("member"), word != "zip" {
            conflict(block, "member", "`member` has no meaning without `container: zip`", "Remove it.")
        }
        switch word {
        case "gzip": return .archive(.gzip)
        case "deflate": return .archive(.deflate)
        case "multipart_related": return .multipart
        case "zip":
            let pattern = block.text("member").flatMap { MemberPattern($0) }
            if block.has("member"), pattern == nil {
                conflict(
                    block, "member", "no member that is read can have this name", "Write it without `..` and `\\`.")
            }
            return .archive(.zip(member: pattern))
        default: return nil
        }
    }

    // MARK: - Steps

    private mutating func documentStep(_ block: Block, _ plan: inout DocumentPlan) {
        guard let kind = checkedKind(block), let at = block.text("at") else { return }
        let spot = block.spot("at")
        let outer = plan.wireFormat
        if outer == .ndjson || outer.pathLanguage == .column {
            conflict(block, "at", "lines and rows have no text around their records", "Use `decode.record`.")
            return
        }
        if let last = plan.decode.document.last, DecodedPath.rest(of: at, inside: last) == nil {
            conflict(
                block, "at", "this text does not lie inside the one before it",
                "Let it go on inside `\(shown(last.at))`, or remove one of them.")
            return
        }
        guard let source = envelopePath(at, at: spot, plan, isWhole: true) else { return }
        guard let step = step(block, kind, source, otherwise: "json") else { return }
        plan.decode.outer = outer
        plan.decode.document.append(step)
        plan.format = step.innerFormat
    }

    private mutating func recordStep(_ block: Block, _ plan: inout DocumentPlan) {
        guard let kind = checkedKind(block), let at = block.text("at") else { return }
        guard let source = recordPath(at, at: block.spot("at"), plan) else { return }
        guard let step = step(block, kind, source, otherwise: "text") else { return }
        plan.decode.record.append(step)
    }

    private mutating func checkedKind(_ block: Block) -> DecodeStep.Kind? {
        guard let kind = block.text("kind").flatMap(DecodeStep.Kind.init(rawValue:)) else { return nil }
        var fitting: Set<String> = ["at", "kind", "confirm"]
        if kind.needsThen { fitting.formUnion(["then", "charset"]) }
        if kind == .nameValue { fitting.formUnion(["name", "value"]) }
        if kind == .sm2 { fitting.formUnion(["key", "order", "point", "encoding"]) }
        if kind == .sm4CBC { fitting.formUnion(["key", "iv", "encoding"]) }
        for key in block.written.keys.sorted() where !fitting.contains(key) {
            conflict(block, key, "`\(key)` has no meaning with `kind: \(kind.rawValue)`", "Remove it.")
        }
        if kind == .sm2 || kind == .sm4CBC, !block.has("key") {
            need(block, "key", "`kind: \(kind.rawValue)` is opened with it")
        }
        if block.text("point") == "der", block.has("order") {
            conflict(block, "order", "`order` has no meaning with `point: der`", "Remove it.")
        }
        return kind
    }

    private func step(
        _ block: Block, _ kind: DecodeStep.Kind, _ source: RecordPath, otherwise: String
    ) -> DecodeStep? {
        let syntax: EmbeddedSyntax =
            switch kind {
            case .json, .nameValue: .json
            case .singleQuotedJSON: .singleQuotedJSON
            case .xml: .xml
            case .base64, .sm2, .sm4CBC:
                switch block.text("then") ?? otherwise {
                case "xml": .xml
                case "text": .text
                default: .json
                }
            }
        var step = DecodeStep(kind: kind, at: block.text("at") ?? "", source: source, syntax: syntax)
        step.charset = block.text("charset").flatMap { DocumentCharset(label: $0) }
        step.name = block.text("name") ?? "name"
        step.value = block.text("value") ?? "value"
        step.form = block.text("point").flatMap(SM2Ciphertext.Form.init(rawValue:)) ?? .raw
        step.order = block.text("order").flatMap(SM2Ciphertext.Order.init(rawValue:)) ?? .c1c3c2
        step.encoding = block.text("encoding") == "base64" ? .base64 : .hex
        step.keyName = block.template("key")?.placeholders.first?.name
        step.ivName = block.template("iv")?.placeholders.first?.name
        return step
    }

    private mutating func endLine(_ block: Block, _ plan: DocumentPlan) -> EndLine? {
        guard plan.format == .ndjson else {
            findings.add(
                "manifest.conflict", at: block.spot, "`end_line` has no meaning without `format: ndjson`", "Remove it.")
            return nil
        }
        let tests = block.pairs("equals").compactMap { pair in
            recordPath(pair.key, at: pair.spot, plan).map { EnvelopeTest(path: $0, kind: .equals(pair.value)) }
        }
        if block.has("equals"), tests.isEmpty { need(block, "equals", "something tells the last line from a record") }
        guard !tests.isEmpty else { return nil }
        return EndLine(
            condition: Condition(name: "end-line", status: nil, tests: tests),
            count: block.text("count").flatMap { recordPath($0, at: block.spot("count"), plan) })
    }
}

/// Paths that go on inside a text.
enum DecodedPath {
    /// What of a path lies inside the text that a step opens; nil when it does not lead there.
    ///
    /// `isWhole`: the path to the text itself stands for what is inside.
    static func rest(of text: String, inside step: DecodeStep, isWhole: Bool = true) -> String? {
        let isXML = step.innerFormat == .xml
        if text == step.at { return isWhole ? (isXML ? "." : "$") : nil }
        guard text.hasPrefix(step.at) else { return nil }
        let rest = text.dropFirst(step.at.count)
        switch rest.first {
        case "$": return isXML ? nil : String(rest)
        case ".", "[": return isXML || !step.at.hasPrefix("$") ? nil : "$" + rest
        case "/": return isXML ? String(rest) : nil
        default: return nil
        }
    }

    /// The last step whose text a path goes on in.
    static func entered(
        _ text: String, _ steps: [DecodeStep], isWhole: Bool
    ) -> (step: DecodeStep, rest: String)? {
        for step in steps.reversed() {
            if let rest = rest(of: text, inside: step, isWhole: isWhole) { return (step, rest) }
        }
        return nil
    }
}
