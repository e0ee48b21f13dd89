// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Testing

@testable import SimulatedCity

/// The systems that came after the first six, each by its own way to talk, over real sockets.
@Suite struct `The further systems of the city` {
    let adapters = Adapters()
    static let all = SystemFixtures.profiles.map(\.id.rawValue)
    static let asked = SystemFixtures.profiles.filter { $0.drop == nil }.map(\.id.rawValue)
    static let paged = asked.filter { $0 != "cs-provident-fund" }
    static let incremental = asked.filter { $0 != "ningxiang-e-licence" }

    private func city(
        _ id: String, _ options: CityOptions, _ body: (RunningCity, SourceID) async throws -> Void
    ) async throws {
        var options = options
        let folder = NSTemporaryDirectory() + "city-drop-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        options.dropFolder = folder
        options.only = [SourceID(id)]
        let city = try await SimulatedCity.start(options)
        defer { city.stop() }
        try await body(city, SourceID(id))
    }

    private func compare(_ pulled: Adapters.Pulled, _ city: RunningCity, _ source: SourceID) {
        let ledger = city.ledger(source)
        let wrong = ledger.entries.filter { pulled.records[$0.key]?.contentDigest != $0.digest }
        #expect(
            wrong.isEmpty, "\(wrong.count) of \(ledger.entries.count) differ, first \(wrong.first?.key.joined ?? "")")
        if let first = wrong.first, let brought = pulled.records[first.key],
            let index = (0..<ledger.entries.count + ledger.spoiled.count).first(where: {
                city.record($0, of: source)?.licence.key == first.key
            }), let right = city.record(index, of: source)?.licence
        {
            #expect(Adapters.differences(brought, right).isEmpty)
        }
        #expect(pulled.records.count == ledger.entries.count)
        #expect(Set(pulled.rejects.compactMap(\.key)) == Set(ledger.spoiled))
        #expect(pulled.rejects.count == ledger.spoiled.count)
    }

    @Test(arguments: SystemFixtures.profiles.map(\.number)) func `have the types of their row, each registered`(
        number: Int
    ) {
        let profile = SystemFixtures.profiles.first { $0.number == number }
        let offered = profile.flatMap { Adapters.lint($0.id.rawValue).manifest }?.description.interfaces
            .reduce(into: Set<LicenceTypeCode>()) { $0.formUnion($1.licenceTypes) }
        #expect(offered == profile.map { Set($0.types.map(\.code)) })
        #expect(profile.map { !$0.types.isEmpty } == true)
    }

    @Test(arguments: all) func `bring exactly what the ledger says, and set aside what is spoiled`(id: String)
        async throws
    {
        try await city(id, CityOptions(records: 1_100, spoiledEvery: 101)) { city, id in
            let source = try adapters.source(id, city)
            let isWhole = source.describe().interfaces.contains { $0.pulls.contains(.full) }
            compare(try await adapters.pull(source, isWhole ? .full : .incremental), city, id)
        }
    }

    @Test(arguments: paged) func `give no more than a page of their owner's size`(id: String) async throws {
        let profile = try #require(SystemFixtures.profiles.first { $0.id.rawValue == id })
        try await city(id, CityOptions(records: 2 * profile.pageSize + 1)) { city, id in
            _ = try await adapters.pull(adapters.source(id, city), .full)
            #expect(city.served(id).pages == 3)
        }
    }

    @Test(arguments: incremental) func `bring what a generation changed, and no more than the boundary besides`(
        id: String
    )
        async throws
    {
        try await city(id, CityOptions(records: 1_100)) { city, id in
            let source = try adapters.source(id, city)
            let first = try await adapters.pull(source, .full)
            try city.advance(id)
            let second = try await adapters.pull(source, .incremental, from: first.cursor)
            #expect(second.received >= 11 && second.received <= 11 + 3)
            var both = first
            both.records.merge(second.records) { _, new in new }
            compare(both, city, id)
        }
    }

    @Test(arguments: incremental.filter { $0 != "cs-provident-fund" }, [1, 2])
    func `lose and double nothing when a pull is broken off and taken up again`(id: String, batches: Int) async throws {
        try await city(id, CityOptions(records: 2_300, generation: 2)) { city, id in
            let source = try adapters.source(id, city)
            let part = try await adapters.pull(source, .full, stopAfter: batches)
            #expect(part.records.count < 2_300)
            var both = part
            both.records.merge(try await adapters.pull(source, .full, from: part.cursor).records) { _, new in new }
            compare(both, city, id)
        }
    }

    @Test(arguments: asked) func `answer four golden questions rightly, and every probe`(id: String) async throws {
        try await city(id, CityOptions()) { city, id in
            let source = try adapters.source(id, city)
            let interface = try #require(source.describe().interfaces.first)
            #expect(Set(city.golden(id).map(\.expectation)) == ["valid", "expired", "revoked", "absent"])
            #expect(interface.goldenQuestions.count == 4)
            for golden in interface.goldenQuestions {
                let result = await source.probe(.content, of: interface.id, question: golden)
                #expect(result.outcome == .passed, "\(golden.name)")
            }
            for layer in ProbeLayer.allCases where layer != .content {
                if case .failed(let why) = await source.probe(layer, of: interface.id, question: nil).outcome,
                    why.code != "source.slow"
                {
                    Issue.record("\(layer): \(why.text)")
                }
            }
        }
    }

    @Test(arguments: asked) func `find every record by everything they take, and say none of nobody`(id: String)
        async throws
    {
        try await city(id, CityOptions(records: 30)) { city, id in
            let source = try adapters.source(id, city)
            let questions = source.describe().interfaces.reduce(into: Set()) { $0.formUnion($1.questions) }
            let asking = AskingContext(system: "test", purpose: "核验 & \"test\"")
            func ask(_ question: LookupQuestion) async throws -> SourceFinding {
                try await source.find(question, for: asking, until: Deadline(.seconds(30), from: adapters.clock))
            }
            for index in 0..<30 {
                guard let licence = city.record(index, of: id)?.licence else { continue }
                var asked: [LookupQuestion] = licence.holders.map { .holder($0, licence.typeCode) }
                if let number = licence.number, questions.contains(.number) {
                    asked.append(.number(number, licence.typeCode))
                }
                if let identifier = licence.identifier, questions.contains(.identifier) {
                    asked.append(.identifier(identifier.raw))
                }
                for question in asked {
                    guard case .records(let found) = try await ask(question) else {
                        Issue.record("record \(index) is not found by \(question.kind)")
                        continue
                    }
                    #expect(found.contains { $0.contentDigest == licence.contentDigest }, "\(index) \(question.kind)")
                }
            }
            let nobody = Holder(kind: .residentIdentityNumber, code: city.people.residentNumber(8_000_000))
            guard case .none = try await ask(.holder(nobody, nil)) else {
                Issue.record("somebody was found who is not there")
                return
            }
        }
    }

    @Test(arguments: asked) func `let nobody in with another key`(id: String) async throws {
        try await city(id, CityOptions(records: 30)) { city, id in
            let right = city.settings(id)
            var settings = right.settings
            var secrets = right.secrets
            let name = id.rawValue.replacing("-", with: "_") + "_key"
            secrets[name] = Secret("another-key-of-nobody")
            if settings["client_certificate"] != nil {
                // Another city's certificate is a sound one, and this city does not know who issued it.
                let other = try await SimulatedCity.start(CityOptions(records: 1, only: [id]))
                defer { other.stop() }
                settings["client_certificate"] = other.settings(id).settings["client_certificate"]
                settings["client_key"] = other.settings(id).settings["client_key"]
                try await refuse(id, settings, secrets, ["source.unreachable", "source.tls", "source.unauthenticated"])
            } else {
                try await refuse(id, settings, secrets, ["source.unauthenticated"])
            }
            #expect(city.served(id).records == 0)
        }
    }

    private func refuse(
        _ id: SourceID, _ settings: [String: String], _ secrets: [String: Secret], _ codes: Set<String>
    ) async throws {
        let manifest = try #require(Adapters.lint(id.rawValue).manifest)
        let source = try DeclarativeAdapter.make(
            manifest, transport: adapters.transport,
            settings: FixedAdapterSettings(secrets: secrets, settings: settings), clock: adapters.clock)
        do {
            _ = try await adapters.pull(source, .full)
            Issue.record("a stranger was let in")
        } catch let error as SourceError {
            #expect(codes.contains(error.code.rawValue), "\(error.diagnostic.text)")
        }
    }

    static let faults: [(CityFault, Set<String>)] = [
        (.down, ["source.unreachable"]), (.reset, ["source.unreachable"]),
        (.statusOKWithError, ["source.unavailable"]), (.truncated, []), (.wrongCharset, []),
        // Where a login comes first, the page comes instead of the token.
        (.htmlWith200, ["source.not_a_page", "source.unauthenticated"]), (.unavailable, ["source.unavailable"]),
        (.unauthorised, ["source.unauthenticated", "source.forbidden"]), (.slow, []),
    ]

    @Test(arguments: asked, faults.indices) func `take a fault for a fault, and are whole after it`(
        id: String, place: Int
    )
        async throws
    {
        let (fault, codes) = Self.faults[place]
        try await city(id, CityOptions(records: 120, slowPauseMilliseconds: 5)) { city, id in
            let source = try adapters.source(id, city)
            try city.set(fault, for: id)
            do {
                let pulled = try await adapters.pull(source, .full)
                switch fault {
                case .slow: compare(pulled, city, id)
                // Without a word of Chinese in its envelope the page holds, and every record is set aside.
                case .wrongCharset: #expect(pulled.records.isEmpty && pulled.rejects.count == 120)
                default: Issue.record("\(fault) passed unnoticed")
                }
            } catch let error as SourceError {
                #expect(
                    fault != .slow && (codes.isEmpty || codes.contains(error.code.rawValue)), "\(error.diagnostic.text)"
                )
                #expect(error.diagnostic.place.source == id.rawValue)
            }
            try city.set(nil, for: id)
            compare(try await adapters.pull(adapters.source(id, city), .full), city, id)
        }
    }

    @Test(arguments: paged) func `see an unknown status, a repeated page, a total that falls, and an empty list`(
        id: String
    )
        async throws
    {
        try await city(id, CityOptions(records: 2_300)) { city, id in
            let source = try adapters.source(id, city)
            try city.set(.unknownStatusCode, for: id)
            let pulled = try await adapters.pull(source, .full)
            #expect(pulled.rejects.count == city.served(id).pages)
            #expect(pulled.records.count + pulled.rejects.count == 2_300)
            for fault in [CityFault.repeatedPage, .wrongTotal] {
                try city.set(fault, for: id)
                await #expect(throws: SourceError.self, "\(fault)") { try await adapters.pull(source, .full) }
            }
            try city.set(.empty, for: id)
            // An empty list says what it says; whether it may empty the catalogue is the synchronisation's to judge.
            let empty = try? await adapters.pull(source, .full)
            #expect(empty?.records.isEmpty ?? true)
        }
    }
}
