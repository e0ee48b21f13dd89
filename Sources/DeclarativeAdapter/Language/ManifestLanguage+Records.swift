// SPDX-License-Identifier: Apache-2.0

extension ManifestLanguage {
    static let find = BlockSpec(
        name: "find", doc: "The questions an interface answers, one record or one holder at a time.",
        keys: [
            KeySpec(
                "holder", .block("lookup"), .conditional("at least one of `holder`, `number`, `identifier`"),
                "By holder.",
                example: "{ path: /query, … }"),
            KeySpec(
                "number", .block("lookup"), .conditional("at least one of `holder`, `number`, `identifier`"),
                "By licence number and type.",
                example: "{ path: /query, … }"),
            KeySpec(
                "identifier", .block("lookup"), .conditional("at least one of `holder`, `number`, `identifier`"),
                "By licence identifier.", example: "{ path: /query, … }"),
            KeySpec(
                "key", .oneOrMore(.form(.recordPath), max: 8), .conditional("required without `pull` or `files`"),
                "What makes a record the same record; default: the pull's.", example: "[ $.certificateIdentifier ]"),
            KeySpec(
                "version", .either(.word(["arrival"]), .block("version")),
                .conditional("required without `pull` or `files`"),
                "What makes a record newer; default: the pull's.", example: "arrival"),
        ])

    static let lookup = BlockSpec(
        name: "lookup",
        doc: "One question as a request. An empty list means none only when `empty_means_none` says so.",
        keys: [
            KeySpec(
                "method", .word(["GET", "POST"]), .optional("POST"),
                "The method; codes of people never stand in a query.", example: "POST"),
            KeySpec(
                "path", .template(.askAddress), .required, "The path below `base_url`.", example: "/certificates/query"),
            KeySpec(
                "query", .map(keys: nil, .template(.askAddress), max: 32), .optional("none"), "Query parameters.",
                example: "{ type: \"${licence_type}\" }"),
            KeySpec(
                "headers", .map(keys: .token, .template(.askText), max: 16), .optional("none"), "Further headers.",
                example: "{ X-Purpose: \"${purpose}\" }"),
            KeySpec(
                "body", .block("body"), .optional("none"), "The body.",
                example: "{ kind: json, template: '{\"code\": \"${holder_code}\"}' }"),
            KeySpec(
                "records", .form(.listPath), .conditional("required without `pull` or `files`"),
                "Where the records are; default: the pull's.",
                example: "$.data.dataList"),
            KeySpec(
                "empty_means_none", .boolean,
                .optional("false: an empty answer that no `not_found` describes is an error"),
                "True when an empty list is this source's way to say \"none\".", example: "true"),
            KeySpec(
                "holder_kinds", .map(keys: .holderKind, .text(max: 32), max: 32),
                .optional("every kind, as its three digits"),
                "Kinds this question takes, and their name for each.", example: "{ \"111\": \"10\", \"001\": \"20\" }"),
            KeySpec(
                "licence_types", .map(keys: .licenceType, .text(max: 64), max: 400), .optional("our code"),
                "Their name for a type in the question.", example: "{ \"11100000000013127D916\": jiashizheng }"),
        ])

    static let statusLayer = BlockSpec(
        name: "status layer",
        doc: "One layer of the business status. A value that is not listed is an error: HTTP 200 alone means nothing.",
        keys: [
            KeySpec("from", .form(.envelopePath), .required, "Where the code is.", example: "$.data.head.status"),
            KeySpec(
                "known", .form(.vocabularyName), .optional("only what stands here"),
                "A named layer in `Config/dialects/vocabularies/`; what stands here is added, and wins.",
                example: "gbt36906_head"),
            KeySpec(
                "ok", .list(.text(max: 64), max: 16), .conditional("required without `known`"), "Values that mean ok.",
                example: "[ \"0\" ]"),
            KeySpec("none", .list(.text(max: 64), max: 16), .optional("none"), "There is none.", example: "[ \"10\" ]"),
            KeySpec(
                "try_later", .list(.text(max: 64), max: 32), .optional("none"), "Try again later.",
                example: "[ \"99\" ]"),
            KeySpec(
                "unauthenticated", .list(.text(max: 64), max: 16), .optional("none"), "We are not let in.",
                example: "[ \"11\" ]"),
            KeySpec(
                "refused", .list(.text(max: 64), max: 16), .optional("none"), "We may not ask this.",
                example: "[ \"100\" ]"),
            KeySpec(
                "gone", .list(.text(max: 64), max: 16), .optional("none"), "The record is no longer there.",
                example: "[ \"410\" ]"),
            KeySpec(
                "broken", .list(.text(max: 64), max: 32), .optional("none"), "Our request or their system is wrong.",
                example: "[ \"12\", \"13\" ]"),
            KeySpec(
                "not_in_force", .map(keys: nil, .word(statusWords), max: 16), .optional("none"),
                "There is one, not in force, told by the code alone.", example: "{ \"21\": cancelled, \"22\": expired }"
            ),
            KeySpec(
                "absent", .word(["broken", "ok", "none"]), .optional("broken"),
                "What it means when the code is not there.", example: "ok"),
        ])

    static let condition = BlockSpec(
        name: "condition", doc: "All parts that are given must hold; several conditions in a list are alternatives.",
        keys: [
            KeySpec(
                "name", .form(.kebab), .optional("its position in the list"), "Shown as evidence.",
                example: "head-status-10"),
            KeySpec(
                "known", .form(.vocabularyName), .optional("only what stands here"),
                "A named shape of \"there is none\" in `Config/dialects/vocabularies/`; only in `not_found`.",
                example: "unresolved_template"),
            KeySpec(
                "at", .form(.envelopePath), .conditional("required with `known`"),
                "Where the named shape is looked for.",
                example: "$.data"),
            KeySpec(
                "status", .integer(100...599), .conditional("at least one of `status`, `equals`, `contains`, `empty`"),
                "The HTTP status.", example: "404"),
            KeySpec(
                "equals", .map(keys: .envelopePath, .text(max: 200), max: 8),
                .conditional("at least one of `status`, `equals`, `contains`, `empty`"), "Values by path.",
                example: "{ $.code: \"10\" }"),
            KeySpec(
                "contains", .map(keys: .envelopePath, .text(max: 200), max: 8),
                .conditional("at least one of `status`, `equals`, `contains`, `empty`"),
                "Texts inside values, by path.",
                example: "{ $.data: \"$get{\" }"),
            KeySpec(
                "empty", .list(.form(.envelopePath), max: 8),
                .conditional("at least one of `status`, `equals`, `contains`, `empty`"),
                "Paths that are absent, null, or empty.", example: "[ $.data ]"),
            KeySpec(
                "in", .word(Condition.Exchange.allCases.map(\.rawValue)), .optional("in every answer"),
                "Only in answers to this: a pull, or a question. Only in `not_found`.", example: "pull"),
        ])

    static let golden = BlockSpec(
        name: "golden question", doc: "A question whose answer we know; the number itself is a secret.",
        keys: [
            KeySpec("name", .form(.kebab), .required, "Its name.", example: "valid-holder"),
            KeySpec(
                "ask", .word(["holder", "number", "identifier"]), .required, "What is asked by.", example: "holder"),
            KeySpec(
                "holder_kind", .form(.holderKind), .conditional("required for `ask: holder`"), "The kind of code.",
                example: "\"111\""),
            KeySpec(
                "licence_type", .form(.licenceType), .conditional("required for `ask: number`"),
                "The type asked about.",
                example: "\"11100000000013127D916\""),
            KeySpec(
                "secret", .form(.secretName), .required,
                "The name of the secret that holds the code, number or identifier.",
                example: "golden_valid"),
            KeySpec(
                "expect", .word(["valid", "expired", "revoked", "absent"]), .required, "What must come back.",
                example: "valid"),
        ])

    static let fields = BlockSpec(
        name: "fields",
        doc:
            "How a record becomes a licence: a named dialect, then the differences. A path alone is short for `{ from: path }`; "
            + "a rule without `from`, `first_of` and `constant` keeps the dialect's place. What a source does not give is absent.",
        keys: [
            KeySpec(
                "dialect", .form(.dialectName), .optional("no dialect"), "A field map in `Config/dialects/`.",
                example: "pinyin_initials"),
            KeySpec(
                "dialect_case", .word(["as_is", "upper", "lower"]), .optional("as_is"),
                "How the source spells the dialect's names.",
                example: "upper"),
            KeySpec(
                "dialect_prefix", .form(.prefix), .optional("no namespace"),
                "The namespace prefix of the dialect's elements (XML).", example: "h"),
            KeySpec(
                "dialect_style", .word(["element", "attribute", "name_value"]), .optional("element"),
                "How XML carries the dialect's names: elements; attributes of the record (SOAP style); elements anywhere inside "
                    + "it whose attribute `name` says which (`<CustomData name=\"ZZBS\">`, `CuslomData` too).",
                example: "name_value"),
        ]
            + fieldNames.map { field in
                KeySpec(
                    field.name, .either(.form(.recordPath), .block("rule")),
                    .optional(field.name == "status" ? "required here or in the dialect" : "absent"), field.doc,
                    example: field.example)
            } + [
                KeySpec(
                    "holders", .block("holder list"), .optional("one holder from `holder.code`"),
                    "Several holders in one list.",
                    example: "{ list: \"$.holders[*]\", … }")
            ])

    static let rule = BlockSpec(
        name: "rule",
        doc:
            "Where a field comes from and how it is converted, in the order: take; half-width, replace, trim, capitals; empty; table, "
            + "number or date.",
        keys: [
            KeySpec(
                "from", .form(.recordPath), .conditional("at most one of `from`, `first_of`, `all_of`, `constant`"),
                "One path.", example: "$.zt"),
            KeySpec(
                "first_of", .list(.form(.recordPath), max: 8),
                .conditional("at most one of `from`, `first_of`, `all_of`, `constant`"),
                "The first path that gives a value that is not empty.", example: "[ $.holder, $.holderName ]"),
        ] + taking + [
            KeySpec(
                "constant", .text(max: 200), .conditional("at most one of `from`, `first_of`, `all_of`, `constant`"),
                "Always this.",
                example: "\"111\""),
            KeySpec(
                "map", .map(keys: nil, .text(max: 200), max: 400),
                .conditional("required for `status` without `constant` and `vocabulary`"),
                "Their value, and ours; the key `\"\"` stands for an empty or absent value.",
                example: "{ \"1\": valid, \"2\": revoked }"),
            KeySpec(
                "otherwise", .word(["reject", "unknown", "absent", "keep"]), .optional("reject"),
                "A value that `map` does not list: reject the record, take `unknown` (status only), leave out, or keep as written.",
                example: "reject"),
            KeySpec(
                "date", .oneOrMore(.form(.dateFormat), max: 8),
                .conditional("required for `issued_on`, `valid_from`, `valid_until`"),
                "How a date is written; tried in order. UTC+8 unless it carries an offset.",
                example: "[ yyyyMMdd, yyyy-MM-dd ]"),
            KeySpec(
                "open_ended", .list(.text(max: 64), max: 16), .optional("none"),
                "Values of `valid_until` that mean: no end.",
                example: "[ 长期, \"99991231\" ]"),
            KeySpec(
                "empty", .word(["absent", "open_ended", "reject"]), .optional("absent"),
                "What an absent or empty value means (`open_ended` for `valid_until` only).", example: "open_ended"),
            KeySpec(
                "empty_values", .list(.text(max: 64), max: 16), .optional("none"), "Values that count as empty.",
                example: "[ 空, \"-\" ]"),
            KeySpec("trim", .boolean, .optional("true"), "Remove blanks at both ends.", example: "false"),
            KeySpec(
                "half_width", .boolean, .optional("false"), "Full-width letters, digits and blanks become half-width.",
                example: "true"),
            KeySpec("upper", .boolean, .optional("false"), "Letters a to z become capitals.", example: "true"),
            KeySpec(
                "split", .text(max: 4), .optional("one value"),
                "Several values in one text, separated by this (`holder.…` only).",
                example: "\",\""),
            KeySpec(
                "required", .boolean, .optional("false"), "True: a record without it is rejected.", example: "true"),
        ])

    static let holderList = BlockSpec(
        name: "holder list",
        doc:
            "Several holders: a list of them, whose paths start at one holder, or one text that holds them all in parts.",
        keys: [
            KeySpec(
                "list", .form(.recordPath), .conditional("exactly one of `list` and `from`"),
                "The holders of a record.",
                example: "\"$.holders[*]\""),
            KeySpec(
                "code", .either(.form(.recordPath), .block("rule")), .conditional("required with `list`"), "The code.",
                example: "$.code"),
            KeySpec(
                "code_kind", .either(.form(.recordPath), .block("rule")),
                .conditional("required unless `order` names it; a rule with a table alone serves a part of the text"),
                "The kind of code.", example: "{ constant: \"111\" }"),
            KeySpec(
                "name", .either(.form(.recordPath), .block("rule")), .optional("absent"), "The name.", example: "$.name"
            ),
        ] + holderPairs)

    static let faceFields = BlockSpec(
        name: "face fields", doc: "Fields on the face of a licence that the standard's metadata does not name.",
        keys: [
            KeySpec(
                "keep", .either(.word(["rest", "none"]), .list(.text(max: 64), max: 128)), .optional("rest"),
                "`rest`: every further plain value at the record's top; `none`; or these names.",
                example: "[ address, area ]"),
            KeySpec(
                "known", .either(.word(["all"]), .list(.text(max: 64), max: 64)), .optional("none"),
                "Face fields that the dialect names: all, or these.", example: "[ certificate_name ]"),
            KeySpec(
                "drop", .list(.text(max: 64), max: 128), .optional("none"), "Names that are never kept.",
                example: "[ internalId ]"),
            KeySpec(
                "inside", .list(.form(.recordPath), max: 8), .optional("none"),
                "Objects or elements whose plain values are kept too.",
                example: "[ $.extendInfo ]"),
            KeySpec(
                "named", .map(keys: nil, .either(.form(.recordPath), .block("rule")), max: 64), .optional("none"),
                "Our name, and where it comes from.", example: "{ address: $.zl }"),
        ])

    static let statusWords = [
        "valid", "suspended", "expired", "cancelled", "revoked", "withdrawn", "superseded", "transferred", "restricted",
        "unknown",
    ]

    struct Field: Sendable {
        let name: String
        let doc: String
        let example: String
    }

    static let fieldNames: [Field] = [
        Field(name: "identifier", doc: "证照标识.", example: "$.zzbs"),
        Field(name: "number", doc: "证照编号.", example: "$.zzbh"),
        Field(name: "holder.code", doc: "持证主体代码.", example: "$.czztdm"),
        Field(
            name: "holder.code_kind", doc: "持证主体代码类型, three digits after `map`; required with `holder.code`.",
            example: "{ from: $.czztdmlx, map: { \"10\": \"111\" } }"),
        Field(name: "holder.name", doc: "持证主体.", example: "$.czzt"),
        Field(name: "authority.code", doc: "证照颁发机构代码.", example: "$.zzbfjgdm"),
        Field(name: "authority.name", doc: "证照颁发机构.", example: "$.zzbfjg"),
        Field(name: "authority.region", doc: "属地.", example: "$.areaCode"),
        Field(name: "issued_on", doc: "颁发日期.", example: "{ from: $.zzbfrq, date: yyyyMMdd }"),
        Field(name: "valid_from", doc: "有效期起始.", example: "{ from: $.zzyxqqsrq, date: yyyyMMdd }"),
        Field(name: "valid_until", doc: "有效期截止.", example: "{ from: $.zzyxqjzrq, date: yyyyMMdd, empty: open_ended }"),
        Field(
            name: "status", doc: "The status: `\(statusWords.joined(separator: "`, `"))`.",
            example: "{ from: $.zt, map: { \"1\": valid } }"),
        Field(name: "trust_grade", doc: "可信等级, `A` to `D`.", example: "$.certificateLevel"),
    ]
}
