// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct `The tree` {
    private static let text = [".swift", ".md", ".yaml", ".yml", ".csv", ".json", ".sh", ".py", ".txt", ".h", ".conf"]

    private static var everyText: [String] {
        Repository.files(ending: text) + Repository.files(under: "Scripts").filter { !$0.contains(".") }
    }

    @Test func `holds only what belongs at the top`() {
        let allowed: Set<String> = [
            "Package.swift", "Package.resolved", "README.md", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
            "SECURITY.md", "LICENSE", "NOTICE", ".swift-format", ".editorconfig", ".gitignore", ".gitattributes",
        ]
        let files = Repository.files().filter { !$0.contains("/") && !$0.hasPrefix(".build") }
        let unknown = files.filter { !allowed.contains($0) && !$0.hasPrefix(".") }
        #expect(unknown.isEmpty, "\(unknown)")
        let folders = Set(Repository.folders(under: "")).filter { !$0.hasPrefix(".") }
        #expect(
            folders.isSubset(of: ["Sources", "Tests", "Adapters", "Config", "Scripts", "docs", "var"]), "\(folders)")
    }

    @Test func `names no path of one machine`() throws {
        // Plain texts, not patterns: every line of every file is looked at.
        let paths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/tm" + "p/h/"]
        for path in Self.everyText {
            for (index, line) in Repository.lines(path).enumerated() where paths.contains(where: line.utf8.holds) {
                Issue.record("\(path):\(index + 1): a path of one machine")
            }
        }
    }

    /// What the product reaches over the network must be the operator's choice: the tree names public project pages only.
    @Test func `names no mirror`() throws {
        let pattern = try Regex(#"https?://[A-Za-z0-9.-]*(mirror|proxy|artifactory|nexus|internal)[A-Za-z0-9.-]*"#)
        for path in Self.everyText {
            for (index, line) in Repository.lines(path).enumerated()
            where line.utf8.holds("://") && line.contains(pattern) {
                Issue.record("\(path):\(index + 1): a host of a mirror")
            }
        }
    }

    @Test func `every link in a page leads somewhere`() {
        for path in Repository.files(ending: [".md"]) {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            for (number, line) in Markdown.prose(Repository.lines(path)) {
                for target in line.utf8.holds("](") ? Self.links(in: line) : []
                where !Self.resolves(target, from: folder) {
                    Issue.record("\(path):\(number): no such page or heading: \(target)")
                }
            }
        }
    }

    @Test(arguments: [("[a](no-such-page.md)", "docs"), ("[b](../README.md#no-such-heading)", "docs")])
    func `a dead link would be found`(line: String, folder: String) {
        let targets = Self.links(in: line)
        #expect(targets.count == 1)
        #expect(targets.allSatisfy { !Self.resolves($0, from: folder) })
    }

    @Test func `every script says how it is used and can be run`() {
        for path in Repository.files(under: "Scripts")
        where !path.dropFirst("Scripts/".count).contains(where: "./".contains) {
            let lines = Repository.lines(path)
            guard lines.first?.hasPrefix("#!") == true else { continue }
            #expect(lines.prefix(12).contains { $0.contains("#") && $0.contains(path) }, "\(path)")
            #expect(
                FileManager.default.isExecutableFile(atPath: Repository.root.appendingPathComponent(path).path),
                "\(path)")
        }
    }

    private static func links(in line: String) -> [String] {
        line.replacing(/`[^`]*`/, with: "").matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
    }

    private static func resolves(_ target: String, from folder: String) -> Bool {
        if target.contains("://") || target.hasPrefix("mailto:") { return true }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var place: [Substring] = parts[0].hasPrefix("/") ? [] : folder.split(separator: "/")
        for step in parts[0].split(separator: "/") {
            if step == ".." { _ = place.popLast() } else if step != "." { place.append(step) }
        }
        let path = place.joined(separator: "/")
        guard !parts[0].isEmpty || parts.count == 2, parts[0].isEmpty || Repository.exists(path) else { return false }
        guard parts.count == 2, !parts[0].isEmpty, path.hasSuffix(".md") else { return true }
        return Repository.lines(path).contains { $0.hasPrefix("#") && anchor($0) == parts[1] }
    }

    /// The anchor a heading gets when the page is shown: lower case, blanks become hyphens, marks are dropped.
    private static func anchor(_ heading: String) -> String {
        let title = heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
        return String(
            title.compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : nil })
    }
}
