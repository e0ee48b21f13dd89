// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Logging
import Synchronization

/// One JSON object a line on standard error; the same line again is counted, not repeated.
struct JSONLogHandler: LogHandler {
    let label: String
    let sink: LogSink
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [(String, String)] = [("level", event.level.rawValue), ("message", "\(event.message)")]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new })
            .sorted(by: { $0.key < $1.key })
        {
            fields.append((key, "\(value)"))
        }
        sink.put(fields)
    }
}

/// Where log lines go; collapses a line that repeats within a minute.
final class LogSink: Sendable {
    private struct State {
        var last: [(String, String)] = []
        var repeated = 0
        var since: Duration = .zero
    }
    private let clock: any GatewayClock
    private let state = Mutex(State())
    private let write: @Sendable (String) -> Void
    /// A reader of the log that stands still must hold up neither answers nor runs: lines wait here, and beyond
    /// `waitingMax` they are dropped and counted.
    private let queue = DispatchQueue(label: "licgate-log")
    private let waiting = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    static let waitingMax = 1000

    init(
        clock: any GatewayClock,
        write: @escaping @Sendable (String) -> Void = { Console.put($0, on: STDERR_FILENO) }
    ) {
        self.clock = clock
        self.write = write
    }

    func put(_ fields: [(String, String)]) {
        let now = clock.elapsed
        let lines: [String] = state.withLock { state in
            let same = state.last.elementsEqual(fields) { $0 == $1 }
            if same, now - state.since < .seconds(60) {
                state.repeated += 1
                return []
            }
            var out: [String] = []
            if state.repeated > 0 { out.append(line(state.last + [("repeated", String(state.repeated))])) }
            state.last = fields
            state.repeated = 0
            state.since = now
            out.append(line(fields))
            return out
        }
        for text in lines { enqueue(text) }
    }

    private func enqueue(_ text: String) {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.waitingMax else {
            waiting.subtract(1, ordering: .relaxed)
            dropped.add(1, ordering: .relaxed)
            return
        }
        queue.async {
            let lost = self.dropped.exchange(0, ordering: .relaxed)
            if lost > 0 {
                self.write(self.line([("level", "warning"), ("message", "\(lost) log lines were dropped")]))
            }
            self.write(text)
            self.waiting.subtract(1, ordering: .relaxed)
        }
    }

    /// Waits until what was put is written, two seconds at most: the last lines of a program that ends.
    func drain() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + 2)
    }

    private func line(_ fields: [(String, String)]) -> String {
        let pairs = [("time", clock.now.iso8601)] + fields
        return "{" + pairs.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}\n"
    }
}

/// A JSON string literal.
func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case _ where scalar.value < 0x20:
            let code = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - code.count) + code
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}
