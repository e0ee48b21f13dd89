// SPDX-License-Identifier: Apache-2.0
import Foundation
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `Numbers of persons in the repository` {
    /// The printed examples of the standard, and numbers composed for tests of the arithmetic.
    static let vectors: Set<String> = [
        "11010519491231002X", "440524188001010014", "430102199003070020", "430102199003070021", "430104198511110031",
        "430111202002290014", "430181197606060055", "430182201809010045", "430121199912310123", "430112202301010066",
        "430124199801010012", "999999199003070020", "911566198103210267",
    ]

    /// Runs of 17 digits and a digit or X, with a valid check and a birth date that a living person could have.
    private func numbers(in text: String) -> [String] {
        var found: [String] = []
        var run: [UInt8] = []
        for byte in Array(text.utf8) + [10] {
            if (48...57).contains(byte) || byte == 88 || byte == 120 {
                run.append(byte)
                continue
            }
            let word = String(decoding: run, as: UTF8.self)
            run.removeAll(keepingCapacity: true)
            guard word.utf8.count == 18, let year = Int(word.dropFirst(6).prefix(4)), (1900...2026).contains(year),
                ResidentIdentityNumber.check(word) == .ok
            else { continue }
            found.append(word.uppercased())
        }
        return found
    }

    private func isSynthetic(_ number: String) -> Bool {
        if Self.vectors.contains(number) { return true }
        // Fixtures hold the first inhabitants and the ones that are nowhere; a stranger falls in here once in 40,000.
        let place = CityPeople(seed: 20_261_125).place(of: number, kind: .residentIdentityNumber) ?? Int.max
        return place < 4_000 || (9_000_000..<9_001_400).contains(place)
    }

    @Test func `are synthetic, every one`() throws {
        let files = FileManager.default.enumerator(atPath: Adapters.root)?.compactMap { $0 as? String } ?? []
        var read = 0
        for file in files where !file.hasPrefix(".") && !file.hasPrefix("var/") {
            guard let data = FileManager.default.contents(atPath: "\(Adapters.root)/\(file)"), data.count < 4 << 20
            else { continue }
            read += 1
            for number in numbers(in: String(decoding: data, as: UTF8.self)) where !isSynthetic(number) {
                Issue.record("\(file) holds the number of a person that no generator of ours made")
            }
        }
        #expect(read > 100)
    }

    @Test func `would be noticed`() {
        let own = CityPeople(seed: 20_261_125)
        #expect(numbers(in: "x 110105194912310021 11010519491231002X y") == ["11010519491231002X"])
        #expect(isSynthetic(own.residentNumber(5)))
        // An inhabitant far down the register stands for a stranger.
        #expect(numbers(in: own.residentNumber(5_000_000)) == [own.residentNumber(5_000_000)])
        #expect(!isSynthetic(own.residentNumber(5_000_000)))
    }
}
