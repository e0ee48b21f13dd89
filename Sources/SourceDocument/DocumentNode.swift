// SPDX-License-Identifier: Apache-2.0

/// A value, element, attribute or text in a small immutable tree.
///
/// Shape: a reference to the tree's flat storage and an index, so that copying is cheap and a record is three
/// allocations however many fields it has. Texts are decoded when asked for. Equality is by content, not by position.
public struct DocumentNode: Sendable {
    /// What a node is.
    public enum Kind: UInt8, Sendable, Hashable {
        /// A JSON object, or a CSV row: members in the order written.
        case object
        /// A JSON array.
        case array
        /// A JSON string, or a CSV field.
        case string
        /// A JSON number, kept as written.
        case number
        /// `true` or `false`.
        case bool
        /// `null`.
        case null
        /// An XML element.
        case element
        /// An attribute of an XML element.
        case attribute
        /// A run of text between XML tags; CDATA is text.
        case text
    }

    let tree: DocumentTree
    let index: Int

    var cell: Cell { tree.cells[index] }

    /// What this node is.
    public var kind: Kind { cell.kind }

    /// The member's key, the column's name, the element's or attribute's local name; nil for items and roots of JSON.
    public var name: String? { cell.named ? nameText : nil }

    /// The namespace URI of an element or attribute.
    public var namespace: String? {
        let space = cell.space
        return space.end > space.start ? text(tree.arena, space.range) : nil
    }

    /// Where it starts in the decoded document; in a tree inside, where the text starts that the tree was read from.
    public var position: DocumentPosition { tree.host?.position ?? tree.position(of: index) }

    /// Whether some path could not be followed to its end in this tree.
    ///
    /// Its work was more than allowed, or an XPath expression met values it cannot compute with: what paths found here
    /// is then no answer.
    public var hasFailedPath: Bool { tree.hasFailedPath }

    /// The bytes of this node as they stand in the decoded document; empty in an XML envelope.
    public var raw: ArraySlice<UInt8> {
        let range = cell.extent.range
        return range.upperBound <= tree.raw.count ? tree.raw[range] : []
    }

    /// The text of a string, number, truth value, attribute or text node, or of an element without child elements.
    ///
    /// Objects, arrays, null and elements with child elements have none.
    public var scalarText: String? {
        switch kind {
        case .object, .array, .null: return nil
        case .string, .number, .bool, .attribute, .text: return ownText
        case .element:
            var pieces: [DocumentNode] = []
            for child in Children(of: self) {
                if child.kind == .element { return nil }
                pieces.append(child)
            }
            return pieces.count == 1 ? pieces[0].ownText : pieces.map(\.ownText).joined()
        }
    }

    /// Whether there is nothing in it: null, "" , {}, [], an element with neither attributes, child elements nor text.
    ///
    /// `xsi:nil` alone does not make an element full; blank text counts as none in an element, not in a string.
    public var isEmptyOrNull: Bool {
        switch kind {
        case .null: return true
        case .object, .array: return cell.next == index + 1
        case .string, .attribute, .text: return cell.text.start == cell.text.end
        case .number, .bool: return false
        case .element:
            let attributes = self.attributes
            if !attributes.isEmpty {
                guard attributes.count == 1, attributes[0].isNilMark else { return false }
            }
            return Children(of: self).allSatisfy { $0.kind == .text && $0.isBlank }
        }
    }

    /// Child values, or child elements and texts in document order; without attributes.
    public var children: [DocumentNode] { Array(Children(of: self)) }

    /// The attributes of an element, in document order.
    public var attributes: [DocumentNode] {
        guard kind == .element else { return [] }
        var result: [DocumentNode] = []
        var at = index + 1
        while at < Int(cell.next), tree.cells[at].kind == .attribute {
            result.append(DocumentNode(tree: tree, index: at))
            at += 1
        }
        return result
    }

    /// The member of an object with this key, or the first child element with this local name in any namespace.
    public func member(_ name: String) -> DocumentNode? {
        guard kind == .object || kind == .element else { return nil }
        var name = name
        return name.withUTF8 { bytes in
            for child in Children(of: self) where child.cell.named && child.isNamed(bytes) { return child }
            return nil
        }
    }

    /// The attribute with this local name, in any namespace.
    public func attribute(_ name: String) -> DocumentNode? { attributes.first { $0.name == name } }
}

/// Walks the children of a node without its attributes.
struct Children: Sequence, IteratorProtocol {
    let tree: DocumentTree
    var at: Int
    let end: Int

    init(of node: DocumentNode) {
        tree = node.tree
        let cell = node.cell
        at = node.index + 1
        end = cell.kind == .object || cell.kind == .array || cell.kind == .element ? Int(cell.next) : at
        while at < end, tree.cells[at].kind == .attribute { at += 1 }
    }

    mutating func next() -> DocumentNode? {
        guard at < end else { return nil }
        defer { at = Int(tree.cells[at].next) }
        return DocumentNode(tree: tree, index: at)
    }
}

extension DocumentNode: Hashable {
    /// Whether two nodes have the same content; positions do not matter, the order of members does.
    public static func == (a: DocumentNode, b: DocumentNode) -> Bool {
        guard a.kind == b.kind, a.name == b.name, a.namespace == b.namespace else { return false }
        switch a.kind {
        case .null: return true
        case .string, .number, .bool, .attribute, .text: return a.ownText == b.ownText
        case .object, .array, .element:
            return a.attributes == b.attributes && Children(of: a).elementsEqual(Children(of: b))
        }
    }

    /// Hashes kind, name and own text; deep nodes by their children.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(name)
        switch kind {
        case .null: break
        case .string, .number, .bool, .attribute, .text: hasher.combine(ownText)
        case .object, .array, .element:
            for child in Children(of: self) { hasher.combine(child) }
        }
    }
}
