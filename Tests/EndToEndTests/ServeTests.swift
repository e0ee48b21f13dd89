import Foundation
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `A serving gateway` {
    @Test func `answers, takes commands over its socket, reloads and stops in order`() async throws {
        let bench = try await CityBench(records: ["cs-transport": 600])
        let (process, port) = try await serving(bench.config)
        #expect(try await http(port, "GET", "/healthz").0 == 200)
        let sync = try await bench.run("sync", "--outside-hours", "--all", "--full")
        #expect(sync.status == 0 || sync.err.contains("lease_held"), "\(sync.err)")
        // The schedule's own first run may hold the lease: it does the same work.
        var looks = 0
        while try await bench.exported().count < 600, looks < 200 { looks += 1 }
        try await bench.expectLedger(["cs-transport"])

        let golden = try #require(bench.city.golden(SourceID("cs-transport")).first { $0.expectation == "valid" })
        let question = """
            {"holder": {"kind": "\(golden.holder.kind)", "code": "\(golden.holder.code)"}, "type": "\(golden.typeCode)"}
            """
        let (status, body) = try await http(port, "POST", "/v1/answers", question)
        #expect(status == 200 && body.contains("\"holds\""), "\(status) \(body)")
        let beside = try await bench.run(
            "lookup", "--holder", "\(golden.holder.kind):-", "--type", golden.typeCode.rawValue,
            input: golden.holder.code)
        #expect(beside.status == 0, "\(beside.out) \(beside.err)")

        #expect(try await bench.run("sources", "pause", "cs-transport").status == 0)
        let (_, paused) = try await http(port, "POST", "/v1/answers", question)
        #expect(paused.contains("cannot_tell") && paused.contains("paused"), "\(paused)")
        #expect(try await bench.run("sources", "resume", "cs-transport").status == 0)

        try bench.folder.write("gateway.yaml.broken", "")
        let before = try String(contentsOfFile: bench.config, encoding: .utf8)
        try bench.folder.write("gateway.yaml", before + "\nsurces: 1\n")
        process.signal(SIGHUP)
        try await process.until("reload refused")
        try bench.folder.write("gateway.yaml", before)
        process.signal(SIGHUP)
        try await process.until("reloaded")

        let other = try await bench.run("serve")
        #expect(other.status == 2 && other.err.contains("[c"), "a second one is refused: \(other.err)")
        process.signal(SIGTERM)
        let ended = await process.wait()
        #expect(ended.status == 0 && !ended.killed, "\(ended.err.suffix(1500))")
        let after = try await bench.run("catalogue", "verify")
        #expect(after.status == 0, "\(after.err)")
    }

    @Test func `ends a command's run after its page when it is told to stop, and the next takes it up`() async throws {
        let source = SourceID("cs-real-estate")
        // Long enough that the signal falls inside: an optimised build takes some 15,000 a second, a debug one 600.
        let records = Binary.path.contains("release") ? 40_000 : 6000
        let bench = try await CityBench(records: [source.rawValue: records])
        let (process, _) = try await serving(bench.config)
        // The schedule's own first run is under way, or this one is: either is stopped after its page.
        while process.isRunning, bench.city.served(source).pages < 3 { await Task.yield() }
        process.signal(SIGTERM)
        let ended = await process.wait()
        #expect(ended.status == 0, "\(ended.err.suffix(800))")
        let shown = try await bench.run("sources", "show", source.rawValue)
        #expect(shown.out.contains("sync.stopped"), "\(shown.out)")
        let kept = try await bench.exported().count
        #expect(kept > 0 && kept < records, "\(kept)")
        #expect(try await bench.run("sync", "--outside-hours", source.rawValue).status == 0)
        try await bench.expectLedger([source.rawValue])
    }
}
