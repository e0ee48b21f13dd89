// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Testing

@Suite struct `The conformance suite` {
    @Test(arguments: LyingCatalogue.Lie.allCases) func `finds an engine that`(lie: LyingCatalogue.Lie) async throws {
        let factory = CatalogueFactory(
            make: { clock, quarantine in
                LyingCatalogue(InMemoryCatalogue(clock: clock, quarantineLimit: quarantine), lie)
            },
            reopen: { old in
                guard let old = old as? LyingCatalogue else { return old }
                return LyingCatalogue(InMemoryCatalogue(reopening: old.truth), lie)
            })
        var caught = 0
        for test in CatalogueConformance.cases {
            do {
                if try await !CatalogueConformance.findings(of: test, with: factory).isEmpty { caught += 1 }
            } catch {
                caught += 1
            }
        }
        #expect(caught > 0)
    }

    @Test func `has cases with names of their own`() {
        let names = CatalogueConformance.cases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 61)
    }
}
