// SPDX-License-Identifier: Apache-2.0

/// The bytes do not have the form that this program writes.
struct MalformedBytes: Error {}

/// Takes the bytes of a key or a value apart; never reads beyond them.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var remaining: Int { bytes.count - offset }

    mutating func byte() throws(MalformedBytes) -> UInt8 {
        guard offset < bytes.count else { throw MalformedBytes() }
        offset += 1
        return bytes[offset - 1]
    }

    mutating func raw(_ count: Int) throws(MalformedBytes) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw MalformedBytes() }
        offset += count
        return Array(bytes[(offset - count)..<offset])
    }

    mutating func fixed32() throws(MalformedBytes) -> UInt32 {
        guard remaining >= 4 else { throw MalformedBytes() }
        var out: UInt32 = 0
        for _ in 0..<4 { out = out << 8 | UInt32(try byte()) }
        return out
    }

    mutating func fixed64() throws(MalformedBytes) -> UInt64 {
        let high = try fixed32()
        return UInt64(high) << 32 | UInt64(try fixed32())
    }

    mutating func number() throws(MalformedBytes) -> UInt64 {
        var out: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw MalformedBytes() }
            out |= UInt64(next & 127) << shift
            if next < 128 { return out }
            shift += 7
        }
    }

    mutating func count() throws(MalformedBytes) -> Int {
        guard let value = Int(exactly: try number()) else { throw MalformedBytes() }
        return value
    }

    mutating func signed() throws(MalformedBytes) -> Int64 {
        let value = try number()
        return Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
    }

    mutating func text() throws(MalformedBytes) -> String {
        let count = try count()
        guard count <= remaining else { throw MalformedBytes() }
        offset += count
        return String(decoding: bytes[(offset - count)..<offset], as: UTF8.self)
    }

    mutating func flag() throws(MalformedBytes) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw MalformedBytes()
        }
    }

    mutating func optional<T>(
        _ read: (inout ByteReader) throws(MalformedBytes) -> T
    ) throws(MalformedBytes) -> T? {
        try flag() ? try read(&self) : nil
    }

    mutating func optionalText() throws(MalformedBytes) -> String? {
        try optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.text() }
    }

    /// A count of things of at least one byte each, so that a wrong count cannot reserve memory for nothing.
    mutating func listCount() throws(MalformedBytes) -> Int {
        let count = try count()
        guard count <= remaining else { throw MalformedBytes() }
        return count
    }
}
