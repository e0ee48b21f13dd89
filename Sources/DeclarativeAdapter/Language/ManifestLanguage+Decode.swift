// SPDX-License-Identifier: Apache-2.0
internal import Cryptography

extension ManifestLanguage {
    static let decoding = [decode, decodedDocument, decodedRecord, endLine]

    /// Keys of the manifest and of an interface alike.
    static let decodeKeys = [
        KeySpec(
            "decode", .block("decode"), .optional("the answer is what `format` says"),
            "What has to be undone before the records can be read.", example: "{ container: gzip }")
    ]

    /// How CSV is written.
    static let csvKeys = [
        KeySpec(
            "delimiter", .word([",", ";", "tab", "|"]), .optional("`,`"), "What separates the fields of CSV.",
            example: "\",\""),
        KeySpec(
            "quote", .word(["\"", "'", "none"]), .optional("`\"`"),
            "What stands around fields of CSV that hold delimiters; doubled inside. `none`: nothing does.",
            example: "none"),
        KeySpec(
            "header", .either(.word(["true"]), .list(.text(max: 64), max: 256)), .optional("true"),
            "`true`: the first row names the columns. A list: their names, and the first row is a record.",
            example: "[ zh, xm ]"),
    ]

    static let decode = BlockSpec(
        name: "decode",
        doc:
            "What has to be undone before the records can be read: a container around the body, texts of the envelope that "
            + "hold the rest of the answer, texts inside a record. A path goes on inside such a text: `at`, then the path inside "
            + "(`$.result` and `$.data` are `$.result.data`; JSON in XML is `/R/return$.data`, XML in JSON is `$.result/ROOT/ROW`). "
            + "`status`, `not_found`, `total` and `records` may all go on inside.",
        keys: [
            KeySpec(
                "container", .word(["gzip", "deflate", "zip", "multipart_related"]), .optional("none"),
                "What is around the body. `Content-Encoding` is undone before and needs no word here. `multipart_related`: "
                    + "the root part is read, `xop:Include` in it becomes the other part as base64.",
                example: "zip"),
            KeySpec(
                "member", .text(max: 200), .optional("the only file of the archive"),
                "With `zip`: the name of the one member that is read; `*` and `?` stand for characters.",
                example: "\"*.json\""),
            KeySpec(
                "document", .list(.block("decoded document"), max: 4), .optional("none"),
                "Texts of the envelope that hold the rest of the answer, each inside the one before. `format` is then the "
                    + "format of what arrives, and `records` lies inside the last.",
                example: "[ { at: $.result, kind: json } ]"),
            KeySpec(
                "record", .list(.block("decoded record"), max: 8), .optional("none"),
                "Texts inside one record, in order; a later one may lie inside, or be, an earlier one.",
                example: "[ { at: $.extend_info, kind: json } ]"),
        ])

    static let decodedDocument = BlockSpec(
        name: "decoded document", doc: "One text of the envelope that holds the rest of the answer.",
        keys: [
            KeySpec("at", .form(.envelopePath), .required, "Where the text is.", example: "$.result"),
            KeySpec(
                "kind", .word(DecodeStep.Kind.allCases.filter { $0 != .nameValue }.map(\.rawValue)), .required,
                kindWords, example: "json"),
            KeySpec(
                "then", .word(["json", "xml"]), .optional("json"),
                "What comes out of `base64`, `sm2` and `sm4_cbc`.", example: "xml"),
        ] + cipherKeys)

    static let decodedRecord = BlockSpec(
        name: "decoded record",
        doc: "One text inside a record. An empty one is left as it is; one that cannot be read "
            + "sets the record aside.",
        keys: [
            KeySpec("at", .form(.recordPath), .required, "Where the text is.", example: "$.extend_info"),
            KeySpec(
                "kind", .word(DecodeStep.Kind.allCases.map(\.rawValue)), .required,
                kindWords + " `name_value`: a list of names and values becomes an object; no text.",
                example: "name_value"),
            KeySpec(
                "then", .word(["json", "xml", "text"]), .optional("text"),
                "What comes out of `base64`, `sm2` and `sm4_cbc`; a `text` is found at `at` itself.", example: "json"),
            KeySpec(
                "name", .text(max: 64), .optional("name"),
                "With `name_value`: the member, child element or (after `@`) attribute with the name.", example: "name"),
            KeySpec(
                "value", .text(max: 64), .optional("value"),
                "With `name_value`: the one with the value; `.` is the element's own text.", example: "value"),
        ] + cipherKeys)

    private static let kindWords =
        "`json`, `xml`: strictly. `single_quoted_json`: texts stand in single quotes, all else is JSON. `base64`. "
        + "`sm2`: encrypted for our key. `sm4_cbc`: with PKCS #7 padding."

    private static let cipherKeys = [
        KeySpec(
            "key", .form(.secretReference), .conditional("required for `sm2` and `sm4_cbc`"),
            "Our private SM2 key (PEM, or 64 hexadecimal digits), or the SM4 key (32 hexadecimal digits, or 16 characters).",
            example: "\"${secret:sm2_key}\""),
        KeySpec(
            "iv", .form(.secretReference), .optional("the first 16 bytes of the ciphertext"),
            "With `sm4_cbc`: the start vector, written as the key.", example: "\"${secret:sm4_iv}\""),
        KeySpec(
            "order", .word(SM2Ciphertext.Order.allCases.map(\.rawValue)), .optional("c1c3c2"),
            "With `sm2`: the order of point, digest and masked bytes.", example: "c1c2c3"),
        KeySpec(
            "point", .word(SM2Ciphertext.Form.allCases.map(\.rawValue)), .optional("raw"),
            "With `sm2`: `raw` begins with 04, `bare` lacks it, `der` is a sequence (its order is fixed).",
            example: "der"),
        KeySpec(
            "encoding", .word(["hex", "base64"]), .optional("hex"),
            "With `sm2` and `sm4_cbc`: how the bytes are written.", example: "base64"),
        KeySpec(
            "charset", .word(Charset.allCases.map(\.rawValue)), .optional("utf-8"),
            "With `base64`, `sm2` and `sm4_cbc`: the character set of what comes out.", example: "gb18030"),
    ]

    static let endLine = BlockSpec(
        name: "end line",
        doc: "With `format: ndjson`: the last line, which is no record. A stream that stops before it is not complete.",
        keys: [
            KeySpec(
                "equals", .map(keys: nil, .text(max: 64), max: 4), .required, "What that line says.",
                example: "{ $.end: \"true\" }"),
            KeySpec(
                "count", .form(.recordPath), .optional("not compared"),
                "Where that line says how many records there were.", example: "$.count"),
        ])
}
