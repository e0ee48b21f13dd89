// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel
internal import Synchronization

/// Runs and notes in SQLite, where people can query them by hand.
///
/// It may lag behind the records and is mended from them: each opening writes the last run of every interface again.
/// A failure here never stops a sync; what could not be written is tried again with the next run.
final class RunHistory: Sendable {
    private let state: Mutex<State>

    private struct State: ~Copyable {
        /// Owned here and used under the lock only.
        let database: SQLiteHandle
        var unsaved: [RunRecord] = []
        var notes: [(Int64, String, String)] = []
    }

    /// At most so many runs wait in memory while SQLite refuses; the store keeps each interface's last one anyway.
    private static let mostUnsaved = 1000

    init(file: String, writing: Bool) throws(CatalogueError) {
        let database = try SQLiteHandle(file: file, writing: writing)
        if writing {
            try database.execute("PRAGMA journal_mode=WAL")
            try database.execute("PRAGMA synchronous=NORMAL")
            try database.execute(
                """
                CREATE TABLE IF NOT EXISTS runs(
                    id TEXT PRIMARY KEY, source TEXT NOT NULL, interface TEXT NOT NULL, partition TEXT,
                    mode TEXT NOT NULL, started INTEGER NOT NULL, finished INTEGER, outcome TEXT NOT NULL,
                    code TEXT, message TEXT, pages INTEGER, received INTEGER, created INTEGER, updated INTEGER,
                    unchanged INTEGER, late INTEGER, rejected INTEGER, withdrawn INTEGER, withheld INTEGER)
                """)
            try database.execute("CREATE INDEX IF NOT EXISTS runs_by_start ON runs(started)")
            try database.execute(
                "CREATE INDEX IF NOT EXISTS runs_by_interface ON runs(source, interface, started)")
            try database.execute(
                "CREATE TABLE IF NOT EXISTS notes(at INTEGER NOT NULL, subject TEXT NOT NULL, note TEXT NOT NULL)")
        }
        state = Mutex(State(database: database))
    }

    private static let insert = """
        INSERT OR REPLACE INTO runs VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)
        """

    /// Writes runs as they stand now, the older state of the same run replaced.
    func keep(_ runs: [RunRecord]) {
        state.withLock { state in
            state.unsaved.append(contentsOf: runs)
            state.unsaved = Array(state.unsaved.suffix(Self.mostUnsaved))
            do throws(CatalogueError) {
                try state.database.execute("BEGIN")
                for run in state.unsaved { try state.database.run(Self.insert, Self.values(of: run)) }
                for note in state.notes {
                    try state.database.run(
                        "INSERT INTO notes VALUES(?1,?2,?3)", [.number(note.0), .text(note.1), .text(note.2)])
                }
                try state.database.execute("COMMIT")
                state.unsaved = []
                state.notes = []
            } catch {
                try? state.database.execute("ROLLBACK")
            }
        }
    }

    func note(_ subject: String, _ text: String, at: Timestamp) {
        state.withLock { state in
            state.notes = Array((state.notes + [(at.milliseconds, subject, text)]).suffix(Self.mostUnsaved))
        }
        keep([])
    }

    /// The notes of a subject, oldest first.
    func notes(of subject: String) throws(CatalogueError) -> [String] {
        try state.withLock { (state) throws(CatalogueError) in
            var out: [String] = []
            try state.database.query(
                "SELECT note FROM notes WHERE subject=?1 ORDER BY rowid", [.text(subject)]
            ) { out.append($0.text(0) ?? "") }
            return out
        }
    }

    func contains(_ run: RunID) -> Bool {
        state.withLock { state in
            var found = state.unsaved.contains { $0.id == run }
            do throws(CatalogueError) {
                try state.database.query("SELECT 1 FROM runs WHERE id=?1", [.text(run.rawValue)]) { _ in found = true }
            } catch {
                // The history lags or is away: the store's own open runs are checked by the caller.
            }
            return found
        }
    }

    func runs(of interface: InterfaceID?, limit: Int) throws(CatalogueError) -> [RunRecord] {
        try state.withLock { (state) throws(CatalogueError) in
            var out: [RunRecord] = []
            let filter = interface == nil ? "" : "WHERE source=?2 AND interface=?3"
            var values: [SQLiteValue] = [.number(Int64(limit))]
            if let interface { values += [.text(interface.source.rawValue), .text(interface.name)] }
            try state.database.query(
                "SELECT * FROM runs \(filter) ORDER BY started DESC, id DESC LIMIT ?1", values
            ) { row in if let run = Self.run(row) { out.append(run) } }
            return out
        }
    }

    func close() { state.withLock { $0.database.close() } }

    private static func values(of run: RunRecord) -> [SQLiteValue] {
        let c = run.counts
        let counts = [
            c.pages, c.received, c.created, c.updated, c.unchanged, c.late, c.rejected, c.withdrawn, c.withheld,
        ]
        return [
            .text(run.id.rawValue), .text(run.interface.source.rawValue), .text(run.interface.name),
            .optional(run.partition), .text(run.mode.rawValue), .number(run.startedAt.milliseconds),
            run.finishedAt.map { .number($0.milliseconds) } ?? .null, .text(run.outcome.rawValue),
            .optional(run.code), .optional(run.message),
        ] + counts.map { .number(Int64($0)) }
    }

    private static func run(_ row: borrowing SQLiteRow) -> RunRecord? {
        guard let id = row.text(0), let source = row.text(1), let interface = row.text(2),
            let mode = row.text(4).flatMap(PullMode.init(rawValue:)), let started = row.number(5),
            let outcome = row.text(7).flatMap(RunRecord.Outcome.init(rawValue:))
        else { return nil }
        var c = RunCounts()
        func count(_ column: Int32) -> Int { Int(row.number(column) ?? 0) }
        c.pages = count(10)
        c.received = count(11)
        c.created = count(12)
        c.updated = count(13)
        c.unchanged = count(14)
        c.late = count(15)
        c.rejected = count(16)
        c.withdrawn = count(17)
        c.withheld = count(18)
        return RunRecord(
            id: RunID(rawValue: id), interface: InterfaceID(SourceID(source), interface), partition: row.text(3),
            mode: mode, startedAt: Timestamp(milliseconds: started),
            finishedAt: row.number(6).map { Timestamp(milliseconds: $0) }, outcome: outcome, code: row.text(8),
            message: row.text(9), counts: c)
    }
}
