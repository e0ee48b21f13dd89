// SPDX-License-Identifier: Apache-2.0

/// The manifest language: every key, once.
///
/// The parser, the lint and `docs/reference/manifest.md` are made from these declarations; to add a key, add it here and
/// read it in `ManifestBuilder`.
enum ManifestLanguage {
    /// The newest manifest this program understands.
    static let version = 1

    static let blocks: [BlockSpec] =
        [manifest, auth, authPut, nonce, bodyDigest, vector, limits, schedule, probe, expectation, tls]
        + [interface, pull, body, pages, version_, cursor, tombstone]
        + otherWays + pulling + decoding
        + [find, lookup, statusLayer, condition, golden]
        + [table, template, interfaceLimits, interfaceSchedule, volume]
        + [fields, rule, holderList, faceFields, typeFrom, booleanWords, dialect, vocabulary]

    static func block(_ name: String) -> BlockSpec? { blocks.first { $0.name == name } }

    static let manifest = BlockSpec(
        name: "manifest", doc: "The top of `manifest.yaml`: what the system is and how to talk to it.",
        keys: [
            KeySpec(
                "manifest_version", .integer(1...9999), .required,
                "The version of this language; this program reads version 1.", example: "1"),
            KeySpec(
                "id", .form(.kebab), .required, "The source's id; equals the folder's name.", example: "cs-transport"),
            KeySpec("name", .text(max: 120), .required, "The system's name, shown to people.", example: "示例区电子证照库"),
            KeySpec("owner", .text(max: 120), .required, "Who answers the phone.", example: "示例区行政审批服务局"),
            KeySpec(
                "region", .form(.region), .optional("the source says nothing of its region"), "The region it serves.",
                example: "\"430111\""),
            KeySpec(
                "kind", .word(["declarative"]), .required, "Made from this manifest alone.", example: "declarative"),
            KeySpec(
                "simulated", .boolean, .optional("false"),
                "True for a simulation: shown everywhere, and refused with a base URL that is not loopback.",
                example: "true"),
            KeySpec(
                "base_url", .form(.url), .conditional("required unless every interface has another way in"),
                "Where the system is; hosts live in `Config/`. Plain `http` is accepted on loopback only.",
                example: "\"${config:base_url}\""),
            KeySpec(
                "auth", .oneOrMore(.block("auth"), max: 4),
                .conditional("required unless every interface has another way in"),
                "How we show who we are: one block, or several that are applied in order.",
                example: "{ kind: none }"),
            KeySpec(
                "limits", .block("limits"), .required, "What we bear and what we ask of it.",
                example: "{ timeout: 10s, … }"),
            KeySpec(
                "schedule", .block("schedule"), .optional("pulled by hand only"),
                "When it is pulled; an interface may have its own.", example: "{ cron: \"30 2 * * *\" }"),
            KeySpec(
                "probe", .block("probe"), .conditional("required unless every interface has another way in"),
                "One cheap request that shows the system alive.",
                example: "{ path: /ping, expect: { status: 200, within: 2s } }"),
            KeySpec(
                "tls", .block("tls"), .optional("the system's certificate authorities, no client certificate"),
                "Private certificate authority and client certificate.", example: "{ ca_file: \"${config:ca_file}\" }"),
            KeySpec(
                "certificate_warning_days", .integer(1...365), .optional("30"),
                "Days before the end of its certificate from which health warns.", example: "30"),
            KeySpec(
                "format", .word(["json", "ndjson", "xml", "csv"]), .optional("json"),
                "What answers are, unless an interface says otherwise.",
                example: "xml"),
            KeySpec(
                "charset", .word(Charset.allCases.map(\.rawValue)),
                .optional("from HTTP, the byte order mark, the declaration, in that order; else UTF-8"),
                "Overrides the character set of answers.", example: "gb18030"),
            KeySpec(
                "namespaces", .map(keys: .prefix, .form(.uri), max: 32), .optional("none"),
                "Prefixes for paths into XML; matched by URI, whatever prefix the document uses.",
                example: "{ h: \"http://example.gov/health\" }"),
            KeySpec(
                "status", .list(.block("status layer"), max: 8),
                .conditional(
                    "required here or in each interface asked over HTTP; `[]` says that HTTP 200 alone counts"),
                "The business status, layer by layer, outermost first. Read before any record counts.",
                example: "[ { from: $.code, ok: [\"200\"] } ]"),
            KeySpec(
                "not_found", .list(.block("condition"), max: 16),
                .conditional("required here or in each interface with `find`; `[]` says that there is no such shape"),
                "How the source says \"there is none\"; read before `status`.", example: "[ { status: 404 } ]"),
            KeySpec(
                "interfaces", .list(.block("interface"), max: 64),
                .conditional("required unless `interfaces/*.yaml` or `templates` exist"),
                "The interfaces; further ones may stand one a file in `interfaces/<name>.yaml`.",
                example: "[ { name: licences, … } ]"),
        ] + decodeKeys + manyAlike + [
            errorsKey,
            KeySpec(
                "waive", .map(keys: .conformanceNumber, .text(max: 200), max: 13), .optional("nothing is waived"),
                "Conformance tests this adapter does not pass yet, each with the reason and until when.",
                example: "{ C09: \"no 429 documented, until 2027-03-01\" }"),
        ])

    static let limits = BlockSpec(
        name: "limits", doc: "Everything from outside is bounded.",
        keys: [
            KeySpec(
                "timeout", .duration(100...600_000), .required, "Longest time for one whole exchange.", example: "10s"),
            KeySpec(
                "connect_timeout", .duration(100...60_000), .optional("5s"), "Longest time to connect.", example: "5s"),
            KeySpec(
                "stall_timeout", .duration(1000...300_000), .optional("15s"), "Longest silence inside an answer.",
                example: "15s"),
            KeySpec(
                "response_bytes", .bytes(1024...(1 << 30)), .required, "Largest answer, after decompression.",
                example: "8MiB"),
            KeySpec(
                "record_bytes", .bytes(1024...(16 << 20)), .optional("256KiB"), "Largest record.", example: "256KiB"),
            KeySpec(
                "requests_per_second", .integer(1...1000), .required, "Most requests started in a second.", example: "5"
            ),
            KeySpec("in_flight", .integer(1...64), .optional("2"), "Most requests at the same time.", example: "2"),
            KeySpec(
                "pages_per_run", .integer(1...1_000_000), .required, "Most pages a run may take.", example: "10000"),
            KeySpec(
                "page_failures", .integer(1...20), .optional("3"), "Times one page may fail before the run stops.",
                example: "3"),
            KeySpec(
                "rejected_percent", .percent, .optional("5"), "Share of a run's records that may be rejected.",
                example: "5"),
            KeySpec(
                "rejected_records", .integer(0...1_000_000), .optional("1000"),
                "Records of a run that may be rejected.",
                example: "1000"),
        ] + pullLimits)

    static let schedule = BlockSpec(
        name: "schedule", doc: "When an interface is pulled, all times in Asia/Shanghai.",
        keys: [
            KeySpec("cron", .form(.cron), .required, "The slots.", example: "\"30 2 * * *\""),
            KeySpec(
                "jitter", .duration(0...3_600_000), .optional("0s"), "A slot starts up to this much later.",
                example: "5m"),
            KeySpec(
                "allowed_hours", .form(.hours), .optional("always"), "Hours in which it may be asked at all.",
                example: "\"06:00-22:00\""),
            KeySpec(
                "downtime", .oneOrMore(.form(.downtime), max: 16), .optional("none"),
                "Planned downtime: no pull, no incident.",
                example: "\"nightly 00:00-01:00\""),
            KeySpec(
                "copy_limit", .duration(60_000...31_536_000_000), .optional("twice the longest gap of `cron`"),
                "How old a copy may be and still answer.", example: "48h"),
        ])

    static let probe = BlockSpec(
        name: "probe", doc: "One cheap request; HTTP 200 alone is not health.",
        keys: [
            KeySpec("path", .template(.configuration), .required, "Its path below `base_url`.", example: "/ping"),
            KeySpec("method", .word(["GET", "HEAD", "POST"]), .optional("GET"), "Its method.", example: "GET"),
            KeySpec(
                "headers", .map(keys: .token, .template(.probeText), max: 16), .optional("none"), "Further headers.",
                example: "{ Accept: application/json }"),
            KeySpec(
                "body", .block("body"), .optional("none"), "The body of a POST.",
                example: "{ kind: soap12, template: \"<ping/>\" }"),
            KeySpec(
                "expect", .block("expectation"), .required, "What must come back.",
                example: "{ status: 200, within: 2s }"),
        ])

    static let expectation = BlockSpec(
        name: "expectation", doc: "What a probe must bring back.",
        keys: [
            KeySpec("status", .integer(100...599), .required, "The HTTP status.", example: "200"),
            KeySpec(
                "equals", .map(keys: .envelopePath, .text(max: 200), max: 8), .optional("nothing of the body"),
                "Values in the body, by path; the path may go on inside a text that the manifest's `decode` opens. Beside "
                    + "`ndjson` and `csv` a probe's answer is JSON.", example: "{ $.code: \"0\" }"),
            KeySpec(
                "within", .duration(10...60_000), .optional("`limits.timeout`"), "Slower counts as degraded.",
                example: "2s"),
        ])

    static let tls = BlockSpec(
        name: "tls", doc: "Files come from the configuration.",
        keys: [
            KeySpec(
                "ca_file", .template(.configuration), .optional("the system's"), "Certificate authorities, PEM.",
                example: "\"${config:ca_file}\""),
            KeySpec(
                "client_certificate", .template(.configuration), .optional("none"), "Our certificate, PEM.",
                example: "\"${config:client_certificate}\""),
            KeySpec(
                "client_key", .template(.configuration), .conditional("required with `client_certificate`"),
                "Its key, PEM.",
                example: "\"${config:client_key}\""),
        ])
}

/// The character sets a manifest can name.
enum Charset: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case gbk
    case gb18030
}
