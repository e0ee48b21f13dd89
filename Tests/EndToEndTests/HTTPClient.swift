import Foundation

/// One HTTP exchange by the `curl` command: the product's own transport is not its own witness.
func http(_ port: Int, _ method: String, _ path: String, _ body: String? = nil) async throws -> (Int, String) {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
            var arguments = ["-s", "-m", "20", "-w", "\n%{http_code}", "-X", method]
            if body != nil { arguments += ["-H", "Content-Type: application/json", "-d", "@-"] }
            process.arguments = arguments + ["http://127.0.0.1:\(port)\(path)"]
            let input = Pipe()
            let output = Pipe()
            process.standardInput = input
            process.standardOutput = output
            do {
                try process.run()
                input.fileHandleForWriting.write(Data((body ?? "").utf8))
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

/// Starts `serve` and returns it with its port.
func serving(_ config: String) async throws -> (GatewayProcess, Int) {
    let process = try GatewayProcess(["serve", "--config", config])
    try await process.until("answers on http://")
    let port = process.output.firstMatch(of: /http:\/\/[^:]+:(\d+)/).flatMap { Int($0.1) } ?? 0
    return (process, port)
}
