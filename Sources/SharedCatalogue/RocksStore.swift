// SPDX-License-Identifier: Apache-2.0
internal import CRocksDB
internal import CatalogueContract
internal import Diagnostics
internal import Glibc
internal import Synchronization

/// The column families, each with the keys that belong together.
enum StoreColumn: Int, CaseIterable {
    /// Format, names, states, open runs, staged tombstones.
    case meta
    /// Holder hash, type number, id: the records, clustered by holder; pointers for further holders.
    case rows
    /// Id: where the row is, and what tells an unchanged record.
    case ids
    /// Id and number: versions that are not current.
    case versions
    /// Hash of an identifier or of a number with its type, and the id.
    case lookups
    /// Scope and id: the current records of an interface and partition.
    case members
    /// Sequence number: the change feed.
    case changes
    /// Rejects and their indexes.
    case quarantine

    var name: String { self == .meta ? "default" : "\(self)" }

    /// The bytes of the key that a look-up knows, for Bloom filters.
    var prefix: Int? {
        switch self {
        case .rows: 8
        case .lookups: 9
        case .versions: 16
        default: nil
        }
    }
}

/// One RocksDB folder, opened to write or as a secondary beside the process that writes.
///
/// `@unchecked Sendable`: `rocksdb_t` and its column handles may be used from any thread (RocksDB's own contract), the
/// pointers never change after `init`, and `close` runs once, after every thread that could use them has ended.
final class RocksStore: @unchecked Sendable {
    enum Mode {
        case writer
        case secondary(folder: String)
    }

    let database: OpaquePointer
    private let columns: [OpaquePointer]
    private let options: RocksOptions
    private let writeOptions: OpaquePointer
    private let syncOptions: OpaquePointer
    private let isSecondary: Bool
    private let folder: String
    private let reserve: ByteCount
    /// The first write that failed; nothing is written after it until the folder is opened again.
    ///
    /// RocksDB 7.8 as Debian builds it has its assertions on, and one of them ends the process when the log is written
    /// after an error, by us or by RocksDB's own attempt to recover (rocksdb pull request 12448). Hence the reserve,
    /// which keeps the log from ever meeting a full disk; a process that is ended all the same loses no committed page.
    private let failed = Mutex<CatalogueError?>(nil)

    init(
        folder: String, mode: Mode, memory: ByteCount, reserve: ByteCount = ByteCount(0)
    ) throws(CatalogueError) {
        if case .secondary(let own) = mode { try RocksStore.checkWhole(folder, logs: own, memory: memory) }
        let options = RocksOptions(memory: memory)
        var names: [UnsafePointer<CChar>?] = StoreColumn.allCases.map { UnsafePointer(strdup($0.name)) }
        defer { for name in names { free(UnsafeMutablePointer(mutating: name)) } }
        var perColumn: [OpaquePointer?] = StoreColumn.allCases.map { options.columns[$0.rawValue] }
        var handles = [OpaquePointer?](repeating: nil, count: names.count)
        var failure: UnsafeMutablePointer<CChar>?
        let opened: OpaquePointer?
        switch mode {
        case .writer:
            opened = rocksdb_open_column_families(
                options.database, folder, Int32(names.count), &names, &perColumn, &handles, &failure)
            isSecondary = false
        case .secondary(let own):
            rocksdb_options_set_max_open_files(options.database, -1)
            opened = rocksdb_open_as_secondary_column_families(
                options.database, folder, own, Int32(names.count), &names, &perColumn, &handles, &failure)
            isSecondary = true
        }
        guard let opened, handles.allSatisfy({ $0 != nil }) else {
            options.destroy()
            throw RocksFailure.error(failure, "The records cannot be opened")
        }
        database = opened
        self.folder = folder
        self.reserve = reserve
        columns = handles.compactMap { $0 }
        self.options = options
        writeOptions = rocksdb_writeoptions_create()
        syncOptions = rocksdb_writeoptions_create()
        rocksdb_writeoptions_set_sync(syncOptions, 1)
    }

    /// Refuses a folder of which a file is damaged or missing, before a secondary is opened on it.
    ///
    /// A secondary says nothing then: it leaves out the version it cannot read and shows an older or empty column, and
    /// a record that is there would be answered "no record". A read-only opening reads every file's end and index and
    /// does fail; beside a writer a file may go between the list and its opening, so it is tried again.
    private static func checkWhole(_ folder: String, logs: String, memory: ByteCount) throws(CatalogueError) {
        var last: CatalogueError?
        for _ in 0..<8 {
            let options = RocksOptions(memory: memory)
            rocksdb_options_set_max_open_files(options.database, -1)
            rocksdb_options_set_paranoid_checks(options.database, 1)
            rocksdb_options_set_db_log_dir(options.database, logs)
            var names: [UnsafePointer<CChar>?] = StoreColumn.allCases.map { UnsafePointer(strdup($0.name)) }
            defer { for name in names { free(UnsafeMutablePointer(mutating: name)) } }
            var perColumn: [OpaquePointer?] = StoreColumn.allCases.map { options.columns[$0.rawValue] }
            var handles = [OpaquePointer?](repeating: nil, count: names.count)
            var failure: UnsafeMutablePointer<CChar>?
            let opened = rocksdb_open_for_read_only_column_families(
                options.database, folder, Int32(names.count), &names, &perColumn, &handles, 0, &failure)
            if let opened {
                for handle in handles { handle.map { rocksdb_column_family_handle_destroy($0) } }
                rocksdb_close(opened)
                options.destroy()
                return
            }
            options.destroy()
            last = RocksFailure.error(failure, "The records cannot be opened")
        }
        if let last { throw last }
    }

    func handle(_ column: StoreColumn) -> OpaquePointer { columns[column.rawValue] }

    /// Writes a batch as one; `sync` makes it survive a power cut before returning.
    ///
    /// `evenInReserve` is for the few bytes of opening and closing, so that a nearly full disk is still read from.
    func write(
        _ batch: RocksBatch, sync: Bool = false, evenInReserve: Bool = false
    ) throws(CatalogueError) {
        if !evenInReserve { try checkRoom() }
        if let failed = failed.withLock({ $0 }) { throw failed }
        var failure: UnsafeMutablePointer<CChar>?
        rocksdb_write(database, sync ? syncOptions : writeOptions, batch.pointer, &failure)
        if failure != nil { throw stop(RocksFailure.error(failure, "The store could not be written")) }
    }

    /// Refuses to write into the last of the disk, so that RocksDB itself never meets its end and writing goes on as
    /// soon as there is room.
    private func checkRoom() throws(CatalogueError) {
        guard reserve.bytes > 0 else { return }
        var room = statvfs()
        guard statvfs(folder, &room) == 0 else { return }
        let free = UInt64(room.f_bavail) * UInt64(room.f_frsize)
        guard free < UInt64(reserve.bytes) else { return }
        throw StoreFailure.error(
            "No space left but the reserve of \(reserve.words) that the store needs to tidy itself",
            "The store was not written")
    }

    private func stop(_ error: CatalogueError) -> CatalogueError {
        failed.withLock { $0 = $0 ?? error }
        return error
    }

    func syncLog() throws(CatalogueError) {
        if let failed = failed.withLock({ $0 }) { throw failed }
        var failure: UnsafeMutablePointer<CChar>?
        rocksdb_flush_wal(database, 1, &failure)
        if failure != nil { throw stop(RocksFailure.error(failure, "The store's log could not be made durable")) }
    }

    /// Takes over what the writing process has written meanwhile; secondaries only.
    func catchUp() throws(CatalogueError) {
        var failure: UnsafeMutablePointer<CChar>?
        rocksdb_try_catch_up_with_primary(database, &failure)
        if failure != nil { throw RocksFailure.error(failure, "The store could not be read up to its end") }
    }

    func bytes(of column: StoreColumn) -> Int {
        guard
            let text = rocksdb_property_value_cf(
                database, handle(column), "rocksdb.total-sst-files-size")
        else { return 0 }
        defer { rocksdb_free(text) }
        return Int(String(cString: text)) ?? 0
    }

    func view() -> RocksView { RocksView(self, snapshot: !isSecondary) }

    /// Reads what is newest, the caller's own writes included; for the thread that writes.
    func present() -> RocksView { RocksView(self, snapshot: false) }

    /// Closes the folder.
    ///
    /// After a failed write it only lets go of it, since closing writes the log (see `failed`): the folder can then be
    /// opened by the next process only, whole as it was before the failed write.
    func close() {
        guard failed.withLock({ $0 }) == nil else { return }
        for column in columns { rocksdb_column_family_handle_destroy(column) }
        rocksdb_close(database)
        rocksdb_writeoptions_destroy(writeOptions)
        rocksdb_writeoptions_destroy(syncOptions)
        options.destroy()
    }
}

/// Turns RocksDB's texts into our errors; frees them.
enum RocksFailure {
    static func error(_ failure: UnsafeMutablePointer<CChar>?, _ what: String) -> CatalogueError {
        var text = "no reason given"
        if let failure {
            text = String(decoding: UnsafeRawBufferPointer(start: failure, count: strlen(failure)), as: UTF8.self)
            rocksdb_free(failure)
        }
        return StoreFailure.error(text, what)
    }
}
