import Foundation
import LicenceModel
import SimulatedCity
import Testing

private let pulled = ["yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health", "cs-education"]

@Suite struct `The three daily jobs` {
    @Test func `sync every source, agree with what the city says it served, and write nothing the second time`()
        async throws
    {
        let bench = try await CityBench(records: Dictionary(uniqueKeysWithValues: pulled.map { ($0, 700) }))
        let first = try await bench.run("sync", "--outside-hours", "--all")
        #expect(first.status == 0, "\(first.err)")
        try await bench.expectLedger(pulled)
        let second = try await bench.run("sync", "--outside-hours", "--all", "--full", "--format", "json")
        #expect(second.status == 0, "\(second.err)")
        #expect(!second.out.contains("\"updated\": 1") && second.out.contains("\"unchanged\": 700"))
        let stats = try await bench.run("catalogue", "stats", "--format", "json")
        #expect(stats.out.contains("\"versions\": 3500"))
        let verified = try await bench.run("catalogue", "verify")
        #expect(verified.status == 0, "\(verified.err)")
        for source in pulled { try bench.city.advance(SourceID(source)) }
        let third = try await bench.run("sync", "--outside-hours", "--all")
        #expect(third.status == 0, "\(third.err)")
        try await bench.expectLedger(pulled)
    }

    @Test func `look a licence up by its ID, and tell the four verdicts apart`() async throws {
        let bench = try await CityBench(records: ["cs-transport": 400])
        #expect(try await bench.run("sync", "--outside-hours", "--all").status == 0)
        let golden = bench.city.golden(SourceID("cs-transport"))
        for (expectation, status) in [("valid", Int32(0)), ("expired", 1), ("revoked", 1), ("absent", 1)] {
            let holder = try #require(golden.first { $0.expectation == expectation })
            let answer = try await bench.run(
                "lookup", "--holder", "\(holder.holder.kind):-", "--type", holder.typeCode.rawValue,
                input: holder.holder.code + "\n")
            #expect(answer.status == status, "\(expectation): \(answer.out) \(answer.err)")
            #expect(!answer.out.contains(holder.holder.code), "codes are masked")
        }
        let known = try #require(golden.first { $0.expectation == "valid" && $0.identifier != nil }?.identifier)
        let byID = try await bench.run("lookup", "-", input: known.raw + "\n")
        #expect(byID.status == 0, "\(byID.out)")
    }

    @Test func `answer "cannot tell" when the source was never reached, is paused, or has an unreadable record`()
        async throws
    {
        let bench = try await CityBench(records: ["cs-transport": 400], spoiledEvery: 200)
        let holder = try #require(bench.city.golden(SourceID("cs-transport")).first { $0.expectation == "absent" })
        func ask() async throws -> CommandResult {
            try await bench.run(
                "lookup", "--holder", "\(holder.holder.kind):-", "--type", holder.typeCode.rawValue,
                input: holder.holder.code)
        }
        let never = try await ask()
        #expect(never.status == 3 && never.out.contains("never_synced"), "\(never.out) \(never.err)")
        #expect(try await bench.run("sync", "--outside-hours", "--all").status == 0)
        let rejects = try await bench.run("quarantine", "list", "--format", "json")
        #expect(rejects.out.contains("\"id\""), "\(rejects.out)")
        #expect(try await bench.run("sources", "pause", "cs-transport", "--note", "test").status == 0)
        let paused = try await ask()
        #expect(paused.status == 3 && paused.out.contains("paused"), "\(paused.out)")
        #expect(try await bench.run("sync", "--outside-hours", "cs-transport").status == 2)
        #expect(try await bench.run("sources", "resume", "cs-transport").status == 0)
    }

    @Test func `validate interfaces: healthy, then down with a reason, then healthy again`() async throws {
        let bench = try await CityBench(records: ["cs-transport": 300])
        #expect(try await bench.run("sync", "--outside-hours", "--all").status == 0)
        let up = try await bench.run("health", "--probe")
        #expect(up.status == 0, "\(up.out) \(up.err)")
        try bench.city.set(.down, for: SourceID("cs-transport"))
        let down = try await bench.run("health", "--probe")
        #expect(down.status == 2 && down.out.contains("source.unreachable"), "\(down.out)")
        try bench.city.set(nil, for: SourceID("cs-transport"))
        #expect(try await bench.run("health", "--probe").status == 0)
    }

    @Test(arguments: CityFault.allCases.filter { $0 != .slow && $0 != .unavailable })
    func `a fault of a source stops its run with a place, loses nothing, and is over when the source is back`(
        fault: CityFault
    ) async throws {
        let bench = try await CityBench(records: ["cs-transport": 1600, "cs-real-estate": 500])
        #expect(try await bench.run("sync", "--outside-hours", "--all").status == 0)
        for source in ["cs-transport", "cs-real-estate"] {
            try bench.city.advance(SourceID(source))
            try bench.city.set(fault, for: SourceID(source))
        }
        let broken = try await bench.run("sync", "--outside-hours", "--all", "--full")
        if fault != .unknownStatusCode, fault != .empty {
            #expect(broken.status == 1, "\(fault): \(broken.err)")
            #expect(broken.err.contains("[source.") || broken.err.contains("[transport."), "\(broken.err)")
            #expect(broken.err.contains("cs-transport/"), "\(broken.err)")
        }
        let kept = try await bench.exported()
        #expect(kept.count == 2100, "nothing is lost: \(kept.count)")
        for source in ["cs-transport", "cs-real-estate"] { try bench.city.set(nil, for: SourceID(source)) }
        let mended = try await bench.run("sync", "--outside-hours", "--all", "--full")
        #expect(mended.status == 0, "\(mended.err)")
        try await bench.expectLedger(["cs-transport", "cs-real-estate"])
        let rejects = try await bench.run("quarantine", "list")
        #expect(rejects.out.contains("No open rejects"), "\(fault): \(rejects.out)")
    }
}
