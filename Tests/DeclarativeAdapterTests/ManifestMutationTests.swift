import Diagnostics
import Foundation
import Testing

@testable import DeclarativeAdapter

/// Every key of the sample manifests removed, misspelt and mistyped in turn.
@Suite struct `A manifest with one key wrong` {
    static let samples: [(id: String, text: @Sendable () throws -> String)] = [
        (
            "example-district-library",
            {
                let page = try String(contentsOf: `The manifest's reference page`.page, encoding: .utf8)
                return page.components(separatedBy: "```yaml\n")[1].components(separatedBy: "```")[0]
            }
        ),
        ("example-soap", { try Fixtures.text("samples/soap.yaml") }),
        ("example-drop", { try Fixtures.text("samples/drop.yaml") }),
    ]

    @Test(arguments: ["example-soap", "example-drop"]) func `starts from a manifest that is right`(id: String) throws {
        let (manifest, findings) = Fixtures.lint(try Fixtures.text("samples/\(id.dropFirst(8)).yaml"), id: id)
        #expect(findings.filter { $0.severity == .error }.map(\.text) == [])
        #expect(manifest != nil)
    }

    @Test func `is accepted only where a key is optional, as listed`() throws {
        var accepted: [String] = []
        var tried = 0
        for sample in Self.samples {
            var findings = Findings()
            let root = try #require(YAMLFile.read(try sample.text(), file: "manifest.yaml", findings: &findings))
            try #require(findings.list.isEmpty)
            for mutation in mutations(of: root, at: "") {
                tried += 1
                var reader = ShapeReader(licenceTypes: Fixtures.types)
                let (manifest, _) = Fixtures.linter.lint(
                    [("manifest.yaml", mutation.node)], folder: "Adapters/\(sample.id)", folderName: sample.id,
                    reader: &reader)
                if manifest != nil { accepted.append("\(sample.id) \(mutation.what)") }
            }
        }
        print("\(tried) mutations, \(accepted.count) accepted")
        #expect(tried > 500)
        #expect(accepted.filter { $0.contains(" mistyped ") } == [])
        try Fixtures.compare(accepted.sorted().map { $0 + "\n" }.joined(), with: "mutations-accepted.txt")
    }

    /// The shipped manifests: what may go missing or be misspelt is optional by declaration, or a free name.
    @Test(arguments: ShippedManifests.names) func `that is shipped is accepted only where the declaration allows it`(
        name: String
    ) throws {
        var findings = Findings()
        let text = try String(contentsOfFile: "\(ShippedManifests.folder)/\(name)/manifest.yaml", encoding: .utf8)
        let root = try #require(YAMLFile.read(text, file: "manifest.yaml", findings: &findings))
        let linter = ManifestLinter(dialectsFolder: ShippedManifests.root + "/Config/dialects")
        let required = Set(
            ManifestLanguage.blocks.flatMap(\.keys).filter { key in
                key.need == .required
                    && ManifestLanguage.blocks.flatMap(\.keys).allSatisfy {
                        $0.name != key.name || $0.need == .required
                    }
            }.map(\.name))
        let known = Set(ManifestLanguage.blocks.flatMap(\.keys).map(\.name))
        for mutation in mutations(of: root, at: "") {
            var reader = ShapeReader(licenceTypes: nil)
            let (manifest, _) = linter.lint(
                [("manifest.yaml", mutation.node)], folder: "Adapters/\(name)", folderName: name, reader: &reader)
            guard manifest != nil else { continue }
            let key = mutation.what.split(separator: "/").last.map(String.init) ?? ""
            if mutation.what.hasPrefix("mistyped") { Issue.record("accepted: \(mutation.what)") }
            if mutation.what.hasPrefix("removed"), required.contains(key) { Issue.record("accepted: \(mutation.what)") }
            if mutation.what.hasPrefix("misspelt"), known.contains(key), !mutation.isFreeName {
                Issue.record("accepted: \(mutation.what)")
            }
        }
    }

    struct Mutation {
        /// True below a mapping whose keys are free: names of query parameters, headers, their values.
        var isFreeName: Bool {
            ["/query/", "/headers/", "/map/", "/named/", "/equals/", "/contains/", "/namespaces/", "/fields/type"]
                .contains(
                    where: what.contains)
        }
        let what: String
        let node: YAMLNode
    }

    private func mutations(of node: YAMLNode, at path: String) -> [Mutation] {
        switch node {
        case .scalar, .refused: return []
        case .list(let members, let spot):
            return members.indices.flatMap { index in
                mutations(of: members[index], at: path + "[\(index)]").map { inner in
                    var changed = members
                    changed[index] = inner.node
                    return Mutation(what: inner.what, node: .list(changed, spot))
                }
            }
        case .map(let pairs, let spot):
            return pairs.indices.flatMap { index -> [Mutation] in
                let pair = pairs[index]
                let place = path + "/" + pair.key
                func with(_ what: String, _ key: String, _ value: YAMLNode?) -> Mutation {
                    var changed = pairs
                    if let value { changed[index] = (key, pair.spot, value) } else { changed.remove(at: index) }
                    return Mutation(what: "\(what) \(place)", node: .map(changed, spot))
                }
                let odd = YAMLNode.scalar("[zzz", plain: false, pair.value.spot)
                let wrong: YAMLNode =
                    if case .map = pair.value { .list([odd], pair.value.spot) } else {
                        .map([("zzz", pair.spot, odd)], pair.value.spot)
                    }
                return [
                    with("removed", pair.key, nil), with("misspelt", pair.key + "q", pair.value),
                    with("mistyped", pair.key, wrong),
                ] + mutations(of: pair.value, at: place).map { with2(pairs, index, $0, spot) }
            }
        }
    }

    private func with2(
        _ pairs: [(key: String, spot: Spot, value: YAMLNode)], _ index: Int, _ inner: Mutation, _ spot: Spot
    ) -> Mutation {
        var changed = pairs
        changed[index].value = inner.node
        return Mutation(what: inner.what, node: .map(changed, spot))
    }
}

enum ShippedManifests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let folder = root + "/Adapters"
    static var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)/manifest.yaml")
        }.sorted()
    }
}
