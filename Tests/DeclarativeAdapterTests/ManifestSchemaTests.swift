import Foundation
import Testing

@testable import DeclarativeAdapter

@Suite struct `The manifest's JSON Schema` {
    static let file = ShippedManifests.root + "/docs/reference/manifest.schema.json"

    /// `UPDATE_DOCS=1 swift test --filter …` rewrites the file.
    @Test func `is the committed one`() throws {
        let made = ManifestSchema.json()
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            try made.write(toFile: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOfFile: Self.file, encoding: .utf8) == made,
            "run this test with UPDATE_DOCS=1 and commit the file")
    }

    @Test func `has every block and every key of the declarations`() throws {
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(ManifestSchema.json().utf8)) as? [String: Any])
        let definitions = try #require(root["$defs"] as? [String: [String: Any]])
        for block in ManifestLanguage.blocks {
            let name = block.name.replacing(" ", with: "-")
            let properties = try #require(definitions[name]?["properties"] as? [String: Any], "no block \(name)")
            #expect(Set(block.keys.map(\.name)).isSubset(of: properties.keys), "keys of \(name)")
            #expect(definitions[name]?["additionalProperties"] as? Bool == false)
        }
        // Every reference leads to a definition.
        for text in ManifestSchema.json().components(separatedBy: "\"$ref\": \"#/$defs/").dropFirst() {
            let name = String(text.prefix { $0 != "\"" })
            #expect(definitions[name] != nil, "no definition \(name)")
        }
    }

    /// Texts that a form takes match its pattern, and texts that it refuses do not, where the pattern can know.
    @Test(arguments: [
        (TextForm.kebab, ["a", "cs-transport", "a1-2"], ["A", "-a", "a-", "a--b", ""]),
        (.region, ["430100"], ["43010", "4301000"]),
        (.cron, ["30 2 * * *"], ["30 2 * *", "@daily"]),
        (
            .downtime, ["none", "nightly 01:00-03:00", "weekly Sat 22:00-24:00", "monthly 1 00:00-06:00"],
            ["daily", "nightly 1-3"]
        ),
        (.hours, ["06:00-22:00"], ["6-22"]),
        (
            .url, ["https://a.b/c", "http://127.0.0.1:8080", "${config:base_url}"],
            ["ftp://a", "https://a?b", "${secret:x}"]
        ),
        (.holderKind, ["111"], ["11", "1111"]),
        (.secretReference, ["${secret:a_b}"], ["abc", "${config:a}", "x${secret:a}"]),
        (.secretName, ["a.b-c_d"], ["", "a b"]), (.tableFile, ["rows.csv"], ["../rows.csv", "rows.txt", ".csv"]),
        (.prefix, ["h", "ns-1"], ["1h", ""]), (.conformanceNumber, ["C01", "C13"], ["C14", "C00", "1"]),
        (.dialectName, ["long_english"], ["long-english", ""]),
        (.zone, ["Z", "+08:00", "-14:00"], ["+15:00", "8", "CST"]),
        (.licenceType, ["11100000000013127D916"], ["", "a b"]), (.token, ["X-App-Key"], ["a b", "a:b"]),
        (.filePattern, ["licences-*.csv"], ["a/b", ""]),
    ])
    func `has patterns that agree with the parser`(form: TextForm, good: [String], bad: [String]) throws {
        let pattern = try NSRegularExpression(pattern: try #require(form.pattern))
        for (texts, fits) in [(good, true), (bad, false)] {
            for text in texts {
                let found = pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
                #expect(found == fits && form.accepts(text) == fits, "\(form.rawValue): \(text)")
            }
        }
    }
}
