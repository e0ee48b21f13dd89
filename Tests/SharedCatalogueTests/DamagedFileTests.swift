// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

/// What happens to one data file of the store.
enum Damage: String, CaseIterable, Sendable {
    case emptied, removed, cutInHalf, tailFlipped
}

@Suite struct `A reader of a damaged store` {
    private let shop: Workshop
    private let clock = StandingClock()

    init() throws { shop = try Workshop() }

    /// A closed store of 600 records in several data files.
    private func filled() async throws {
        for round in 0..<3 {
            let writer = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
            let run = RunID(rawValue: "r\(round)")
            try await writer.begin(
                RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
            _ = try await writer.commit(
                PageCommit(
                    run: run, page: 1, records: (0..<200).map { Specimen("k\(round)-\($0)").licence },
                    resume: ResumeCursor(rawValue: "a")))
            await writer.close()
        }
    }

    private func damage(_ file: String, _ damage: Damage) throws {
        let whole = try #require(FileManager.default.contents(atPath: file))
        switch damage {
        case .emptied: try Data().write(to: URL(filePath: file))
        case .removed: try FileManager.default.removeItem(atPath: file)
        case .cutInHalf: try whole.prefix(whole.count / 2).write(to: URL(filePath: file))
        case .tailFlipped:
            var bytes = whole
            for index in max(0, bytes.count - 400)..<bytes.count { bytes[index] ^= 0x55 }
            try bytes.write(to: URL(filePath: file))
        }
    }

    @Test(arguments: Damage.allCases) func `never answers as if a record were not there`(_ kind: Damage) async throws {
        try await filled()
        let records = shop.path + "/catalogue/records"
        let files = try FileManager.default.contentsOfDirectory(atPath: records).filter { $0.hasSuffix(".sst") }
        #expect(files.count >= 3)
        var refused = 0
        for file in files {
            let kept = try #require(FileManager.default.contents(atPath: records + "/" + file))
            try damage(records + "/" + file, kind)
            do {
                let reader = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
                for key in ["k0-7", "k1-7", "k2-7"] {
                    let licence = Specimen(key).licence
                    let found = try await reader.entries(
                        matching: .holder(try #require(licence.holders.first).reference, nil), limit: 1000)
                    #expect(found.entries.contains { $0.licence.key == licence.key }, "\(kind): an outage became a no")
                }
                await reader.close()
            } catch let error as CatalogueError {
                #expect([.corrupt, .disk].contains(error.code), "\(error)")
                refused += 1
            }
            try kept.write(to: URL(filePath: records + "/" + file))
        }
        #expect(refused > 0, "\(kind): no damage was noticed")
        let reader = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        #expect(try await reader.statistics().records == 600, "whole again, everything is there")
        await reader.close()
    }
}
