// SPDX-License-Identifier: Apache-2.0

extension ManifestLanguage {
    static let auth = BlockSpec(
        name: "auth",
        doc: "How we show who we are. Values come from secrets, never from the manifest. Steps that stand before a "
            + "`login` or `oauth2` are applied to its own request too, steps after it are not.",
        keys: authKeys + tokenKeys + signatureKeys)

    private static let authKeys = [
        KeySpec(
            "kind", .word(["none", "header", "query", "basic", "bearer", "body", "oauth2", "login", "signature"]),
            .required,
            "Which way. `body`: the key stands as `${secret:…}` in the body templates; nothing else is added.",
            example: "header"),
        KeySpec(
            "name", .form(.token), .conditional("required for `header` and `query`"),
            "The header's or the query parameter's name.", example: "X-App-Key"),
        KeySpec(
            "value", .form(.secretReference), .conditional("required for `header`, `query` and `bearer`"),
            "The key or token.", example: "\"${secret:example_key}\""),
        KeySpec(
            "user", .template(.account), .conditional("required for `basic`"), "The account's name.",
            example: "\"${config:user}\""),
        KeySpec(
            "password", .form(.secretReference), .conditional("required for `basic`"), "The account's password.",
            example: "\"${secret:example_password}\""),
        KeySpec(
            "put", .oneOrMore(.block("put"), max: 8),
            .conditional("required for `login`; for `signature` unless the body templates hold `${signature}`"),
            "Where token, or signature with its timestamp and nonce, go.",
            example: "{ in: header, name: X-Token, value: \"${token}\" }"),
        KeySpec(
            "confirm", .boolean, .optional("false"), "Proposed from a sample and not confirmed yet.", example: "true"),
    ]

    private static let tokenKeys = [
        KeySpec(
            "base_url", .form(.url), .optional("the source's"),
            "`login`, `oauth2`: where the login is, when it is elsewhere. The token still goes to the source only.",
            example: "\"${config:login_url}\""),
        KeySpec(
            "path", .template(.configuration), .conditional("required for `login` and `oauth2`"),
            "The login's path.", example: "/auth/login"),
        KeySpec(
            "method", .word(["POST", "GET"]), .optional("POST"), "`login`: the method.", example: "POST"),
        KeySpec(
            "headers", .map(keys: .token, .template(.account), max: 16), .optional("none"), "`login`: further headers.",
            example: "{ re-app: \"${config:department}\" }"),
        KeySpec(
            "body", .block("body"), .optional("none"), "`login`: the body.",
            example: "{ kind: json, template: '{\"u\":\"${config:user}\",\"p\":\"${secret:x}\"}' }"),
        KeySpec(
            "format", .word(["json", "xml"]), .optional("json"), "`login`: what its answer is.", example: "xml"),
        KeySpec(
            "status", .list(.block("status layer"), max: 8),
            .conditional("required for `login`; `[]` says that HTTP 200 alone counts"),
            "The business status of the login's answer; anything but ok is a refused login.",
            example: "[ { from: $.code, ok: [\"0\"] } ]"),
        KeySpec(
            "token", .form(.envelopePath), .conditional("required for `login`"), "Where the token is in the answer.",
            example: "$.data.token"),
        KeySpec(
            "expires_in", .form(.envelopePath), .optional("nothing says it; see `lifetime`"),
            "`login`: where the answer says how long the token holds.", example: "$.data.expiresIn"),
        KeySpec(
            "expires_unit", .word(["seconds", "milliseconds"]), .optional("seconds"), "`login`: its unit.",
            example: "milliseconds"),
        KeySpec(
            "lifetime", .duration(1000...2_592_000_000),
            .optional("the token is used until it is refused"),
            "How long a token holds when the answer does not say.", example: "30m"),
        KeySpec(
            "renew_before", .duration(0...86_400_000), .optional("60s"),
            "Lead time: a token is renewed so long before its end, at half its life at the latest.", example: "60s"),
        KeySpec(
            "client_id", .template(.configuration), .conditional("required for `oauth2`"), "The client's id.",
            example: "\"${config:client_id}\""),
        KeySpec(
            "client_secret", .form(.secretReference), .conditional("required for `oauth2`"), "The client's secret.",
            example: "\"${secret:example_client}\""),
        KeySpec(
            "credentials_in", .word(["basic", "body"]), .optional("basic"),
            "`oauth2`: HTTP basic, or fields of the form (RFC 6749, 2.3.1).", example: "body"),
        KeySpec(
            "scope", .text(max: 200), .optional("none is asked for"), "`oauth2`: the scope.", example: "licences.read"),
    ]

    private static let signatureKeys = [
        KeySpec(
            "algorithm", .word(["sha256", "md5", "sm3", "hmac_sha256", "hmac_sm3"]),
            .conditional("required for `signature`"),
            "A digest of a text that holds `${key}`, or an HMAC under the key.", example: "hmac_sm3"),
        KeySpec(
            "encoding", .word(["hex", "hex_upper", "base64"]), .conditional("required for `signature`"),
            "How the signature is written.", example: "hex"),
        KeySpec(
            "key", .form(.secretReference), .conditional("required for `signature`"), "The signing key.",
            example: "\"${secret:example_key}\""),
        KeySpec(
            "key_encoding", .word(["text", "hex", "base64"]), .optional("text"),
            "How an HMAC's key is written in the secret.", example: "base64"),
        KeySpec(
            "timestamp", .text(max: 40), .conditional("required where `${timestamp}` is used"),
            "`seconds` or `milliseconds` since 1970, or a date format in UTC+8.", example: "seconds"),
        KeySpec(
            "nonce", .block("nonce"), .conditional("required where `${nonce}` is used"), "A fresh random text.",
            example: "{ length: 16, alphabet: hex }"),
        KeySpec(
            "body_digest", .block("body digest"), .conditional("required where `${body_digest}` is used"),
            "How the body is digested.", example: "{ algorithm: sm3, encoding: hex }"),
        KeySpec(
            "canonical", .list(.template(.canonical), max: 32), .conditional("required for `signature`"),
            "The parts of the signed text, in order.",
            example: "[ \"${timestamp}\", \"${key}\", \"${nonce}\", \"${timestamp}\" ]"),
        KeySpec(
            "join", .text(max: 8), .optional("nothing stands between"),
            "What stands between the parts; a line feed is `\"\\n\"` in double quotes.", example: "\"\\n\""),
        KeySpec(
            "query_form", .word(["encoded", "decoded"]), .optional("encoded"),
            "Whether `${sorted_query}` holds names and values as they are sent, or percent-decoded.",
            example: "decoded"),
        KeySpec(
            "check", .oneOrMore(.block("vector"), max: 4), .optional("nothing is checked offline"),
            "Worked examples of the interface document: lint computes them.",
            example: "{ key: demo, timestamp: \"1763913600\", nonce: abc123, expect: \"7737…\" }"),
    ]

    static let authPut = BlockSpec(
        name: "put", doc: "A value and where it goes.",
        keys: [
            KeySpec(
                "in", .word(["header", "query", "body"]), .required,
                "The place; `body` says that the body templates hold `${token}`, `${timestamp}`, `${nonce}` or "
                    + "`${signature}` themselves.", example: "header"),
            KeySpec(
                "name", .form(.token), .conditional("required but for `in: body`"), "The header's or parameter's name.",
                example: "x-tif-signature"),
            KeySpec(
                "value", .template(.put), .conditional("required but for `in: body`"), "What is put there.",
                example: "\"${signature}\""),
        ])

    static let nonce = BlockSpec(
        name: "nonce", doc: "A random text, fresh for each request.",
        keys: [
            KeySpec("length", .integer(4...64), .required, "Its characters.", example: "16"),
            KeySpec(
                "alphabet", .word(["hex", "alphanumeric", "digits"]), .optional("alphanumeric"), "What they are.",
                example: "hex"),
        ])

    static let bodyDigest = BlockSpec(
        name: "body digest", doc: "How the body is digested for `${body_digest}`.",
        keys: [
            KeySpec("algorithm", .word(["sha256", "md5", "sm3"]), .required, "The digest.", example: "sm3"),
            KeySpec(
                "encoding", .word(["hex", "hex_upper", "base64"]), .optional("hex"), "How it is written.",
                example: "hex"),
        ])

    static let vector = BlockSpec(
        name: "vector",
        doc: "A worked example of a signature. Its key is the example's own, never a real one.",
        keys: [
            KeySpec("key", .text(max: 400), .required, "The example's key.", example: "demo-token-0001"),
            KeySpec("timestamp", .text(max: 64), .optional("empty"), "`${timestamp}`.", example: "\"1763913600\""),
            KeySpec("nonce", .text(max: 64), .optional("empty"), "`${nonce}`.", example: "abc123"),
            KeySpec("token", .text(max: 400), .optional("empty"), "`${token}`.", example: "demo-token"),
            KeySpec("method", .word(["GET", "POST"]), .optional("GET"), "`${method}`.", example: "POST"),
            KeySpec("path", .text(max: 400), .optional("`/`"), "`${path}`, as sent.", example: "/v1/licences/check"),
            KeySpec(
                "query", .text(max: 2000), .optional("empty"), "The query as sent, in any order.",
                example: "\"b=2&a=1\""),
            KeySpec("body", .text(max: 20_000), .optional("empty"), "The body as sent.", example: "'{\"a\":1}'"),
            KeySpec(
                "settings", .map(keys: nil, .text(max: 200), max: 16), .optional("none"),
                "`${config:…}`, by name.", example: "{ app_id: winA }"),
            KeySpec("expect", .text(max: 400), .required, "The signature.", example: "\"7737770eb048…\""),
        ])
}

extension PlaceholderSet {
    /// What a request's headers and bodies may hold beside their own: secrets and what a request is signed with.
    static let signed: [Placeholder.Kind] = [.secret, .token, .timestamp, .nonce]
    static let probeText = PlaceholderSet(name: "probe text", allowed: [.config] + signed)
    static let canonical = PlaceholderSet(
        name: "canonical text",
        allowed: [
            .config, .timestamp, .nonce, .key, .method, .path, .sortedQuery, .body, .bodyDigest, .token,
        ])
    static let put = PlaceholderSet(
        name: "value put", allowed: [.config, .token, .timestamp, .nonce, .bodyDigest, .signature])
}
