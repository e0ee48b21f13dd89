// SPDX-License-Identifier: Apache-2.0

/// The lexical level of JSON: strings, numbers, words.
enum JSONText {
    /// What was found in a string or a number.
    struct Token {
        /// The index after the token; -1 when the bytes end inside it.
        var end: Int
        var escaped = false
        /// The first thing that spoils the token without hiding where it ends.
        var fault: (code: DocumentError.Code, at: Int)?
    }

    /// Scans a string; `start` is the index after its opening quote.
    static func string(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Token {
        var token = Token(end: -1)
        var at = start
        while at < count {
            if count - at >= 8 {
                let stops = Words.stringStops(Words.load(bytes, at))
                if stops == 0 {
                    at += 8
                    continue
                }
                at += stops.trailingZeroBitCount >> 3
            }
            let byte = bytes[at]
            if byte == 0x22 {
                token.end = at + 1
                return token
            } else if byte == 0x5C {
                token.escaped = true
                let length = escape(bytes, at, count, &token)
                if length < 0 { return token }
                at += length
            } else if byte < 0x20 {
                if token.fault == nil { token.fault = (.controlCharacter, at) }
                at += 1
            } else if byte < 0x80 {
                at += 1
            } else {
                // A run of Chinese stays in this loop.
                repeat {
                    let length = UTF8Check.length(bytes, at, count)
                    if length < 0 { return token }
                    if length == 0, token.fault == nil { token.fault = (.undecodable, at) }
                    at += max(length, 1)
                } while at < count && bytes[at] >= 0x80
            }
        }
        return token
    }

    /// The length of the escape at `at`, or -1 when the bytes end inside it.
    private static func escape(_ bytes: UnsafePointer<UInt8>, _ at: Int, _ count: Int, _ token: inout Token) -> Int {
        guard at + 1 < count else { return -1 }
        switch bytes[at + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return 2
        case 0x75: break
        default:
            if token.fault == nil { token.fault = (.badEscape, at) }
            return bytes[at + 1] < 0x20 || bytes[at + 1] >= 0x80 ? 1 : 2
        }
        guard let unit = hex(bytes, at + 2, count) else {
            if at + 6 > count, !hasQuote(bytes, at + 2, count) { return -1 }
            if token.fault == nil { token.fault = (.badEscape, at) }
            return 2
        }
        guard unit & 0xF800 == 0xD800 else { return 6 }
        guard unit < 0xDC00 else {
            if token.fault == nil { token.fault = (.loneSurrogate, at) }
            return 6
        }
        if at + 12 <= count, bytes[at + 6] == 0x5C, bytes[at + 7] == 0x75, let low = hex(bytes, at + 8, count),
            low & 0xFC00 == 0xDC00
        {
            return 12
        }
        if at + 12 > count, !hasQuote(bytes, at + 6, count) { return -1 }
        if token.fault == nil { token.fault = (.loneSurrogate, at) }
        return 6
    }

    private static func hasQuote(_ bytes: UnsafePointer<UInt8>, _ from: Int, _ count: Int) -> Bool {
        var at = from
        while at < count {
            if bytes[at] == 0x22 { return true }
            at += 1
        }
        return false
    }

    @inline(__always)
    static func hex(_ bytes: UnsafePointer<UInt8>, _ at: Int, _ count: Int) -> UInt32? {
        guard at + 4 <= count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = bytes[at + offset]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return value
    }

    /// Scans a number, which may be wrongly spelt while its end is certain.
    ///
    /// The end is -1 when it touches the end of the bytes.
    static func number(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int, atEnd: Bool) -> Token {
        var at = start
        while at < count, isNumberByte(bytes[at]) { at += 1 }
        guard at < count || atEnd else { return Token(end: -1) }
        var token = Token(end: at)
        if !isNumber(bytes, start, at) { token.fault = (.numberSpelling, start) }
        return token
    }

    @inline(__always)
    static func isNumberByte(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }

    static func isNumber(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var at = start
        func digits() -> Bool {
            let from = at
            while at < end, bytes[at] >= 0x30, bytes[at] <= 0x39 { at += 1 }
            return at > from
        }
        if at < end, bytes[at] == 0x2D { at += 1 }
        if at < end, bytes[at] == 0x30 {
            at += 1
        } else if !digits() {
            return false
        }
        if at < end, bytes[at] == 0x2E {
            at += 1
            if !digits() { return false }
        }
        if at < end, bytes[at] | 0x20 == 0x65 {
            at += 1
            if at < end, bytes[at] == 0x2B || bytes[at] == 0x2D { at += 1 }
            if !digits() { return false }
        }
        return at == end
    }

    /// The content of a string without its escapes; `bytes` has been scanned without a fault.
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var at = 0
            while at < buffer.count {
                guard base[at] == 0x5C, at + 1 < buffer.count else {
                    result.append(base[at])
                    at += 1
                    continue
                }
                at += unescape(base, at, buffer.count, into: &result)
            }
        }
        return result
    }

    private static func unescape(
        _ base: UnsafePointer<UInt8>, _ at: Int, _ count: Int, into result: inout [UInt8]
    ) -> Int {
        switch base[at + 1] {
        case 0x62: result.append(0x08)
        case 0x66: result.append(0x0C)
        case 0x6E: result.append(0x0A)
        case 0x72: result.append(0x0D)
        case 0x74: result.append(0x09)
        case 0x75:
            guard var scalar = hex(base, at + 2, count) else { return 2 }
            var length = 6
            if scalar & 0xFC00 == 0xD800, at + 12 <= count, let low = hex(base, at + 8, count) {
                scalar = 0x10000 + ((scalar & 0x3FF) << 10) + (low & 0x3FF)
                length = 12
            }
            result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
            return length
        default: result.append(base[at + 1])
        }
        return 2
    }
}
