// SPDX-License-Identifier: Apache-2.0
import Foundation

/// SplitMix64 with a printed seed; `LICGATE_SEED` repeats a run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    let seed: UInt64

    init(_ test: String) {
        seed =
            ProcessInfo.processInfo.environment["LICGATE_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 1...9_999_999)
        state = seed
        print("\(test): LICGATE_SEED=\(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func text(_ length: Int, of alphabet: String) -> String {
        let characters = Array(alphabet)
        return String((0..<length).map { _ in characters.randomElement(using: &self) ?? "0" })
    }
}
