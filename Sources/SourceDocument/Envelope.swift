// SPDX-License-Identifier: Apache-2.0

/// The bytes of a JSON document outside its records, and how to count positions past what was left out.
struct Envelope {
    private(set) var bytes: [UInt8] = []
    private var anchors: [(start: UInt32, position: DocumentPosition)] = []

    /// Takes bytes over; false when there are too many.
    mutating func append(_ window: Window, _ range: Range<Int>, limit: Int) -> Bool {
        bytes.append(contentsOf: window.bytes[range])
        return bytes.count <= limit
    }

    /// Puts an empty list where the records were.
    mutating func appendEmptyList() { bytes.append(contentsOf: [0x5B, 0x5D]) }

    mutating func appendByte(_ byte: UInt8) { bytes.append(byte) }

    /// From here on, positions count from this one.
    mutating func anchor(_ position: DocumentPosition) {
        anchors.append((UInt32(truncatingIfNeeded: bytes.count), position))
    }

    /// The envelope as a tree; what is wrong with it is wrong with the page.
    func tree(limits: DocumentLimits, surroundings: RecordSurroundings) throws(DocumentError) -> DocumentNode {
        var limits = limits
        limits.nodesPerRecord = max(limits.nodesPerRecord, 2 * anchors.count)
        var parser = JSONTreeParser(limits: limits)
        let outcome = bytes.withUnsafeBufferPointer { parser.parse($0, from: 0, atEnd: true) }
        let positions = DocumentTree(
            .json, cells: [], raw: bytes, origin: .start, anchors: anchors)
        func error(_ code: DocumentError.Code, _ at: Int, _ path: String) -> DocumentError {
            let position = positions.position(at: at)
            return DocumentError(
                code, scope: .page, place: surroundings.place(ordinal: nil, position, path: "$" + path))
        }
        if let fault = parser.fault { throw error(fault.code, fault.at, fault.path) }
        guard case .complete = outcome else { throw error(.truncated, bytes.count, "") }
        let tree = DocumentTree(.json, cells: parser.cells, raw: bytes, origin: .start, anchors: anchors)
        return DocumentNode(tree: tree, index: 0)
    }
}
