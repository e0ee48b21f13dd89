import Foundation
import LicenceModel
import SimulatedCity
import Testing

/// One HTTP exchange over a socket of our own: the product's transport is not its own witness.
private func http(_ port: Int, _ method: String, _ path: String, _ body: String = "") async throws -> (Int, String) {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
            process.arguments = [
                "-s", "-m", "20", "-o", "-", "-w", "\n%{http_code}", "-X", method, "-H",
                "Content-Type: application/json", "-d", "@-", "http://127.0.0.1:\(port)\(path)",
            ]
            if method == "GET" { process.arguments?.removeAll { $0 == "-d" || $0 == "@-" } }
            let input = Pipe()
            let output = Pipe()
            process.standardInput = input
            process.standardOutput = output
            do {
                try process.run()
                input.fileHandleForWriting.write(Data(body.utf8))
                try input.fileHandleForWriting.close()
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                var lines = String(decoding: data, as: UTF8.self).split(
                    separator: "\n", omittingEmptySubsequences: false)
                let status = Int(lines.popLast() ?? "") ?? 0
                continuation.resume(returning: (status, lines.joined(separator: "\n")))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

@Suite struct `A serving gateway` {
    private func serving(_ bench: CityBench) async throws -> (GatewayProcess, Int) {
        let process = try bench.start("serve")
        try await process.until("answers on http://")
        let port = process.output.firstMatch(of: /http:\/\/[^:]+:(\d+)/).flatMap { Int($0.1) }
        return (process, try #require(port))
    }

    @Test func `answers, takes commands over its socket, reloads and stops in order`() async throws {
        let bench = try await CityBench(records: ["cs-transport": 600])
        let (process, port) = try await serving(bench)
        #expect(try await http(port, "GET", "/healthz").0 == 200)
        let sync = try await bench.run("sync", "--all", "--full")
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
}
