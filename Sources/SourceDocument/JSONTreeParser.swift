// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON value strictly into flat cells; told when the bytes end inside it, so that more can be fetched.
///
/// Shape: no recursion; scratch arrays are kept from one value to the next.
struct JSONTreeParser {
    enum Outcome {
        case complete(end: Int)
        case incomplete
        case broken(DocumentError.Code, at: Int, detail: String?)
    }

    /// The first thing that spoils this value without hiding where it ends.
    struct Fault {
        var code: DocumentError.Code
        var at: Int
        var path: String
    }

    private struct Frame {
        var cell: Int
        var isObject: Bool
        var keyBase: Int
        var count: Int
        var key: Extent
    }

    let limits: DocumentLimits
    /// A value nested deeper than this is not a record but an attack.
    static let hardDepth = 1024

    private(set) var cells: [Cell] = []
    private(set) var fault: Fault?
    private var frames: [Frame] = []
    private var keys = KeySet()
    private var key = Extent()
    private var keyEscaped = false
    private var origin = 0

    init(limits: DocumentLimits) { self.limits = limits }

    private enum Expect { case value, valueOrEnd, valueAfterComma, key, keyOrEnd, colon, afterValue }

    /// Reads the value at `from`; extents in `cells` count from there.
    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>, from: Int, atEnd: Bool) -> Outcome {
        cells.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        keys.removeAll()
        fault = nil
        key = Extent()
        origin = from
        guard let base = bytes.baseAddress else { return .incomplete }
        let count = bytes.count
        var at = from
        var expect = Expect.value
        while true {
            while at < count, base[at] <= 0x20, isBlank(base[at]) { at += 1 }
            guard at < count else { return .incomplete }
            let byte = base[at]
            let step: Outcome
            switch expect {
            case .value, .valueOrEnd, .valueAfterComma: step = value(base, at, count, atEnd: atEnd, &expect)
            case .key, .keyOrEnd: step = member(base, at, count, &expect)
            case .colon:
                step =
                    byte == 0x3A
                    ? .complete(end: at + 1) : .broken(.notJSON, at: at, detail: "a colon is expected here")
                expect = .value
            case .afterValue:
                // The stack is not empty: see below.
                let isObject = frames[frames.count - 1].isObject
                if byte == 0x2C {
                    frames[frames.count - 1].count += 1
                    expect = isObject ? .key : .valueAfterComma
                } else if byte == (isObject ? 0x7D : 0x5D) {
                    close(at + 1, base)
                } else {
                    return .broken(.notJSON, at: at, detail: "a comma or a closing bracket is expected here")
                }
                step = .complete(end: at + 1)
            }
            guard case .complete(let end) = step else { return step }
            at = end
            if expect == .afterValue, frames.isEmpty { return .complete(end: at) }
        }
    }

    /// Reads a scalar, or the opening bracket of a container, or the closing one of an empty array.
    @inline(__always)
    private mutating func value(
        _ base: UnsafePointer<UInt8>, _ at: Int, _ count: Int, atEnd: Bool, _ expect: inout Expect
    ) -> Outcome {
        let byte = base[at]
        let before = expect
        expect = .afterValue
        if byte == 0x22 {
            let token = JSONText.string(base, at + 1, count)
            guard token.end >= 0 else { return .incomplete }
            note(token, base)
            if token.end - at - 2 > limits.textBytes { note(.textTooLong, at, base) }
            append(.string, at, token.end, text: (at + 1, token.end - 1), escaped: token.escaped)
            return .complete(end: token.end)
        }
        if byte == 0x7B || byte == 0x5B {
            if frames.count >= limits.depth { note(.tooDeep, at, base) }
            if frames.count >= JSONTreeParser.hardDepth { return .broken(.tooDeep, at: at, detail: nil) }
            open(isObject: byte == 0x7B, at)
            expect = byte == 0x7B ? .keyOrEnd : .valueOrEnd
            return .complete(end: at + 1)
        }
        if byte == 0x5D, before == .valueOrEnd {
            close(at + 1, base)
            return .complete(end: at + 1)
        }
        return scalar(base, at, count, atEnd: atEnd, afterComma: before == .valueAfterComma)
    }

    /// Reads the key of a member, or the closing bracket of an empty object.
    @inline(__always)
    private mutating func member(
        _ base: UnsafePointer<UInt8>, _ at: Int, _ count: Int, _ expect: inout Expect
    ) -> Outcome {
        let byte = base[at]
        if byte == 0x22 {
            let token = JSONText.string(base, at + 1, count)
            guard token.end >= 0 else { return .incomplete }
            key = Extent(at + 1 - origin, token.end - 1 - origin)
            note(token, base)
            if token.end - at - 2 > limits.textBytes { note(.textTooLong, at, base) }
            take(key: at + 1, token.end - 1, escaped: token.escaped, base)
            expect = .colon
            return .complete(end: token.end)
        }
        guard byte == 0x7D else {
            return .broken(.notJSON, at: at, detail: "a name in double quotes is expected here")
        }
        guard expect == .keyOrEnd else { return .broken(.trailingComma, at: at, detail: nil) }
        close(at + 1, base)
        expect = .afterValue
        return .complete(end: at + 1)
    }

    /// A path inside the value for a message about the place reached.
    func path(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard let base = bytes.baseAddress else { return "" }
        return path(base)
    }

    // MARK: Parts

    private mutating func scalar(
        _ base: UnsafePointer<UInt8>, _ at: Int, _ count: Int, atEnd: Bool, afterComma: Bool
    ) -> Outcome {
        let byte = base[at]
        if JSONText.isNumberByte(byte), byte | 0x20 != 0x65 {
            let token = JSONText.number(base, at, count, atEnd: atEnd)
            guard token.end >= 0 else { return .incomplete }
            note(token, base)
            if token.end - at > limits.textBytes { note(.textTooLong, at, base) }
            append(.number, at, token.end, text: (at, token.end), escaped: false)
            return .complete(end: token.end)
        }
        let word: StaticString
        switch byte {
        case 0x74: word = "true"
        case 0x66: word = "false"
        case 0x6E: word = "null"
        case 0x5D where afterComma: return .broken(.trailingComma, at: at, detail: nil)
        default:
            let length = UTF8Check.length(base, at, count)
            if length < 0, !atEnd { return .incomplete }
            guard length > 0 else { return .broken(.undecodable, at: at, detail: nil) }
            return .broken(.notJSON, at: at, detail: "a value is expected here")
        }
        for offset in 0..<word.utf8CodeUnitCount {
            guard at + offset < count else { return .incomplete }
            guard base[at + offset] == word.utf8Start[offset] else {
                return .broken(.notJSON, at: at, detail: "a word that JSON does not know")
            }
        }
        let end = at + word.utf8CodeUnitCount
        append(byte == 0x6E ? .null : .bool, at, end, text: (at, end), escaped: false)
        return .complete(end: end)
    }

    private mutating func append(_ kind: DocumentNode.Kind, _ at: Int, _ end: Int, text: (Int, Int), escaped: Bool) {
        guard fault == nil else { return }
        var cell = Cell(kind: kind, extent: Extent(at - origin, end - origin))
        cell.text = Extent(text.0 - origin, text.1 - origin)
        cell.escaped = escaped
        cell.next = UInt32(truncatingIfNeeded: cells.count + 1)
        name(&cell)
        cells.append(cell)
        if cells.count > limits.nodesPerRecord { fault = Fault(code: .recordTooLarge, at: at, path: "") }
    }

    @inline(__always)
    private mutating func name(_ cell: inout Cell) {
        guard let top = frames.last, top.isObject else { return }
        cell.named = true
        cell.name = key
        cell.nameEscaped = keyEscaped
    }

    private mutating func open(isObject: Bool, _ at: Int) {
        var cell = Cell(kind: isObject ? .object : .array, extent: Extent(at - origin, at - origin))
        name(&cell)
        frames.append(
            Frame(cell: cells.count, isObject: isObject, keyBase: keys.count, count: 0, key: key))
        key = Extent()
        if fault == nil { cells.append(cell) }
    }

    private mutating func close(_ end: Int, _ base: UnsafePointer<UInt8>) {
        guard let top = frames.popLast() else { return }
        defer { key = top.key }
        guard fault == nil else { return }
        if top.isObject {
            if let double = keys.doubled(from: top.keyBase, base, origin) {
                frames.append(top)
                key = double
                note(.duplicateKey, origin + Int(double.start) - 1, base)
                frames.removeLast()
                return
            }
            keys.drop(to: top.keyBase)
        }
        cells[top.cell].extent.end = UInt32(truncatingIfNeeded: end - origin)
        cells[top.cell].next = UInt32(truncatingIfNeeded: cells.count)
    }

    private mutating func take(key start: Int, _ end: Int, escaped: Bool, _ base: UnsafePointer<UInt8>) {
        keyEscaped = escaped
        guard fault == nil, let top = frames.last else { return }
        if !keys.insert(key, escaped: escaped, from: top.keyBase, base, origin) {
            note(.duplicateKey, start - 1, base)
        }
    }

    @inline(__always)
    private mutating func note(_ token: JSONText.Token, _ base: UnsafePointer<UInt8>) {
        if let found = token.fault { note(found.code, found.at, base) }
    }

    private mutating func note(_ code: DocumentError.Code, _ at: Int, _ base: UnsafePointer<UInt8>) {
        guard fault == nil else { return }
        fault = Fault(code: code, at: at, path: path(base))
    }

    private func path(_ base: UnsafePointer<UInt8>) -> String {
        var result = ""
        for (depth, frame) in frames.enumerated() {
            if frame.isObject {
                let extent = depth + 1 < frames.count ? frames[depth + 1].key : key
                let bytes = UnsafeBufferPointer(start: base + origin + Int(extent.start), count: extent.range.count)
                if extent.start == extent.end { continue }
                result += "." + PathName.shown(String(decoding: bytes, as: UTF8.self))
            } else {
                result += "[\(frame.count)]"
            }
            if result.utf8.count > 400 { return result + "…" }
        }
        return result
    }

    @inline(__always)
    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
