// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

@Suite struct `Readers beside the process that writes` {
    private let shop: Workshop
    private let clock = StandingClock()

    init() throws { shop = try Workshop() }

    private func commit(_ catalogue: EmbeddedCatalogue, _ run: RunID, _ page: Int, _ keys: Range<Int>) async throws {
        _ = try await catalogue.commit(
            PageCommit(
                run: run, page: page, records: keys.map { Specimen("k\($0)").licence },
                resume: ResumeCursor(rawValue: "after-\(page)")))
    }

    private func begin(_ catalogue: EmbeddedCatalogue, _ name: String) async throws -> RunID {
        let run = RunID(rawValue: name)
        try await catalogue.begin(
            RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
        return run
    }

    @Test func `two of them see every committed page, and still do after the writer was killed`() async throws {
        let writer = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        let run = try await begin(writer, "r1")
        try await commit(writer, run, 1, 0..<10)
        let first = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        let second = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        for page in 2...30 {
            try await commit(writer, run, page, (10 * page)..<(10 * page + 10))
            for reader in [first, second] {
                #expect(try await reader.statistics().records == 10 * page)
                #expect(try await reader.states().first?.resume?.rawValue == "after-\(page)")
            }
        }
        let found = try await first.entries(
            matching: .holder(Specimen.person.reference, Specimen.typeA), limit: 1000)
        #expect(found.entries.count == 300)
        #expect(try await second.changes(after: nil, limit: 1000).entries.count == 300)
        #expect(try await second.runs(of: nil, limit: 5).map(\.outcome) == [.running])
        await writer.abandon()
        #expect(try await first.statistics().records == 300)
        let late = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        #expect(try await late.statistics().records == 300)
        for reader in [first, second, late] { await reader.close() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.path) == ["catalogue"])
    }

    @Test func `refuse to write, and a second writer is told who may`() async throws {
        let writer = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        let reader = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        await #expect(throws: CatalogueError.self) { try await reader.sync() }
        let error = await #expect(throws: CatalogueError.self) {
            _ = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        }
        #expect(error?.code == .locked)
        #expect(error?.diagnostic.remedy.contains("licgate serve") == true)
        await writer.close()
        let next = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        let run = try await begin(next, "r2")
        try await commit(next, run, 1, 0..<5)
        #expect(try await reader.statistics().records == 5, "a reader outlives its writer and follows the next")
        await next.close()
        await reader.close()
    }

    @Test func `find no catalogue where there is none, and make nothing there`() async throws {
        let error = await #expect(throws: CatalogueError.self) {
            _ = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        }
        #expect(error?.code == .absent)
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.path) == [])
    }

    @Test func `never see a record between two places while it moves`() async throws {
        let writer = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        let run = try await begin(writer, "r1")
        let reader = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        let companies = (0..<2).map { Holder(kind: .unifiedSocialCreditCode, code: "CODE\($0)") }
        async let writing: Void = {
            for page in 1...200 {
                let moving = Specimen("k", "c\(page)").with {
                    $0.holders = [companies[page % 2]]
                    $0.identifier = "id"
                }
                _ = try await writer.commit(PageCommit(run: run, page: page, records: [moving.licence]))
            }
        }()
        for catalogue in [reader, writer] {
            for _ in 0..<150 {
                let found = try await catalogue.entries(matching: .identifier("id"), limit: 10)
                #expect(found.entries.count <= 1)
            }
        }
        try await writing
        #expect(try await reader.entries(matching: .identifier("id"), limit: 10).entries.first?.version == 200)
        await reader.close()
        await writer.close()
    }
}
