// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

/// The dialects that are there, read once.
struct DialectShelf: Sendable {
    private var shapes: [String: Block] = [:]

    var names: [String] { shapes.keys.sorted() }

    func shape(_ name: String) -> Block? { shapes[name] }

    /// Reads every `*.yaml` of a folder; what is wrong with one is a finding in its own file.
    static func read(_ folder: String?, findings: inout Findings) -> DialectShelf {
        var shelf = DialectShelf()
        guard let folder else { return shelf }
        for file in Folder.files(in: folder, suffix: ".yaml") {
            guard let text = Folder.text("\(folder)/\(file)", bytesMax: YAMLFile.bytesMax) else {
                findings.add(
                    "manifest.unreadable", at: Spot(file: "\(folder)/\(file)", line: 1, column: 1),
                    "the file cannot be read as UTF-8 text", "Check its permissions, size and encoding.")
                continue
            }
            shelf.add(text, file: "\(folder)/\(file)", name: String(file.dropLast(5)), findings: &findings)
        }
        return shelf
    }

    mutating func add(_ text: String, file: String, name: String, findings: inout Findings) {
        guard let node = YAMLFile.read(text, file: file, findings: &findings) else { return }
        var reader = ShapeReader(licenceTypes: nil)
        let block = reader.block(node, ManifestLanguage.dialect)
        for finding in reader.findings.list { findings.add(finding) }
        guard let block, !reader.findings.hasErrors else { return }
        if block.text("name") != name {
            findings.add(
                "manifest.id_mismatch", at: block.spot("name"), "the dialect's name is not the file's name",
                "Rename one of them.")
        }
        for key in ["dialect", "dialect_case", "dialect_prefix", "holders"]
        where block.block("fields")?.has(key) == true {
            findings.add(
                "manifest.conflict", at: block.block("fields")?.spot(key) ?? block.spot,
                "`\(key)` has no meaning in a dialect",
                "Remove it.")
        }
        shapes[name] = block
    }
}
