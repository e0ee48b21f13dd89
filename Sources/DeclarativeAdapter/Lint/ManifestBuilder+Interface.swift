// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

extension ManifestBuilder {
    mutating func interface(_ block: Block, _ defaults: InterfaceDefaults) -> InterfacePlan? {
        let document = decodedPlan(block, defaults)
        let types = typeRule(block, document)
        checkWays(block)
        if block.has("pull") || block.has("find"), !block.has("status"), !defaults.top.has("status") {
            need(block, "status", "HTTP 200 alone means nothing; `status: []` says that here it does")
        }
        if block.has("find"), !block.has("not_found"), !defaults.top.has("not_found") {
            need(block, "not_found", "how a source says \"none\" is declared, never inferred")
        }
        let pull = block.block("pull").flatMap { pullPlan($0, document) }
        let ways = otherWays(block, document)
        let find = block.block("find").flatMap {
            findPlan(
                $0, document, records: pull?.records ?? ways.records, identity: pull?.identity ?? ways.identity)
        }
        let mapping = fieldMapping(block, document)
        let status = layers(block["status"] ?? defaults.top["status"], document)
        let notFound = conditions(block["not_found"] ?? defaults.top["not_found"], document)
        let golden = goldenQuestions(block, find: block.block("find"))
        guard let name = block.text("name"), let types, let mapping else { return nil }
        return InterfacePlan(
            name: name, types: types, document: document, pull: pull, ways: ways, find: find, status: status,
            notFound: notFound, schedule: schedule(schedule(of: block, defaults)),
            mapping: mapping, golden: golden, freshness: block.duration("freshness"),
            latency: block.duration("latency"),
            dailyQuota: block.block("limits")?.integer("daily_quota"),
            errors: errorRules(block["errors"] ?? defaults.top["errors"], document, defaults.top, pull?.pages.kind),
            volume: volume(block), notPersonal: Set(block.texts("not_personal")))
    }

    func documentPlan(_ block: Block, _ defaults: InterfaceDefaults) -> DocumentPlan {
        func setting(_ key: String) -> String? { block.text(key) ?? defaults.top.text(key) }
        let delimiters: [String: UInt8] = [",": 44, ";": 59, "tab": 9, "|": 124]
        let format: DocumentFormat =
            switch setting("format") {
            case "xml": .xml
            case "ndjson": .ndjson
            case "csv":
                .csv(
                    CSVDialect(
                        delimiter: delimiters[block.text("delimiter") ?? ","] ?? 44,
                        quote: block.text("quote") == "'" ? 39 : 34, isQuoted: block.text("quote") != "none",
                        names: block.texts("header") == ["true"] ? [] : block.texts("header")))
            default: .json
            }
        let pairs = block.has("namespaces") ? block.pairs("namespaces") : defaults.top.pairs("namespaces")
        return DocumentPlan(
            format: format, charset: setting("charset").flatMap { DocumentCharset(label: $0) },
            namespaces: Dictionary(pairs.map { ($0.key, $0.value) }) { $1 })
    }

    // MARK: - Paths

    mutating func recordPath(_ text: String, at spot: Spot, _ document: DocumentPlan) -> RecordPath? {
        let decoded = DecodedPath.entered(text, document.decode.record, isWhole: true)
        guard let path = anyPath(text, at: spot, document, document.format, decoded) else { return nil }
        if path.isSlow {
            findings.add(
                "manifest.slow_path", at: spot, "this path is followed node by node, on every record",
                "Nothing, if it is meant so. Names, indexes, attributes and positions are followed many times faster.",
                severity: .note)
        }
        return path
    }

    /// A path that may go on inside a text that `decode` opens.
    private mutating func anyPath(
        _ text: String, at spot: Spot, _ document: DocumentPlan, _ format: DocumentFormat,
        _ decoded: (step: DecodeStep, rest: String)?
    ) -> RecordPath? {
        do {
            guard let decoded else {
                return try RecordPath(text, language: format.pathLanguage, namespaces: document.namespaces)
            }
            let inner = try RecordPath(
                decoded.rest, language: decoded.step.innerFormat.pathLanguage, namespaces: document.namespaces)
            return RecordPath(entering: decoded.step.source, then: inner, text: text)
        } catch {
            badPath(error, spot, decoded?.step.innerFormat ?? format)
            return nil
        }
    }

    mutating func recordPath(_ block: Block, _ key: String, _ document: DocumentPlan) -> RecordPath? {
        block.text(key).flatMap { recordPath($0, at: block.spot(key), document) }
    }

    /// A path into the envelope: from the document's root, in plain steps.
    ///
    /// `isWhole`: the path to a text that `decode` opens stands for what is inside.
    mutating func envelopePath(
        _ text: String, at spot: Spot, _ document: DocumentPlan, isWhole: Bool = false
    ) -> RecordPath? {
        if document.wireFormat == .xml, !text.hasPrefix("/") {
            findings.add(
                "manifest.bad_path", at: spot, "a path outside the records starts at the document's root",
                "Write it as `/ROOT/…`.")
            return nil
        }
        let decoded = DecodedPath.entered(text, document.decode.document, isWhole: isWhole)
        guard let path = anyPath(text, at: spot, document, document.wireFormat, decoded) else { return nil }
        guard !path.isSlow else {
            findings.add(
                "manifest.bad_path", at: spot, "a path outside the records is made of names, indexes and attributes",
                "Write the whole way to the one value; filters and functions stand in paths inside a record.")
            return nil
        }
        return path
    }

    mutating func envelopePath(_ block: Block, _ key: String, _ document: DocumentPlan) -> RecordPath? {
        block.text(key).flatMap { envelopePath($0, at: block.spot(key), document) }
    }

    mutating func listPath(_ block: Block, _ key: String, _ document: DocumentPlan) -> StreamPath? {
        guard var text = block.text(key) else { return nil }
        if let last = document.decode.document.last {
            guard let rest = DecodedPath.rest(of: text, inside: last) else {
                findings.add(
                    "manifest.bad_path", at: block.spot(key), "the list does not lie in the text that `decode` opens",
                    "Let the path go on inside `\(shown(last.at))`; texts inside one record are `decode.record`.")
                return nil
            }
            text = rest
        }
        do {
            return try StreamPath(text, language: document.format.pathLanguage, namespaces: document.namespaces)
        } catch {
            badPath(error, block.spot(key), document.format)
            return nil
        }
    }

    private mutating func badPath(_ error: DocumentError, _ spot: Spot, _ format: DocumentFormat) {
        let language =
            switch format.pathLanguage {
            case .jsonPath: "JSONPath"
            case .xPath: "XPath 1.0, with prefixes from `namespaces`"
            case .column: "the name of a column"
            }
        let column = error.place.column.map { " (column \($0) of the path)" } ?? ""
        findings.add(
            "manifest.bad_path", at: spot, (error.detail ?? "the path cannot be understood") + column,
            "This interface's format takes \(language).")
    }

    // MARK: - Types, status, conditions, golden questions

    private mutating func typeRule(_ block: Block, _ document: DocumentPlan) -> TypeRule? {
        guard block.has("licence_type") != block.has("licence_type_from") else {
            if block.has("licence_type") {
                conflict(
                    block, "licence_type_from", "`licence_type` and `licence_type_from` exclude each other", "Keep one."
                )
            } else {
                need(block, "licence_type", "a record needs a licence type (or `licence_type_from`)")
            }
            return nil
        }
        if let code = block.text("licence_type") { return .fixed(LicenceTypeCode(code)) }
        guard let from = block.block("licence_type_from") else { return nil }
        guard from.has("map") != from.has("codes") else {
            if from.has("map") {
                conflict(from, "codes", "`map` and `codes` exclude each other", "Keep one.")
            } else {
                need(from, "codes", "either `map` or `codes` says which types are served")
            }
            return nil
        }
        var table: [String: LicenceTypeCode] = [:]
        for pair in from.pairs("map") { table[pair.key] = LicenceTypeCode(pair.value) }
        for code in from.texts("codes") { table[code] = LicenceTypeCode(code) }
        guard !from.has("from") else { return recordPath(from, "from", document).map { .from($0, table) } }
        guard let path = dialectTypePath(block, document) else {
            need(from, "from", "the dialect has no name for the type's code")
            return nil
        }
        return .from(path, table)
    }

    mutating func layers(_ shape: Shape?, _ document: DocumentPlan) -> [StatusLayer] {
        return (shape?.members ?? []).compactMap(\.block).compactMap { block in
            if !block.has("ok"), !block.has("known") { need(block, "ok", "some value means ok") }
            var values = knownLayer(block)
            var own: Set<String> = []
            for (key, meaning) in StatusLayer.Meaning.words {
                for text in block.texts(key) {
                    values[text] = meaning
                    if !own.insert(text).inserted {
                        conflict(block, key, "a value of this layer has two meanings", "Keep it in one list.")
                    }
                }
            }
            for pair in block.pairs("not_in_force") {
                guard let status = LicenceStatus(rawValue: pair.value), status != .valid else {
                    findings.add(
                        "manifest.conflict", at: pair.spot, "a licence that is not in force cannot be `\(pair.value)`",
                        "Use another status.")
                    continue
                }
                values[pair.key] = .notInForce(status)
            }
            let absent = block.text("absent").flatMap { StatusLayer.Meaning(word: $0) } ?? .broken
            return envelopePath(block, "from", document).map { StatusLayer(path: $0, values: values, absent: absent) }
        }
    }

    mutating func conditions(_ shape: Shape?, _ document: DocumentPlan, inRecord: Bool = false) -> [Condition] {
        var out: [Condition] = []
        for (index, block) in (shape?.members ?? []).compactMap(\.block).enumerated() {
            if ["known", "status", "equals", "contains", "empty"].allSatisfy({ !block.has($0) }) {
                need(block, "equals", "a condition needs at least one of `status`, `equals`, `contains`, `empty`")
            }
            if let status = block.integer("status"), [401, 403, 408, 429].contains(status) || status >= 500 {
                conflict(
                    block, "status", "HTTP \(status) says that the source could not answer, never that there is none",
                    "Remove it; an outage is not a no.")
            }
            var tests: [EnvelopeTest] = []
            func add(_ text: String, _ spot: Spot, _ kind: EnvelopeTest.Kind, _ me: inout ManifestBuilder) {
                let path =
                    inRecord ? me.recordPath(text, at: spot, document) : me.envelopePath(text, at: spot, document)
                if let path { tests.append(EnvelopeTest(path: path, kind: kind)) }
            }
            for pair in block.pairs("equals") { add(pair.key, pair.spot, .equals(pair.value), &self) }
            for pair in block.pairs("contains") { add(pair.key, pair.spot, .contains(pair.value), &self) }
            for text in block.texts("empty") { add(text, block.spot("empty"), .empty, &self) }
            let name = block.text("name") ?? block.text("known").map { $0.replacing("_", with: "-") }
            func add(_ tests: [EnvelopeTest]) {
                out.append(
                    Condition(
                        name: name ?? "condition-\(index + 1)", status: block.integer("status"), tests: tests,
                        exchange: block.text("in").flatMap(Condition.Exchange.init(rawValue:))))
            }
            if inRecord, block.has("in") {
                conflict(block, "in", "`in` has no meaning for a record", "Remove it; only a pull sets records aside.")
            }
            if inRecord, block.has("known") || block.has("at") {
                conflict(
                    block, block.has("known") ? "known" : "at", "named shapes are shapes of an answer, not of a record",
                    "Use `equals`, `contains` or `empty`.")
            } else if block.has("known") {
                for shape in knownShapes(block, document) { add([shape] + tests) }
            } else {
                if block.has("at") { conflict(block, "at", "`at` has no meaning without `known`", "Remove it.") }
                add(tests)
            }
        }
        return out
    }

    private mutating func goldenQuestions(_ block: Block, find: Block?) -> [GoldenQuestion] {
        block.blocks("golden").compactMap { golden in
            guard let name = golden.text("name"), let ask = golden.text("ask"), let secret = golden.text("secret"),
                let kind = LookupQuestion.Kind(rawValue: ask),
                let expectation = golden.text("expect").flatMap({ GoldenQuestion.Expectation(rawValue: $0) })
            else { return nil }
            if find?.has(ask) != true {
                conflict(
                    golden, "ask", "this interface takes no question by \(ask)",
                    "Declare `find: { \(ask): … }` or remove this.")
            }
            if kind == .holder, !golden.has("holder_kind") { need(golden, "holder_kind", "`ask: holder` needs it") }
            if kind == .number, !golden.has("licence_type") { need(golden, "licence_type", "`ask: number` needs it") }
            return GoldenQuestion(
                name: name, kind: kind, holderKind: golden.text("holder_kind").map { HolderCodeKind(rawValue: $0) },
                typeCode: golden.text("licence_type").map { LicenceTypeCode($0) }, secretName: secret,
                expectation: expectation)
        }
    }

    private mutating func volume(_ block: Block) -> ClosedRange<Int>? {
        guard let volume = block.block("volume") else { return nil }
        if !volume.has("least"), !volume.has("most") { need(volume, "least", "an expectation has a bound") }
        if block.has("find"), !block.has("pull"), !block.has("files") {
            conflict(block, "volume", "an interface that only answers questions brings no volume", "Remove it.")
        }
        let least = volume.integer("least") ?? 0
        let most = volume.integer("most") ?? .max
        guard least <= most else {
            conflict(volume, "most", "`most` is below `least`", "Correct one of them.")
            return nil
        }
        return least...most
    }

    /// The manifest's schedule with what the interface says instead.
    private func schedule(of block: Block, _ defaults: InterfaceDefaults) -> Block? {
        guard let own = block.block("schedule") else { return defaults.top.block("schedule") }
        guard var merged = defaults.top.block("schedule") else { return own }
        merged.values.merge(own.values) { $1 }
        merged.written.merge(own.written) { $1 }
        return merged
    }

    func schedule(_ block: Block?) -> PullSchedule {
        guard let block else { return PullSchedule() }
        return PullSchedule(
            slots: block.text("cron").flatMap { try? CronExpression.parse($0).get() },
            jitter: block.duration("jitter") ?? .zero,
            allowedHours: block.text("allowed_hours").flatMap(hourRange),
            downtime: block.texts("downtime").compactMap { DowntimeWindow($0) }, copyLimit: block.duration("copy_limit")
        )
    }
}
