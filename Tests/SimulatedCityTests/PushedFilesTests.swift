// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Testing

@testable import SimulatedCity

/// `liuyang-e-licence` pushes files; nobody can ask it again, so what went wrong has to be sent again.
@Suite struct `Files that a city library pushes` {
    let adapters = Adapters()
    let id = SourceID("liuyang-e-licence")

    private func city(
        _ options: CityOptions, _ body: (RunningCity, any LicenceSource, _ folder: String) async throws -> Void
    ) async throws {
        var options = options
        let folder = NSTemporaryDirectory() + "city-push-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        options.dropFolder = folder
        options.only = [id]
        let city = try await SimulatedCity.start(options)
        defer { city.stop() }
        try await body(city, try adapters.source(id, city), folder + "/liuyang-e-licence")
    }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".xml") }.sorted()
    }

    private func taken(_ source: any LicenceSource, _ pulled: Adapters.Pulled) async throws {
        let interface = try #require(source.describe().interfaces.first)
        #expect(source.putsAway(interface.id))
        #expect(await source.putAway(interface.id, resume: pulled.cursor).isEmpty)
    }

    private func isRight(_ records: [SourceRecordKey: Licence], _ city: RunningCity) -> Bool {
        let ledger = city.ledger(id)
        return records.count == ledger.entries.count
            && ledger.entries.allSatisfy { records[$0.key]?.contentDigest == $0.digest }
    }

    @Test func `are merged in the order of their names, each taken once`() async throws {
        try await city(CityOptions(records: 400)) { city, source, folder in
            var pulled = try await adapters.pull(source, .incremental)
            #expect(isRight(pulled.records, city))
            try await taken(source, pulled)
            #expect(names(folder).isEmpty && names(folder + "/done").count == 1)
            for generation in 1...3 {
                try city.advance(id)
                let change = try await adapters.pull(source, .incremental, from: pulled.cursor)
                #expect(change.received == 4)
                pulled.records.merge(change.records) { $1 }
                pulled.cursor = change.cursor
                #expect(isRight(pulled.records, city))
                try await taken(source, pulled)
                #expect(names(folder + "/done").count == 1 + generation)
            }
            // Nothing new is no news: the copy keeps its age, and the run says why.
            await #expect(throws: SourceError.self) {
                try await adapters.pull(source, .incremental, from: pulled.cursor)
            }
        }
    }

    @Test func `that lie there together come in one pull`() async throws {
        try await city(CityOptions(records: 300)) { city, source, folder in
            for _ in 1...3 { try city.advance(id) }
            #expect(names(folder).count == 4)
            let pulled = try await adapters.pull(source, .incremental)
            #expect(pulled.received == 300 + 9 && isRight(pulled.records, city))
        }
    }

    @Test(arguments: [CityFault.truncated, .htmlWith200])
    func `that cannot be used are rejected whole, and sent again`(fault: CityFault) async throws {
        try await city(CityOptions(records: 200)) { city, source, folder in
            var pulled = try await adapters.pull(source, .incremental)
            try await taken(source, pulled)
            try city.set(fault, for: id)
            try city.advance(id)
            // One file when the switch is set, and one with what changed then.
            #expect(names(folder).count == 2)
            for _ in 1...2 {
                await #expect(throws: SourceError.self) {
                    try await adapters.pull(source, .incremental, from: pulled.cursor)
                }
            }
            #expect(names(folder).isEmpty && names(folder + "/rejected").count == 2)
            try city.set(nil, for: id)
            pulled.records.merge(try await adapters.pull(source, .incremental, from: pulled.cursor).records) { $1 }
            #expect(isRight(pulled.records, city))
        }
    }

    @Test func `without a marker are not touched`() async throws {
        try await city(CityOptions(records: 200)) { city, source, folder in
            var pulled = try await adapters.pull(source, .incremental)
            try await taken(source, pulled)
            try city.set(.unavailable, for: id)
            try city.advance(id)
            #expect(names(folder).count == 1)
            let nothing = try? await adapters.pull(source, .incremental, from: pulled.cursor)
            #expect((nothing?.received ?? 0) == 0 && names(folder).count == 1)
            try city.set(nil, for: id)
            pulled.records.merge(try await adapters.pull(source, .incremental, from: pulled.cursor).records) { $1 }
            #expect(isRight(pulled.records, city))
        }
    }

    @Test func `with an unknown status lose that record alone`() async throws {
        try await city(CityOptions(records: 200)) { city, source, _ in
            let pulled = try await adapters.pull(source, .incremental)
            try city.set(.unknownStatusCode, for: id)
            try city.advance(id)
            let change = try await adapters.pull(source, .incremental, from: pulled.cursor)
            // Two files, the first record of each; what was sent spoiled is sent again whole.
            #expect(change.rejects.count == 2 && change.received == 2 * 199)
            try city.set(nil, for: id)
            let mended = try await adapters.pull(source, .incremental, from: change.cursor)
            #expect(mended.rejects.isEmpty && isRight(mended.records, city))
        }
    }

    @Test func `in another character set than they say lose no record unseen`() async throws {
        try await city(CityOptions(records: 100)) { city, source, _ in
            try city.set(.wrongCharset, for: id)
            // Without a word of Chinese around them the file holds, and every record is set aside.
            let broken = try await adapters.pull(source, .incremental)
            #expect(broken.received == 100 && broken.rejects.count == 100, "one file before the switch, one under it")
            try city.set(nil, for: id)
            let mended = try await adapters.pull(source, .incremental, from: broken.cursor)
            #expect(mended.rejects.isEmpty && isRight(mended.records, city))
        }
    }
}
