// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `The adapters that ship` {
    let adapters = Adapters()
    static let pulled = [
        "yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health", "cs-education",
    ]

    @Test(arguments: Adapters.folders) func `lint clean`(folder: String) {
        let findings = Adapters.lint(folder).findings
        #expect(findings.isEmpty, "\(findings.map(\.text).joined(separator: "\n"))")
    }

    @Test func `are those the city serves`() {
        #expect(Set(Adapters.folders).isSubset(of: SimulatedCity.sources.map(\.rawValue)))
    }

    private let platform = SourceID("hunan-provincial-platform")

    private func city(_ options: CityOptions, _ body: (RunningCity) async throws -> Void) async throws {
        var options = options
        let folder = NSTemporaryDirectory() + "city-drop-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        options.dropFolder = folder
        let city = try await SimulatedCity.start(options)
        defer { city.stop() }
        try await body(city)
    }

    /// Names what differs by key and field; the people are synthetic.
    private func compare(
        _ pulled: Adapters.Pulled, _ city: RunningCity, _ source: SourceID, without: Set<SourceRecordKey> = []
    ) {
        let ledger = city.ledger(source)
        var wrong: [String] = []
        for entry in ledger.entries where pulled.records[entry.key]?.contentDigest != entry.digest {
            wrong.append(entry.key.joined)
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(ledger.entries.count) differ, first \(wrong.first ?? "")")
        #expect(pulled.records.count == ledger.entries.count)
        #expect(Set(pulled.rejects.compactMap(\.key)) == Set(ledger.spoiled))
        #expect(pulled.rejects.count == ledger.spoiled.count)
    }

    @Test(arguments: pulled) func `bring exactly what the ledger says, and set aside what is spoiled`(id: String)
        async throws
    {
        try await city(CityOptions(records: 1_100, spoiledEvery: 101)) { city in
            let id = SourceID(id)
            let source = try adapters.source(id, city)
            let first = try await adapters.pull(source, .full)
            for index in 0..<1_100 {
                guard let record = city.record(index, of: id), record.spoiling == nil,
                    let licence = first.records[record.licence.key]
                else { continue }
                guard licence.contentDigest != record.licence.contentDigest else { continue }
                #expect(Adapters.differences(licence, record.licence).isEmpty, "record \(index)")
                break
            }
            compare(first, city, id)
        }
    }

    @Test(arguments: ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health"])
    func `bring what a generation changed, and no more than the boundary besides`(id: String) async throws {
        try await city(CityOptions(records: 1_100)) { city in
            let id = SourceID(id)
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

    @Test(arguments: ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health"], [1, 2])
    func `lose and double nothing when a pull is broken off and taken up again`(id: String, batches: Int) async throws {
        try await city(CityOptions(records: 1_100, generation: 2)) { city in
            let id = SourceID(id)
            let source = try adapters.source(id, city)
            let part = try await adapters.pull(source, .full, stopAfter: batches)
            #expect(part.records.count < 1_100)
            let rest = try await adapters.pull(source, .full, from: part.cursor)
            var both = part
            both.records.merge(rest.records) { _, new in new }
            compare(both, city, id)
        }
    }

    @Test(arguments: ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health", "hunan-provincial-platform"])
    func `answer golden questions rightly`(id: String) async throws {
        try await city(CityOptions()) { city in
            let id = SourceID(id)
            let source = try adapters.source(id, city)
            let interface = try #require(source.describe().interfaces.first)
            #expect(interface.goldenQuestions.count == 4)
            for interface in source.describe().interfaces {
                #expect(!interface.goldenQuestions.isEmpty)
                for golden in interface.goldenQuestions {
                    let result = await source.probe(.content, of: interface.id, question: golden)
                    #expect(result.outcome == .passed, "\(interface.id) \(golden.name)")
                }
            }
            for layer in ProbeLayer.allCases where layer != .content {
                let result = await source.probe(layer, of: interface.id, question: nil)
                // A machine with other work is slow; that is no fault of the adapter.
                if case .failed(let why) = result.outcome, why.code != "source.slow" {
                    Issue.record("\(layer): \(why.text)")
                }
            }
        }
    }

    @Test(arguments: ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health", "hunan-provincial-platform"])
    func `find every record by everything they take`(id: String) async throws {
        try await city(CityOptions(records: 30)) { city in
            let id = SourceID(id)
            let source = try adapters.source(id, city)
            let questions = source.describe().interfaces.reduce(into: Set()) { $0.formUnion($1.questions) }
            let asking = AskingContext(system: "test", purpose: "核验 & \"test\"")
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
                    let deadline = Deadline(.seconds(10), from: adapters.clock)
                    switch try await source.find(question, for: asking, until: deadline) {
                    case .records(let found):
                        // The platform sends what is in force only: of two household records perhaps the other one.
                        let here = found.contains { $0.contentDigest == licence.contentDigest }
                        #expect(here || (id == platform && licence.status != .valid))
                    case .notInForce(let status): #expect(status == licence.status && id == platform)
                    case .none, .refused: Issue.record("record \(index) is not found by \(question.kind)")
                    }
                }
            }
        }
    }

    /// What a fault has to lead to: an error with a stable code, and what was brought before it, whole and right.
    static let faults: [(CityFault, Set<String>)] = [
        (.down, ["source.unreachable"]), (.reset, ["source.unreachable"]),
        (.statusOKWithError, ["source.unavailable"]), (.truncated, []),
        (.wrongCharset, []), (.htmlWith200, ["source.not_a_page"]),
        (.unavailable, ["source.unavailable"]), (.unauthorised, ["source.unauthenticated"]),
    ]

    @Test(arguments: ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health"], faults.indices)
    func `take a fault for a fault`(id: String, place: Int) async throws {
        let (fault, codes) = Self.faults[place]
        try await city(CityOptions(records: 260)) { city in
            let id = SourceID(id)
            let source = try adapters.source(id, city)
            try city.set(fault, for: id)
            do {
                let pulled = try await adapters.pull(source, .full)
                // Without a word of Chinese in its envelope the page holds, and every record is set aside.
                #expect(fault == .wrongCharset && pulled.records.isEmpty && pulled.rejects.count == 260)
            } catch let error as SourceError {
                if !codes.isEmpty { #expect(codes.contains(error.code.rawValue), "\(error.diagnostic.text)") }
                #expect(error.diagnostic.place.source == id.rawValue)
            }
            try city.set(nil, for: id)
            compare(try await adapters.pull(source, .full), city, id)
        }
    }

    @Test(arguments: ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health"])
    func `see an unknown status, a repeated page and a total that falls`(id: String) async throws {
        try await city(CityOptions(records: 1_100)) { city in
            let id = SourceID(id)
            let source = try adapters.source(id, city)
            try city.set(.unknownStatusCode, for: id)
            let pulled = try await adapters.pull(source, .full)
            #expect(pulled.rejects.count == city.served(id).pages)
            #expect(pulled.records.count + pulled.rejects.count == 1_100)
            for fault in [CityFault.repeatedPage, .wrongTotal] {
                try city.set(fault, for: id)
                await #expect(throws: SourceError.self, "\(fault)") { try await adapters.pull(source, .full) }
            }
        }
    }
}

extension Adapters {
    /// What two licences differ in, by field.
    static func differences(_ a: Licence, _ b: Licence) -> [String] {
        func differ(_ name: String, _ x: String, _ y: String) -> String? { x == y ? nil : "\(name): \(x) / \(y)" }
        return [
            differ("type", "\(a.typeCode)", "\(b.typeCode)"),
            differ("identifier", a.identifier?.raw ?? "-", b.identifier?.raw ?? "-"),
            differ("number", a.number?.raw ?? "-", b.number?.raw ?? "-"),
            differ("holders", "\(a.holders)", "\(b.holders)"),
            differ(
                "authority", "\(String(describing: a.issuingAuthority))", "\(String(describing: b.issuingAuthority))"),
            differ("issued", "\(String(describing: a.issuedOn))", "\(String(describing: b.issuedOn))"),
            differ("validity", "\(a.validity)", "\(b.validity)"), differ("status", "\(a.status)", "\(b.status)"),
            differ("grade", "\(String(describing: a.trustGrade))", "\(String(describing: b.trustGrade))"),
            differ("face", "\(a.faceFields)", "\(b.faceFields)"),
        ].compactMap { $0 }
    }
}
