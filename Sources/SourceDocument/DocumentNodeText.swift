// SPDX-License-Identifier: Apache-2.0

extension DocumentNode {
    /// The path to this node from the root of its record or envelope, for messages: `$.data.items[3].zt`.
    ///
    /// Names that look like values (long runs of digits, odd characters, great length) are shown as `*`.
    public var path: String {
        guard let host = tree.host else { return ownPath }
        return InnerPlace.path(host.path, ownPath, tree.position(of: index))
    }

    private var ownPath: String {
        var result = tree.flavour == .xml ? "" : "$"
        var at = 0
        while true {
            let here = DocumentNode(tree: tree, index: at)
            if tree.flavour == .xml { result += (here.kind == .attribute ? "/@" : "/") + here.pathName }
            if at == index { return result }
            var child = at + 1
            var item = 0
            while child < tree.cells.count, Int(tree.cells[child].next) <= index, tree.cells[child].next > 0 {
                child = Int(tree.cells[child].next)
                item += 1
            }
            guard child <= index else { return result }
            if tree.flavour != .xml {
                let next = DocumentNode(tree: tree, index: child)
                result += here.kind == .array ? "[\(item)]" : "." + next.pathName
            }
            at = child
        }
    }

    private var pathName: String {
        if kind == .text { return "text()" }
        return cell.named ? PathName.shown(nameText) : "*"
    }

    var nameText: String {
        let cell = cell
        guard cell.nameEscaped else { return text(tree.names, cell.name.range) }
        return String(decoding: JSONText.unescaped(tree.names[cell.name.range]), as: UTF8.self)
    }

    /// The text of this very node, decoded.
    var ownText: String {
        let cell = cell
        guard cell.escaped else { return text(tree.texts, cell.text.range) }
        let slice = tree.texts[cell.text.range]
        if case .csv(let quote) = tree.flavour {
            return String(decoding: CSVText.undoubled(slice, quote: quote), as: UTF8.self)
        }
        return String(decoding: JSONText.unescaped(slice), as: UTF8.self)
    }

    var isBlank: Bool { tree.texts[cell.text.range].allSatisfy { $0 <= 0x20 } }

    var isNilMark: Bool {
        name == "nil" && namespace == "http://www.w3.org/2001/XMLSchema-instance"
    }

    /// Whether the name is these bytes; no text is made for it.
    func isNamed(_ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        tree.names.withUnsafeBufferPointer { DocumentTree.isNamed(cell, wanted, $0) }
    }

    func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }
}

/// Names of fields as they may be shown to people.
enum PathName {
    /// The name, or `*` when it looks like a value rather than a name.
    static func shown(_ name: String) -> String {
        var digits = 0
        var count = 0
        for scalar in name.unicodeScalars {
            count += 1
            let isDigit = scalar.properties.numericType != nil && scalar.isASCII
            digits = isDigit ? digits + 1 : 0
            let plain =
                isDigit || scalar.properties.isAlphabetic || scalar == "_" || scalar == "-" || scalar == "."
                || scalar == ":"
            if !plain || digits > 5 || count > 48 { return "*" }
        }
        return count == 0 ? "*" : name
    }
}

extension DocumentTree {
    /// Whether a cell's name is these bytes.
    @inline(__always)
    static func isNamed(
        _ cell: Cell, _ wanted: UnsafeBufferPointer<UInt8>, _ names: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard cell.named else { return false }
        if cell.nameEscaped { return JSONText.unescaped(ArraySlice(names[cell.name.range])).elementsEqual(wanted) }
        return Bytes.equal(names, Int(cell.name.start), Int(cell.name.end), wanted)
    }
}

/// Comparison of bytes.
enum Bytes {
    @inline(__always)
    static func equal(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ wanted: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard end - start == wanted.count else { return false }
        guard let left = bytes.baseAddress, let right = wanted.baseAddress else { return wanted.isEmpty }
        var at = 0
        while at < wanted.count {
            if left[start + at] != right[at] { return false }
            at += 1
        }
        return true
    }
}
