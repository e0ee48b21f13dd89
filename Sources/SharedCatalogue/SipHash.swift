// SPDX-License-Identifier: Apache-2.0

/// SipHash-2-4, a keyed hash of 64 bits made for short inputs.
///
/// Holder codes, numbers and identifiers are indexed by it: without the key nobody can try out the eighteen digits of
/// identity numbers against the index, and it costs a twentieth of an HMAC.
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), by way of its published vectors.
package struct SipHash: Sendable {
    private let k0: UInt64
    private let k1: UInt64

    /// Takes the first 16 bytes as the key.
    package init(key: [UInt8]) {
        func word(_ from: Int) -> UInt64 {
            var out: UInt64 = 0
            for n in 0..<8 where from + n < key.count { out |= UInt64(key[from + n]) << UInt64(8 * n) }
            return out
        }
        k0 = word(0)
        k1 = word(8)
    }

    package func callAsFunction(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            var state = State(k0: k0, k1: k1)
            let whole = raw.count & ~7
            var index = 0
            while index < whole {
                state.absorb(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
                index += 8
            }
            var last = UInt64(raw.count & 255) << 56
            while index < raw.count {
                last |= UInt64(raw[index]) << UInt64(8 * (index & 7))
                index += 1
            }
            state.absorb(last)
            return state.finish()
        }
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        init(k0: UInt64, k1: UInt64) {
            v0 = k0 ^ 0x736f_6d65_7073_6575
            v1 = k1 ^ 0x646f_7261_6e64_6f6d
            v2 = k0 ^ 0x6c79_6765_6e65_7261
            v3 = k1 ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xff
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 = v0 &+ v1
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v0 = v0 << 32 | v0 >> 32
            v2 = v2 &+ v3
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 = v0 &+ v3
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 = v2 &+ v1
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
