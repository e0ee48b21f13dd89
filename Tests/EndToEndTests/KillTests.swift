import Foundation
import LicenceModel
import SimulatedCity
import Testing

/// `LICGATE_KILLS` and `LICGATE_KILL_RECORDS` make it longer: 20 and 50,000 in `Scripts/test --all`.
private func setting(_ name: String, _ otherwise: Int) -> Int {
    Int(ProcessInfo.processInfo.environment[name] ?? "") ?? otherwise
}

@Suite struct `A kill in the middle of a run` {
    @Test func `loses, doubles and halves nothing`() async throws {
        let kills = setting("LICGATE_KILLS", 6)
        let records = setting("LICGATE_KILL_RECORDS", 8000)
        let source = SourceID("cs-transport")
        let bench = try await CityBench(records: [source.rawValue: records])
        let pages = max(2, records / 500)
        let stride = max(1, pages / (kills + 1))
        var inside = 0
        for round in 0..<kills {
            let points = ["beforeBatch", "afterBatch", "signal"]
            switch points[round % 3] {
            case "signal":
                // SIGKILL from outside once the city has served some more pages: a count, not a time.
                let before = bench.city.served(source).pages
                let process = try bench.start("sync", "--outside-hours", source.rawValue)
                while process.isRunning, bench.city.served(source).pages < before + stride { await Task.yield() }
                process.signal(SIGKILL)
                if await process.wait().killed { inside += 1 }
            case let point:
                let turn = point == "beforeBatch" ? stride + 1 : stride
                let result = try await bench.run(
                    "sync", "--outside-hours", source.rawValue,
                    environment: ["LICGATE_KILL_AT": "\(point):\(max(2, turn))"])
                if result.killed { inside += 1 }
            }
        }
        print("\(inside) of \(kills) kills fell inside a run of \(records) records")
        #expect(inside >= kills * 3 / 4, "only \(inside) of \(kills) kills fell inside a run")
        let last = try await bench.run("sync", "--outside-hours", source.rawValue)
        #expect(last.status == 0, "\(last.err)")
        try await bench.expectLedger([source.rawValue])
        let verified = try await bench.run("catalogue", "verify")
        #expect(verified.status == 0, "\(verified.err)")
        let stats = try await bench.run("catalogue", "stats", "--format", "json")
        #expect(stats.out.contains("\"records\": \(records)"), "\(stats.out)")
        #expect(stats.out.contains("\"versions\": \(records)"), "a page applied twice made no second version")
    }
}
