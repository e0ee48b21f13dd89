// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import Glibc
internal import LicenceModel

/// Everything behind an open folder.
///
/// `@unchecked Sendable`: the fields are set once; `gate` is a POSIX lock made for many threads; `closed` is touched by
/// `close` alone, which runs after all threads have ended.
final class StoreCore: @unchecked Sendable {
    let options: EmbeddedOptions
    let store: RocksStore
    let key: IndexKey
    let names = NameCache()
    let history: RunHistory?
    /// Nil for readers.
    let writer: StoreWriter?
    private let lock: Int32?
    private let privateFolder: String?
    /// Readers of a secondary hold it shared, catching up holds it alone, so that no look-up sees two moments.
    private let gate: UnsafeMutablePointer<pthread_rwlock_t>
    private var closed = false

    init(_ options: EmbeddedOptions, clock: any GatewayClock) throws(CatalogueError) {
        self.options = options
        let opened = try options.mode == .writer ? OpenedFolder(writing: options) : OpenedFolder(reading: options)
        store = opened.store
        key = opened.key
        lock = opened.lock
        privateFolder = opened.privateFolder
        gate = .allocate(capacity: 1)
        pthread_rwlock_init(gate, nil)
        do throws(CatalogueError) {
            if options.mode == .writer {
                let history = try RunHistory(file: options.folder + "/history.sqlite", writing: true)
                self.history = history
                writer = try StoreWriter(
                    store: store, key: key, clock: clock, history: history, cache: names,
                    quarantineLimit: options.quarantineLimit, seenRecords: options.seenRecords, hook: options.failPoint)
            } else {
                // A history that cannot be read is answered from the store, which knows each interface's last run.
                history = try? RunHistory(file: options.folder + "/history.sqlite", writing: false)
                writer = nil
            }
        } catch {
            opened.close()
            throw error
        }
    }

    /// Reads at one moment; a secondary first takes over what was committed meanwhile.
    func read<T>(_ body: (StoreReader) throws(CatalogueError) -> T) throws(CatalogueError) -> T {
        try options.failPoint?(.read)
        if options.mode == .reader {
            pthread_rwlock_wrlock(gate)
            defer { pthread_rwlock_unlock(gate) }
            try store.catchUp()
        }
        pthread_rwlock_rdlock(gate)
        defer { pthread_rwlock_unlock(gate) }
        return try body(StoreReader(view: store.view(), key: key, names: names))
    }

    func close(settling: Bool) {
        guard !closed else { return }
        closed = true
        if settling, let writer {
            do throws(CatalogueError) { try writer.settle() } catch {
                // Reserved reject numbers are then skipped, which is all that settling avoids.
            }
        }
        history?.close()
        store.close()
        if let privateFolder { removeFolder(privateFolder) }
        if let lock { Glibc.close(lock) }
        pthread_rwlock_destroy(gate)
        gate.deallocate()
    }
}

/// A folder opened as far as the store and the key.
struct OpenedFolder {
    let store: RocksStore
    let key: IndexKey
    var lock: Int32?
    var privateFolder: String?

    init(writing options: EmbeddedOptions) throws(CatalogueError) {
        try StoreFolder.prepare(options.folder)
        let lock = try StoreFolder.lock(options.folder)
        var store: RocksStore?
        do throws(CatalogueError) {
            // An older format is read as it is; from now on rows may be written that an older program cannot read.
            if try StoreFolder.checkFormat(options.folder) != StoreFolder.format {
                try StoreFolder.writeFormat(options.folder)
            }
            let opened = try RocksStore(
                folder: options.folder + "/records", mode: .writer, memory: options.memory,
                reserve: options.reserve)
            store = opened
            key = try Self.key(options, opened)
            try Self.remember(key, in: opened)
            try StoreFolder.syncFolder(options.folder)
            self.store = opened
            self.lock = lock
        } catch {
            store?.close()
            Glibc.close(lock)
            throw error
        }
    }

    init(reading options: EmbeddedOptions) throws(CatalogueError) {
        umask(umask(0o077) | 0o077)
        guard try StoreFolder.checkFormat(options.folder) != nil, access(options.folder + "/records/CURRENT", F_OK) == 0
        else {
            throw CatalogueError(
                .absent, "There is no catalogue in this folder", place: Place(file: options.folder),
                remedy: "Run `licgate sync` or `licgate serve` once, or correct the path in the configuration.")
        }
        var template = Array("\(options.temporaryFolder)/licgate-reader-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StoreFailure.system("A private folder cannot be made", file: options.temporaryFolder)
        }
        let own = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var store: RocksStore?
        do throws(CatalogueError) {
            let opened = try RocksStore(
                folder: options.folder + "/records", mode: .secondary(folder: own), memory: options.memory)
            store = opened
            key = try Self.key(options, opened)
            self.store = opened
            privateFolder = own
        } catch {
            store?.close()
            removeFolder(own)
            throw error
        }
    }

    private static func key(_ options: EmbeddedOptions, _ store: RocksStore) throws(CatalogueError) -> IndexKey {
        let fingerprint = try store.present().get(.meta, [MetaKey.fingerprint])
        return try StoreFolder.indexKey(
            options.keyFile ?? options.folder + "/index.key", fingerprint: fingerprint,
            making: options.mode == .writer
        ) { IndexKey(secret: $0, hashBits: options.hashBits, idBits: options.idBits) }
    }

    private static func remember(_ key: IndexKey, in store: RocksStore) throws(CatalogueError) {
        guard try store.present().get(.meta, [MetaKey.fingerprint]) == nil else { return }
        let batch = RocksBatch(store)
        batch.put(.meta, [MetaKey.fingerprint], key.fingerprint)
        try store.write(batch, sync: true, evenInReserve: true)
    }

    func close() {
        store.close()
        if let privateFolder { removeFolder(privateFolder) }
        if let lock { Glibc.close(lock) }
    }
}

/// Removes a reader's private folder: RocksDB keeps only its own log there.
private func removeFolder(_ path: String) {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { unlink(path + "/" + name) }
    }
    closedir(folder)
    rmdir(path)
}
