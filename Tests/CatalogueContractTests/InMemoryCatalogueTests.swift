// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Testing

@Suite struct `The catalogue in memory` {
    static let factory = CatalogueFactory(
        make: { clock, quarantine in InMemoryCatalogue(clock: clock, quarantineLimit: quarantine) },
        reopen: { old in
            guard let old = old as? InMemoryCatalogue else { return old }
            return InMemoryCatalogue(reopening: old)
        })

    @Test(arguments: CatalogueConformance.cases) func `keeps the contract:`(test: CatalogueConformance.Case)
        async throws
    {
        let findings = try await CatalogueConformance.findings(of: test, with: Self.factory)
        #expect(findings == [])
    }
}
