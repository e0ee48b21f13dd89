// SPDX-License-Identifier: Apache-2.0

/// The lexical level of CSV.
struct CSVText {
    /// One field of a row.
    struct Field {
        /// The content, without its quotes.
        var content: Extent
        /// The field with its quotes.
        var whole: Extent
        /// Whether quotes inside are doubled.
        var doubled = false
    }

    enum Outcome {
        /// A row; `next` is where the next one starts, `end` where this one's content ends.
        case row(end: Int, next: Int, ended: Bool)
        case incomplete
        /// Something follows a closing quote: where rows end is no longer certain.
        case broken(at: Int)
    }

    let dialect: CSVDialect
    private(set) var fields: [Field] = []
    /// The first thing that spoils the row without hiding where it ends.
    private(set) var fault: (code: DocumentError.Code, at: Int)?

    init(dialect: CSVDialect) { self.dialect = dialect }

    /// Reads the row at `from`; extents count from there.
    mutating func row(_ bytes: UnsafeBufferPointer<UInt8>, from: Int, atEnd: Bool) -> Outcome {
        fields.removeAll(keepingCapacity: true)
        fault = nil
        var at = from
        while true {
            let start = at
            var field = Field(content: Extent(), whole: Extent())
            if at < bytes.count, dialect.isQuoted, bytes[at] == dialect.quote {
                guard let end = quoted(bytes, at + 1, &field) else { return .incomplete }
                field.content = Extent(start + 1 - from, end - from)
                at = end + 1
            } else {
                at = bare(bytes, at)
                field.content = Extent(start - from, at - from)
            }
            field.whole = Extent(start - from, at - from)
            if at >= bytes.count {
                guard atEnd else { return .incomplete }
                close(&field, bytes, from)
                return .row(end: at, next: at, ended: false)
            }
            switch bytes[at] {
            case dialect.delimiter:
                close(&field, bytes, from)
                at += 1
            case 0x0A:
                close(&field, bytes, from)
                return .row(end: at, next: at + 1, ended: true)
            case 0x0D:
                guard at + 1 < bytes.count else {
                    guard atEnd else { return .incomplete }
                    close(&field, bytes, from)
                    return .row(end: at, next: at + 1, ended: false)
                }
                guard bytes[at + 1] == 0x0A else { return .broken(at: at) }
                close(&field, bytes, from)
                return .row(end: at, next: at + 2, ended: true)
            default: return .broken(at: at)
            }
        }
    }

    /// The index of the closing quote.
    private func quoted(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ field: inout Field) -> Int? {
        var at = start
        while at < bytes.count {
            guard bytes[at] == dialect.quote else {
                at += 1
                continue
            }
            guard at + 1 < bytes.count, bytes[at + 1] == dialect.quote else { return at }
            field.doubled = true
            at += 2
        }
        return nil
    }

    private mutating func bare(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < bytes.count {
            let byte = bytes[at]
            if byte == dialect.delimiter || byte == 0x0A || byte == 0x0D { break }
            if byte == dialect.quote, dialect.isQuoted, fault == nil { fault = (.csvQuote, at) }
            at += 1
        }
        return at
    }

    private mutating func close(_ field: inout Field, _ bytes: UnsafeBufferPointer<UInt8>, _ from: Int) {
        fields.append(field)
        guard fault == nil else { return }
        let range = (Int(field.content.start) + from)..<(Int(field.content.end) + from)
        if let bad = UTF8Check.firstFault(bytes, range) {
            fault = (.undecodable, bad)
        } else if let bad = bytes[range].firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
            fault = (.controlCharacter, bad)
        }
    }

    /// The content of a quoted field with doubled quotes made single.
    static func undoubled(_ bytes: ArraySlice<UInt8>, quote: UInt8) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var wasQuote = false
        for byte in bytes {
            if byte == quote, wasQuote {
                wasQuote = false
                continue
            }
            wasQuote = byte == quote
            result.append(byte)
        }
        return result
    }
}
