// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import Yams

/// A YAML node as we use YAML: text, lists and mappings with places; no tags, no anchors, nothing twice.
indirect enum YAMLNode: Sendable {
    case scalar(String, plain: Bool, Spot)
    case list([YAMLNode], Spot)
    case map([(key: String, spot: Spot, value: YAMLNode)], Spot)
    /// Something that has been reported already.
    case refused(Spot)

    var spot: Spot {
        switch self {
        case .scalar(_, _, let spot), .list(_, let spot), .map(_, let spot), .refused(let spot): spot
        }
    }
}

extension YAMLNode {
    /// A manifest's node without its templates, which are read row by row, and these.
    var withoutTemplates: (plain: YAMLNode, templates: YAMLNode?) {
        guard case .map(let pairs, let spot) = self else { return (self, nil) }
        return (.map(pairs.filter { $0.key != "templates" }, spot), pairs.first { $0.key == "templates" }?.value)
    }
}

/// Reads a YAML file through Yams' nodes: line and column of everything, and `001` stays text.
enum YAMLFile {
    /// A manifest is written by a person; beyond this it is something else.
    static let bytesMax = 256 << 10
    /// A key that was written before begins with this mark in the text that is parsed again.
    private static let duplicateMark: Character = "\u{E000}"

    /// Reads a file's text into `findings` and a node; nil when nothing can be read of it.
    static func read(_ text: String, file: String, findings: inout Findings) -> YAMLNode? {
        let start = Spot(file: file, line: 1, column: 1)
        guard text.utf8.count <= bytesMax else {
            findings.add(
                "manifest.too_large", at: start,
                "the file has \(ByteCount(text.utf8.count).words), more than the \(ByteCount(bytesMax).words) a manifest may have",
                "Split it into `interfaces/<name>.yaml`.")
            return nil
        }
        var text = text
        for _ in 0..<64 {
            do {
                return try load(text, file: file, findings: &findings)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                guard let marked = mark(keys, in: text, from: context.mark.line) else {
                    findings.add(
                        "manifest.duplicate_key",
                        at: Spot(file: file, line: context.mark.line, column: context.mark.column),
                        "the key `\(keys.first ?? "")` stands twice in this mapping", "Keep one of them.")
                    return nil
                }
                text = marked
            } catch let error as YamlError {
                findings.add(syntaxFinding(error, file: file))
                return nil
            } catch {
                findings.add("manifest.not_yaml", at: start, "this is not YAML", "Correct its syntax.")
                return nil
            }
        }
        findings.add("manifest.duplicate_key", at: start, "more than 64 keys stand twice", "Keep one of each.")
        return nil
    }

    private static func load(_ text: String, file: String, findings: inout Findings) throws -> YAMLNode? {
        let parser = try Parser(yaml: text, resolver: .basic)
        // Anchors are held weakly by the nodes, so the parser has to outlive the walk.
        return try withExtendedLifetime(parser) {
            guard let root = try parser.singleRoot() else {
                findings.add(
                    "manifest.not_yaml", at: Spot(file: file, line: 1, column: 1), "the file is empty",
                    "Write a manifest, or remove the folder.")
                return nil
            }
            return convert(root, file: file, outer: Spot(file: file, line: 1, column: 1), findings: &findings)
        }
    }

    private static func convert(_ node: Node, file: String, outer: Spot, findings: inout Findings) -> YAMLNode {
        let spot = node.mark.map { Spot(file: file, line: $0.line, column: $0.column) } ?? outer
        guard node.anchor == nil else {
            findings.add(
                "manifest.anchor_refused", at: spot, "anchors and aliases are not part of this language",
                "Write the value where it is used; shared settings stand at the top of the manifest.")
            return .refused(spot)
        }
        switch node {
        case .scalar(let scalar):
            return .scalar(scalar.string, plain: scalar.style == .plain || scalar.style == .any, spot)
        case .sequence(let members):
            return .list(members.map { convert($0, file: file, outer: spot, findings: &findings) }, spot)
        case .mapping(let mapping):
            var pairs: [(key: String, spot: Spot, value: YAMLNode)] = []
            for (key, value) in mapping {
                let keySpot = key.mark.map { Spot(file: file, line: $0.line, column: $0.column) } ?? spot
                guard case .scalar(let name) = key, key.anchor == nil else {
                    findings.add(
                        "manifest.wrong_type", at: keySpot, "a key is not plain text", "Write the key as text.")
                    continue
                }
                if name.string == "<<" {
                    findings.add(
                        "manifest.anchor_refused", at: keySpot, "merge keys are not part of this language",
                        "Write the values where they are used.")
                    continue
                }
                if name.string.first == duplicateMark {
                    findings.add(
                        "manifest.duplicate_key", at: keySpot, "this key stands twice in its mapping",
                        "Keep one of them.")
                    continue
                }
                pairs.append((name.string, keySpot, convert(value, file: file, outer: keySpot, findings: &findings)))
            }
            return .map(pairs, spot)
        case .alias:
            findings.add(
                "manifest.anchor_refused", at: spot, "aliases are not part of this language", "Write the value here.")
            return .refused(spot)
        }
    }

    /// The text with the second occurrence of a key marked, so that reading can go on and report the rest.
    private static func mark(_ keys: [String], in text: String, from line: Int) -> String? {
        guard let key = keys.first, !key.isEmpty else { return nil }
        // CR LF is one character, and no "\n".
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        var seen = 0
        for number in lines.indices.dropFirst(max(0, line - 1)) {
            var from = lines[number].startIndex
            while let range = lines[number][from...].range(ofText: key) {
                from = range.upperBound
                guard isKey(lines[number], range) else { continue }
                seen += 1
                guard seen > 1 else { continue }
                var candidate = lines
                let quoted = candidate[number]
                candidate[number] =
                    quoted[..<range.lowerBound] + String(duplicateMark)
                    + quoted[quoted.index(after: range.lowerBound)...]
                let changed = candidate.joined(separator: "\n")
                if !stillDoubled(changed, key: key, line: line) { return changed }
                if seen > 64 { return nil }
            }
        }
        return nil
    }

    private static func isKey(_ line: String, _ range: Range<String.Index>) -> Bool {
        let before = line[..<range.lowerBound].last
        guard before.map({ " {,\"'-\t".contains($0) }) ?? true else { return false }
        let after = line[range.upperBound...].drop { $0 == " " || $0 == "\"" || $0 == "'" }
        return after.first == ":"
    }

    private static func stillDoubled(_ text: String, key: String, line: Int) -> Bool {
        do {
            _ = try Parser(yaml: text, resolver: .basic).singleRoot()
            return false
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            return keys.first == key && context.mark.line == line
        } catch {
            return true
        }
    }

    private static func syntaxFinding(_ error: YamlError, file: String) -> Diagnostic {
        var place = Place(file: file, line: 1, column: 1)
        var problem = "this is not YAML"
        switch error {
        case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _), .composer(_, let text, let mark, _):
            place.line = mark.line
            place.column = mark.column
            problem = text
        default: break
        }
        if problem.hasPrefix("found undefined alias") {
            return Diagnostic(
                code: "manifest.anchor_refused", what: "aliases are not part of this language", place: place,
                remedy: "Write the value where it is used; quote a text that begins with `*`.")
        }
        return Diagnostic(
            code: "manifest.not_yaml", what: problem, place: place,
            remedy: "Correct the syntax; texts that begin with `*`, `&`, `%`, `@`, `{` or `[` need quotes.")
    }
}
