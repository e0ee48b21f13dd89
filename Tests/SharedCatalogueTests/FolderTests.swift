// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

@Suite struct `The folder of a catalogue` {
    private let shop: Workshop
    private let clock = StandingClock()

    init() throws { shop = try Workshop() }

    private var folder: String { shop.path + "/catalogue" }

    private func open(_ change: (inout EmbeddedOptions) -> Void = { _ in }) async throws -> EmbeddedCatalogue {
        try await EmbeddedCatalogue.open(shop.options(.writer, change), clock: clock)
    }

    private func failure(_ change: (inout EmbeddedOptions) -> Void = { _ in }) async -> CatalogueError? {
        do {
            await (try await open(change)).close()
            return nil
        } catch {
            return error as? CatalogueError
        }
    }

    private func fill(_ catalogue: EmbeddedCatalogue, _ name: String = "r1") async throws {
        let run = RunID(rawValue: name)
        try await catalogue.begin(RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
        let records = (0..<200).map { Specimen("k\($0)").licence }
        _ = try await catalogue.commit(PageCommit(run: run, page: 1, records: records))
        _ = try await catalogue.finish(run, .complete(declaredTotal: 200, resume: nil), limit: WithdrawalLimit())
        try await catalogue.sync()
    }

    @Test func `is 0700 and every file in it 0600`() async throws {
        let catalogue = try await open()
        try await fill(catalogue)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        #expect(names.contains("index.key") && names.contains("history.sqlite") && names.contains("FORMAT"))
        for name in [""] + names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let mode = try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(mode & 0o077 == 0, "\(name) is \(String(mode, radix: 8))")
            if isFolder { #expect(mode == 0o700, "\(name)") }
        }
        await catalogue.close()
    }

    @Test func `opens again with everything in it`() async throws {
        let first = try await open()
        try await fill(first)
        let before = try await portrait(first)
        await first.close()
        let second = try await open()
        #expect(try await portrait(second) == before)
        await second.close()
        await #expect(throws: CatalogueError.self) { try await second.sync() }
    }

    @Test func `without its key, or with another one, is refused`() async throws {
        let first = try await open { $0.keyFile = shop.path + "/keys.index" }
        try await fill(first)
        await first.close()
        let key = try #require(FileManager.default.contents(atPath: shop.path + "/keys.index"))
        #expect(key.count == 32)
        try FileManager.default.removeItem(atPath: shop.path + "/keys.index")
        #expect(await failure { $0.keyFile = shop.path + "/keys.index" }?.code == .indexKey)
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/keys.index"), "no new key is made")
        for other in [Data(repeating: 7, count: 32), Data(repeating: 7, count: 31), Data()] {
            try other.write(to: URL(filePath: shop.path + "/keys.index"))
            #expect(await failure { $0.keyFile = shop.path + "/keys.index" }?.code == .indexKey)
        }
        try key.write(to: URL(filePath: shop.path + "/keys.index"))
        let mended = await failure { $0.keyFile = shop.path + "/keys.index" }
        #expect(mended?.code == nil)
    }

    @Test func `of a newer format is refused with the version it needs`() async throws {
        await (try await open()).close()
        try Data("licence-gateway catalogue\nformat 9\nneeds licgate 4.2\n".utf8)
            .write(to: URL(filePath: folder + "/FORMAT"))
        let error = await failure()
        #expect(error?.code == .newerFormat)
        #expect(error?.diagnostic.remedy.contains("licgate 4.2") == true)
        try Data("nonsense".utf8).write(to: URL(filePath: folder + "/FORMAT"))
        #expect(await failure()?.code == .corrupt)
    }

    @Test func `that cannot be made is a typed error`() async throws {
        try Data().write(to: URL(filePath: shop.path + "/catalogue"))
        #expect(await failure()?.code == .disk)
    }

    @Test func `on a disk with less than the reserve is read and not written`() async throws {
        let first = try await open()
        try await fill(first)
        await first.close()
        let catalogue = try await open { $0.reserve = ByteCount(1 << 50) }
        #expect(try await catalogue.statistics().records == 200)
        let error = await #expect(throws: CatalogueError.self) { try await fill(catalogue, "r2") }
        #expect(error?.code == .diskFull)
        await catalogue.close()
        #expect(await failure()?.code == nil, "and nothing is broken by it")
    }

    @Test func `whose records were damaged says so and answers nothing wrong`() async throws {
        let first = try await open { $0.memory = .mebibytes(8) }
        for n in 0..<20 { try await fill(first, "r\(n)") }
        await first.close()
        let records = folder + "/records"
        for name in try FileManager.default.contentsOfDirectory(atPath: records) where name.hasSuffix(".log") {
            var bytes = try #require(FileManager.default.contents(atPath: records + "/" + name))
            guard bytes.count > 8192 else { continue }
            bytes.replaceSubrange(4000..<4100, with: Data(repeating: 0xAA, count: 100))
            try bytes.write(to: URL(filePath: records + "/" + name))
        }
        let error = await failure()
        #expect(error == nil || error?.code == .corrupt)
    }

    @Test func `loses whole pages at its end when the log is cut, never parts of one`() async throws {
        let writer = try await open()
        let run = RunID(rawValue: "r1")
        try await writer.begin(RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
        for page in 1...20 {
            let records = (0..<7).map { Specimen("k\(page)-\($0)").licence }
            let rejects = [Specimen("bad\(page)").reject()]
            _ = try await writer.commit(
                PageCommit(
                    run: run, page: page, records: records, rejects: rejects,
                    resume: ResumeCursor(rawValue: "\(page)")))
        }
        await writer.abandon()
        var chance = Chance(state: UInt64.random(in: 0...UInt64.max))
        print("seed \(chance.state)")
        var seen: Set<Int> = []
        for _ in 0..<12 {
            let copy = try Workshop()
            try FileManager.default.copyItem(atPath: folder, toPath: copy.path + "/catalogue")
            let records = copy.path + "/catalogue/records"
            let logs = try FileManager.default.contentsOfDirectory(atPath: records).filter { $0.hasSuffix(".log") }
            let log = records + "/" + (try #require(logs.max()))
            let bytes = try #require(FileManager.default.contents(atPath: log))
            try bytes.prefix(chance.below(bytes.count)).write(to: URL(filePath: log))
            let catalogue: EmbeddedCatalogue
            do {
                catalogue = try await EmbeddedCatalogue.open(copy.options(), clock: clock)
            } catch {
                // The cut took the key's fingerprint or the format of the first moments: refused, not half open.
                #expect([.indexKey, .corrupt].contains(error.code))
                continue
            }
            let pages = Int(try await catalogue.states().first?.resume?.rawValue ?? "0") ?? -1
            let sums = try await catalogue.statistics()
            let counts: [Int] = [sums.records, sums.versions, sums.changes]
            #expect(counts == [Int](repeating: 7 * pages, count: 3))
            #expect(sums.openRejects == pages)
            let all = Collector()
            try await catalogue.visitAll { all.add($0) }
            #expect(all.entries.count == 7 * pages)
            #expect(try await catalogue.changes(after: nil, limit: 1000).entries.count == 7 * pages)
            seen.insert(pages)
            await catalogue.close()
        }
        #expect(seen.count > 2, "the cuts fell into different pages")
    }
}
