// SPDX-License-Identifier: Apache-2.0

/// Many interfaces alike: one template and a table of rows.
extension ManifestLanguage {
    /// The keys of the manifest's top.
    static let manyAlike = [
        KeySpec(
            "table", .either(.form(.tableFile), .block("table")), .conditional("required with `templates`"),
            "The table of rows: CSV beside the manifest with a header row, at most 2,000 rows and 4 MiB; each row is one interface.",
            example: "interfaces.csv"),
        KeySpec(
            "templates", .list(.block("template"), max: 64), .conditional("required with `table`"),
            "How a row becomes an interface; a row takes the first template whose `when` holds.",
            example: "[ { when: { method: POST }, name: \"${row:id}\", … } ]"),
    ]

    static let table = BlockSpec(
        name: "table", doc: "The table of rows, when some of its columns stand there for people alone.",
        keys: [
            KeySpec("file", .form(.tableFile), .required, "The file.", example: "interfaces.csv"),
            KeySpec(
                "unused", .list(.text(max: 64), max: 64), .required,
                "Columns that no template uses; any other such column is a warning.", example: "[ owner ]"),
        ])

    static let template = BlockSpec(
        name: "template",
        doc:
            "An [interface](#interface) with every key of one, and `when`. `${row:column}` may stand in any value, alone or among "
            + "other text: it is the row's cell, as text. A value that is one such placeholder with an empty cell is as if not "
            + "written. `name` is made lower case, with hyphens for blanks, dots and low lines. Cells hold no placeholders. A "
            + "finding about a value out of a cell stands at the table's line and column and names the manifest's.",
        keys: [
            KeySpec(
                "when", .map(keys: nil, .oneOrMore(.text(max: 200), max: 400), max: 16), .optional("takes every row"),
                "Columns and the values of them that this template takes; all must hold.",
                example: "{ query_by: [holder], format: [json, xml] }")
        ])

    static let volume = BlockSpec(
        name: "volume", doc: "How many records a whole pull should bring.",
        keys: [
            KeySpec("least", .integer(0...1_000_000_000), .optional("0"), "At least so many.", example: "100"),
            KeySpec("most", .integer(1...1_000_000_000), .optional("no limit"), "At most so many.", example: "50000"),
        ])

    static let interfaceLimits = BlockSpec(
        name: "interface limits", doc: "Limits of one interface alone.",
        keys: [
            KeySpec(
                "daily_quota", .integer(1...1_000_000_000), .optional("the manifest's"),
                "Requests its owner allows a day, midnight to midnight in Asia/Shanghai.", example: "10000")
        ])

    static let interfaceSchedule = BlockSpec(
        name: "interface schedule", doc: "What differs from the manifest's schedule.",
        keys: schedule.keys.map { key in
            KeySpec(key.name, key.kind, .optional("the manifest's"), key.doc, example: key.example)
        })
}
