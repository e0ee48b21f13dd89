// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct `Error codes` {
    /// `area.what` literals in Sources, each with the first place it stands in.
    ///
    /// The areas are those that are documented, and those named by a literal that is surely a code (`rawValue:` or `code:`
    /// before it); every other literal of such an area counts too, because tables of codes are written in many ways. Names of settings are not
    /// codes although some share an area, so the literals of the file that declares the settings are left out.
    private static let used: [String: String] = {
        let sure = /(?:rawValue|code|Code)\s*[:(]\s*"([a-z][a-z_]*)\.[a-z][a-z0-9_]*"/
        let any = /"\[?([a-z][a-z_]*\.[a-z][a-z0-9_]*)[\]"]/
        let files = Repository.files(under: "Sources", ending: [".swift"])
        var areas = Set(documented.keys.map { String($0.prefix { $0 != "." }) })
        var settings: Set<String> = []
        for path in files {
            let declaresSettings = path.hasSuffix("GatewayConfiguration/ConfigurationKey.swift")
            for line in Repository.lines(path) where line.utf8.holds(".") && line.utf8.holds("\"") {
                if declaresSettings {
                    settings.formUnion(line.matches(of: any).map { String($0.output.1) })
                } else {
                    areas.formUnion(line.matches(of: sure).map { String($0.output.1) })
                }
            }
        }
        var found: [String: String] = [:]
        for path in files where !path.contains("/Conformance/") {
            for (index, line) in Repository.lines(path).enumerated() {
                if !line.utf8.holds("\"") || line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
                for match in line.matches(of: any) {
                    let code = String(match.output.1)
                    let area = String(code.prefix { $0 != "." })
                    guard areas.contains(area), !settings.contains(code), found[code] == nil,
                        !code.contains(/\.(yaml|csv|json|xml|md|key|sock)$/)
                    else { continue }
                    found[code] = "\(path):\(index + 1)"
                }
            }
        }
        return found
    }()

    private static let pages =
        ["docs/reference/errors.md"].filter(Repository.exists)
        + Repository.files(under: "docs/reference/errors", ending: [".md"])

    /// Documented codes with the places of their rows.
    private static let documented: [String: [String]] = {
        var rows: [String: [String]] = [:]
        for path in pages {
            for (index, line) in Repository.lines(path).enumerated() {
                guard let match = line.firstMatch(of: /^\| `([a-z][a-z_]*\.[a-z][a-z0-9_]*)` \|/) else { continue }
                rows[String(match.output.1), default: []].append("\(path):\(index + 1)")
            }
        }
        return rows
    }()

    @Test func `every code in Sources is documented`() {
        for (code, place) in Self.used.sorted(by: { $0.key < $1.key }) where Self.documented[code] == nil {
            Issue.record("\(place): \(code) has no row in docs/reference/errors/")
        }
    }

    @Test func `every documented code is in Sources`() {
        for (code, places) in Self.documented.sorted(by: { $0.key < $1.key }) where Self.used[code] == nil {
            Issue.record("\(places[0]): nothing in Sources says \(code)")
        }
    }

    @Test func `every code is documented once, with meaning, cause and remedy`() {
        for (code, places) in Self.documented.sorted(by: { $0.key < $1.key }) where places.count > 1 {
            Issue.record("\(code) is documented at \(places)")
        }
        for path in Self.pages {
            for (index, line) in Repository.lines(path).enumerated() where line.contains(/^\| `[a-z_]+\.[a-z]/) {
                let cells = Markdown.cells(line.replacing("\\|", with: "/"))
                let isWhole = cells.count == 4 && cells.allSatisfy { !$0.isEmpty }
                #expect(isWhole, "\(path):\(index + 1): a row is code, meaning, usual cause, what to do")
            }
        }
    }

    @Test func `every page of codes is in the index`() {
        let index = Repository.lines("docs/reference/errors.md").joined(separator: "\n")
        for path in Self.pages where path != "docs/reference/errors.md" {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if !index.contains("(errors/\(name))") { Issue.record("docs/reference/errors.md does not name \(path)") }
        }
    }
}

@Suite struct `Settings of gateway yaml` {
    @Test func `every setting has its row on the reference page, and every row its setting`() {
        let source = Repository.lines("Sources/GatewayConfiguration/ConfigurationKey.swift").joined(separator: "\n")
        let declared = Set(source.matches(of: /ConfigurationKey\(\s*"([a-z_.<>]+)"/).map { String($0.output.1) })
        let page = Repository.lines("docs/reference/configuration.md")
        let rows = Set(page.compactMap { $0.firstMatch(of: /^\| `([a-z_.<>]+)` \|/).map { String($0.output.1) } })
        #expect(!declared.isEmpty)
        #expect(declared.subtracting(rows).isEmpty, "no row: \(declared.subtracting(rows).sorted())")
        #expect(rows.subtracting(declared).isEmpty, "no setting: \(rows.subtracting(declared).sorted())")
    }
}
