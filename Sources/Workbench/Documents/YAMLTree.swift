// SPDX-License-Identifier: Apache-2.0
internal import Yams

/// YAML as the same tree; anchors, aliases and trees without end are refused.
enum YAMLTree {
    static func read(_ text: String) throws(WorkbenchError) -> SampleNode {
        let parser: Parser
        let node: Node?
        do {
            parser = try Parser(yaml: text, resolver: .basic)
            node = try parser.singleRoot()
        } catch {
            let mark = (error as? YamlError).flatMap(place)
            throw InterfaceDocument.unreadable(
                "the document is neither JSON nor YAML that can be read", line: mark?.line, column: mark?.column,
                remedy: "Check its syntax there: indents, tabs, and names that stand twice.")
        }
        guard let node else { throw InterfaceDocument.unreadable("the document is empty", remedy: "Save it anew.") }
        var left = 200_000
        guard let tree = withExtendedLifetime(parser, { convert(node, &left, 0) }) else {
            throw InterfaceDocument.unreadable(
                "the document's YAML has anchors, aliases or more than 200,000 values",
                remedy: "Save it as JSON, which has them written out.")
        }
        return tree
    }

    private static func place(_ error: YamlError) -> Mark? {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark
        case .duplicatedKeysInMapping(_, let context): context.mark
        default: nil
        }
    }

    private static func convert(_ node: Node, _ left: inout Int, _ depth: Int) -> SampleNode? {
        left -= 1
        guard left > 0, depth < 64, node.anchor == nil else { return nil }
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else {
                return SampleNode(kind: .text, text: scalar.string)
            }
            switch scalar.string {
            case "", "~", "null": return SampleNode(kind: .null)
            case "true", "false": return SampleNode(kind: .flag, text: scalar.string)
            default:
                return SampleNode(
                    kind: ExampleWriter.isJSONNumber(scalar.string) ? .number : .text, text: scalar.string)
            }
        case .sequence(let members):
            var out = SampleNode(kind: .list)
            for member in members {
                guard let value = convert(member, &left, depth + 1) else { return nil }
                out.items.append(value)
            }
            return out
        case .mapping(let mapping):
            var out = SampleNode(kind: .object)
            for (key, value) in mapping {
                guard let name = key.scalar?.string, let value = convert(value, &left, depth + 1) else { return nil }
                out.members.append((name, value))
            }
            return out
        case .alias: return nil
        }
    }
}
