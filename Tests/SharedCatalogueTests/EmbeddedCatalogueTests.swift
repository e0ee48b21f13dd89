// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import SharedCatalogue
import Testing

@Suite struct `The embedded catalogue` {
    @Test(arguments: CatalogueConformance.cases)
    func `keeps the contract:`(test: CatalogueConformance.Case) async throws {
        let bench = try await CatalogueBench(Workshop.factory())
        try await test.run(on: bench)
        #expect(bench.findings == [])
        await (bench.catalogue as? EmbeddedCatalogue)?.close()
    }
}
