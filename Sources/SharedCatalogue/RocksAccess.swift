// SPDX-License-Identifier: Apache-2.0
internal import CRocksDB
internal import CatalogueContract

/// A set of writes that happen together or not at all.
final class RocksBatch {
    let pointer: OpaquePointer = rocksdb_writebatch_create()
    private let store: RocksStore

    init(_ store: RocksStore) { self.store = store }
    deinit { rocksdb_writebatch_destroy(pointer) }

    func put(_ column: StoreColumn, _ key: [UInt8], _ value: [UInt8]) {
        key.withChars { keyBytes, keyCount in
            value.withChars { bytes, count in
                rocksdb_writebatch_put_cf(pointer, store.handle(column), keyBytes, keyCount, bytes, count)
            }
        }
    }

    /// The same from memory of the caller's, which is copied.
    func put(_ column: StoreColumn, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        key.withChars { keyBytes, keyCount in
            value.withChars { bytes, count in
                rocksdb_writebatch_put_cf(pointer, store.handle(column), keyBytes, keyCount, bytes, count)
            }
        }
    }

    func delete(_ column: StoreColumn, _ key: [UInt8]) {
        key.withChars { bytes, count in rocksdb_writebatch_delete_cf(pointer, store.handle(column), bytes, count) }
    }

    /// Deletes the keys from `first` up to, and without, `end`.
    func deleteRange(_ column: StoreColumn, _ first: [UInt8], _ end: [UInt8]) {
        first.withChars { from, fromCount in
            end.withChars { to, toCount in
                rocksdb_writebatch_delete_range_cf(pointer, store.handle(column), from, fromCount, to, toCount)
            }
        }
    }
}

/// A moment of the store, read consistently; of one thread.
final class RocksView {
    let store: RocksStore
    private let options: OpaquePointer = rocksdb_readoptions_create()
    private let snapshot: OpaquePointer?

    init(_ store: RocksStore, snapshot: Bool) {
        self.store = store
        self.snapshot = snapshot ? rocksdb_create_snapshot(store.database) : nil
        if let held = self.snapshot { rocksdb_readoptions_set_snapshot(options, held) }
    }

    deinit {
        rocksdb_readoptions_destroy(options)
        if let snapshot { rocksdb_release_snapshot(store.database, snapshot) }
    }

    func get(_ column: StoreColumn, _ key: [UInt8]) throws(CatalogueError) -> [UInt8]? {
        var failure: UnsafeMutablePointer<CChar>?
        let slice = key.withChars { bytes, count in
            rocksdb_get_pinned_cf(store.database, options, store.handle(column), bytes, count, &failure)
        }
        if failure != nil { throw RocksFailure.error(failure, "The store could not be read") }
        guard let slice else { return nil }
        defer { rocksdb_pinnableslice_destroy(slice) }
        var count = 0
        let bytes = rocksdb_pinnableslice_value(slice, &count)
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// The values of many keys of one length, asked for at once; `each` is called in the order of the keys.
    ///
    /// A page's ids in one call share what finding them costs: one look into each table's filter for all.
    func each(
        _ column: StoreColumn, _ keys: [UInt8], of size: Int,
        _ body: (Int, UnsafeRawBufferPointer?) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        let count = keys.count / size
        guard count > 0 else { return }
        let sizes = [Int](repeating: size, count: count)
        var values = [OpaquePointer?](repeating: nil, count: count)
        var failures = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        keys.withChars { base, _ in
            let names: [UnsafePointer<CChar>?] = (0..<count).map { base + $0 * size }
            rocksdb_batched_multi_get_cf(
                store.database, options, store.handle(column), count, names, sizes, &values, &failures, false)
        }
        defer { for case let value? in values { rocksdb_pinnableslice_destroy(value) } }
        if let failure = failures.first(where: { $0 != nil }) {
            for case let other? in failures where other != failure { rocksdb_free(other) }
            throw RocksFailure.error(failure ?? nil, "The store could not be read")
        }
        for (index, value) in values.enumerated() {
            guard let value else {
                try body(index, nil)
                continue
            }
            var length = 0
            let bytes = rocksdb_pinnableslice_value(value, &length)
            try body(index, UnsafeRawBufferPointer(start: bytes, count: length))
        }
    }

    /// Visits the keys that begin with `prefix`, from `start` on, until `visit` returns false.
    ///
    /// The whole prefix of a column with one is known to the caller, so that Bloom filters apply.
    func scan(
        _ column: StoreColumn, prefix: [UInt8], from start: [UInt8]? = nil,
        _ visit: (_ key: [UInt8], _ value: () -> [UInt8]) throws(CatalogueError) -> Bool
    ) throws(CatalogueError) {
        let scanOptions: OpaquePointer = rocksdb_readoptions_create()
        defer { rocksdb_readoptions_destroy(scanOptions) }
        if let snapshot { rocksdb_readoptions_set_snapshot(scanOptions, snapshot) }
        let filtered = column.prefix.map { prefix.count >= $0 } ?? false
        if filtered {
            rocksdb_readoptions_set_prefix_same_as_start(scanOptions, 1)
        } else {
            rocksdb_readoptions_set_total_order_seek(scanOptions, 1)
        }
        if prefix.isEmpty { rocksdb_readoptions_set_fill_cache(scanOptions, 0) }
        let iterator: OpaquePointer = rocksdb_create_iterator_cf(store.database, scanOptions, store.handle(column))
        defer { rocksdb_iter_destroy(iterator) }
        (start ?? prefix).withChars { bytes, count in rocksdb_iter_seek(iterator, bytes, count) }
        while rocksdb_iter_valid(iterator) != 0 {
            var count = 0
            let key = Array(UnsafeRawBufferPointer(start: rocksdb_iter_key(iterator, &count), count: count))
            guard key.starts(with: prefix) else { break }
            let value: () -> [UInt8] = {
                var size = 0
                let bytes = rocksdb_iter_value(iterator, &size)
                return Array(UnsafeRawBufferPointer(start: bytes, count: size))
            }
            guard try visit(key, value) else { return }
            rocksdb_iter_next(iterator)
        }
        var failure: UnsafeMutablePointer<CChar>?
        rocksdb_iter_get_error(iterator, &failure)
        if failure != nil { throw RocksFailure.error(failure, "The store could not be read") }
    }
}

extension [UInt8] {
    /// The bytes as C wants them; an empty array still has a valid address.
    func withChars<T>(_ body: (UnsafePointer<CChar>, Int) -> T) -> T {
        withUnsafeBytes { raw in
            guard let base = raw.baseAddress else {
                var nothing: CChar = 0
                return body(&nothing, 0)
            }
            return body(base.assumingMemoryBound(to: CChar.self), raw.count)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes as C wants them; no bytes still have a valid address.
    func withChars<T>(_ body: (UnsafePointer<CChar>, Int) -> T) -> T {
        guard let baseAddress else {
            var nothing: CChar = 0
            return body(&nothing, 0)
        }
        return body(baseAddress.assumingMemoryBound(to: CChar.self), count)
    }
}
