// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct `Words and sizes` {
    struct Ban: Sendable, CustomTestStringConvertible {
        var pattern: String
        /// Plain texts, one of which every match contains.
        var hints: [String]
        var instead: String
        var endings: [String] = [".swift"]
        var folders = ["Sources", "Adapters"]
        var testDescription: String { pattern }
    }

    static let bans: [Ban] = [
        Ban(
            pattern: #"fatalError\("#, hints: ["fatalError"], instead: "precondition with a sentence, or a typed error"),
        Ban(pattern: #"\btry!"#, hints: ["try!"], instead: "a typed error"),
        Ban(pattern: #"\b(F[I]XME|X[X]X)\b"#, hints: ["FIX" + "ME", "XX" + "X"], instead: "mend it, or open an issue"),
        Ban(
            pattern: #"\bT[O]DO\b(?!\([a-z ]+\): )"#, hints: ["TO" + "DO"],
            instead: "`T" + "ODO(area): what is missing`"),
        Ban(
            pattern: #"\b(class|struct|enum|actor|protocol)\s+\w*(Manager|Helper|Helpers|Utils|Utility|Common)\b"#,
            hints: ["Manager", "Helper", "Util", "Common"],
            instead: "the word for what it does"),
        Ban(
            pattern: #"\bprint\(Optional|String\(reflecting:"#, hints: ["print(Optional", "String(refl"],
            instead: "words an operator knows"),
        Ban(
            pattern: #"\bimport XCTest\b"#, hints: ["XCTest"], instead: "Swift Testing",
            folders: ["Sources", "Tests", "Adapters"]),
        Ban(
            pattern: #"\bFoundation(Networking|XML)\b"#, hints: ["FoundationN", "FoundationX"],
            instead: "Transport or SourceDocument"),
        Ban(pattern: #"\bThread\.sleep\b"#, hints: ["Thread.sleep"], instead: "the clock that was passed in"),
        Ban(
            pattern: #"\b(Licens(e|es|ing)Record|LicenseType|licenseType)\b"#, hints: ["icens"],
            instead: "licence, the noun"),
    ]

    @Test(arguments: bans) func `a banned word is nowhere`(ban: Ban) throws {
        let pattern = try Regex(ban.pattern)
        for folder in ban.folders {
            for path in Repository.files(under: folder, ending: ban.endings) where !path.contains("/fixtures/") {
                if path.hasSuffix("ArchitectureTests/WordTests.swift") { continue }
                for (index, line) in Repository.lines(path).enumerated()
                where ban.hints.contains(where: line.utf8.holds) && line.contains(pattern) {
                    Issue.record("\(path):\(index + 1): say instead: \(ban.instead)")
                }
            }
        }
    }

    @Test(arguments: [
        "fatalError(\"x\")", "// FIX" + "ME later", "// TO" + "DO tidy", "struct LicenceManager {", "let a = try! b()",
    ])
    func `a banned word would be found`(line: String) throws {
        let found = try Self.bans.contains { ban in
            try ban.hints.contains(where: line.utf8.holds) && line.contains(Regex(ban.pattern))
        }
        #expect(found)
    }

    /// A claim that nothing is shared unsafely needs its proof beside it.
    @Test func `every unchecked Sendable and every nonisolated unsafe has a comment above it`() {
        for path in Repository.files(under: "Sources", ending: [".swift"]) {
            let lines = Repository.lines(path)
            for index in lines.indices {
                let code = lines[index].split(separator: "//", maxSplits: 1).first.map(String.init) ?? ""
                guard code.contains("@unchecked Sendable") || code.contains("nonisolated(unsafe)") else { continue }
                let near = lines[max(0, index - 8)...index].contains { $0.contains("//") }
                #expect(near, "\(path):\(index + 1): say why this is safe")
            }
        }
    }

    @Test func `no file of ours is longer than 400 lines`() {
        for folder in ["Sources", "Tests", "Adapters"] {
            for path in Repository.files(under: folder, ending: [".swift"]) {
                let count = Repository.lines(path).count
                #expect(count <= 401, "\(path) has \(count) lines: look for the seam")
            }
        }
    }

    /// Not a rule, a reading: the largest files, so that a review sees them.
    @Test func `the longest files are reported`() {
        let longest = Repository.files(under: "Sources", ending: [".swift"])
            .map { (path: $0, count: Repository.lines($0).count) }
            .sorted { $0.count > $1.count }
        let median = longest.isEmpty ? 0 : longest[longest.count / 2].count
        print("Sources: \(longest.count) files, median \(median) lines; longest:")
        for entry in longest.prefix(5) { print("  \(entry.count)  \(entry.path)") }
    }

    @Test func `every Swift file says its licence in its first or second line`() {
        for folder in ["Sources", "Adapters"] {
            for path in Repository.files(under: folder, ending: [".swift"]) {
                let head = Repository.lines(path).prefix(2)
                if !head.contains(where: { $0.contains("SPDX-License-Identifier: Apache-2.0") }) {
                    Issue.record("\(path) begins without // SPDX-License-Identifier: Apache-2.0")
                }
            }
        }
    }
}
