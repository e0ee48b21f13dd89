// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Synchronization
import Testing

/// A store of every past format, made by the program of its time from twelve licences of the simulated city:
/// `Fixtures/format-N`, with ids and content digests as that program exported them.
@Suite struct `A store of a past format` {
    private let shop: Workshop
    private let clock = StandingClock()

    init() throws { shop = try Workshop() }

    private func fixture(_ format: Int) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/format-\(format)")
    }

    private func unpack(_ format: Int) throws {
        try FileManager.default.copyItem(atPath: fixture(format).path, toPath: shop.path + "/catalogue")
        for name in ["FORMAT", "history.sqlite", "index.key"] { chmod(shop.path + "/catalogue/" + name, 0o600) }
        chmod(shop.path + "/catalogue", 0o700)
    }

    /// Id and content digest of each record but the one this test adds, as the export writes them.
    private func contents(_ catalogue: EmbeddedCatalogue) async throws -> [String] {
        let lines = Mutex<[String]>([])
        try await catalogue.visitAll { entry in
            guard entry.licence.key.parts != ["new"] else { return }
            lines.withLock { $0.append("\(entry.id.rawValue)\t\(entry.licence.contentDigest)") }
        }
        return lines.withLock { $0 }.sorted()
    }

    @Test(arguments: [1]) func `is read whole, and written on by this program`(format: Int) async throws {
        try unpack(format)
        let expected = try String(contentsOf: fixture(format).appending(path: "expected.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init).sorted()
        #expect(expected.count == 12)
        for round in 0..<2 {
            let catalogue = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
            #expect(try await contents(catalogue) == expected)
            #expect(try await catalogue.statistics().records == 12 + round)
            if round == 0 { try await addOne(to: catalogue) }
            let said = try String(contentsOfFile: shop.path + "/catalogue/FORMAT", encoding: .utf8)
            #expect(said.contains("format 2"))
            await catalogue.close()
        }
    }

    private func addOne(to catalogue: EmbeddedCatalogue) async throws {
        let run = RunID(rawValue: "now")
        try await catalogue.begin(
            RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
        _ = try await catalogue.commit(
            PageCommit(run: run, page: 1, records: [Specimen("new").licence], resume: nil))
        let holder = try #require(Specimen("new").licence.holders.first).reference
        #expect(try await catalogue.entries(matching: .holder(holder, nil), limit: 9).entries.count == 1)
    }
}
