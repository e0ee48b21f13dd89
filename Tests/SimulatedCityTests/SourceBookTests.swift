// SPDX-License-Identifier: Apache-2.0
import Cryptography
import LicenceModel
import Testing

@testable import SimulatedCity

@Suite struct `A source's book` {
    @Test(arguments: [0, 1, 3, 20], [0, 1, 2, 99, 100, 101, 1_237])
    func `has every record once, in the order of change, after any number of generations`(
        generation: Int, count: Int
    ) {
        for profile in SourceProfile.all {
            var options = CityOptions(records: count, changedPercent: 3)
            options.generation = generation
            let book = SourceBook(profile, options, generator: CityGenerator(seed: 5))
            let records = (0..<book.count).map { book.record(at: $0, generation: book.generation) }
            #expect(Set(records.map(\.index)).count == book.count)
            #expect(Set(records.map(\.licence.key)).count == book.count)
            #expect(zip(records, records.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
            #expect(zip(records, records.dropFirst()).allSatisfy { $0.changedSeconds <= $1.changedSeconds })
        }
    }

    @Test func `changes the asked share of contents with a generation, and nothing else`() {
        for profile in SourceProfile.all {
            let book = SourceBook(profile, CityOptions(records: 3_000), generator: CityGenerator(seed: 5))
            let before = Dictionary(uniqueKeysWithValues: book.ledger().entries.map { ($0.key, $0.digest) })
            #expect(book.advance())
            let after = book.ledger().entries
            let changed = after.filter { before[$0.key] != $0.digest }
            #expect(after.count == before.count)
            #expect(changed.count > 0 && changed.count <= before.count / 100 + 1)
        }
    }

    @Test func `depends on its seed alone`() {
        for profile in SourceProfile.all {
            func digests(_ seed: UInt64) -> [String] {
                SourceBook(profile, CityOptions(records: 200), generator: CityGenerator(seed: seed)).ledger().entries
                    .map(\.digest.description)
            }
            #expect(digests(5) == digests(5))
            #expect(digests(5) != digests(6))
        }
    }

    @Test func `has identifiers of every kind, one in five or more not conforming`() {
        for profile in SourceProfile.all {
            let book = SourceBook(profile, CityOptions(records: 2_000), generator: CityGenerator(seed: 5))
            let records = (0..<book.count).map { book.record(index: $0, generation: 0) }
            let conforming = records.filter { $0.licence.identifier?.conformance == .conforming }.count
            #expect(conforming > book.count / 2 && conforming < book.count * 8 / 10)
            #expect(records.contains { $0.licence.identifier == nil })
            #expect(records.contains { $0.licence.identifier?.conformance == .checkFailed })
            #expect(records.contains { $0.licence.identifier?.conformance == .nonconforming })
            #expect(records.allSatisfy { !$0.licence.holders.isEmpty && !$0.licence.validity.isReversed })
            #expect(records.contains { $0.licence.holders.count == 2 } == profile.types.contains { $0.several })
        }
    }

    @Test func `finds what it holds by holder, number and identifier`() {
        for profile in SourceProfile.all {
            let book = SourceBook(profile, CityOptions(records: 500, generation: 2), generator: CityGenerator(seed: 5))
            for index in 0..<book.count {
                let licence = book.record(index: index, generation: book.generation).licence
                for holder in licence.holders {
                    let found = book.find(kind: holder.kind.rawValue, code: holder.code, type: nil)
                    #expect(found.contains { $0.index == index })
                }
                if let number = licence.number {
                    let found = book.find(number: number.raw, type: licence.typeCode.rawValue)
                    #expect(found.map(\.index) == [index])
                }
                if let identifier = licence.identifier {
                    #expect(book.find(identifier: identifier.raw).map(\.index) == [index])
                }
            }
        }
    }

    @Test func `knows a valid, an expired, a revoked and an absent holder where its words allow`() {
        for profile in SourceProfile.all {
            let book = SourceBook(profile, CityOptions(), generator: CityGenerator(seed: 20_261_125))
            let golden = book.golden()
            // What the education system keeps of persons never ends.
            let words = ["valid", "expired", "revoked", "absent"].filter { $0 != "expired" || profile.number != 5 }
            #expect(golden.map(\.expectation) == words, "\(profile.id)")
            for holder in golden {
                let found = book.find(kind: holder.holder.kind.rawValue, code: holder.holder.code, type: nil)
                #expect(found.isEmpty == (holder.expectation == "absent"))
            }
        }
    }

    @Test func `spoils what it is told to spoil and says which`() {
        for profile in SourceProfile.all {
            let options = CityOptions(records: 1_000, spoiledEvery: 50)
            let ledger = SourceBook(profile, options, generator: CityGenerator(seed: 5)).ledger()
            #expect(ledger.spoiled.count == 20)
            #expect(ledger.entries.count == 980)
            #expect(Set(ledger.spoiled).isDisjoint(with: ledger.entries.map(\.key)))
        }
    }
}
