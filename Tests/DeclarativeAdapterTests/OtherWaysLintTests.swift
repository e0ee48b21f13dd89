// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Testing

@testable import DeclarativeAdapter

@Suite struct `Lint of other ways in` {
    private static let files =
        "files: { folder: \"${config:drop}\", pattern: \"*.json\", ready: { suffix: .done }, key: [$.id], version: arrival }"
    private static let push = "push: { secret: \"${secret:push}\", key: [$.id], version: arrival }"
    private static let tap =
        "tap: { program: tap-a, stream: s, config: { url: \"${config:base_url}\" }, key: [$.id], version: arrival }"

    private func lint(_ way: String) -> [String] {
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例
            owner: 示例局
            kind: declarative
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 1, pages_per_run: 10 }
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                \(way)
                fields: { number: $.no, status: { constant: valid } }
            """
        let findings = Fixtures.lint(text).1
        #expect(findings.allSatisfy { $0.place.line != nil && !$0.remedy.isEmpty })
        return findings.map(\.code)
    }

    @Test(arguments: [files, push, tap]) func `passes when nothing is wrong, without a base URL`(way: String) {
        #expect(lint(way) == [])
    }

    @Test(arguments: [
        ("two ways", files + "\n    " + push, ["manifest.conflict"]),
        ("changes without done", files.replacing("key:", with: "mode: changes, key:"), ["manifest.missing_key"]),
        (
            "done without rejected", files.replacing("key:", with: "done: \"${config:d}\", key:"),
            ["manifest.missing_key"]
        ),
        ("rows without sha256", files.replacing(".done }", with: ".done, rows: $.n }"), ["manifest.missing_key"]),
        (
            "member without zip", files.replacing("key:", with: "container: gzip, member: a, key:"),
            ["manifest.conflict"]
        ),
        ("unknown container", files.replacing("key:", with: "container: rar, key:"), ["manifest.unknown_word"]),
        ("secret written out", push.replacing("${secret:push}", with: "abc"), ["manifest.secret_literal"]),
        ("unknown algorithm", push.replacing("key:", with: "algorithm: md5, key:"), ["manifest.unknown_word"]),
        ("window without a unit", push.replacing("key:", with: "window: 5, key:"), ["manifest.missing_unit"]),
        ("digest as key", push.replacing("$.id", with: "$.md5"), ["manifest.digest_as_key"]),
        ("program by path", tap.replacing("tap-a", with: "/bin/sh"), ["manifest.bad_text"]),
        ("catalogue elsewhere", tap.replacing("key:", with: "catalog: ../x.json, key:"), ["manifest.bad_text"]),
        (
            "configuration no JSON", tap.replacing("{ url: \"${config:base_url}\" }", with: "'{\"a\": ${config:a}}'"),
            ["manifest.bad_body"]
        ),
        (
            "cursor in a configuration", tap.replacing("${config:base_url}", with: "${cursor}"),
            ["manifest.placeholder_not_here"]
        ),
        ("a tap of CSV", "format: csv\n    " + tap.replacing("$.id", with: "id"), ["manifest.conflict"]),
    ]) func `refuses with the place and the remedy`(what: String, way: String, codes: [String]) {
        let found = lint(way)
        #expect(Set(codes).isSubset(of: found), "\(what): \(found)")
    }
}
