// SPDX-License-Identifier: Apache-2.0

/// Checks UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
    /// The length of the character at `at`: 1 to 4; 0 when it is not UTF-8; -1 when the bytes end inside it.
    @inline(__always)
    static func length(_ bytes: UnsafePointer<UInt8>, _ at: Int, _ count: Int) -> Int {
        let first = bytes[at]
        if first < 0x80 { return 1 }
        if first < 0xC2 || first > 0xF4 { return 0 }
        let left = count - at
        if left < 2 { return -1 }
        let second = bytes[at + 1]
        if first < 0xE0 { return second & 0xC0 == 0x80 ? 2 : 0 }
        let low: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let high: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard second >= low, second <= high else { return 0 }
        if left < 3 { return -1 }
        guard bytes[at + 2] & 0xC0 == 0x80 else { return 0 }
        if first < 0xF0 { return 3 }
        if left < 4 { return -1 }
        return bytes[at + 3] & 0xC0 == 0x80 ? 4 : 0
    }

    /// The first byte that is not part of a character, or nil when all of `range` is UTF-8.
    static func firstFault(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var at = range.lowerBound
        while at < range.upperBound {
            if range.upperBound - at >= 8, Words.load(base, at) & Words.highBits == 0 {
                at += 8
                continue
            }
            let length = length(base, at, range.upperBound)
            guard length > 0 else { return at }
            at += length
        }
        return nil
    }
}

/// Eight bytes at a time.
enum Words {
    static let highBits: UInt64 = 0x8080_8080_8080_8080
    static let ones: UInt64 = 0x0101_0101_0101_0101

    @inline(__always)
    static func load(_ bytes: UnsafePointer<UInt8>, _ at: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self))
    }

    /// A high bit in every byte that is zero; exact up to and including the first such byte.
    @inline(__always)
    static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

    /// A high bit in every byte that is zero, and in no other.
    @inline(__always)
    static func exactZeros(_ word: UInt64) -> UInt64 {
        ~(((word & ~highBits) &+ ~highBits) | word | ~highBits)
    }

    /// A high bit at the first byte that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    static func stringStops(_ word: UInt64) -> UInt64 {
        zeros(word ^ (ones &* 0x22)) | zeros(word ^ (ones &* 0x5C)) | ((word &- (ones &* 0x20)) & ~word & highBits)
            | (word & highBits)
    }
}
