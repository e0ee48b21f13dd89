// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A position in a document, in the text after decoding to UTF-8 and without its byte order mark.
public struct DocumentPosition: Sendable, Hashable {
    /// Line, from 1.
    public var line: Int
    /// Column in bytes, from 1.
    public var column: Int
    /// Bytes before it.
    public var offset: Int

    /// Makes a position.
    public init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    static let start = DocumentPosition(line: 1, column: 1, offset: 0)
}

/// A range of bytes, small.
struct Extent: Sendable, Hashable {
    var start: UInt32 = 0
    var end: UInt32 = 0

    init() {}
    init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }
    var range: Range<Int> { Int(start)..<Int(end) }
}

/// One node of a tree, in document order; its subtree is the cells up to `next`.
struct Cell: Sendable {
    var kind: DocumentNode.Kind
    /// Whether the text must be unescaped (JSON) or undoubled (CSV) before use.
    var escaped = false
    /// The same for the name.
    var nameEscaped = false
    /// Whether the node has a name at all.
    var named = false
    /// The bytes of the node: in `raw` for records.
    var extent: Extent
    /// The text: in `raw` for JSON and CSV, in `arena` for XML.
    var text = Extent()
    /// The name: in `raw` for JSON, in `arena` for XML and CSV.
    var name = Extent()
    /// The namespace URI, in `arena`.
    var space = Extent()
    /// The index after the last cell of the subtree.
    var next: UInt32 = 0
}

/// The flat, immutable storage behind the nodes of one record or of the envelope.
final class DocumentTree: Sendable {
    /// Which bytes the names and texts of the cells are in.
    enum Flavour: Sendable, Equatable { case json, xml, csv(quote: UInt8) }

    let flavour: Flavour
    let cells: [Cell]
    let raw: [UInt8]
    let arena: [UInt8]
    let origin: DocumentPosition
    /// Where bytes were left out (the list in an envelope): from this extent on, count from this position.
    let anchors: [(start: UInt32, position: DocumentPosition)]
    /// The node whose text this tree was read from, when it stands inside another.
    let host: DocumentNode?
    /// The trees inside this one, by the cell whose text they were read from.
    let inside: [Int: DocumentNode]
    // Set when a path could not be followed to its end in this tree, and never unset: what paths found is then no
    // answer. A flag, so that following a path needs no `try` for the ways that cannot fail.
    private let pathFailed = Atomic<Bool>(false)
    var hasFailedPath: Bool { pathFailed.load(ordering: .relaxed) }
    func failPath() { pathFailed.store(true, ordering: .relaxed) }

    init(
        _ flavour: Flavour, cells: [Cell], raw: [UInt8], arena: [UInt8] = [], origin: DocumentPosition,
        anchors: [(start: UInt32, position: DocumentPosition)] = [], host: DocumentNode? = nil,
        inside: [Int: DocumentNode] = [:]
    ) {
        self.flavour = flavour
        self.cells = cells
        self.raw = raw
        self.arena = arena
        self.origin = origin
        self.anchors = anchors
        self.host = host
        self.inside = inside
    }

    /// The same tree with these trees inside it.
    func with(_ inside: [Int: DocumentNode]) -> DocumentTree {
        DocumentTree(
            flavour, cells: cells, raw: raw, arena: arena, origin: origin, anchors: anchors, host: host, inside: inside)
    }

    var texts: [UInt8] { flavour == .xml ? arena : raw }
    var names: [UInt8] { flavour == .json ? raw : arena }

    func position(of index: Int) -> DocumentPosition { position(at: Int(cells[index].extent.start)) }

    /// The position of a byte of `raw`.
    func position(at offset: Int) -> DocumentPosition {
        let start = UInt32(truncatingIfNeeded: offset)
        var from: (start: UInt32, position: DocumentPosition) = (0, origin)
        if !anchors.isEmpty {
            var low = 0
            var high = anchors.count
            while low < high {
                let middle = (low + high) / 2
                if anchors[middle].start <= start { low = middle + 1 } else { high = middle }
            }
            if low > 0 { from = anchors[low - 1] }
        }
        guard Int(start) <= raw.count else { return from.position }
        return raw.withUnsafeBufferPointer { bytes in
            from.position.advanced(over: bytes, Int(from.start)..<Int(start))
        }
    }
}

extension DocumentPosition {
    /// The position after these bytes.
    func advanced(over bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> DocumentPosition {
        var result = self
        result.offset += range.count
        guard let base = bytes.baseAddress else { return result }
        var lastLineEnd = -1
        var lines = 0
        var at = range.lowerBound
        while at < range.upperBound {
            if range.upperBound - at >= 8 {
                let ends = Words.exactZeros(Words.load(base, at) ^ (Words.ones &* 0x0A))
                if ends != 0 {
                    lines &+= ends.nonzeroBitCount
                    lastLineEnd = at + ((63 - ends.leadingZeroBitCount) >> 3)
                }
                at += 8
                continue
            }
            if base[at] == 0x0A {
                lines &+= 1
                lastLineEnd = at
            }
            at += 1
        }
        result.line += lines
        result.column = lastLineEnd < 0 ? column + range.count : range.upperBound - lastLineEnd
        return result
    }
}

extension Array {
    /// The same elements in storage of their own and no larger than needed; the original keeps its capacity.
    var exactCopy: [Element] { withUnsafeBufferPointer { Array($0) } }
}
