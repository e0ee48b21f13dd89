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
    static func out(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
    static func problem(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

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
