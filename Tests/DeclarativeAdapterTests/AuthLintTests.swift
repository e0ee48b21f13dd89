import Diagnostics
import Testing

@testable import DeclarativeAdapter

/// Each fault beside a block that has it mended.
@Suite struct `Authentication under lint` {
    struct Pair: Sendable, CustomTestStringConvertible {
        let name: String
        let code: String
        let bad: String
        let good: String
        var body = #"{"page": ${page}}"#
        var goodBody: String?
        var severity = Severity.error
        var testDescription: String { name }
    }

    private static let put = #"put: { in: header, name: sign, value: "${signature}" }"#
    private static let start = #"kind: signature, encoding: hex, key: "${secret:key}""#
    private static let login = #"kind: login, path: /login, status: [], token: $.token"#

    static let pairs: [Pair] = [
        Pair(
            name: "a plain digest without the key", code: "manifest.conflict",
            bad: "{ \(start), algorithm: sm3, canonical: [x], \(put) }",
            good: "{ \(start), algorithm: hmac_sm3, canonical: [x], \(put) }"),
        Pair(
            name: "a signature that goes nowhere", code: "manifest.conflict",
            bad: "{ \(start), algorithm: hmac_sm3, canonical: [x] }",
            good: "{ \(start), algorithm: hmac_sm3, canonical: [x], \(put) }"),
        Pair(
            name: "a signed body that holds its signature", code: "manifest.conflict",
            bad: #"{ \#(start), algorithm: hmac_sm3, canonical: ["${body}"], put: { in: body } }"#,
            good: "{ \(start), algorithm: hmac_sm3, canonical: [x], put: { in: body } }",
            body: #"{"page": ${page}, "sign": "${signature}"}"#),
        Pair(
            name: "a nonce that is signed and not sent", code: "manifest.conflict",
            bad: #"{ \#(start), algorithm: hmac_sm3, nonce: { length: 8 }, canonical: ["${nonce}"], \#(put) }"#,
            good:
                #"{ \#(start), algorithm: hmac_sm3, nonce: { length: 8 }, canonical: ["${nonce}"], put: [ { in: header, name: n, value: "${nonce}" }, { in: header, name: s, value: "${signature}" } ] }"#
        ),
        Pair(
            name: "a timestamp that is not declared", code: "manifest.missing_key",
            bad:
                #"{ \#(start), algorithm: hmac_sm3, canonical: [x], put: { in: header, name: s, value: "${timestamp}.${signature}" } }"#,
            good:
                #"{ \#(start), algorithm: hmac_sm3, timestamp: milliseconds, canonical: [x], put: { in: header, name: s, value: "${timestamp}.${signature}" } }"#
        ),
        Pair(
            name: "a timestamp's format", code: "manifest.bad_date_format",
            bad: "{ \(start), algorithm: hmac_sm3, timestamp: nanoseconds, canonical: [x], \(put) }",
            good: "{ \(start), algorithm: hmac_sm3, timestamp: yyyyMMddHHmmss, canonical: [x], \(put) }"),
        Pair(
            name: "MD5", code: "manifest.weak_digest",
            bad: #"{ \#(start), algorithm: md5, canonical: ["${key}"], \#(put) }"#,
            good: #"{ \#(start), algorithm: sm3, canonical: ["${key}"], \#(put) }"#, severity: .warning),
        Pair(
            name: "a key that would be sent", code: "manifest.placeholder_not_here",
            bad:
                #"{ \#(start), algorithm: hmac_sm3, canonical: [x], put: { in: header, name: s, value: "${key}${signature}" } }"#,
            good: "{ \(start), algorithm: hmac_sm3, canonical: [x], \(put) }"),
        Pair(
            name: "a key written out", code: "manifest.secret_literal",
            bad: "{ kind: signature, encoding: hex, key: abc, algorithm: hmac_sm3, canonical: [x], \(put) }",
            good: "{ \(start), algorithm: hmac_sm3, canonical: [x], \(put) }"),
        Pair(
            name: "a missing part", code: "manifest.missing_key",
            bad: "{ \(start), canonical: [x], algorithm: hmac_sm3, put: { in: query, name: s } }",
            good:
                #"{ \#(start), canonical: [x], algorithm: hmac_sm3, put: { in: query, name: s, value: "${signature}" } }"#
        ),
        Pair(
            name: "a body digest nobody uses", code: "manifest.conflict",
            bad: "{ \(start), algorithm: hmac_sm3, body_digest: { algorithm: sm3 }, canonical: [x], \(put) }",
            good:
                #"{ \#(start), algorithm: hmac_sm3, body_digest: { algorithm: sm3 }, canonical: ["${body_digest}"], \#(put) }"#
        ),
        Pair(
            name: "a worked example that comes out otherwise", code: "manifest.vector_mismatch",
            bad: AuthFixtures.tif(
                "sm3",
                more: ", check: { key: demo-token-0001, timestamp: \"1763913600\", nonce: abc124, expect: \(Self.sm3) }"
            ),
            good: AuthFixtures.tif(
                "sm3",
                more: ", check: { key: demo-token-0001, timestamp: \"1763913600\", nonce: abc123, expect: \(Self.sm3) }"
            )
        ),
        Pair(
            name: "a token without a login", code: "manifest.placeholder_not_here", bad: "{ kind: none }",
            good: "{ \(login), put: { in: body } }", body: #"{"page": ${page}, "token": "${token}"}"#),
        Pair(
            name: "a signed token without a login", code: "manifest.conflict",
            bad: #"{ \#(start), algorithm: hmac_sm3, canonical: ["${token}"], \#(put) }"#,
            good:
                #"[ { \#(login), put: { in: header, name: t, value: "${token}" } }, { \#(start), algorithm: hmac_sm3, canonical: ["${token}"], \#(put) } ]"#
        ),
        Pair(
            name: "a login whose token goes nowhere", code: "manifest.conflict", bad: "{ \(login), put: { in: body } }",
            good: #"{ \#(login), put: { in: header, name: X-Token, value: "Bearer ${token}" } }"#),
        Pair(
            name: "a login without a status", code: "manifest.missing_key",
            bad: #"{ kind: login, path: /l, token: $.token, put: { in: header, name: t, value: "${token}" } }"#,
            good:
                #"{ kind: login, path: /l, status: [], token: $.token, put: { in: header, name: t, value: "${token}" } }"#
        ),
        Pair(
            name: "a login elsewhere in the clear", code: "manifest.insecure_url",
            bad:
                #"{ kind: oauth2, base_url: "http://login.example", path: /t, client_id: a, client_secret: "${secret:key}" }"#,
            good:
                #"{ kind: oauth2, base_url: "http://127.0.0.1:9", path: /t, client_id: a, client_secret: "${secret:key}" }"#
        ),
        Pair(
            name: "a key in the body that is not there", code: "manifest.conflict", bad: "{ kind: body }",
            good: "{ kind: body }", goodBody: #"{"page": ${page}, "accessToken": "${secret:key}"}"#),
        Pair(
            name: "a key of another kind", code: "manifest.conflict",
            bad: #"{ kind: bearer, value: "${secret:key}", name: X }"#,
            good: #"{ kind: bearer, value: "${secret:key}" }"#),
        Pair(
            name: "one header twice", code: "manifest.conflict",
            bad: #"[ { kind: bearer, value: "${secret:key}" }, { kind: basic, user: a, password: "${secret:key}" } ]"#,
            good:
                #"[ { kind: header, name: X, value: "${secret:key}" }, { kind: basic, user: a, password: "${secret:key}" } ]"#
        ),
    ]

    private static let sm3 = "17b98f5a1a41a7549216978bb11de081fdd0aef51e36ed92bb598a8b40e80ad1"

    private func lint(_ auth: String, _ body: String) -> [Diagnostic] {
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "http://127.0.0.1:8080"
            auth: \(auth)
            limits: { timeout: 10s, response_bytes: 8MiB, requests_per_second: 5, pages_per_run: 10000 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            status: [ { from: $.code, ok: ["0"] } ]
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                pull: { method: POST, path: /list, body: { kind: json, template: '\(body)' }, pages: { kind: page_number, size: 50 }, records: $.data, key: [$.id], version: arrival }
                fields: { number: $.no, status: { constant: valid } }
            """
        return Fixtures.lint(text).1
    }

    @Test(arguments: pairs) func `a fault is found at its place, and not in the mended block`(pair: Pair) {
        let findings = lint(pair.bad, pair.body)
        #expect(findings.contains { $0.code == pair.code && $0.severity == pair.severity }, "\(findings.map(\.text))")
        for finding in findings {
            #expect(finding.place.line != nil && finding.place.column != nil && !finding.remedy.isEmpty)
        }
        let mended = lint(pair.good, pair.goodBody ?? pair.body)
        #expect(mended.isEmpty, "\(mended.map(\.text))")
    }

    @Test func `a wrong worked example shows the text that was signed`() throws {
        let pair = try #require(Self.pairs.first { $0.code == "manifest.vector_mismatch" })
        let found = try #require(lint(pair.bad, pair.body).first { $0.code == pair.code })
        #expect(found.remedy.contains("`1763913600demo-token-0001abc1241763913600`"))
    }
}
