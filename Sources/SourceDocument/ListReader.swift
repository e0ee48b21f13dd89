// SPDX-License-Identifier: Apache-2.0

/// What a reader of one format does with decoded bytes.
protocol ListReader: AnyObject {
    /// Takes more of the document, as UTF-8 that may hold undecodable bytes.
    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(DocumentError)
    /// Takes the end of the document.
    func finish() throws(DocumentError)
    /// The records found since the last call.
    var events: [DocumentEvent] { get set }
    var envelope: DocumentNode? { get }
    var list: ListOutcome { get }
    var ordinal: Int { get }
    var lastLineUnended: Bool { get }
}

extension RecordSurroundings {
    /// A record that is set aside, as an event; `inner` is the path inside it.
    func rejected(
        _ raw: [UInt8], _ code: DocumentError.Code, _ position: DocumentPosition, ordinal: Int, inner: String = "",
        detail: String? = nil, isWhole: Bool = true
    ) -> DocumentEvent {
        let place = place(ordinal: ordinal, position, path: path(ordinal: ordinal) + inner)
        let error = DocumentError(code, scope: .record, place: place, detail: detail)
        return .reject(
            RejectedRecord(raw: raw, rawIsWhole: isWhole, ordinal: ordinal, error: error, surroundings: self))
    }

    /// A record that can be used, as an event.
    func record(_ tree: DocumentTree, ordinal: Int) -> DocumentEvent {
        .record(DocumentRecord(node: DocumentNode(tree: tree, index: 0), ordinal: ordinal, surroundings: self))
    }

    /// An error that ends the document.
    func page(
        _ code: DocumentError.Code, _ position: DocumentPosition, path: String? = nil, ordinal: Int? = nil,
        detail: String? = nil
    ) -> DocumentError {
        DocumentError(code, scope: .page, place: place(ordinal: ordinal, position, path: path), detail: detail)
    }
}

/// Bytes not yet understood, and where they stand in the document.
struct Window {
    var bytes: [UInt8] = []
    /// The first byte not yet understood.
    var cursor = 0
    /// How many bytes must be there before another attempt is worth making: attempts cost a scan each, so each waits
    /// for twice as many bytes as the one before, and the whole stays linear however small the chunks are.
    var wanted = 0
    /// Position of the byte at `counted`.
    private var position = DocumentPosition.start
    private var counted = 0

    var pending: Int { bytes.count - cursor }

    mutating func append(_ more: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// Forgets what was understood.
    mutating func trim() {
        guard cursor > 0 else { return }
        _ = advance(to: cursor)
        bytes.removeSubrange(0..<cursor)
        counted = 0
        cursor = 0
    }

    /// The position of a byte at or after every byte asked about before.
    mutating func advance(to index: Int) -> DocumentPosition {
        guard index > counted else { return position }
        position = bytes.withUnsafeBufferPointer { [position, counted] in position.advanced(over: $0, counted..<index) }
        counted = index
        return position
    }

    /// The position of any byte from the last one advanced to.
    func position(of index: Int) -> DocumentPosition {
        guard index > counted else { return position }
        return bytes.withUnsafeBufferPointer { position.advanced(over: $0, counted..<min(index, $0.count)) }
    }

    /// Remembers that the pending bytes end too early; at most `limit` are waited for.
    mutating func wait(limit: Int) { wanted = min(pending * 2, limit + 1) }
}

/// What every document starts with in the eyes of a person: enough to say "this is HTML".
enum Sniff {
    static func isHTML(_ head: some Sequence<UInt8>) -> Bool {
        let text = String(
            decoding: head.prefix(512).drop { $0 <= 0x20 }.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 },
            as: UTF8.self)
        for start in ["<!doctype html", "<html"] where text.hasPrefix(start) {
            guard let next = text.utf8.dropFirst(start.utf8.count).first else { return false }
            return next == 0x3E || next <= 0x20
        }
        return false
    }
}
