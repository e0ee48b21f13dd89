// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

/// The dialects and vocabularies that are there, read once.
struct DialectShelf: Sendable {
    private var shapes: [String: Block] = [:]
    private var vocabularies: [String: Block] = [:]

    var names: [String] { shapes.keys.sorted() }

    func shape(_ name: String) -> Block? { shapes[name] }

    /// The vocabulary of a name; nil also when it is of another kind.
    func vocabulary(_ name: String, of kinds: [String]) -> Block? {
        vocabularies[name].flatMap { kinds.contains($0.text("of") ?? "") ? $0 : nil }
    }

    func vocabularyNames(of kinds: [String]) -> [String] {
        vocabularies.filter { kinds.contains($0.value.text("of") ?? "") }.keys.sorted()
    }

    /// Reads every `*.yaml` of a folder and of `vocabularies` in it; what is wrong with one is a finding in its own file.
    static func read(_ folder: String?, findings: inout Findings) -> DialectShelf {
        var shelf = DialectShelf()
        guard let folder else { return shelf }
        for (place, isVocabulary) in [("\(folder)/vocabularies", true), (folder, false)] {
            for file in Folder.files(in: place, suffix: ".yaml") {
                let name = String(file.dropLast(5))
                guard let text = Folder.text("\(place)/\(file)", bytesMax: YAMLFile.bytesMax) else {
                    findings.add(
                        "manifest.unreadable", at: Spot(file: "\(place)/\(file)", line: 1, column: 1),
                        "the file cannot be read as UTF-8 text", "Check its permissions, size and encoding.")
                    continue
                }
                if isVocabulary {
                    shelf.addVocabulary(text, file: "\(place)/\(file)", name: name, findings: &findings)
                } else {
                    shelf.add(text, file: "\(place)/\(file)", name: name, findings: &findings)
                }
            }
        }
        return shelf
    }

    /// Checks one dialect by itself and keeps it.
    mutating func add(_ text: String, file: String, name: String, findings: inout Findings) {
        guard let block = read(text, file, ManifestLanguage.dialect, &findings) else { return }
        checkName(block, name, "dialect", &findings)
        for key in ["dialect", "dialect_case", "dialect_prefix", "dialect_style", "holders"]
        where block.block("fields")?.has(key) == true {
            findings.add(
                "manifest.conflict", at: block.block("fields")?.spot(key) ?? block.spot,
                "`\(key)` has no meaning in a dialect", "Remove it.")
        }
        shapes[name] = block
        var builder = ManifestBuilder(folder: "", folderName: "", dialects: self, findings: Findings())
        builder.checkDialect(block)
        for finding in builder.findings.list { findings.add(finding) }
    }

    /// Checks one vocabulary by itself and keeps it.
    mutating func addVocabulary(_ text: String, file: String, name: String, findings: inout Findings) {
        guard let block = read(text, file, ManifestLanguage.vocabulary, &findings) else { return }
        checkName(block, name, "vocabulary", &findings)
        let keys = ["values", "meanings", "not_in_force", "equals", "contains", "empty"]
        let wanted: (needed: [String], allowed: [String]) =
            switch block.text("of") {
            case "status_layer": (["meanings"], ["meanings", "not_in_force"])
            case "not_found": ([], ["equals", "contains", "empty"])
            default: (["values"], ["values"])
            }
        for key in wanted.needed where !block.has(key) {
            findings.add(
                "manifest.missing_key", at: block.spot, "a vocabulary of this kind lacks the key `\(key)`", "Add it.")
        }
        for key in keys where block.has(key) && !wanted.allowed.contains(key) {
            findings.add(
                "manifest.conflict", at: block.spot(key), "`\(key)` has no meaning in a vocabulary of this kind",
                "Remove it.")
        }
        if block.text("of") == "not_found", ["equals", "contains", "empty"].filter(block.has).count != 1 {
            findings.add(
                "manifest.missing_key", at: block.spot, "a shape has exactly one of `equals`, `contains`, `empty`",
                "Write one of them; further shapes are files of their own.")
        }
        checkWords(block, &findings)
        vocabularies[name] = block
    }

    private func checkWords(_ block: Block, _ findings: inout Findings) {
        for pair in block.pairs("values") {
            let isStatus = block.text("of") == "status"
            guard isStatus ? LicenceStatus(rawValue: pair.value) == nil : !TextForm.holderKind.accepts(pair.value)
            else {
                continue
            }
            let nearest = isStatus ? nearestWord(to: pair.value, in: ManifestLanguage.statusWords) : nil
            findings.add(
                "manifest.unknown_word", at: pair.spot, "`\(shown(pair.value))` is not a value of this vocabulary",
                (nearest.map { "Did you mean `\($0)`? " } ?? "")
                    + "Values: \(isStatus ? ManifestLanguage.statusWords.joined(separator: ", ") : TextForm.holderKind.words)."
            )
        }
        for entry in block.entries("meanings") where StatusLayer.Meaning(word: entry.key) == nil {
            findings.add(
                "manifest.unknown_word", at: entry.spot, "`\(shown(entry.key))` is no meaning of a status layer",
                "Meanings: \(StatusLayer.Meaning.words.map(\.0).joined(separator: ", ")).")
        }
    }

    private func read(_ text: String, _ file: String, _ spec: BlockSpec, _ findings: inout Findings) -> Block? {
        guard let node = YAMLFile.read(text, file: file, findings: &findings) else { return nil }
        var reader = ShapeReader(licenceTypes: nil)
        let block = reader.block(node, spec)
        for finding in reader.findings.list { findings.add(finding) }
        return reader.findings.hasErrors ? nil : block
    }

    private func checkName(_ block: Block, _ name: String, _ what: String, _ findings: inout Findings) {
        guard block.text("name") != name else { return }
        findings.add(
            "manifest.id_mismatch", at: block.spot("name"), "the \(what)'s name is not the file's name",
            "Rename one of them.")
    }
}

extension StatusLayer.Meaning {
    static let words: [(String, StatusLayer.Meaning)] = [
        ("ok", .ok), ("none", .none), ("try_later", .tryLater), ("unauthenticated", .unauthenticated),
        ("refused", .refused), ("gone", .gone), ("broken", .broken),
    ]

    init?(word: String) {
        guard let found = Self.words.first(where: { $0.0 == word }) else { return nil }
        self = found.1
    }
}
