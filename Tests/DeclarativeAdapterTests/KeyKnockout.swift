import Diagnostics
import Foundation
import LicenceModel
import Testing

@testable import DeclarativeAdapter

/// Takes one key out of every manifest that these tests read, to see which of them notice: `Scripts/check-manifest-keys`.
///
/// `WITHOUT_KEY="pages: size"` takes out `size` wherever the block `pages` stands; `SHOW_KEYS=1` prints what each test uses.
enum KeyKnockout {
    struct Key: Hashable {
        let block: String
        let name: String
        var text: String { "\(block): \(name)" }
    }

    static let key = ProcessInfo.processInfo.environment["WITHOUT_KEY"]
    static let shows = ProcessInfo.processInfo.environment["SHOW_KEYS"] != nil

    /// The node without the key, and every key that stands in it.
    static func taken(from node: YAMLNode, _ block: BlockSpec, key: String?) -> (node: YAMLNode, keys: Set<Key>) {
        var keys: Set<Key> = []
        return (without(node, .block(block.name), key, &keys), keys)
    }

    private static func without(_ node: YAMLNode, _ kind: ValueKind, _ key: String?, _ keys: inout Set<Key>) -> YAMLNode
    {
        switch kind {
        case .block(let name):
            guard case .map(let pairs, let spot) = node, let block = ManifestLanguage.block(name) else { return node }
            var kept: [(key: String, spot: Spot, value: YAMLNode)] = []
            for pair in pairs {
                guard let spec = block.key(pair.key) else {
                    kept.append(pair)
                    continue
                }
                let found = Key(block: name, name: pair.key)
                keys.insert(found)
                if found.text == key { continue }
                kept.append((pair.key, pair.spot, without(pair.value, spec.kind, key, &keys)))
            }
            return .map(kept, spot)
        case .list(let inner, _), .oneOrMore(let inner, _):
            guard case .list(let members, let spot) = node else { return without(node, inner, key, &keys) }
            return .list(members.map { without($0, inner, key, &keys) }, spot)
        case .map(_, let inner, _):
            guard case .map(let pairs, let spot) = node else { return node }
            return .map(pairs.map { ($0.key, $0.spot, without($0.value, inner, key, &keys)) }, spot)
        case .either(let first, let second):
            if case .scalar = node { return without(node, first, key, &keys) }
            return without(node, second, key, &keys)
        default: return node
        }
    }
}

extension ManifestLinter {
    /// Stands in for the product's own, in these tests alone: the same, but for the key that is taken out.
    func lint(
        text: String, folder: String, licenceTypes: Set<LicenceTypeCode>?, tables: [String: String] = [:]
    ) -> (manifest: SourceManifest?, findings: [Diagnostic]) {
        var reader = ShapeReader(licenceTypes: licenceTypes)
        let node = YAMLFile.read(text, file: "\(folder)/manifest.yaml", findings: &reader.findings)
        guard let node else { return (nil, reader.findings.sorted) }
        let (bare, keys) = KeyKnockout.taken(from: node, ManifestLanguage.manifest, key: KeyKnockout.key)
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        let result = lint(
            [("manifest.yaml", bare)], folder: folder, folderName: name, reader: &reader,
            tables: { tables[$0].map { Array($0.utf8) } })
        let test = Test.current.map { $0.displayName ?? $0.name } ?? ""
        if KeyKnockout.shows {
            for key in keys { print("KEY\t\(key.text)\t\(test)") }
        }
        if let key = KeyKnockout.key, keys.contains(where: { $0.text == key }) {
            print("WITHOUT\t\(result.manifest == nil ? "refused" : "accepted")\t\(test)")
        }
        return result
    }
}

@Suite struct `A key taken out of a manifest` {
    static let text = """
        id: x
        status: [ { from: $.a, ok: ["0"] }, { from: $.b, ok: ["0"] } ]
        interfaces:
          - name: licences
            pull: { path: /a, pages: { kind: none, size: 3 }, records: $, key: [$.id], version: arrival }
            fields: { number: { from: $.no, trim: true }, status: { constant: valid } }
        """

    @Test(arguments: [
        ("pages: size", ", size: 3"), ("status layer: ok", ", ok: [\"0\"]"), ("rule: trim", ", trim: true"),
        ("manifest: id", "id: x\n"),
    ]) func `is gone wherever its block stands, and nothing else`(key: String, words: String) throws {
        var findings = Findings()
        let whole = try #require(YAMLFile.read(Self.text, file: "m", findings: &findings))
        let bare = try #require(YAMLFile.read(Self.text.replacing(words, with: ""), file: "m", findings: &findings))
        let taken = KeyKnockout.taken(from: whole, ManifestLanguage.manifest, key: key)
        #expect(taken.keys.contains { $0.text == key })
        #expect(Self.shown(taken.node) == Self.shown(bare))
        #expect(Self.shown(taken.node) != Self.shown(whole))
    }

    /// `docs/reference/manifest-keys.csv` has a line for each key of the language, in the order of the declarations.
    @Test func `has a line in the table of keys, with a test that is there`() throws {
        let declared = ManifestLanguage.blocks.flatMap { block in
            block.keys.map { KeyKnockout.Key(block: block.name, name: $0.name).text }
        }
        if KeyKnockout.shows { for key in declared { print("DECLARED\t\(key)") } }
        let page = ShippedManifests.root + "/docs/reference/manifest-keys.csv"
        let rows = try String(contentsOfFile: page, encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        }
        #expect(rows.map { "\($0[0]): \($0[1])" } == declared, "run Scripts/check-manifest-keys")
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        let sources = try FileManager.default.contentsOfDirectory(atPath: tests).filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOfFile: "\(tests)/\($0)", encoding: .utf8) }.joined()
        for row in rows where row[2] != "none" {
            let cell = row[3].hasPrefix("\"") ? String(row[3].dropFirst().dropLast()) : row[3]
            let test = cell.replacing("\"\"", with: "\"")
            #expect(["refused", "otherwise"].contains(row[2]), "\(row)")
            #expect(sources.contains("func `\(test)`"), "\(row[0]): \(row[1]): there is no test `\(test)`")
        }
        // What nothing shows is said; it may become less.
        #expect(rows.count { $0[2] == "none" } <= 170)
    }

    private static func shown(_ node: YAMLNode) -> String {
        switch node {
        case .scalar(let text, _, _): text
        case .list(let members, _): "[\(members.map(shown).joined(separator: ", "))]"
        case .map(let pairs, _): "{\(pairs.map { "\($0.key): \(shown($0.value))" }.joined(separator: ", "))}"
        case .refused: "!"
        }
    }
}
