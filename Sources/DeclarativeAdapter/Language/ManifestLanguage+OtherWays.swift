// SPDX-License-Identifier: Apache-2.0

// Other ways in than asking over HTTP: dropped files, pushes, Singer taps.
extension ManifestLanguage {
    static let otherWays: [BlockSpec] = [files, ready, push, tap]

    /// The keys of an interface that name its other way in.
    static let otherWayKeys: [KeySpec] = [
        KeySpec(
            "files", .block("files"), .conditional("exactly one of `pull`, `files`, `push` and `tap`, or only `find`"),
            "How it is read from a folder.", example: "{ folder: \"${config:drop}\", … }"),
        KeySpec(
            "push", .block("push"), .conditional("exactly one of `pull`, `files`, `push` and `tap`, or only `find`"),
            "What its source pushes to us.", example: "{ secret: \"${secret:push}\", … }"),
        KeySpec(
            "tap", .block("tap"), .conditional("exactly one of `pull`, `files`, `push` and `tap`, or only `find`"),
            "The Singer tap that reads it.", example: "{ program: tap-rest-api-msdk, … }"),
    ]

    private static let identity: [KeySpec] = [
        KeySpec(
            "key", .oneOrMore(.form(.recordPath), max: 8), .required, "What makes a record the same record.",
            example: "[ certificate_source_id ]"),
        KeySpec(
            "version", .either(.word(["arrival"]), .block("version")), .required, "What makes a record newer.",
            example: "arrival"),
        KeySpec(
            "tombstone", .block("tombstone"), .optional("none"), "How a record says that it is gone.",
            example: "{ from: op, values: [D] }"),
    ]

    static let files = BlockSpec(
        name: "files",
        doc: "A watched folder. A file is read once its ready file is there, and set aside when it was dealt with.",
        keys: [
            KeySpec(
                "folder", .template(.configuration), .required, "The folder.", example: "\"${config:drop_folder}\""),
            KeySpec(
                "pattern", .form(.filePattern), .required, "Names of data files; the last by name is the newest.",
                example: "\"licences-*.csv\""),
            KeySpec(
                "ready", .block("ready"), .required, "The file that says a data file is complete.",
                example: "{ suffix: .manifest.json, … }"),
            KeySpec(
                "mode", .word(["snapshot", "changes"]), .optional("snapshot"),
                "`snapshot`: a file holds everything, the newest is a whole pull. `changes`: files are merged in the order "
                    + "of their names, each once.", example: "changes"),
            KeySpec(
                "container", .word(["gzip", "zip"]), .optional("they are not packed"),
                "What the files are packed in; unpacked as a stream, bounded by `limits.response_bytes`.",
                example: "gzip"),
            KeySpec(
                "member", .form(.filePattern), .optional("the only file of the archive"),
                "Which member of a zip archive; exactly one has to fit.", example: "\"*.csv\""),
            KeySpec(
                "done", .template(.configuration),
                .conditional("required for `mode: changes`; else files stay, and the newest is read at each pull"),
                "Where a file goes once its records are durable; on the same file system as `folder`.",
                example: "\"${config:done}\""),
            KeySpec(
                "rejected", .template(.configuration), .conditional("required with `done`"),
                "Where a file goes that cannot be used, its reason beside it.", example: "\"${config:rejected}\""),
            KeySpec("records", .form(.listPath), .optional("`$`, as CSV needs it"), "Where the list is.", example: "$"),
        ] + identity)

    static let ready = BlockSpec(
        name: "ready",
        doc:
            "The ready file beside the data file, written after it: JSON with row count and SHA-256, or a mere marker.",
        keys: [
            KeySpec(
                "suffix", .text(max: 64), .required, "Appended to the data file's name.", example: ".manifest.json"),
            KeySpec(
                "rows", .form(.envelopePath), .conditional("together with `sha256`; without both it is a marker"),
                "Where the number of records is.", example: "$.rows"),
            KeySpec(
                "sha256", .form(.envelopePath), .conditional("together with `rows`"),
                "Where the SHA-256 of the data file is, in hexadecimal.", example: "$.sha256"),
        ])

    static let push = BlockSpec(
        name: "push",
        doc: "Batches of records the source sends to `POST /v1/sources/{id}/records`, signed; off until this is here.",
        keys: [
            KeySpec(
                "secret", .form(.secretReference), .required, "The secret shared with the source, at least 16 bytes.",
                example: "\"${secret:push_key}\""),
            KeySpec(
                "algorithm", .word(["hmac_sha256", "hmac_sm3"]), .optional("hmac_sha256"), "How a batch is signed.",
                example: "hmac_sm3"),
            KeySpec(
                "window", .duration(1000...3_600_000), .optional("5m"),
                "How far the time of a signature may lie from ours, either way.", example: "5m"),
            KeySpec(
                "records", .form(.listPath), .optional("`$`"), "Where the list is in a body.", example: "$.records"),
        ] + identity)

    static let tap = BlockSpec(
        name: "tap",
        doc:
            "A Singer tap (specification 0.3.0), run as a child process; a record is what it sends as `record`, in JSON.",
        keys: [
            KeySpec(
                "program", .form(.kebab), .required, "Its name in the allow-list `taps` of the configuration.",
                example: "tap-rest-api-msdk"),
            KeySpec("stream", .text(max: 200), .required, "The stream that is taken.", example: "licences"),
            KeySpec(
                "config", .either(.template(.account), .map(keys: nil, .template(.account), max: 64)), .required,
                "Its configuration: texts by name, or one JSON text in which placeholders stand inside quotes. It reaches "
                    + "the tap in a file of mode 0600.",
                example: "{ api_url: \"${config:base_url}\", auth_token: \"${secret:token}\" }"),
            KeySpec(
                "catalog", .form(.filePattern), .optional("none is handed over"),
                "A file beside the manifest, handed over as `--catalog`.", example: "catalog.json"),
            KeySpec(
                "mode", .word(["snapshot", "changes"]), .optional("changes"),
                "`snapshot`: each run gives everything, and what is absent may be withdrawn. `changes`: a run gives what "
                    + "changed since the state it is handed; a first and a `--full` run have none and give everything.",
                example: "snapshot"),
            KeySpec("deadline", .duration(1000...86_400_000), .optional("30m"), "The longest run.", example: "30m"),
            KeySpec(
                "memory", .bytes((64 << 20)...(16 << 30)), .optional("1GiB"), "Address space it may use.",
                example: "1GiB"),
            KeySpec(
                "output", .bytes(1024...(1 << 42)), .optional("4GiB"), "What it may write in one run.", example: "4GiB"),
        ] + identity)
}
