// SPDX-License-Identifier: Apache-2.0

/// Follows a path through a JSON text as it arrives, hands over the records of the list one by one, keeps the rest.
///
/// Shape: containers on the way to the list are walked token by token; every other value, and every record, is read
/// in one go by `JSONTreeParser` as soon as it is there whole.
final class JSONListReader: ListReader {
    private struct Frame {
        var isObject: Bool
        /// The step that chooses among the children; nil inside the list itself.
        var step: Int?
        var index = 0
        /// Whether the member whose key was just read is on the way.
        var onTheWay = false
        var key = ""
    }

    private enum Expect { case value, valueOrEnd, valueAfterComma, key, keyOrEnd, colon, afterValue, end }

    private let path: StreamPath
    private let limits: DocumentLimits
    private let surroundings: RecordSurroundings
    private var parser: JSONTreeParser
    private var window = Window()
    private var frames: [Frame] = []
    private var expect = Expect.value
    private var kept = Envelope()
    private var skip: JSONSkip?
    private var started = false

    var events: [DocumentEvent] = []
    private(set) var envelope: DocumentNode?
    private(set) var list = ListOutcome.absent
    private(set) var ordinal = 0
    var lastLineUnended: Bool { false }

    init(path: StreamPath, limits: DocumentLimits, surroundings: RecordSurroundings) {
        self.path = path
        self.limits = limits
        self.surroundings = surroundings
        parser = JSONTreeParser(limits: limits)
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(DocumentError) {
        window.append(bytes)
        if window.pending >= window.wanted { try read(atEnd: false) }
        window.trim()
    }

    func finish() throws(DocumentError) {
        try read(atEnd: true)
        guard expect == .end else {
            if !started { throw page(.empty, window.bytes.count) }
            throw page(.truncated, window.bytes.count)
        }
        envelope = try kept.tree(limits: limits, surroundings: surroundings)
    }

    // MARK: One token or value after the other

    private func read(atEnd: Bool) throws(DocumentError) {
        while true {
            if skip != nil {
                guard try resumeSkip(atEnd: atEnd) else { return }
            }
            try takeBlanks()
            guard window.pending > 0 else { return }
            let byte = window.bytes[window.cursor]
            if !started {
                started = true
                if byte == 0x3C {
                    let isHTML = Sniff.isHTML(window.bytes[window.cursor...])
                    let kind = isHTML ? "HTML" : "XML or HTML"
                    throw page(.notJSON, window.cursor, "the body is \(kind), not JSON")
                }
            }
            switch expect {
            case .end: throw page(.notJSON, window.cursor, "something follows the end of the document")
            case .valueOrEnd where byte == 0x5D, .keyOrEnd where byte == 0x7D: try close()
            case .value, .valueOrEnd, .valueAfterComma:
                if byte == 0x5D, expect == .valueAfterComma { throw page(.trailingComma, window.cursor) }
                guard try value(byte, atEnd: atEnd) else { return }
            case .key, .keyOrEnd:
                if byte == 0x7D { throw page(.trailingComma, window.cursor) }
                guard try key(byte, atEnd: atEnd) else { return }
            case .colon:
                guard byte == 0x3A else { throw page(.notJSON, window.cursor, "a colon is expected here") }
                try keep(window.cursor + 1)
                expect = .value
            case .afterValue: try afterValue(byte)
            }
        }
    }

    private func takeBlanks() throws(DocumentError) {
        var at = window.cursor
        window.bytes.withUnsafeBufferPointer { bytes in
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
                at += 1
            }
        }
        if inList { window.cursor = at } else if at > window.cursor { try keep(at) }
    }

    private var inList: Bool { frames.last.map { $0.step == nil } ?? false }

    private func afterValue(_ byte: UInt8) throws(DocumentError) {
        guard let top = frames.last else { return }
        if byte == (top.isObject ? 0x7D : 0x5D) { return try close() }
        guard byte == 0x2C else {
            throw page(.notJSON, window.cursor, "a comma or a closing bracket is expected here")
        }
        frames[frames.count - 1].index += 1
        if inList { window.cursor += 1 } else { try keep(window.cursor + 1) }
        expect = top.isObject ? .key : .valueAfterComma
    }

    private func close() throws(DocumentError) {
        if inList { kept.anchor(window.advance(to: window.cursor)) }
        frames.removeLast()
        try keep(window.cursor + 1)
        ended()
    }

    private func ended() { expect = frames.isEmpty ? .end : .afterValue }

    private func key(_ byte: UInt8, atEnd: Bool) throws(DocumentError) -> Bool {
        guard byte == 0x22 else {
            throw page(.notJSON, window.cursor, "a name in double quotes is expected here")
        }
        let start = window.cursor + 1
        let token = window.bytes.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { JSONText.string($0, start, bytes.count) } ?? JSONText.Token(end: -1)
        }
        guard token.end >= 0 else { return try incomplete(limit: limits.textBytes, .textTooLong, atEnd: atEnd) }
        if let fault = token.fault { throw page(fault.code, fault.at) }
        guard token.end - start <= limits.textBytes else { throw page(.textTooLong, start) }
        let name = JSONText.unescaped(window.bytes[start..<token.end - 1])
        let last = frames.count - 1
        if let step = frames[last].step {
            switch path.steps[step] {
            case .name(let wanted): frames[last].onTheWay = wanted == name
            case .wildcard: frames[last].onTheWay = true
            case .index, .element: frames[last].onTheWay = false
            }
        }
        frames[last].key = String(decoding: name, as: UTF8.self)
        try keep(token.end)
        expect = .colon
        return true
    }

    /// Reads a value, or the opening of one on the way; false when more bytes are needed.
    private func value(_ byte: UInt8, atEnd: Bool) throws(DocumentError) -> Bool {
        if inList { return try record(atEnd: atEnd, alone: false) }
        guard let step = stepOfNextValue() else { return try otherValue(atEnd: atEnd) }
        if step == path.steps.count {
            if byte == 0x5B {
                list = max(list, .list)
                return try open(isObject: false, step: nil)
            }
            if byte == 0x7B { return try record(atEnd: atEnd, alone: true) }
            let isWhole = try otherValue(atEnd: atEnd)
            if isWhole { list = max(list, .scalar) }
            return isWhole
        }
        switch (path.steps[step], byte) {
        case (.name, 0x7B), (.wildcard, 0x7B): return try open(isObject: true, step: step)
        case (.index, 0x5B), (.wildcard, 0x5B): return try open(isObject: false, step: step)
        default: return try otherValue(atEnd: atEnd)
        }
    }

    /// How many steps lead to the value that comes next; nil when it is off the way.
    private func stepOfNextValue() -> Int? {
        guard let top = frames.last else { return 0 }
        guard let step = top.step else { return nil }
        if top.isObject { return top.onTheWay ? step + 1 : nil }
        switch path.steps[step] {
        case .wildcard: return step + 1
        case .index(let index): return index == top.index ? step + 1 : nil
        case .name, .element: return nil
        }
    }

    private func open(isObject: Bool, step: Int?) throws(DocumentError) -> Bool {
        guard frames.count < limits.depth else { throw page(.tooDeep, window.cursor) }
        try keep(window.cursor + 1)
        frames.append(Frame(isObject: isObject, step: step))
        expect = isObject ? .keyOrEnd : .valueOrEnd
        return true
    }

    private func otherValue(atEnd: Bool) throws(DocumentError) -> Bool {
        let outcome = window.bytes.withUnsafeBufferPointer { [cursor = window.cursor] in
            parser.parse($0, from: cursor, atEnd: atEnd)
        }
        switch outcome {
        case .incomplete: return try incomplete(limit: limits.envelopeBytes, .envelopeTooLarge, atEnd: atEnd)
        case .broken(let code, let at, let detail): throw page(code, at, detail, inner: innerPath)
        case .complete(let end):
            if let fault = parser.fault { throw page(fault.code, fault.at, inner: fault.path) }
            try keep(end)
            ended()
            return true
        }
    }

    private func incomplete(
        limit: Int, _ code: DocumentError.Code, atEnd: Bool
    ) throws(DocumentError) -> Bool {
        if window.pending > limit { throw page(code, window.cursor) }
        if atEnd { throw page(.truncated, window.bytes.count) }
        window.wait(limit: limit)
        return false
    }

    // MARK: Records

    private func record(atEnd: Bool, alone: Bool) throws(DocumentError) -> Bool {
        let start = window.cursor
        let outcome = window.bytes.withUnsafeBufferPointer { parser.parse($0, from: start, atEnd: atEnd) }
        switch outcome {
        case .incomplete:
            if window.pending > limits.recordBytes {
                try beginRecord(alone: alone)
                skip = JSONSkip(position: window.advance(to: start), ordinal: ordinal, alone: alone)
                return true
            }
            if atEnd { throw page(.truncated, window.bytes.count) }
            window.wait(limit: limits.recordBytes)
            return false
        case .broken(let code, let at, let detail):
            ordinal += 1
            throw page(code, at, detail, inner: innerPath, ordinal: ordinal)
        case .complete(let end):
            try beginRecord(alone: alone)
            let origin = window.advance(to: start)
            let raw = Array(window.bytes[start..<end])
            if let fault = parser.fault {
                let position = window.position(of: fault.at)
                reject(raw, fault.code, position, inner: fault.path)
            } else if end - start > limits.recordBytes {
                reject(Array(raw.prefix(JSONSkip.kept)), .recordTooLarge, origin, inner: "", isWhole: false)
            } else {
                let tree = DocumentTree(.json, cells: parser.cells.exactCopy, raw: raw, origin: origin)
                events.append(surroundings.record(tree, ordinal: ordinal))
            }
            window.cursor = end
            endRecord(alone: alone)
            return true
        }
    }

    private func beginRecord(alone: Bool) throws(DocumentError) {
        ordinal += 1
        if ordinal > limits.records { throw page(.tooManyRecords, window.cursor) }
        if alone { list = max(list, .single) }
    }

    private func endRecord(alone: Bool) {
        if alone {
            kept.appendEmptyList()
            kept.anchor(window.advance(to: window.cursor))
        }
        ended()
    }

    /// Passes over a record that is too large; false when more bytes are needed.
    private func resumeSkip(atEnd: Bool) throws(DocumentError) -> Bool {
        guard var passing = skip else { return true }
        let end = window.bytes.withUnsafeBufferPointer { [cursor = window.cursor] in passing.pass($0, from: cursor) }
        if passing.broken { throw page(.notJSON, end, "brackets do not match", ordinal: ordinal) }
        window.cursor = end
        guard passing.done || (atEnd && passing.isNumber) else {
            skip = passing
            if atEnd { throw page(.truncated, window.bytes.count) }
            return false
        }
        skip = nil
        reject(passing.start, .recordTooLarge, passing.position, inner: "", isWhole: false)
        endRecord(alone: passing.alone)
        return true
    }

    private func reject(
        _ raw: [UInt8], _ code: DocumentError.Code, _ position: DocumentPosition, inner: String, isWhole: Bool = true
    ) {
        events.append(
            surroundings.rejected(raw, code, position, ordinal: ordinal, inner: inner, isWhole: isWhole))
    }

    // MARK: Keeping and failing

    private func keep(_ end: Int) throws(DocumentError) {
        let start = window.cursor
        window.cursor = end
        guard kept.append(window, start..<end, limit: limits.envelopeBytes) else {
            throw page(.envelopeTooLarge, start)
        }
    }

    private var innerPath: String { window.bytes.withUnsafeBufferPointer { parser.path($0) } }

    private func page(
        _ code: DocumentError.Code, _ at: Int, _ detail: String? = nil, inner: String = "", ordinal: Int? = nil
    ) -> DocumentError {
        var way = "$"
        for frame in frames {
            if frame.isObject { way += "." + PathName.shown(frame.key) } else { way += "[\(frame.index)]" }
        }
        return surroundings.page(
            code, window.position(of: at), path: way + inner, ordinal: ordinal, detail: detail)
    }
}
