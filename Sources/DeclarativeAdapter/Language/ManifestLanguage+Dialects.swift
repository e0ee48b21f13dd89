// SPDX-License-Identifier: Apache-2.0

/// Names, tables and shapes as data: dialects, vocabularies, and the keys of a rule that go with them.
extension ManifestLanguage {
    static let dialect = BlockSpec(
        name: "dialect",
        doc: "A file `Config/dialects/<name>.yaml`: the names one family of systems uses, misspellings included.",
        keys: [
            KeySpec("dialect_version", .integer(1...1), .required, "The version of this form.", example: "1"),
            KeySpec("name", .form(.dialectName), .required, "Equals the file's name.", example: "pinyin_initials"),
            KeySpec("doc", .text(max: 400), .required, "What is worth knowing.", example: "Initials in pinyin"),
            source, verified,
            KeySpec(
                "fields", .block("fields"), .required,
                "Rules as in a manifest; a path is a bare name, read as `$.name`, an element or a column by the interface's format.",
                example: "{ identifier: zzbs }"),
            KeySpec(
                "type_code", .oneOrMore(.text(max: 64), max: 8), .optional("it has no name for it"),
                "What it calls the licence type's code; `licence_type_from` without `from` takes it.", example: "zzlxdm"
            ),
            KeySpec(
                "face", .map(keys: .dialectName, .oneOrMore(.text(max: 64), max: 8), max: 64), .optional("none"),
                "Further metadata: our name, and its names; a manifest takes them with `face_fields: { known: … }`.",
                example: "{ certificate_name: zzmc }"),
        ])

    static let vocabulary = BlockSpec(
        name: "vocabulary",
        doc:
            "A file `Config/dialects/vocabularies/<name>.yaml`: a table of values, a layer of the business status or a shape of "
            + "\"there is none\" that several systems share.",
        keys: [
            KeySpec("vocabulary_version", .integer(1...1), .required, "The version of this form.", example: "1"),
            KeySpec("name", .form(.vocabularyName), .required, "Equals the file's name.", example: "mohurd_cert_state"),
            KeySpec("doc", .text(max: 400), .required, "What is worth knowing.", example: "States of a licence"),
            source, verified,
            KeySpec(
                "of", .word(["status", "holder_kind", "status_layer", "not_found"]), .required,
                "`status`, `holder_kind`: a table for a rule's `vocabulary`. `status_layer`, `not_found`: for `known`.",
                example: "status"),
            KeySpec(
                "values", .map(keys: nil, .text(max: 32), max: 400),
                .conditional("required for `status`, `holder_kind`"),
                "Their value, and ours.", example: "{ \"01\": valid }"),
            KeySpec(
                "meanings", .map(keys: .dialectName, .list(.text(max: 64), max: 32), max: 8),
                .conditional("required for `status_layer`"),
                "Values by meaning: the words of a [status layer](#status-layer).",
                example: "{ ok: [\"0\"], none: [\"10\"] }"),
            KeySpec(
                "not_in_force", .map(keys: nil, .word(statusWords), max: 16), .optional("none"),
                "For `status_layer`: there is one, not in force.", example: "{ \"21\": cancelled }"),
            KeySpec(
                "equals", .list(.text(max: 200), max: 16),
                .conditional("exactly one of `equals`, `contains`, `empty` for `not_found`"),
                "The value at `at` is one of these.", example: "[ \"10\" ]"),
            KeySpec(
                "contains", .list(.text(max: 200), max: 16),
                .conditional("exactly one of `equals`, `contains`, `empty` for `not_found`"),
                "The value at `at` contains one of these.", example: "[ \"$get{\" ]"),
            KeySpec(
                "empty", .boolean, .conditional("exactly one of `equals`, `contains`, `empty` for `not_found`"),
                "True: the value at `at` is absent, null or empty.", example: "true"),
        ])

    private static let source = KeySpec(
        "source", .text(max: 400), .required, "Which clause of which standard, or where else it is from.",
        example: "GB/T 36903-2018, metadata elements; names as in published integration code")
    private static let verified = KeySpec(
        "verified", .boolean, .required,
        "True when it was read at that source or in published code that implements it; false for general knowledge.",
        example: "true")

    /// Further keys of a rule.
    static let taking = [
        KeySpec(
            "all_of", .list(.form(.recordPath), max: 8),
            .conditional("at most one of `from`, `first_of`, `all_of`, `constant`"),
            "The values of all these paths that are not empty, in this order, as one text.",
            example: "[ $.town, $.street ]"),
        KeySpec(
            "join", .text(max: 8), .optional("nothing between them"), "What stands between the values of `all_of`.",
            example: "\" \""),
        KeySpec(
            "replace", .map(keys: nil, .text(max: 64), max: 32), .optional("nothing"),
            "Texts inside the value, and what stands for them, in the order written.", example: "{ \"／\": \"/\" }"),
        KeySpec(
            "vocabulary", .form(.vocabularyName), .optional("no table beside `map`"),
            "A named table in `Config/dialects/vocabularies/` (`status`, kinds of holders); `map` adds to it, and wins.",
            example: "mohurd_cert_state"),
        KeySpec(
            "boolean", .block("boolean"), .optional("text"),
            "Words for true and false; gives `true` or `false` (face fields).",
            example: "{ true: [是, Y], false: [否, N] }"),
        KeySpec(
            "number", .word(["exact"]), .optional("any text"),
            "A number, kept digit by digit; anything else is a fault.",
            example: "exact"),
        KeySpec(
            "zone", .form(.zone), .optional("UTC+8"),
            "The zone of a date with a time that carries no offset; the day is then ours.", example: "\"+00:00\""),
        KeySpec(
            "on_error", .word(["reject_record", "reject_field"]), .optional("reject_record"),
            "`reject_field`: the record is stored without this field, and the field is set aside. Never for what a verdict or a "
                + "look-up rests on.",
            example: "reject_field"),
    ]

    static let booleanWords = BlockSpec(
        name: "boolean", doc: "Words for true and false.",
        keys: [
            KeySpec(
                "true", .list(.text(max: 32), max: 16), .required, "Words that mean true.", example: "[ 是, Y, \"1\" ]"),
            KeySpec(
                "false", .list(.text(max: 32), max: 16), .required, "Words that mean false.", example: "[ 否, N, \"0\" ]"
            ),
        ])

    /// Holders as parts of one text.
    static let holderPairs = [
        KeySpec(
            "from", .form(.recordPath), .conditional("exactly one of `list` and `from`"),
            "The text that holds them all.",
            example: "$.owners"),
        KeySpec(
            "split", .text(max: 4), .conditional("required with `from`"), "What stands between two holders.",
            example: "\";\""),
        KeySpec(
            "between", .text(max: 4), .conditional("required with `from`"), "What stands between the parts of one.",
            example: "\":\""),
        KeySpec(
            "order", .list(.word(["name", "code", "code_kind", "skip"]), max: 8), .conditional("required with `from`"),
            "The parts of one, in order; as many as there are.", example: "[ name, code ]"),
    ]
}
