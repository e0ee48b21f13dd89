// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
internal import Foundation
public import LicenceModel

/// Checks adapter folders offline, and compiles those that pass.
///
/// Opens files below the folders it is given and nothing else; never the network. Blocking: call it before serving, or
/// off the cooperative pool.
public struct ManifestLinter: Sendable {
    private let dialects: DialectShelf
    /// What is wrong with the dialects themselves, sorted.
    public let dialectFindings: [Diagnostic]

    /// Reads the dialects of a folder (`Config/dialects`); nil for none.
    public init(dialectsFolder: String?) {
        var findings = Findings()
        dialects = DialectShelf.read(dialectsFolder, findings: &findings)
        dialectFindings = findings.sorted
    }

    /// Checks one dialect or vocabulary by itself; nil when the file is neither.
    public func lint(dialectFile path: String) -> [Diagnostic]? {
        guard let text = Folder.text(path, bytesMax: YAMLFile.bytesMax) else { return nil }
        let lines = text.split(separator: "\n")
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let name = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
        var findings = Findings()
        var shelf = dialects
        if lines.contains(where: { $0.hasPrefix("vocabulary_version:") }) {
            shelf.addVocabulary(text, file: path, name: name, findings: &findings)
        } else if lines.contains(where: { $0.hasPrefix("dialect_version:") }) {
            shelf.add(text, file: path, name: name, findings: &findings)
        } else {
            return nil
        }
        return findings.sorted
    }

    /// The dialects as names, for the workbench.
    package var dialectOutlines: [DialectOutline] { dialects.outlines }

    /// Checks one adapter folder: every finding at once, sorted by file, line and column.
    ///
    /// The manifest is nil when a finding is an error. `licenceTypes` are the codes of `Config/licence-types.csv`; nil
    /// leaves codes unchecked.
    public func lint(
        folder: String, licenceTypes: Set<LicenceTypeCode>?
    ) -> (manifest: SourceManifest?, findings: [Diagnostic]) {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var files: [(name: String, text: String)] = []
        var findings = Findings()
        for name in ["manifest.yaml"]
            + Folder.files(in: "\(folder)/interfaces", suffix: ".yaml").map({ "interfaces/\($0)" })
        {
            if let text = Folder.text("\(folder)/\(name)", bytesMax: YAMLFile.bytesMax) {
                files.append((name, text))
            } else {
                findings.add(
                    "manifest.unreadable", at: Spot(file: "\(folder)/\(name)", line: 1, column: 1),
                    "the file is missing, larger than 256 KiB or not UTF-8",
                    "An adapter folder has a readable `manifest.yaml`.")
            }
        }
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        return lint(
            files, folder: folder, folderName: name, licenceTypes: licenceTypes, findings: findings,
            tables: { Folder.bytes("\(folder)/\($0)", bytesMax: RowTable.bytesMax) })
    }

    /// Checks a manifest that is not on disk yet; `folder` is only named in findings, `tables` are the files beside it.
    public func lint(
        text: String, folder: String, licenceTypes: Set<LicenceTypeCode>?, tables: [String: String] = [:]
    ) -> (manifest: SourceManifest?, findings: [Diagnostic]) {
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        return lint(
            [("manifest.yaml", text)], folder: folder, folderName: name, licenceTypes: licenceTypes,
            findings: Findings(), tables: { tables[$0].map { Array($0.utf8) } })
    }

    private func lint(
        _ files: [(name: String, text: String)], folder: String, folderName: String,
        licenceTypes: Set<LicenceTypeCode>?, findings: Findings, tables: (String) -> [UInt8]?
    ) -> (manifest: SourceManifest?, findings: [Diagnostic]) {
        var reader = ShapeReader(licenceTypes: licenceTypes)
        reader.findings = findings
        var nodes: [(name: String, node: YAMLNode)] = []
        for file in files {
            let node = YAMLFile.read(file.text, file: "\(folder)/\(file.name)", findings: &reader.findings)
            if let node { nodes.append((file.name, node)) }
        }
        return lint(nodes, folder: folder, folderName: folderName, reader: &reader, tables: tables)
    }

    func lint(
        _ nodes: [(name: String, node: YAMLNode)], folder: String, folderName: String, reader: inout ShapeReader,
        tables: (String) -> [UInt8]? = { _ in nil }
    ) -> (manifest: SourceManifest?, findings: [Diagnostic]) {
        var top: Block?
        var further: [Block] = []
        for (name, node) in nodes {
            if name == "manifest.yaml" {
                let (plain, templates) = node.withoutTemplates
                top = reader.block(plain, ManifestLanguage.manifest)
                if let top { further += rows(of: top, templates, folder, &reader, tables) }
            } else if let block = reader.block(node, ManifestLanguage.interface) {
                further.append(block)
                if let own = block.text("name"), name != "interfaces/\(own).yaml" {
                    reader.findings.add(
                        "manifest.id_mismatch", at: block.spot("name"), "the interface's name is not the file's name",
                        "Rename one of them.")
                }
            }
        }
        guard let top else { return (nil, reader.findings.sorted) }
        var builder = ManifestBuilder(
            folder: folder, folderName: folderName, dialects: dialects, findings: reader.findings)
        let manifest = builder.manifest(top, further: further)
        return (builder.findings.hasErrors ? nil : manifest, builder.findings.sorted)
    }

    /// The interfaces of the rows of a table.
    private func rows(
        of top: Block, _ templates: YAMLNode?, _ folder: String, _ reader: inout ShapeReader,
        _ tables: (String) -> [UInt8]?
    ) -> [Block] {
        guard top.has("table") || templates != nil else { return [] }
        guard let templates, top.has("table") else {
            reader.findings.add(
                "manifest.missing_key", at: templates?.spot ?? top.spot("table"),
                "`table` and `templates` go together", "Add the other one.")
            return []
        }
        guard let name = top.text("table") ?? top.block("table")?.text("file") else { return [] }
        let file = "\(folder)/\(name)"
        guard let bytes = tables(name) else {
            reader.findings.add(
                "table.unreadable", at: top.block("table")?.spot("file") ?? top.spot("table"),
                "there is no readable table `\(shown(name))` beside the manifest, or it has more than 4 MiB",
                "Put it into the adapter's folder.")
            return []
        }
        guard let table = RowTable.read(bytes, file: file, findings: &reader.findings) else { return [] }
        for column in top.block("table")?.texts("unused") ?? [] where !table.columnNames.contains(column) {
            reader.findings.add(
                "table.unknown_column", at: top.block("table")?.spot("unused") ?? top.spot("table"),
                "the table has no column `\(shown(column))`",
                "Columns: \(table.columnNames.joined(separator: ", ")).")
        }
        var rows = TemplateRows(table: table, unused: top.block("table")?.texts("unused") ?? [])
        return rows.interfaces(templates, findings: &reader.findings).compactMap {
            reader.block($0, ManifestLanguage.interface)
        }
    }
}

/// Reads small text files of a folder.
enum Folder {
    /// The names of the plain files with a suffix, sorted; empty when there is no such folder.
    static func files(in folder: String, suffix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.sorted()
    }

    /// A file's bytes; nil when it is missing or larger than the limit.
    static func bytes(_ path: String, bytesMax: Int) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: bytesMax + 1), data.count <= bytesMax else { return nil }
        return Array(data)
    }

    /// A file's text; nil when it is missing, larger than the limit or not UTF-8.
    static func text(_ path: String, bytesMax: Int) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: bytesMax + 1), data.count <= bytesMax else { return nil }
        return String(data: data, encoding: .utf8)
    }
}
