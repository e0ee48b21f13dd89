// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Diagnostics
import Foundation

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

struct SharedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The gateway's configuration. Default: $LICGATE_CONFIG, then Config/gateway.yaml, then the example.",
            valueName: "file"))
    var config: String?

    @Option(help: "table for people, json for machines.")
    var format: OutputFormat = .table

    /// The configuration file that counts.
    var configurationFile: String {
        if let config { return config }
        if let named = ProcessInfo.processInfo.environment["LICGATE_CONFIG"], !named.isEmpty { return named }
        return FileManager.default.fileExists(atPath: "Config/gateway.yaml")
            ? "Config/gateway.yaml" : "Config/gateway.example.yaml"
    }
}

/// Standard output and standard error, line by line.
enum Console {
    static func out(_ line: String) { put(line + "\n", on: STDOUT_FILENO) }
    static func problem(_ line: String) { put(line + "\n", on: STDERR_FILENO) }

    /// Writes what can be written: a full disk or a reader that went away costs the text, never the process
    /// (`FileHandle.write(_:)` traps there).
    static func put(_ text: String, on descriptor: Int32) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let n = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if n < 0 && errno == EINTR { continue }
            if n <= 0 { return }
            sent += n
        }
    }

    /// The output of an operation for people (`table`) or machines (`json`).
    static func output(_ format: OutputFormat, clock: any GatewayClock) -> OperationOutput {
        let display = ProgressDisplay(clock: clock)
        return { line in
            switch line {
            case .text(let text): if format == .table { out(text) }
            case .json(let text): if format == .json { out(text) }
            case .problem(let text): problem(text)
            case .progress(let update): display.show(update)
            case .exit: break
            }
        }
    }
}
