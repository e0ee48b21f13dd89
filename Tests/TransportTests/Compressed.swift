// SPDX-License-Identifier: Apache-2.0

/// Compressed bodies, small and monstrous, written out by hand so that a test needs no compressor.
enum Compressed {
    /// The plain text behind `gzip`, `deflate` and `zstd`.
    static let plain = Array(#"{"code":"0","data":"证照"}"#.utf8)

    static let gzip = bytes(
        "1f8b0800000000000203ab564ace4f4955b2523250d2514a492c4904325fac6f7cdeba5ca9160036a080c21c000000")
    static let deflate = bytes("789cab564ace4f4955b2523250d2514a492c4904325fac6f7cdeba5ca9160080b60a39")
    /// One frame with one raw block (RFC 8878, 3.1.1).
    static let zstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(plain.count)] + block(plain.count, kind: 0) + plain

    /// A zstd frame that says 128 KiB of `a` in every four bytes.
    static func zstdBomb(mebibytes: Int) -> [UInt8] {
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
        for index in 0..<(mebibytes * 8) {
            frame += block(128 << 10, kind: 1, isLast: index == mebibytes * 8 - 1) + [UInt8(ascii: "a")]
        }
        return frame
    }

    /// A gzip stream that says 258 bytes of `a` in every 13 bits (RFC 1951, 3.2.6: fixed codes); without its tail.
    static func gzipBomb(mebibytes: Int) -> [UInt8] {
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var bits: UInt64 = 0
        var count = 0
        func put(_ value: UInt64, _ width: Int) {
            bits |= value << UInt64(count)
            count += width
            while count >= 8 {
                stream.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
                count -= 8
            }
        }
        put(0b011, 3)  // Last block, fixed codes.
        put(0b1000_1001, 8)  // Literal `a`: 0x30 + 0x61 = 10010001, most significant bit first.
        for _ in 0..<(mebibytes << 20) / 258 {
            put(0b1010_0011, 8)  // Length 258: 11000101, most significant bit first.
            put(0, 5)  // Distance 1.
        }
        return stream
    }

    private static func block(_ size: Int, kind: Int, isLast: Bool = true) -> [UInt8] {
        let header = size << 3 | kind << 1 | (isLast ? 1 : 0)
        return [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16 & 255)]
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)
        }
    }
}
