// SPDX-License-Identifier: Apache-2.0

/// A stream of numbers that depends on its seeds alone (SplitMix64), so that every record can be made on its own.
struct Dice {
    private var state: UInt64

    init(_ seeds: UInt64...) {
        state = 0x9E37_79B9_7F4A_7C15
        for seed in seeds {
            state ^= seed &* 0xBF58_476D_1CE4_E5B9
            _ = next()
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 up to, but not including, `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    /// True in `percent` of the throws.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// A permutation of 0..<size that can be undone: what makes numbers look scattered and still tell whose they are.
struct Shuffle: Sendable {
    let size: UInt64
    private let factor: UInt64
    private let inverse: UInt64
    private let shift: UInt64

    /// `factor` and `size` must have no divisor in common.
    init(size: UInt64, factor: UInt64, shift: UInt64) {
        self.size = size
        self.factor = factor % size
        self.shift = shift % size
        var (old, new) = (Int64(factor % size), Int64(size))
        var (oldX, newX) = (Int64(1), Int64(0))
        while new != 0 {
            let quotient = old / new
            (old, new) = (new, old - quotient * new)
            (oldX, newX) = (newX, oldX - quotient * newX)
        }
        precondition(old == 1, "a shuffle needs a factor without a divisor in common with its size")
        inverse = UInt64(oldX < 0 ? oldX + Int64(size) : oldX)
    }

    func scatter(_ value: UInt64) -> UInt64 { (value * factor + shift) % size }
    func gather(_ value: UInt64) -> UInt64 { (value + size - shift) % size * inverse % size }
}
