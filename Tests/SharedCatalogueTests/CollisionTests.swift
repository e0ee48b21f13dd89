// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import LicenceModel
import SharedCatalogue
import Testing

@Suite struct `Colliding hashes` {
    @Test(arguments: CatalogueConformance.cases)
    func `change nothing about the contract:`(test: CatalogueConformance.Case) async throws {
        let bench = try await CatalogueBench(Workshop.factory { $0.hashBits = 1 })
        try await test.run(on: bench)
        #expect(bench.findings == [])
        await (bench.catalogue as? EmbeddedCatalogue)?.close()
    }

    @Test func `of two catalogue ids refuse the page loudly and mix nothing`() async throws {
        let bench = try await CatalogueBench(Workshop.factory { $0.idBits = 0 })
        try await bench.pull([Specimen("k1")])
        let run = try await bench.begin(.incremental)
        await bench.expect(.identityCollision, "the second record") { try await bench.commit(run, [Specimen("k2")]) }
        #expect(bench.findings == [])
        #expect(try await bench.entry(Specimen("k1"))?.version == 1)
        #expect(try await bench.catalogue.statistics().records == 1)
    }

    @Test func `of memory: a pull too large to tell what is absent says so and withdraws nothing`() async throws {
        let bench = try await CatalogueBench(Workshop.factory { $0.seenRecords = 2 })
        try await bench.pull([Specimen("k1"), Specimen("k2")])
        let record = try await bench.pull([Specimen("k1"), Specimen("k3"), Specimen("k4")])
        #expect(record.outcome == .complete)
        #expect(record.code == "catalogue.absence_unknown")
        #expect(record.counts.withdrawn == 0)
        let small = try await bench.pull([Specimen("k1"), Specimen("k3")])
        #expect(small.code == nil)
        #expect(small.counts.withdrawn == 2)
        #expect(bench.findings == [])
    }

    @Test(
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
            (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
        ] as [(Int, UInt64)])
    func `are computed as SipHash's authors publish`(length: Int, expected: UInt64) {
        let hash = SipHash(key: (0..<16).map { UInt8($0) })
        #expect(hash((0..<length).map { UInt8($0) }) == expected)
    }
}
