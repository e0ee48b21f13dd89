// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit

// What a pull can say beyond its request: partitions, removals, failures and what may be asked.
extension ManifestLanguage {
    static let pulling = [partitions, parent, deletes, errorRule, errorWait, rate]

    static let errorsKey = KeySpec(
        "errors", .list(.block("error rule"), max: 32), .optional("by HTTP status and `status` alone"),
        "What failures mean, the first rule that fits; read before everything else in an answer.",
        example: "[ { status: 429, do: retry, wait: { kind: exponential } } ]")

    static let interfaceErrorsKey = KeySpec(
        "errors", .list(.block("error rule"), max: 32), .optional("the manifest's"),
        "What failures mean; replaces the manifest's.", example: "[ { equals: { $.code: \"E1\" }, do: renew } ]")

    /// Further keys of `limits`.
    static let pullLimits = [
        KeySpec(
            "requests_per", .block("rate"), .optional("`requests_per_second` alone"),
            "Most requests started in a longer window.", example: "{ count: 100, window: 1m }"),
        KeySpec(
            "daily_quota", .integer(1...1_000_000_000), .optional("none"),
            "Requests the owner allows a day, midnight to midnight in Asia/Shanghai; used up, the source is asked again the next day.",
            example: "10000"),
        KeySpec(
            "retry_for", .duration(0...86_400_000), .optional("as often as `page_failures`, each wait at most 5m"),
            "The longest time a run waits altogether for one page.", example: "10m"),
    ]

    static let rate = BlockSpec(
        name: "rate", doc: "Requests in a window that slides.",
        keys: [
            KeySpec("count", .integer(1...10_000), .required, "Most requests.", example: "100"),
            KeySpec("window", .duration(1000...86_400_000), .required, "The window.", example: "1m"),
        ])

    static let errorRule = BlockSpec(
        name: "error rule", doc: "A failure and what is done; all parts that are given must hold.",
        keys: [
            KeySpec("name", .form(.kebab), .optional("its position"), "Shown in findings.", example: "busy"),
            KeySpec(
                "status", .integer(100...599), .conditional("at least one of `status`, `equals`, `contains`, `text`"),
                "The HTTP status.", example: "429"),
            KeySpec(
                "equals", .map(keys: .envelopePath, .text(max: 200), max: 8),
                .conditional("at least one of `status`, `equals`, `contains`, `text`"), "Values by path.",
                example: "{ $.code: \"E1\" }"),
            KeySpec(
                "contains", .map(keys: .envelopePath, .text(max: 200), max: 8),
                .conditional("at least one of `status`, `equals`, `contains`, `text`"),
                "Texts inside values, by path.", example: "{ $.msg: 系统繁忙 }"),
            KeySpec(
                "text", .text(max: 200), .conditional("at least one of `status`, `equals`, `contains`, `text`"),
                "A text in the first 512 bytes, for answers that are no document.", example: "Too Many Requests"),
            KeySpec(
                "do", .word(["retry", "renew", "skip", "stop", "none"]), .required,
                "`retry`: again after a wait. `renew`: again once with a fresh token. `skip`: leave this page out (by number or offset "
                    + "only), the run cannot be complete. `stop`: end the run. `none`: the source says there is none.",
                example: "retry"),
            KeySpec(
                "wait", .block("wait"), .conditional("with `do: retry`; without it as the program waits"),
                "How long.", example: "{ kind: constant, first: 5s }"),
            KeySpec(
                "times", .integer(1...20), .conditional("with `do: retry`; without it `limits.page_failures`"),
                "How often it is tried again.", example: "5"),
        ])

    static let errorWait = BlockSpec(
        name: "wait", doc: "How long before a repeat. What `Retry-After` asks for is always waited.",
        keys: [
            KeySpec(
                "kind", .word(RetryWait.Kind.allCases.map(\.rawValue)), .optional("exponential"),
                "The same each time, or twice as long each time.", example: "constant"),
            KeySpec("first", .duration(1...3_600_000), .optional("1s"), "The first wait.", example: "1s"),
            KeySpec("most", .duration(1...3_600_000), .optional("60s"), "The longest wait.", example: "60s"),
            KeySpec(
                "jitter_percent", .integer(0...100), .optional("25"), "By chance up to so much longer.",
                example: "20"),
            KeySpec(
                "reset_header", .form(.token), .optional("none"),
                "A header with the seconds to wait, or the moment in seconds since 1970.",
                example: "X-RateLimit-Reset"),
        ])

    static let partitions = BlockSpec(
        name: "partitions",
        doc: "Where the partitions come from: a table beside the manifest, or the source itself, one level above.",
        keys: [
            KeySpec(
                "table", .form(.tableFile), .conditional("exactly one of `table` and `parent`"),
                "A CSV file with a header row.", example: "districts.csv"),
            KeySpec(
                "column", .text(max: 64), .conditional("required with `table`"), "The column with the values.",
                example: "code"),
            KeySpec(
                "parent", .block("parent"), .conditional("exactly one of `table` and `parent`"),
                "A list that is asked before each round.",
                example: "{ path: /districts, records: $.data, value: $.code }"),
        ])

    static let parent = BlockSpec(
        name: "parent", doc: "The list whose members are the partitions; at most 2,000, none is an error.",
        keys: feedRequest + [
            KeySpec(
                "value", .form(.recordPath), .required, "Where a member says the value of `${partition}`.",
                example: "$.code")
        ])

    static let deletes = BlockSpec(
        name: "deletes",
        doc:
            "A feed of keys that are gone, asked after the records of each pull. `${cursor}` is the pull's own. A record that "
            + "this pull received is not taken as gone unless the feed's `version` says that it is newer.",
        keys: feedRequest + [
            KeySpec(
                "key", .oneOrMore(.form(.recordPath), max: 8), .required,
                "The key, part by part as in the pull.", example: "[ $.id ]"),
            KeySpec(
                "version", .block("version"), .optional("arrival"), "When it went, comparable with the pull's version.",
                example: "{ from: $.deletedAt, kind: time, format: epoch_ms }"),
        ])

    /// The request keys of a list that stands beside the records.
    private static let feedRequest = [
        KeySpec("method", .word(["GET", "POST"]), .optional("GET"), "The method.", example: "POST"),
        KeySpec("path", .template(.pullAddress), .required, "The path below `base_url`.", example: "/deleted"),
        KeySpec(
            "query", .map(keys: nil, .template(.pullAddress), max: 32), .optional("none"), "Query parameters.",
            example: "{ since: \"${cursor}\" }"),
        KeySpec(
            "headers", .map(keys: .token, .template(.pullText), max: 16), .optional("none"), "Further headers.",
            example: "{ Accept: application/json }"),
        KeySpec(
            "body", .block("body"), .optional("none"), "The body of a POST.",
            example: "{ kind: json, template: \"{}\" }"),
        KeySpec(
            "pages", .block("pages"), .optional("`{ kind: none }`"), "How one page leads to the next; not `keyset`.",
            example: "{ kind: page_number, parameter: page, size: 500 }"),
        KeySpec("records", .form(.listPath), .required, "Where the list is.", example: "$.data"),
        KeySpec(
            "total", .form(.envelopePath), .optional("none is declared"), "The declared total.", example: "$.total"),
        KeySpec(
            "has_more", .form(.envelopePath), .optional("judged by token, total, empty or short page"),
            "Whether there are further pages.", example: "$.hasMore"),
    ]

    /// Further keys of `cursor`.
    static let cursorFurther = [
        KeySpec(
            "zone", .form(.zone), .optional("+08:00"), "The zone of times that carry no offset.",
            example: "\"+00:00\""),
        KeySpec(
            "window", .duration(60_000...31_536_000_000), .optional("one window up to now"),
            "Pull in windows of this length; each window's end is fixed before its first request, and each can be resumed from.",
            example: "24h"),
        KeySpec(
            "client_filter", .boolean, .optional("false"),
            "True when the source cannot filter: what lies before the cursor is left out here.", example: "true"),
        KeySpec(
            "full_after", .duration(3_600_000...31_536_000_000), .optional("only when ordered"),
            "Everything again when the last whole pull is older than this.", example: "30d"),
    ]
}
