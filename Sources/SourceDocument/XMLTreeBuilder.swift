// SPDX-License-Identifier: Apache-2.0
import CLibXML2

/// Collects elements into flat cells: once for each record, once for the envelope.
///
/// Blank text beside child elements is left out, as it is layout; blank text alone in an element is kept.
struct XMLTreeBuilder {
    private struct Open {
        var cell: Int
        var hasElements = false
    }

    let limits: DocumentLimits
    private(set) var cells: [Cell] = []
    private(set) var arena: [UInt8] = []
    /// The first thing that spoils this tree: a code and an offset in the document.
    private(set) var fault: (code: DocumentError.Code, at: Int, path: String)?
    private var stack: [Open] = []
    private var textStart: Int?
    private var lastSpace: (pointer: UnsafePointer<xmlChar>, extent: Extent)?
    /// The offset all extents count from, and the offset after the last tag.
    private var origin = 0
    private var tagEnd = 0

    init(limits: DocumentLimits) { self.limits = limits }

    /// Forgets everything but its storage.
    mutating func restart(origin: Int) {
        self.origin = origin
        tagEnd = origin
        cells.removeAll(keepingCapacity: true)
        arena.removeAll(keepingCapacity: true)
        stack.removeAll(keepingCapacity: true)
        fault = nil
        textStart = nil
        lastSpace = nil
    }

    var isEmpty: Bool { cells.isEmpty }
    /// A measure of the memory taken.
    var size: Int { arena.count + cells.count * 8 }

    mutating func open(
        _ local: UnsafePointer<xmlChar>, _ space: UnsafePointer<xmlChar>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int, start: Int, end: Int
    ) {
        flush(beforeChild: true, upTo: start)
        tagEnd = end
        if fault == nil {
            if stack.count >= limits.depth { note(.tooDeep, start) }
            if count > limits.attributesPerElement { note(.tooManyAttributes, start) }
        }
        guard fault == nil else { return stack.append(Open(cell: -1)) }
        if !stack.isEmpty { stack[stack.count - 1].hasElements = true }
        stack.append(Open(cell: cells.count))
        var cell = Cell(kind: .element, extent: Extent(start - origin, end - origin))
        cell.named = true
        cell.name = append(local, Int(xmlStrlen(local)))
        cell.space = self.space(space)
        cells.append(cell)
        guard let attributes else { return }
        for index in 0..<count {
            // libxml2 gives five pointers for each: local name, prefix, URI, start and end of the value.
            let five = attributes + index * 5
            guard let name = five[0], let from = five[3], let to = five[4] else { continue }
            var cell = Cell(kind: .attribute, extent: Extent(start - origin, end - origin))
            cell.named = true
            cell.name = append(name, Int(xmlStrlen(name)))
            cell.space = self.space(five[2])
            if to - from > limits.textBytes { note(.textTooLong, start) }
            cell.text = appendValue(from, to - from)
            cell.next = UInt32(truncatingIfNeeded: cells.count + 1)
            cells.append(cell)
        }
        if cells.count > limits.nodesPerRecord { note(.recordTooLarge, start) }
    }

    mutating func text(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
        guard fault == nil else { return }
        let start = textStart ?? arena.count
        textStart = start
        arena.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        if arena.count - start > limits.textBytes {
            note(.textTooLong, tagEnd)
            // The text alone: the names before it are still wanted, by the path of whatever goes wrong next.
            arena.removeSubrange(start...)
        }
    }

    /// Ends the innermost element; `start` is where its end tag starts.
    mutating func close(start: Int, end: Int) {
        flush(beforeChild: false, upTo: start)
        tagEnd = end
        guard let top = stack.popLast(), fault == nil, top.cell >= 0 else { return }
        cells[top.cell].extent.end = UInt32(truncatingIfNeeded: end - origin)
        cells[top.cell].next = UInt32(truncatingIfNeeded: cells.count)
    }

    /// Passes over a child element that is kept elsewhere: the text before it ends here.
    mutating func passChild(at start: Int) {
        flush(beforeChild: true, upTo: start)
        tagEnd = start
        if !stack.isEmpty { stack[stack.count - 1].hasElements = true }
    }

    mutating func note(_ code: DocumentError.Code, _ at: Int) {
        guard fault == nil else { return }
        fault = (code, at, path)
    }

    /// The names of the elements that are open, below the root of this tree.
    var path: String {
        stack.dropFirst().prefix(32).map { open in
            guard open.cell >= 0 else { return "/…" }
            return "/" + PathName.shown(String(decoding: arena[cells[open.cell].name.range], as: UTF8.self))
        }.joined()
    }

    private mutating func flush(beforeChild: Bool, upTo end: Int) {
        guard let start = textStart else { return }
        textStart = nil
        guard fault == nil, let top = stack.last else {
            arena.removeSubrange(min(start, arena.count)..<arena.count)
            return
        }
        let isBlank = arena[start...].allSatisfy { $0 <= 0x20 }
        if isBlank, beforeChild || top.hasElements {
            arena.removeSubrange(start..<arena.count)
            return
        }
        var cell = Cell(kind: .text, extent: Extent(tagEnd - origin, max(end, tagEnd) - origin))
        cell.text = Extent(start, arena.count)
        cell.next = UInt32(truncatingIfNeeded: cells.count + 1)
        cells.append(cell)
        if cells.count > limits.nodesPerRecord { note(.recordTooLarge, end) }
    }

    private mutating func append(_ bytes: UnsafePointer<xmlChar>, _ count: Int) -> Extent {
        let start = arena.count
        arena.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        return Extent(start, arena.count)
    }

    /// Appends the value of an attribute.
    private mutating func appendValue(_ bytes: UnsafePointer<xmlChar>, _ count: Int) -> Extent {
        let buffer = UnsafeBufferPointer(start: bytes, count: count)
        guard buffer.contains(0x26) else { return append(bytes, count) }
        let start = arena.count
        arena.append(contentsOf: XMLTag.plain(buffer))
        return Extent(start, arena.count)
    }

    /// Namespace URIs are kept once in a row: libxml2 hands out the same pointer for the same URI.
    private mutating func space(_ uri: UnsafePointer<xmlChar>?) -> Extent {
        guard let uri else { return Extent() }
        if let lastSpace, lastSpace.pointer == uri { return lastSpace.extent }
        let extent = appendValue(uri, Int(xmlStrlen(uri)))
        lastSpace = (uri, extent)
        return extent
    }
}
