// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import Synchronization

/// Shows runs: one bar per target on a terminal, one plain line per event otherwise.
final class ProgressDisplay: Sendable {
    private struct Row {
        var update: ProgressUpdate
        var since: Duration
        var done: String?
    }
    private struct State {
        var rows: [(target: String, row: Row)] = []
        var drawn = 0
        var lastDraw: Duration = .zero
    }

    private let state = Mutex(State())
    private let clock: any GatewayClock
    private let terminal: Bool
    private let write: @Sendable (String) -> Void

    init(
        clock: any GatewayClock, terminal: Bool = isatty(STDERR_FILENO) == 1,
        write: @escaping @Sendable (String) -> Void = { Console.put($0, on: STDERR_FILENO) }
    ) {
        self.clock = clock
        self.terminal = terminal && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        self.write = write
    }

    func show(_ update: ProgressUpdate) {
        terminal ? showBar(update) : showLine(update)
    }

    private func showLine(_ update: ProgressUpdate) {
        switch update.phase {
        case .started: write("sync \(update.target): started, \(update.mode)\n")
        case .page:
            let due = state.withLock { state in
                guard clock.elapsed - state.lastDraw >= .seconds(5) else { return false }
                state.lastDraw = clock.elapsed
                return true
            }
            if due { write("sync \(update.target): \(Self.counts(update))\n") }
        case .retrying: write("sync \(update.target): \(update.note ?? "")\n")
        case .finished: write("sync \(update.target): \(Self.finish(update))\n")
        }
    }

    private func showBar(_ update: ProgressUpdate) {
        let now = clock.elapsed
        let text: String? = state.withLock { state in
            let index = state.rows.firstIndex { $0.target == update.target } ?? state.rows.count
            if index == state.rows.count {
                state.rows.append((update.target, Row(update: update, since: now)))
            } else {
                state.rows[index].row.update = update
            }
            if update.phase == .finished { state.rows[index].row.done = Self.finish(update) }
            guard update.phase != .page || now - state.lastDraw >= .milliseconds(100) else { return nil }
            state.lastDraw = now
            let width = max(24, state.rows.map { displayWidth($0.target) }.max() ?? 0)
            let lines = state.rows.map { Self.bar($0.row, target: $0.target, width: width, now: now) }
            let up = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
            state.drawn = lines.count
            return up + lines.map { "\r\u{1B}[2K\($0)\n" }.joined()
        }
        if let text { write(text) }
    }

    private static func bar(_ row: Row, target: String, width: Int, now: Duration) -> String {
        let name = target + String(repeating: " ", count: max(0, width - displayWidth(target)))
        if let done = row.done { return "\(name)  \(done)" }
        let update = row.update
        if let note = update.note { return "\(name)  \(shortened(note, to: 90))" }
        let seconds = max(0.001, (now - row.since).inSeconds)
        let rate = Int(Double(update.counts.received) / seconds)
        guard let total = update.total, total > 0 else {
            return "\(name)  \(counts(update)), \(grouped(rate))/s"
        }
        let share = min(1, Double(update.counts.received) / Double(total))
        let filled = Int(share * 20)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        let left = rate > 0 ? Duration.seconds((total - min(total, update.counts.received)) / max(1, rate)).spoken : "?"
        return "\(name)  \(bar) \(Int(share * 100)) %  \(counts(update)), \(grouped(rate))/s, \(left) left"
    }

    private static func counts(_ update: ProgressUpdate) -> String {
        let c = update.counts
        let accepted = c.received - c.rejected
        return "page \(grouped(c.pages)), \(grouped(accepted)) accepted, \(grouped(c.rejected)) rejected"
    }

    private static func finish(_ update: ProgressUpdate) -> String {
        let c = update.counts
        let tally =
            "\(grouped(c.received)) received: \(grouped(c.created)) new, \(grouped(c.updated)) changed, "
            + "\(grouped(c.unchanged)) unchanged, \(grouped(c.rejected)) rejected"
        let gone = c.withdrawn > 0 ? ", \(grouped(c.withdrawn)) withdrawn" : ""
        let mark = update.note == nil ? "✓" : "✗"
        return "\(mark) \(tally)\(gone)" + (update.note.map { ". \($0)" } ?? "")
    }
}
