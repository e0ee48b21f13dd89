// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

/// A store of every past format, made by the program of its time: `Fixtures/format-N`, twelve synthetic licences.
@Suite struct `A store of a past format` {
    private let shop: Workshop
    private let clock = StandingClock()

    init() throws { shop = try Workshop() }

    private func unpack(_ format: Int) throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/format-\(format)")
        try FileManager.default.copyItem(atPath: fixture.path, toPath: shop.path + "/catalogue")
        for name in ["FORMAT", "history.sqlite", "index.key"] {
            chmod(shop.path + "/catalogue/" + name, 0o600)
        }
        chmod(shop.path + "/catalogue", 0o700)
    }

    @Test(arguments: [1]) func `is read whole, and written on by this program`(format: Int) async throws {
        try unpack(format)
        for round in 0..<2 {
            let catalogue = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
            #expect(try await catalogue.statistics().records == 12 + round)
            let type = LicenceTypeCode("11100000000013338W039")
            let found = try await catalogue.entries(
                matching: .number(LicenceNumber("湘雨证字[2018]第0199000号"), type), limit: 5)
            let entry = try #require(found.entries.first)
            let holder = try #require(entry.licence.holders.first)
            #expect(holder.kind == .residentIdentityNumber && entry.licence.faceFields.isEmpty == false)
            let held = try await catalogue.entries(matching: .holder(holder.reference, type), limit: 5)
            #expect(held.entries.map(\.id) == [entry.id])
            #expect(try await catalogue.versions(of: entry.id, limit: 5).count == 1)
            if round == 0 {
                let run = RunID(rawValue: "now")
                try await catalogue.begin(
                    RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
                _ = try await catalogue.commit(
                    PageCommit(run: run, page: 1, records: [Specimen("new").licence], resume: nil))
                _ = try await catalogue.finish(
                    run, .stopped(Diagnostic(code: "sync.stopped", what: "enough", remedy: "Nothing")),
                    limit: WithdrawalLimit())
                let id = try #require(
                    try await catalogue.entries(
                        matching: .holder(Specimen("new").licence.holders[0].reference, nil), limit: 1
                    ).entries.first?.id)
                #expect(try await catalogue.entry(id) != nil)
                #expect(
                    try String(contentsOfFile: shop.path + "/catalogue/FORMAT", encoding: .utf8).contains("format 2"))
            }
            await catalogue.close()
        }
    }
}
