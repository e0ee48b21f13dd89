// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

extension ManifestBuilder {
    mutating func pullPlan(_ block: Block, _ document: DocumentPlan) -> PullPlan? {
        let request = request(block, allowed: .pullText, defaultMethod: "GET")
        let pages = block.block("pages").flatMap { pagePlan($0, document) }
        let cursor = block.block("cursor").flatMap { cursorPlan($0, document) }
        let identity = identity(block, document)
        let records = listPath(block, "records", document)
        let total = envelopePath(block, "total", document)
        let hasMore = envelopePath(block, "has_more", document)
        let rejectIf = conditions(block["reject_if"], document, inRecord: true)
        let incremental = block.text("mode") == "incremental" || (!block.has("mode") && block.has("cursor"))
        if incremental, !block.has("cursor") { need(block, "cursor", "an incremental pull needs one") }
        guard let request, let pages, let identity, let records else { return nil }
        let partitions = partitionSource(block, document)
        checkPlaceholders(
            block, request, pages, incremental: incremental, clientFilter: cursor?.clientFilter ?? false,
            partitioned: !partitions.values.isEmpty || partitions.parent != nil || block.has("partitions"))
        checkWindow(block, request, pages, cursor)
        if pages.kind == .keyset {
            if !block.has("cursor") { need(block, "cursor", "`kind: keyset` pages by the cursor's value") }
            if let cursor, !cursor.ascending {
                conflict(block, "cursor", "`kind: keyset` needs `order: ascending`", "Choose another kind of pages.")
            }
        }
        return PullPlan(
            isIncremental: incremental, request: request, pages: pages, partitions: partitions.values,
            records: records, total: total, hasMore: hasMore, identity: identity, cursor: cursor, rejectIf: rejectIf,
            filter: filters(block, document), parent: partitions.parent, deletes: deletesPlan(block, document))
    }

    /// Each placeholder needs something to fill it, and what moves a pull on has to reach the request.
    private mutating func checkPlaceholders(
        _ block: Block, _ request: RequestPlan, _ pages: PagePlan, incremental: Bool, clientFilter: Bool,
        partitioned: Bool
    ) {
        let used = Set(request.placeholders.map(\.kind))
        let movers: [PageKind: Placeholder.Kind] = [.pageNumber: .page, .offset: .offset, .cursorToken: .pageToken]
        for (kind, mover) in movers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if kind == pages.kind {
                if pages.parameter == nil && !used.contains(mover) {
                    findings.add(
                        "manifest.missing_key", at: block.spot("pages"),
                        "nothing carries the position of `kind: \(kind.rawValue)` to the source",
                        "Add `parameter`, or put `${\(mover.rawValue)}` into path, query or body.")
                }
            } else if used.contains(mover) {
                findings.add(
                    "manifest.placeholder_not_here", at: block.spot("pages"),
                    "`${\(mover.rawValue)}` has no value with `kind: \(pages.kind.rawValue)`",
                    "Remove it or change the kind.")
            }
        }
        if used.contains(.cursor) || used.contains(.windowEnd), !block.has("cursor") {
            need(block, "cursor", "`${cursor}` and `${window_end}` are written in its format")
        }
        if used.contains(.windowEnd), block.block("cursor")?.text("kind") == "number" {
            findings.add(
                "manifest.placeholder_not_here", at: block.spot("cursor"),
                "`${window_end}` is a time, the cursor is a number", "Remove it from the request.")
        }
        let mayStopEarly = clientFilter || block.block("cursor")?.text("order") == "descending"
        if incremental, !used.contains(.cursor), !mayStopEarly, !(pages.kind == .keyset && pages.parameter != nil) {
            findings.add(
                "manifest.missing_key", at: block.spot,
                "`${cursor}` stands nowhere in the request, so every pull is a whole one",
                "Put it into query or body, or say `mode: full`.")
        }
        if used.contains(.pageSize), pages.size == nil { need(block, "pages", "`${page_size}` needs `pages.size`") }
        if used.contains(.partition) != partitioned {
            findings.add(
                "manifest.conflict", at: block.spot, "`partitions` and `${partition}` go together",
                "Add the missing one.")
        }
    }

    mutating func pagePlan(_ block: Block, _ document: DocumentPlan) -> PagePlan? {
        guard let kind = block.text("kind").flatMap(PageKind.init(rawValue:)) else { return nil }
        let fitting: [PageKind: Set<String>] = [
            .none: [], .pageNumber: ["parameter", "size_parameter", "size", "first", "smallest"],
            .offset: ["parameter", "size_parameter", "size", "smallest"],
            .cursorToken: ["parameter", "size_parameter", "size", "token", "smallest"],
            .keyset: ["parameter", "size_parameter", "size", "smallest"],
            .nextLink: ["size_parameter", "size", "next", "link_origins"],
        ]
        for key in block.written.keys.sorted() where key != "kind" && fitting[kind]?.contains(key) != true {
            conflict(block, key, "`\(key)` has no meaning with `kind: \(kind.rawValue)`", "Remove it.")
        }
        if [.pageNumber, .offset].contains(kind), !block.has("size") {
            need(block, "size", "`kind: \(kind.rawValue)` counts by it")
        }
        if block.has("size_parameter"), !block.has("size") { need(block, "size", "`size_parameter` carries it") }
        if block.has("smallest") { checkSmallest(block) }
        if kind == .cursorToken, !block.has("token") { need(block, "token", "`kind: cursor_token` follows it") }
        return PagePlan(
            kind: kind, parameter: block.text("parameter"), sizeParameter: block.text("size_parameter"),
            size: block.integer("size"), first: block.integer("first") ?? 1,
            token: envelopePath(block, "token", document), next: envelopePath(block, "next", document),
            smallest: block.integer("smallest"), linkOrigins: linkOrigins(block))
    }

    mutating func orderedValue(_ block: Block) -> OrderedValue? {
        let formats = block.texts("format").compactMap { DateFormat($0) }
        switch block.text("kind") {
        case "number":
            if block.has("format") {
                conflict(block, "format", "`format` has no meaning with `kind: number`", "Remove it.")
            }
            return .number
        case "time":
            if !block.has("format") { need(block, "format", "`kind: time` needs to know how a time is written") }
            return formats.isEmpty
                ? nil : .time(formats, zone: block.text("zone").flatMap(zoneMinutes) ?? 480)
        default: return nil
        }
    }

    private mutating func cursorPlan(_ block: Block, _ document: DocumentPlan) -> CursorPlan? {
        let value = orderedValue(block)
        let path = recordPath(block, "from", document)
        if block.text("kind") == "number", block.has("look_back") {
            conflict(block, "look_back", "`look_back` is a time, the cursor is a number", "Remove it.")
        }
        if block.text("kind") == "number" {
            for key in ["zone", "window"] where block.has(key) {
                conflict(block, key, "`\(key)` is about times, the cursor is a number", "Remove it.")
            }
        }
        if let start = block.text("start"), let value, value.read(start) == nil {
            findings.add(
                "manifest.bad_date_format", at: block.spot("start"), "`start` is not written in the cursor's format",
                "Write it as the source writes its values.")
        }
        guard let value, let path else { return nil }
        return CursorPlan(
            path: path, value: value, start: block.text("start"), lookBack: block.duration("look_back") ?? .zero,
            inclusive: block.boolean("inclusive") ?? true,
            order: block.text("order").flatMap(CursorPlan.Order.init(rawValue:)) ?? .ascending,
            window: block.duration("window"), clientFilter: block.boolean("client_filter") ?? false,
            fullAfter: block.duration("full_after"))
    }

    mutating func identity(_ block: Block, _ document: DocumentPlan) -> RecordIdentity? {
        var key: [RecordPath] = []
        if case .list(let members, let spot)? = block["key"], members.isEmpty {
            findings.add(
                "manifest.missing_key", at: spot, "the key has no path", "Name what makes a record the same record.")
        }
        for shape in block["key"]?.members ?? [] {
            guard let text = shape.text else { continue }
            if looksLikeDigest(text) {
                findings.add(
                    "manifest.digest_as_key", at: shape.spot, "`\(shown(text))` looks like a digest of the content",
                    "A digest changes with the record; use what the source itself tells its records apart by.")
            } else if let path = recordPath(text, at: shape.spot, document) {
                key.append(path)
            }
        }
        var version: RecordIdentity.VersionRule? = block.text("version") == "arrival" ? .arrival : nil
        if let inner = block.block("version") {
            let value = orderedValue(inner)
            if let path = recordPath(inner, "from", document), let value { version = .declared(path, value) }
        }
        var tombstone: RecordIdentity.Tombstone?
        if let inner = block.block("tombstone"), let path = recordPath(inner, "from", document) {
            tombstone = RecordIdentity.Tombstone(path: path, values: Set(inner.texts("values")))
        }
        guard let version, !key.isEmpty else { return nil }
        return RecordIdentity(key: key, version: version, tombstone: tombstone)
    }

    private func looksLikeDigest(_ path: String) -> Bool {
        let name = path.lowercased().split { !$0.isLetter && !$0.isNumber }.last.map(String.init) ?? ""
        return ["md5", "sha1", "sha256", "sha512", "sm3", "digest", "hash", "checksum", "crc32"].contains {
            name == $0 || name.hasSuffix($0)
        }
    }

    mutating func findPlan(
        _ block: Block, _ document: DocumentPlan, records: StreamPath?, identity own: RecordIdentity?
    ) -> FindPlan? {
        var questions: [LookupQuestion.Kind: LookupPlan] = [:]
        for kind in LookupQuestion.Kind.allCases {
            guard let inner = block.block(kind.rawValue) else { continue }
            if let plan = lookup(inner, kind, document, fallback: records) { questions[kind] = plan }
        }
        if LookupQuestion.Kind.allCases.allSatisfy({ !block.has($0.rawValue) }) {
            need(block, "holder", "`find` needs at least one of `holder`, `number`, `identifier`")
        }
        var identity = own
        if block.has("key") || block.has("version") || own == nil {
            for key in ["key", "version"] where !block.has(key) { need(block, key, "`key` and `version` go together") }
            identity = self.identity(block, document)
        }
        return identity.map { FindPlan(questions: questions, identity: $0) }
    }

    private mutating func lookup(
        _ block: Block, _ kind: LookupQuestion.Kind, _ document: DocumentPlan, fallback: StreamPath?
    ) -> LookupPlan? {
        let request = request(block, allowed: .askText, defaultMethod: "POST")
        let asked: Placeholder.Kind =
            switch kind {
            case .holder: .holderCode
            case .number: .number
            case .identifier: .identifier
            }
        if let request, !request.placeholders.contains(where: { $0.kind == asked }) {
            findings.add(
                "manifest.missing_key", at: block.spot, "`${\(asked.rawValue)}` stands nowhere in this question",
                "Put it into the body.")
        }
        let records = block.has("records") ? listPath(block, "records", document) : fallback
        if !block.has("records"), fallback == nil { need(block, "records", "there is no `pull` to take it from") }
        guard let request, let records else { return nil }
        let kinds = block.pairs("holder_kinds").map { (HolderCodeKind(rawValue: $0.key), $0.value) }
        let types = block.pairs("licence_types").map { (LicenceTypeCode($0.key), $0.value) }
        return LookupPlan(
            request: request, records: records, emptyMeansNone: block.boolean("empty_means_none") ?? false,
            holderKinds: Dictionary(kinds) { $1 }, licenceTypes: Dictionary(types) { $1 })
    }
}
