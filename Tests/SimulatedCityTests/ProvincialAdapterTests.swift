// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `The provincial interfaces' one manifest` {
    static let id = SourceID("hunan-provincial-interfaces")
    let adapters = Adapters()

    private func city(_ options: CityOptions, _ body: (RunningCity, any LicenceSource) async throws -> Void)
        async throws
    {
        var options = options
        options.only = [Self.id]
        let city = try await SimulatedCity.start(options)
        defer { city.stop() }
        try await body(city, try adapters.source(Self.id, city))
    }

    private func pull(
        _ source: any LicenceSource, _ interface: InterfaceID, _ mode: PullMode, from: ResumeCursor? = nil
    )
        async throws -> (records: [SourceRecordKey: Licence], rejects: [Reject], cursor: ResumeCursor?, received: Int)
    {
        let request = PullRequest(
            interface: interface, mode: mode, resume: from, windowEnd: adapters.clock.now, run: RunID(rawValue: "test"))
        var records: [SourceRecordKey: Licence] = [:]
        var (rejects, cursor, received) = ([Reject](), from, 0)
        for try await batch in source.pull(request) {
            for licence in batch.records { records[licence.key] = licence }
            received += batch.records.count
            rejects += batch.rejects
            cursor = batch.resume ?? cursor
        }
        return (records, rejects, cursor, received)
    }

    @Test func `brings every list as the ledger says, spoiled records aside, and what changed afterwards`() async throws
    {
        try await city(CityOptions(rowRecords: 230, spoiledEvery: 41)) { city, source in
            let lists = source.describe().interfaces.filter { !$0.pulls.isEmpty }
            #expect(lists.count == 37)
            for list in lists {
                let ledger = city.ledger(list.id)
                let pulled = try await pull(source, list.id, .full)
                #expect(pulled.records.count == ledger.entries.count, "\(list.id)")
                let wrong = ledger.entries.filter { pulled.records[$0.key]?.contentDigest != $0.digest }
                #expect(wrong.isEmpty, "\(list.id): \(wrong.count) differ, first \(wrong.first?.key.joined ?? "")")
                #expect(Set(pulled.rejects.compactMap(\.key)) == Set(ledger.spoiled), "\(list.id)")
                #expect(pulled.rejects.count == ledger.spoiled.count)
            }
            var cursors: [InterfaceID: ResumeCursor] = [:]
            for list in lists where list.pulls.contains(.incremental) {
                cursors[list.id] = try await pull(source, list.id, .full).cursor
            }
            #expect(cursors.count == 32)
            try city.advance(Self.id)
            for (list, cursor) in cursors {
                let changed = try await pull(source, list, .incremental, from: cursor)
                #expect((1...8).contains(changed.received), "\(list): \(changed.received)")
            }
        }
    }

    @Test func `asks each of the other 268 what it knows: one licence, and nobody's`() async throws {
        try await city(CityOptions()) { city, source in
            let asked = source.describe().interfaces.filter { $0.pulls.isEmpty }
            #expect(asked.count == 268)
            for interface in asked {
                #expect(interface.goldenQuestions.count == 2)
                for golden in interface.goldenQuestions {
                    let result = await source.probe(.content, of: interface.id, question: golden)
                    #expect(result.outcome == .passed, "\(interface.id) \(golden.name)")
                }
            }
        }
    }

    @Test func `asks by a sound identifier the interfaces of its type alone, by another one all of them`() async throws
    {
        try await city(CityOptions()) { city, source in
            let interface = InterfaceID(Self.id, "pi-057")
            let golden = try #require(city.golden(interface).first)
            let asking = AskingContext(system: "test", purpose: "核验")
            func requests(_ identifier: String) async throws -> Int {
                let before = city.served(Self.id).requests
                let deadline = Deadline(.seconds(240), from: adapters.clock)
                _ = try await source.find(.identifier(identifier), for: asking, until: deadline)
                return city.served(Self.id).requests - before
            }
            #expect(try await requests(golden.asked) == 1)
            #expect(try await requests("1.2.156.3005.2.062301.1101101102.0624_000000001.001.U") == 44)
        }
    }
}
