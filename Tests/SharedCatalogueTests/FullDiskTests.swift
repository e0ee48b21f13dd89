// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

/// Runs when `LICGATE_SMALL_DISK` names an empty file system of some 24 MiB (`mount -t tmpfs -o size=24m …`).
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["LICGATE_SMALL_DISK"] != nil))
struct `A full disk` {
    private let disk: String
    private let clock = StandingClock()
    private let run = RunID(rawValue: "r1")

    init() throws { disk = try #require(ProcessInfo.processInfo.environment["LICGATE_SMALL_DISK"]) }

    private func open(_ reserve: Int) async throws -> EmbeddedCatalogue {
        try Data(count: 6 << 20).write(to: URL(filePath: disk + "/ballast"))
        var options = EmbeddedOptions(folder: disk + "/catalogue-\(reserve)")
        options.memory = .mebibytes(8)
        options.reserve = .mebibytes(reserve)
        let catalogue = try await EmbeddedCatalogue.open(options, clock: clock)
        try await catalogue.begin(RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
        return catalogue
    }

    /// Commits pages until one is refused.
    private func fill(_ catalogue: EmbeddedCatalogue) async throws -> Int {
        for page in 1...2000 {
            do {
                try await commit(catalogue, run, page)
            } catch {
                #expect((error as? CatalogueError)?.code == .diskFull)
                return page - 1
            }
        }
        return 0
    }

    @Test func `is refused before its end, and written again when there is room`() async throws {
        let catalogue = try await open(6)
        defer { try? FileManager.default.removeItem(atPath: disk + "/catalogue-6") }
        let pages = try await fill(catalogue)
        #expect(pages > 0)
        #expect(try await catalogue.states().first?.resume?.rawValue == "\(pages)", "it is still read")
        try FileManager.default.removeItem(atPath: disk + "/ballast")
        try await commit(catalogue, run, pages + 1)
        #expect(try await catalogue.statistics().records == 50 * (pages + 1))
        await catalogue.close()
    }

    private func commit(_ catalogue: EmbeddedCatalogue, _ run: RunID, _ page: Int) async throws {
        var chance = Chance(state: UInt64(page))
        let records = (0..<50).map { n in
            let noise = (0..<60).map { _ in String(chance.next(), radix: 36) }.joined()
            return Specimen("k\(page)-\(n)", noise).licence
        }
        _ = try await catalogue.commit(
            PageCommit(run: run, page: page, records: records, resume: ResumeCursor(rawValue: "\(page)")))
    }
}
