// SPDX-License-Identifier: Apache-2.0

/// Builds the bytes of a key or a value; numbers in keys are big-endian, so that they sort.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving count: Int = 64) { bytes.reserveCapacity(count) }

    /// Empties it for the next key or value; its room is kept.
    mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func raw(_ run: some Sequence<UInt8>) { bytes.append(contentsOf: run) }

    mutating func fixed(_ value: UInt32) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func fixed(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Seven bits a byte, the lowest first.
    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func count(_ value: Int) { number(UInt64(max(0, value))) }

    /// Zigzag, so that small negative numbers stay short.
    mutating func signed(_ value: Int64) { number(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { text in
            count(text.count)
            bytes.append(contentsOf: text)
        }
    }

    /// A text's bytes alone.
    mutating func utf8(_ value: String) {
        var value = value
        value.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// A number as it is written by people.
    mutating func decimal(_ value: Int) {
        if value < 10 { bytes.append(48 + UInt8(max(0, value))) } else { bytes.append(contentsOf: String(value).utf8) }
    }

    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// A byte that says whether there is a value, and the value.
    mutating func optional<T>(_ value: T?, _ write: (inout ByteWriter, T) -> Void) {
        flag(value != nil)
        if let value { write(&self, value) }
    }

    mutating func text(_ value: String?) { optional(value) { $0.text($1) } }
}
