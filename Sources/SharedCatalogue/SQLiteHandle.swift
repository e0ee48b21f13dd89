// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
internal import CatalogueContract
internal import Glibc

/// A value bound to a statement.
enum SQLiteValue {
    case text(String)
    case number(Int64)
    case null

    static func optional(_ text: String?) -> SQLiteValue { text.map { .text($0) } ?? .null }
}

/// A row while a query visits it.
struct SQLiteRow: ~Copyable {
    fileprivate let statement: OpaquePointer

    func text(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(statement, column) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func number(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : sqlite3_column_int64(statement, column)
    }
}

/// One SQLite connection.
///
/// `@unchecked Sendable`: `RunHistory` uses it under its lock only.
final class SQLiteHandle: @unchecked Sendable {
    private var database: OpaquePointer?

    init(file: String, writing: Bool) throws(CatalogueError) {
        let flags =
            writing
            ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            : SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(file, &database, flags, nil) == SQLITE_OK else {
            let failure = failure("The run history cannot be opened")
            close()
            throw failure
        }
        sqlite3_busy_timeout(database, 2000)
    }

    deinit { close() }

    func close() {
        sqlite3_close_v2(database)
        database = nil
    }

    private func failure(_ what: String) -> CatalogueError {
        StoreFailure.error(database.map { String(cString: sqlite3_errmsg($0)) } ?? "closed", what)
    }

    func execute(_ sql: String) throws(CatalogueError) {
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
            throw failure("The run history cannot be written")
        }
    }

    func run(_ sql: String, _ values: [SQLiteValue]) throws(CatalogueError) { try query(sql, values) { _ in } }

    func query(
        _ sql: String, _ values: [SQLiteValue], _ visit: (borrowing SQLiteRow) -> Void
    ) throws(CatalogueError) {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw failure("The run history cannot be read")
        }
        defer { sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            switch value {
            case .text(let text):
                sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), sw_sqlite_transient())
            case .number(let number): sqlite3_bind_int64(statement, place, number)
            case .null: sqlite3_bind_null(statement, place)
            }
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: visit(SQLiteRow(statement: statement))
            case SQLITE_DONE: return
            default: throw failure("The run history cannot be read or written")
            }
        }
    }
}
