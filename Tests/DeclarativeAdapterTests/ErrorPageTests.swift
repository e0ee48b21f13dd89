import Foundation
import Testing

@Suite struct `The page of manifest errors` {
    @Test func `has every code that lint can give`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appendingPathComponent("docs/reference/errors/declarative-adapter.md"), encoding: .utf8)
        let folder = root.appendingPathComponent("Sources/DeclarativeAdapter")
        let files = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
        var codes: Set<String> = []
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for area in ["manifest.", "record."] {
                for piece in text.components(separatedBy: "\"" + area).dropFirst() {
                    codes.insert(area + (piece.components(separatedBy: "\"").first ?? ""))
                }
            }
        }
        codes.remove("manifest.yaml")
        #expect(codes.count > 40)
        #expect(codes.filter { !page.contains("| `\($0)` |") } == [])
    }
}
