// SPDX-License-Identifier: Apache-2.0
internal import CRocksDB
internal import Diagnostics

/// RocksDB's settings.
///
/// Measured with 25 million records (LZ4, level compaction with dynamic bytes, Bloom filters of 10 bits, two background
/// jobs): arrival stays flat in any order. The memory budget is split: half is one block cache for every column, index
/// and filter blocks included, half the write buffers of all columns together.
/// Limits: RocksDB 7.8's C interface cannot charge the write buffers to the cache, so each half has its own limit.
final class RocksOptions {
    let database: OpaquePointer
    let columns: [OpaquePointer]
    private let cache: OpaquePointer
    private let tables: [OpaquePointer]

    init(memory: ByteCount) {
        let half = max(4 << 20, memory.bytes / 2)
        cache = rocksdb_cache_create_lru(half)
        database = rocksdb_options_create()
        rocksdb_options_set_create_if_missing(database, 1)
        rocksdb_options_set_create_missing_column_families(database, 1)
        rocksdb_options_set_paranoid_checks(database, 1)
        rocksdb_options_set_max_background_jobs(database, 2)
        rocksdb_options_set_db_write_buffer_size(database, half)
        rocksdb_options_set_max_total_wal_size(database, UInt64(2 * half))
        rocksdb_options_set_max_open_files(database, 512)
        rocksdb_options_set_keep_log_file_num(database, 2)
        rocksdb_options_set_info_log_level(database, 2)
        rocksdb_options_set_stats_dump_period_sec(database, 0)
        rocksdb_options_set_bytes_per_sync(database, 1 << 20)
        var columns: [OpaquePointer] = []
        var tables: [OpaquePointer] = []
        for column in StoreColumn.allCases {
            let (options, table) = RocksOptions.column(column, cache: cache, buffer: half / 2)
            columns.append(options)
            tables.append(table)
        }
        self.columns = columns
        self.tables = tables
    }

    private static func column(
        _ column: StoreColumn, cache: OpaquePointer, buffer: Int
    ) -> (OpaquePointer, OpaquePointer) {
        let options: OpaquePointer = rocksdb_options_create()
        let table: OpaquePointer = rocksdb_block_based_options_create()
        rocksdb_block_based_options_set_block_cache(table, cache)
        rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(10))
        rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1)
        rocksdb_block_based_options_set_cache_index_and_filter_blocks_with_high_priority(table, 1)
        rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1)
        rocksdb_block_based_options_set_format_version(table, 5)
        rocksdb_options_set_block_based_table_factory(options, table)
        rocksdb_options_set_compression(options, Int32(rocksdb_lz4_compression))
        rocksdb_options_set_level_compaction_dynamic_level_bytes(options, 1)
        rocksdb_options_set_write_buffer_size(options, buffer)
        rocksdb_options_set_max_write_buffer_number(options, 2)
        if let prefix = column.prefix {
            rocksdb_options_set_prefix_extractor(options, rocksdb_slicetransform_create_fixed_prefix(prefix))
            rocksdb_options_set_memtable_prefix_bloom_size_ratio(options, 0.05)
        }
        if column == .ids {
            // Most ids of a first load are new: the filter says so without a walk through the memtable.
            rocksdb_options_set_memtable_whole_key_filtering(options, 1)
            rocksdb_options_set_memtable_prefix_bloom_size_ratio(options, 0.05)
        }
        return (options, table)
    }

    func destroy() {
        rocksdb_options_destroy(database)
        for options in columns { rocksdb_options_destroy(options) }
        for table in tables { rocksdb_block_based_options_destroy(table) }
        rocksdb_cache_destroy(cache)
    }
}
