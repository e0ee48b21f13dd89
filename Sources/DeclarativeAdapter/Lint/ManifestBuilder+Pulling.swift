// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

// Partitions, removals, windows and the record filter of a pull.
extension ManifestBuilder {
    /// Most partitions of one interface.
    static let partitionsMax = 2_000

    mutating func partitionSource(_ block: Block, _ document: DocumentPlan) -> (values: [String], parent: FeedPlan?) {
        let values = block.texts("partitions")
        let blocks = block.blocks("partitions")
        if Set(values).count != values.count {
            conflict(block, "partitions", "a partition stands twice", "Keep one of them.")
        }
        guard let inner = blocks.first else { return (values, nil) }
        guard blocks.count == 1, values.isEmpty else {
            conflict(block, "partitions", "a list of values and where they come from exclude each other", "Keep one.")
            return (values, nil)
        }
        guard inner.has("table") != inner.has("parent") else {
            if inner.has("table") {
                conflict(inner, "parent", "`table` and `parent` exclude each other", "Keep one.")
            } else {
                need(inner, "table", "either `table` or `parent` says where the partitions come from")
            }
            return ([], nil)
        }
        if let parent = inner.block("parent") {
            if inner.has("column") {
                conflict(inner, "column", "`column` has no meaning without `table`", "Remove it.")
            }
            let key = recordPath(parent, "value", document)
            let identity = key.map { RecordIdentity(key: [$0], version: .arrival, tombstone: nil) }
            return ([], feed(parent, document, identity))
        }
        if !inner.has("column") { need(inner, "column", "the table has several") }
        return (tableValues(inner), nil)
    }

    private mutating func tableValues(_ block: Block) -> [String] {
        guard let file = block.text("table"), let column = block.text("column") else { return [] }
        let path = "\(folder)/\(file)"
        guard let bytes = Folder.bytes(path, bytesMax: RowTable.bytesMax) else {
            findings.add(
                "table.unreadable", at: block.spot("table"), "the table `\(shown(file))` is not beside the manifest",
                "Put it there, readable and at most 4 MiB.")
            return []
        }
        guard let table = RowTable.read(bytes, file: path, findings: &findings) else { return [] }
        guard table.columnNames.contains(column) else {
            let nearest = nearestWord(to: column, in: table.columnNames)
            findings.add(
                "manifest.unknown_word", at: block.spot("column"), "the table has no column `\(shown(column))`",
                nearest.map { "Did you mean `\($0)`?" } ?? "Columns: \(table.columnNames.joined(separator: ", ")).")
            return []
        }
        var values: [String] = []
        var seen: Set<String> = []
        for row in table.rows {
            guard let cell = row.cells[column] else { continue }
            let spot = Spot(file: cell.place.file, line: cell.place.line, column: cell.place.column)
            if !PartitionValue.isSound(cell.text) {
                findings.add(
                    "manifest.bad_text", at: spot, "this is no value of a partition",
                    "Write 1 to 64 characters without control characters.")
            } else if !seen.insert(cell.text).inserted {
                findings.add("manifest.conflict", at: spot, "this partition stands twice", "Keep one of the rows.")
            } else {
                values.append(cell.text)
            }
        }
        return values
    }

    /// A list beside the records.
    private mutating func feed(_ block: Block, _ document: DocumentPlan, _ identity: RecordIdentity?) -> FeedPlan? {
        let request = request(block, allowed: .pullText, defaultMethod: "GET")
        let records = listPath(block, "records", document)
        var pages = PagePlan(
            kind: .none, parameter: nil, sizeParameter: nil, size: nil, first: 1, token: nil, next: nil)
        if let inner = block.block("pages") {
            guard let plan = pagePlan(inner, document) else { return nil }
            if plan.kind == .keyset {
                conflict(inner, "kind", "a list beside the records has no cursor of its own", "Use another kind.")
            }
            pages = plan
        }
        guard let request, let records, let identity else { return nil }
        return FeedPlan(
            request: request, pages: pages, records: records, total: envelopePath(block, "total", document),
            hasMore: envelopePath(block, "has_more", document), identity: identity)
    }

    mutating func deletesPlan(_ block: Block, _ document: DocumentPlan) -> FeedPlan? {
        guard let inner = block.block("deletes") else { return nil }
        let own = block["key"]?.members.count ?? 0
        let theirs = inner["key"]?.members.count ?? 0
        if own != theirs {
            conflict(inner, "key", "the feed's key has \(theirs) parts, the pull's has \(own)", "Name the same parts.")
        }
        let keys = (inner["key"]?.members ?? []).compactMap { shape in
            shape.text.flatMap { recordPath($0, at: shape.spot, document) }
        }
        var version = RecordIdentity.VersionRule.arrival
        if let rule = inner.block("version"), let path = recordPath(rule, "from", document),
            let value = orderedValue(rule)
        {
            version = .declared(path, value)
            if block.text("version") == "arrival" {
                conflict(
                    inner, "version", "the pull's own `version` is `arrival`, so there is nothing to compare it with",
                    "Remove it.")
            }
        }
        let plan = feed(inner, document, RecordIdentity(key: keys, version: version, tombstone: nil))
        if let plan, plan.request.placeholders.contains(where: { $0.kind == .cursor }), !block.has("cursor") {
            need(block, "cursor", "`${cursor}` of the feed is the pull's")
        }
        return plan
    }

    mutating func filters(_ block: Block, _ document: DocumentPlan) -> [RecordFilter] {
        block.entries("where").compactMap { entry in
            recordPath(entry.key, at: entry.spot, document).map {
                RecordFilter(path: $0, values: Set(entry.value.members.compactMap(\.text)))
            }
        }
    }

    /// A pull in windows needs a beginning, and both ends in its request.
    mutating func checkWindow(_ block: Block, _ request: RequestPlan, _ pages: PagePlan, _ cursor: CursorPlan?) {
        guard let inner = block.block("cursor") else { return }
        if inner.text("order") == "descending", block.text("mode") == "full" {
            conflict(inner, "order", "`descending` stops at the cursor, and `mode: full` has none", "Remove one.")
        }
        guard inner.has("window") else { return }
        if !inner.has("start") { need(inner, "start", "the first window begins there") }
        let used = Set(request.placeholders.map(\.kind))
        if !used.contains(.cursor) || !used.contains(.windowEnd) {
            findings.add(
                "manifest.missing_key", at: inner.spot("window"),
                "a window has two ends, and the request does not carry both",
                "Put `${cursor}` and `${window_end}` into path, query or body.")
        }
        if pages.kind == .keyset {
            conflict(inner, "window", "`kind: keyset` moves the cursor itself", "Use another kind of pages.")
        }
    }

    mutating func checkSmallest(_ block: Block) {
        let carries =
            block.has("size_parameter")
            || block.has("size") && ["page_number", "offset", "cursor_token", "keyset"].contains(block.text("kind"))
        guard let smallest = block.integer("smallest") else { return }
        guard carries, let size = block.integer("size") else {
            return need(block, "size", "`smallest` is a smaller `size`")
        }
        if smallest >= size {
            conflict(block, "smallest", "`smallest` is not smaller than `size`", "Lower it or remove it.")
        }
    }

    mutating func linkOrigins(_ block: Block) -> [Template] {
        for shape in block["link_origins"]?.members ?? [] {
            guard let text = shape.text, let address = BaseAddress(text) else { continue }
            if !address.isSecure, !address.isLoopback {
                findings.add(
                    "manifest.insecure_url", at: shape.spot, "a link origin is plain `http` and not on loopback",
                    "Use `https`.")
            }
        }
        return block.texts("link_origins").compactMap { try? Template.parse($0).get() }
    }
}

// Failures and budgets.
extension ManifestBuilder {
    func requestRate(_ block: Block?) -> RequestRate? {
        guard let block, let count = block.integer("count"), let window = block.duration("window") else { return nil }
        return RequestRate(count: count, window: window)
    }

    /// `pages` is how the interface is paged; nil when it only answers questions, or is filled in another way.
    mutating func errorRules(
        _ shape: Shape?, _ document: DocumentPlan, _ top: Block, _ pages: PageKind?
    ) -> [ErrorRule] {
        let hasToken = top.blocks("auth").contains { ["login", "oauth2"].contains($0.text("kind")) }
        return (shape?.members ?? []).compactMap(\.block).enumerated().compactMap { index, block in
            guard let action = block.text("do").flatMap(ErrorRule.Action.init(rawValue:)) else { return nil }
            if ["status", "equals", "contains", "text"].allSatisfy({ !block.has($0) }) {
                need(block, "status", "a rule needs at least one of `status`, `equals`, `contains`, `text`")
            }
            checkRule(block, action)
            if action == .skip, pages != .pageNumber, pages != .offset {
                conflict(
                    block, "do",
                    "only pages by number or offset can be left out, of others only the answer says what is next",
                    "Use `retry` or `stop`, or give the interfaces of other pages `errors` of their own.")
            }
            if action == .renew, !hasToken {
                conflict(block, "do", "`renew` has no meaning without a login in `auth`", "Add one, or use `stop`.")
            }
            var tests: [EnvelopeTest] = []
            for pair in block.pairs("equals") {
                if let path = envelopePath(pair.key, at: pair.spot, document) {
                    tests.append(EnvelopeTest(path: path, kind: .equals(pair.value)))
                }
            }
            for pair in block.pairs("contains") {
                if let path = envelopePath(pair.key, at: pair.spot, document) {
                    tests.append(EnvelopeTest(path: path, kind: .contains(pair.value)))
                }
            }
            let condition = Condition(
                name: block.text("name") ?? "error-\(index + 1)", status: block.integer("status"), tests: tests)
            return ErrorRule(
                condition: condition, text: block.text("text"), action: action, wait: wait(block),
                resetHeader: block.block("wait")?.text("reset_header"))
        }
    }

    private mutating func checkRule(_ block: Block, _ action: ErrorRule.Action) {
        if action != .retry {
            for key in ["wait", "times"] where block.has(key) {
                conflict(block, key, "`\(key)` has a meaning with `do: retry` only", "Remove it.")
            }
        }
        if action == .none, let status = block.integer("status"),
            [401, 403, 408, 429].contains(status) || status >= 500
        {
            conflict(
                block, "do", "HTTP \(status) says that the source could not answer, never that there is none",
                "Use `retry` or `stop`; an outage is not a no.")
        }
    }

    private func wait(_ block: Block) -> RetryWait? {
        guard block.text("do") == "retry", block.has("wait") || block.has("times") else { return nil }
        let inner = block.block("wait")
        return RetryWait(
            kind: inner?.text("kind").flatMap(RetryWait.Kind.init(rawValue:)) ?? .exponential,
            first: inner?.duration("first") ?? .seconds(1), most: inner?.duration("most") ?? .seconds(60),
            jitterFraction: Double(inner?.integer("jitter_percent") ?? 25) / 100, times: block.integer("times"))
    }
}

/// What may be a partition: it stands in requests, in places and in the store.
enum PartitionValue {
    static func isSound(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 64 && !text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    }
}

extension PullPlan {
    /// Everything the configuration may have to fill, of the pull and of the lists beside it.
    var placeholders: [Placeholder] {
        request.placeholders + linkOrigins.flatMap(\.placeholders) + (parent?.request.placeholders ?? [])
            + (deletes?.request.placeholders ?? [])
    }

    /// The other origins that a next link may lead to, of the pull and of the lists beside it.
    var linkOrigins: [Template] {
        pages.linkOrigins + (parent?.pages.linkOrigins ?? []) + (deletes?.pages.linkOrigins ?? [])
    }
}
