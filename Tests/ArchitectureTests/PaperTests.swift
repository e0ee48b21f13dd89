// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct `The papers` {
    @Test func `the change log is newest first, for operators, in known groups`() throws {
        let lines = Repository.lines("CHANGELOG.md")
        #expect(lines.first == "# Changelog")
        let versions = lines.filter { $0.hasPrefix("## ") }
        #expect(!versions.isEmpty)
        for (index, version) in versions.enumerated() {
            let isForm = version.contains(/^## (Unreleased|\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\))$/)
            #expect(isForm, "\(version)")
            #expect(index == 0 || version != "## Unreleased", "Unreleased comes first")
        }
        let groups: Set<String> = ["### Changed", "### Added", "### Fixed", "### Removed", "### Security"]
        for line in lines where line.hasPrefix("### ") { #expect(groups.contains(line), "\(line)") }
    }

    /// "`File.swift: name`" means that this file has this name in it; a bare "`name`" right after it means the same file.
    @Test(arguments: ["ARCHITECTURE.md", "docs/reference/where-is-it.md"])
    func `every place that the page names is there`(page: String) {
        var files: [String: [String]] = [:]
        for path in Repository.files(under: "Sources", ending: [".swift"]) {
            files[path.split(separator: "/").last.map(String.init) ?? path, default: []].append(path)
        }
        for (number, line) in Markdown.prose(Repository.lines(page)) {
            for place in Self.places(in: line) where files[place.file] != nil || Repository.exists("Sources/licgate") {
                let lines = (files[place.file] ?? []).flatMap(Repository.lines)
                if !lines.contains(where: { $0.contains(place.name) }) {
                    Issue.record("\(page):\(number): no \(place.name) in a file \(place.file)")
                }
            }
        }
    }

    @Test func `a place that is gone would be found`() {
        let places = Self.places(in: "| x | `Walk.swift: onePull`, `gone` | `Tests/SyncTests` |")
        #expect(places.map(\.file) == ["Walk.swift", "Walk.swift"])
        #expect(places.map(\.name) == ["onePull", "gone"])
    }

    private static func places(in line: String) -> [(file: String, name: String)] {
        var found: [(file: String, name: String)] = []
        var end = line.startIndex
        for match in line.matches(of: /`(?:([A-Za-z+]+\.swift): )?([A-Za-z_]+)`/) {
            if let file = match.output.1 {
                found.append((String(file), String(match.output.2)))
            } else if let last = found.last, line[end..<match.range.lowerBound] == ", " {
                found.append((last.file, String(match.output.2)))
            } else {
                continue
            }
            end = match.range.upperBound
        }
        return found
    }

    @Test func `every decision has its four parts`() {
        let pages = Repository.files(under: "docs/explanation/decisions", ending: [".md"])
        #expect(pages.count >= 3)
        for path in pages {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            #expect(name.contains(/^\d{4}-[a-z0-9-]+\.md$/), "\(path)")
            let lines = Repository.lines(path)
            for part in ["## Context", "## Decision", "## Alternatives", "## Consequences"] {
                #expect(lines.contains(part), "\(path) lacks \(part)")
            }
        }
    }

    @Test func `the index of the documents names every page`() {
        let index = Repository.lines("docs/README.md").joined(separator: "\n")
        for path in Repository.files(under: "docs", ending: [".md"]) where path != "docs/README.md" {
            let short = String(path.dropFirst("docs/".count))
            if short.hasPrefix("reference/errors/") { continue }
            if !index.contains("(\(short))") { Issue.record("docs/README.md does not name \(path)") }
        }
    }

    /// Package.resolved is there after any build of the whole package; a build of one suite resolves only a part.
    @Test func `every dependency has its licence, its reason and its way out`() throws {
        let rows = Repository.lines("docs/reference/dependencies.csv").filter { !$0.isEmpty }
        #expect(rows.first == "name,kind,version,licence,why,how_to_leave")
        var versions: [String: String] = [:]
        for row in rows.dropFirst() {
            let cells = Self.cells(row)
            #expect(cells.count == 6 && cells.allSatisfy { !$0.isEmpty }, "\(row)")
            guard cells.count == 6 else { continue }
            #expect(["direct", "indirect", "debian", "tool"].contains(cells[1]), "\(row)")
            versions[cells[0].lowercased()] = cells[2]
        }
        for pin in try Self.resolved() {
            let written = versions[pin.identity.lowercased()]
            #expect(written != nil, "\(pin.identity) is resolved but not in docs/reference/dependencies.csv")
            #expect(
                written == nil || written == pin.version,
                "\(pin.identity) is \(pin.version), the table says \(written ?? "")")
        }
    }

    @Test func `every Debian library the package links is listed`() {
        let manifest = Repository.lines("Package.swift").joined(separator: "\n")
        let table = Repository.lines("docs/reference/dependencies.csv").joined(separator: "\n")
        for match in manifest.matches(of: /apt: "([a-z0-9.+-]+)"/) {
            #expect(table.contains("\n\(match.output.1),debian,"), "\(match.output.1)")
        }
    }

    private static func resolved() throws -> [(identity: String, version: String)] {
        struct Resolved: Decodable {
            struct Pin: Decodable {
                struct State: Decodable { var version: String? }
                var identity: String
                var state: State
            }
            var pins: [Pin]
        }
        let file = Repository.root.appendingPathComponent("Package.resolved")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return try JSONDecoder().decode(Resolved.self, from: data).pins.map { ($0.identity, $0.state.version ?? "") }
    }

    /// Cells of one CSV row; a quoted cell may hold commas.
    private static func cells(_ row: String) -> [String] {
        var cells: [String] = [""]
        var isQuoted = false
        for character in row {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}
