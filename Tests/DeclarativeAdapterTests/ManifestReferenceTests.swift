import Foundation
import Testing

@testable import DeclarativeAdapter

@Suite struct `The manifest's reference page` {
    static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/reference/manifest.md")

    /// `UPDATE_DOCS=1 swift test --filter …` rewrites the generated part.
    @Test func `says what the declarations say`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let parts = text.components(separatedBy: ManifestReference.begin + "\n")
        try #require(parts.count == 2)
        let rest = parts[1].components(separatedBy: ManifestReference.end)
        try #require(rest.count == 2)
        let generated = "\n" + ManifestReference.markdown() + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            let new = parts[0] + ManifestReference.begin + "\n" + generated + ManifestReference.end + rest[1]
            try new.write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(rest[0] == generated, "run this test with UPDATE_DOCS=1 and commit the page")
        }
    }

    @Test func `names every block that a key refers to`() {
        let names = Set(ManifestLanguage.blocks.map(\.name))
        #expect(names.count == ManifestLanguage.blocks.count)
        for block in ManifestLanguage.blocks {
            #expect(Set(block.keys.map(\.name)).count == block.keys.count)
            #expect(block.keys.flatMap { Self.references($0.kind) }.allSatisfy(names.contains))
        }
    }

    private static func references(_ kind: ValueKind) -> [String] {
        switch kind {
        case .block(let name): [name]
        case .list(let inner, _), .oneOrMore(let inner, _), .map(_, let inner, _): references(inner)
        case .either(let a, let b): references(a) + references(b)
        default: []
        }
    }
}
