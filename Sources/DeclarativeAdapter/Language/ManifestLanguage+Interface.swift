// SPDX-License-Identifier: Apache-2.0

extension ManifestLanguage {
    static let interface = BlockSpec(
        name: "interface", doc: "One interface: where it is pulled, what it can be asked, and how its records read.",
        keys: [
            KeySpec("name", .form(.kebab), .required, "Its name inside the source.", example: "licences"),
            KeySpec(
                "licence_type", .form(.licenceType),
                .conditional("exactly one of `licence_type` and `licence_type_from`"),
                "The type of every record here.", example: "\"11100000000013127D916\""),
            KeySpec(
                "licence_type_from", .block("type from"),
                .conditional("exactly one of `licence_type` and `licence_type_from`"),
                "Where a record says its type.", example: "{ from: $.typeCode, codes: [ \"11100000000013127D916\" ] }"),
            KeySpec(
                "format", .word(["json", "ndjson", "xml", "csv"]), .optional("the manifest's"), "What answers are.",
                example: "json"),
            KeySpec(
                "charset", .word(Charset.allCases.map(\.rawValue)), .optional("the manifest's"),
                "Overrides the character set of answers.", example: "gb18030"),
            KeySpec(
                "namespaces", .map(keys: .prefix, .form(.uri), max: 32), .optional("the manifest's"),
                "Prefixes for paths into XML.", example: "{ h: \"http://example.gov/health\" }"),
        ] + csvKeys + decodeKeys + [
            KeySpec(
                "pull", .block("pull"), .conditional("at least one of `pull`, `files`, `push`, `tap` and `find`"),
                "How it is pulled over HTTP.",
                example: "{ path: /licences, … }"),
            KeySpec(
                "find", .block("find"), .conditional("at least one of `pull`, `files`, `push`, `tap` and `find`"),
                "How it is asked for one answer.",
                example: "{ holder: { path: /query, … } }"),
            KeySpec(
                "status", .list(.block("status layer"), max: 8), .optional("the manifest's"),
                "The business status of its answers.",
                example: "[ { from: $.code, ok: [\"200\"] } ]"),
            KeySpec(
                "not_found", .list(.block("condition"), max: 16), .optional("the manifest's"),
                "How it says \"there is none\".", example: "[ { status: 404 } ]"),
            interfaceErrorsKey,
            KeySpec(
                "schedule", .block("interface schedule"), .optional("the manifest's"),
                "When it is pulled; a key that is not given here is the manifest's.",
                example: "{ cron: \"0 6 * * 1\" }"),
            KeySpec(
                "limits", .block("interface limits"), .optional("the manifest's"), "Limits of this interface alone.",
                example: "{ daily_quota: 10000 }"),
            KeySpec(
                "fields", .block("fields"), .required, "How a record becomes a licence.",
                example: "{ dialect: long_english }"),
            KeySpec(
                "face_fields", .block("face fields"), .optional("`{ keep: rest }`"), "Which further fields are kept.",
                example: "{ keep: none }"),
            notPersonalKey,
            KeySpec(
                "golden", .list(.block("golden question"), max: 8),
                .optional("none; health is then at best \"healthy, unproven\""),
                "Questions whose answers we know.", example: "[ { name: valid-holder, … } ]"),
            KeySpec(
                "freshness", .duration(60_000...31_536_000_000), .optional("nothing is expected"),
                "The newest record should be younger than this.", example: "72h"),
            KeySpec(
                "volume", .block("volume"), .optional("nothing is expected"),
                "How many records a whole pull should bring; more or fewer is a warning of health.",
                example: "{ least: 100, most: 50000 }"),
            KeySpec(
                "latency", .duration(1...600_000), .optional("nothing is promised"),
                "The latency its owner promises for one exchange.",
                example: "800ms"),
        ] + otherWayKeys)

    static let typeFrom = BlockSpec(
        name: "type from", doc: "Where a record says its licence type; a value that is not listed rejects the record.",
        keys: [
            KeySpec(
                "from", .form(.recordPath), .conditional("required unless the dialect has a name for it"), "The path.",
                example: "$.certificateTypeCode"),
            KeySpec(
                "map", .map(keys: nil, .form(.licenceType), max: 400), .conditional("exactly one of `map` and `codes`"),
                "Their name for a type, and ours.", example: "{ yingyezhizhao: \"11100000MB0312669X001\" }"),
            KeySpec(
                "codes", .list(.form(.licenceType), max: 400), .conditional("exactly one of `map` and `codes`"),
                "The types served, when the source writes our codes.", example: "[ \"11100000000013127D916\" ]"),
        ])

    static let pull = BlockSpec(
        name: "pull", doc: "How an interface is pulled, page by page.",
        keys: [
            KeySpec(
                "mode", .word(["incremental", "full"]), .optional("`incremental` with a `cursor`, else `full`"),
                "`full`: only whole pulls. `incremental`: whole pulls and pulls from the cursor.",
                example: "incremental"),
            KeySpec("method", .word(["GET", "POST"]), .optional("GET"), "The method.", example: "POST"),
            KeySpec("path", .template(.pullAddress), .required, "The path below `base_url`.", example: "/licences"),
            KeySpec(
                "query", .map(keys: nil, .template(.pullAddress), max: 32), .optional("none"),
                "Query parameters; one whose placeholder has no value is left out.",
                example: "{ changed_since: \"${cursor}\" }"),
            KeySpec(
                "headers", .map(keys: .token, .template(.pullText), max: 16), .optional("none"), "Further headers.",
                example: "{ Accept: application/json }"),
            KeySpec(
                "body", .block("body"), .optional("none"), "The body of a POST.",
                example: "{ kind: json, template: \"{}\" }"),
            KeySpec("pages", .block("pages"), .required, "How one page leads to the next.", example: "{ kind: none }"),
            KeySpec(
                "partitions", .oneOrMore(.either(.text(max: 64), .block("partitions")), max: 512),
                .optional("pulled whole"),
                "Values of `${partition}`, each pulled by itself with its own cursor; or where they come from.",
                example: "[ \"430111\" ]"),
            KeySpec(
                "where", .map(keys: .recordPath, .oneOrMore(.text(max: 200), max: 64), max: 8),
                .optional("every record"),
                "Only records with one of these values at each path; others are left out and counted, never quarantined.",
                example: "{ $.kind: [\"1\", \"2\"] }"),
            KeySpec(
                "records", .form(.listPath), .required, "Where the list is; one object or element is a list of one.",
                example: "$.data.items"),
            KeySpec(
                "end_line", .block("end line"), .optional("the stream ends where the body ends"),
                "With `format: ndjson`: the last line, without which the answer is not complete; holds for every answer of this "
                    + "interface.",
                example: "{ equals: { $.end: \"true\" }, count: $.count }"),
            KeySpec(
                "total", .form(.envelopePath), .optional("the source declares none"),
                "The declared total: a total that shrinks, or that is not reached, is an error.",
                example: "$.data.total"),
            KeySpec(
                "has_more", .form(.envelopePath), .optional("judged by token, total, empty or short page"),
                "Whether there are further pages: `true`, `1`, `Y` or `false`, `0`, `N`; anything else is an error.",
                example: "$.data.hasMore"),
            KeySpec(
                "key", .oneOrMore(.form(.recordPath), max: 8), .required,
                "What makes a record the same record. Never guessed; a digest is refused.", example: "[ $.id ]"),
            KeySpec(
                "version", .either(.word(["arrival"]), .block("version")), .required, "What makes a record newer.",
                example: "{ from: $.updatedAt, kind: time, format: epoch_ms }"),
            KeySpec(
                "cursor", .block("cursor"), .conditional("required for `mode: incremental`"), "What to resume from.",
                example: "{ from: $.updatedAt, kind: time, format: epoch_ms }"),
            KeySpec(
                "tombstone", .block("tombstone"), .optional("the source never says that a record is gone"),
                "How a record says that it is gone.", example: "{ from: $.deleted, values: [\"true\"] }"),
            KeySpec(
                "deletes", .block("deletes"), .optional("the source has no such feed"), "A feed of keys that are gone.",
                example: "{ path: /deleted, records: $.data, key: [ $.id ] }"),
            KeySpec(
                "reject_if", .list(.block("condition"), max: 8), .optional("never"),
                "Records that go to quarantine whatever they hold.",
                example: "[ { equals: { $.test: \"1\" } } ]"),
        ])

    static let body = BlockSpec(
        name: "body", doc: "The body of a POST. Values are escaped for the kind of body.",
        keys: [
            KeySpec(
                "kind", .word(["json", "form", "xml", "soap11", "soap12"]), .required,
                "What it is; sets the content type.", example: "json"),
            KeySpec(
                "template", .template(.pullOrAsk), .conditional("required unless `kind: form`"),
                "The text; for SOAP the content of the Body element, the envelope is added.",
                example: "'{\"page\": ${page}, \"size\": ${page_size}}'"),
            KeySpec(
                "fields", .map(keys: nil, .template(.pullOrAsk), max: 32), .conditional("required for `kind: form`"),
                "The fields of a form.", example: "{ page: \"${page}\" }"),
            KeySpec("action", .text(max: 200), .optional("none"), "The SOAP action.", example: "\"urn:queryLicences\""),
        ])

    static let pages = BlockSpec(
        name: "pages",
        doc:
            "How one page leads to the next. The same token or the same page twice, a total that shrinks and a link to "
            + "another origin are errors in every kind.",
        keys: [
            KeySpec(
                "kind", .word(PageKind.allCases.map(\.rawValue)), .required,
                "`none`: one answer. `page_number`, `offset`: counted. `cursor_token`: the answer names the next. `keyset`: after the "
                    + "last record's cursor value. `next_link`: the answer holds the next address.",
                example: "page_number"),
            KeySpec(
                "parameter", .text(max: 64), .optional("the placeholder stands in `path`, `query` or `body`"),
                "The query parameter that carries number, offset, token or last value.", example: "page"),
            KeySpec(
                "size_parameter", .text(max: 64), .optional("the source's page size"),
                "The query parameter for the page size.",
                example: "size"),
            KeySpec(
                "size", .integer(1...100_000),
                .conditional("required for `page_number`, `offset` and with `size_parameter`"),
                "Records a page.", example: "500"),
            KeySpec(
                "smallest", .integer(1...100_000), .optional("the run stops when a page keeps failing"),
                "A page that keeps failing is asked in halves, down to this size.", example: "50"),
            KeySpec("first", .integer(0...1), .optional("1"), "The number of the first page.", example: "0"),
            KeySpec(
                "token", .form(.envelopePath), .conditional("required for `cursor_token`"),
                "Where the next token is; absent, null or empty ends the pull.", example: "$.cursor"),
            KeySpec(
                "next", .form(.envelopePath), .optional("the `Link` header with `rel=next`"),
                "Where the next address is.",
                example: "$.links.next"),
            KeySpec(
                "link_origins", .list(.form(.url), max: 8), .optional("the origin of `base_url` alone"),
                "Other origins a next link may lead to; they are asked without anything that shows who we are.",
                example: "[ \"${config:files_url}\" ]"),
        ])

    static let version_ = BlockSpec(
        name: "version",
        doc: "What makes one version of a record newer than another; `version: arrival` when nothing does.",
        keys: [
            KeySpec("from", .form(.recordPath), .required, "The path.", example: "$.updatedAt"),
            KeySpec("kind", .word(["time", "number"]), .required, "What it is.", example: "time"),
            KeySpec(
                "format", .oneOrMore(.form(.dateFormat), max: 8), .conditional("required for `kind: time`"),
                "How the time is written; UTC+8 unless it carries an offset.", example: "\"yyyy-MM-dd HH:mm:ss\""),
        ])

    static let cursor = BlockSpec(
        name: "cursor",
        doc:
            "What a later pull takes up from. Always inclusive: records at the boundary are read again, never skipped.",
        keys: [
            KeySpec("from", .form(.recordPath), .required, "The path.", example: "$.updatedAt"),
            KeySpec("kind", .word(["time", "number"]), .required, "What it is.", example: "time"),
            KeySpec(
                "format", .oneOrMore(.form(.dateFormat), max: 8), .conditional("required for `kind: time`"),
                "How it is written; the first one is used in requests.", example: "\"yyyy-MM-dd HH:mm:ss\""),
            KeySpec(
                "start", .text(max: 64), .optional("the parameter is left out of a first pull"),
                "`${cursor}` of a first and of a whole pull, as written.", example: "\"1970-01-01 00:00:00\""),
            KeySpec(
                "look_back", .duration(0...31_536_000_000), .optional("0s"),
                "For `kind: time`: take up this much earlier, for sources that write late.", example: "10m"),
            KeySpec(
                "inclusive", .boolean, .optional("true"),
                "False when the source sends only what is strictly after `${cursor}`; we then ask from one step earlier.",
                example: "false"),
            KeySpec(
                "order", .word(CursorPlan.Order.allCases.map(\.rawValue)), .optional("ascending"),
                "`ascending`: a value that goes back is an error, and every page can be resumed from. `descending`: newest first, "
                    + "read until older than the cursor. `any` and `descending`: only a whole run or window can be resumed from.",
                example: "any"),
        ] + cursorFurther)

    static let tombstone = BlockSpec(
        name: "tombstone", doc: "How a record says that it is gone.",
        keys: [
            KeySpec("from", .form(.recordPath), .required, "The path.", example: "$.deleted"),
            KeySpec(
                "values", .list(.text(max: 64), max: 16), .required, "Values that mean gone.", example: "[ \"true\" ]"),
        ])
}

/// How one page leads to the next.
enum PageKind: String, Sendable, CaseIterable {
    case none
    case pageNumber = "page_number"
    case offset
    case cursorToken = "cursor_token"
    case keyset
    case nextLink = "next_link"
}

extension PlaceholderSet {
    /// Bodies serve pulls and questions; which placeholders fit is checked where the body stands.
    static let pullOrAsk = PlaceholderSet(
        name: "body",
        allowed: pullText.allowed + askText.allowed.filter { !pullText.allowed.contains($0) } + [.signature])
}
