// SPDX-License-Identifier: Apache-2.0
internal import CZstd
internal import CatalogueContract
internal import Glibc
internal import Synchronization

/// What records have in common, so that each is stored without it: one of the numbered dictionaries of a store.
///
/// `@unchecked Sendable`: both digested forms are read-only after `init` (zstd's own contract for `ZSTD_CDict` and
/// `ZSTD_DDict`), and freed once, when nobody holds the object.
final class PackingDictionary: @unchecked Sendable {
    let number: UInt32
    let bytes: [UInt8]
    fileprivate let packing: OpaquePointer
    fileprivate let unpacking: OpaquePointer

    /// Level 1: a third of the time of level 3 for two per cent more bytes (storage measurements of the project).
    private static let level: Int32 = 1
    static let bytesMax = 64 << 10
    /// The first bytes of every frame of zstd, which are left out in the store.
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    /// The largest record that may come out; larger ones are stored plain.
    static let plainMax = 8 << 20

    init?(number: UInt32, bytes: [UInt8]) {
        guard let packing = ZSTD_createCDict(bytes, bytes.count, Self.level) else { return nil }
        guard let unpacking = ZSTD_createDDict(bytes, bytes.count) else {
            ZSTD_freeCDict(packing)
            return nil
        }
        (self.number, self.bytes, self.packing, self.unpacking) = (number, bytes, packing, unpacking)
    }

    deinit {
        ZSTD_freeCDict(packing)
        ZSTD_freeDDict(unpacking)
    }

    /// Makes a dictionary from samples, or nil when they have too little in common.
    ///
    /// Cost: about a second.
    static func train(number: UInt32, samples: [UInt8], sizes: [Int]) -> PackingDictionary? {
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = ZDICT_trainFromBuffer(&bytes, bytes.count, samples, sizes, UInt32(sizes.count))
        guard ZDICT_isError(count) == 0, count > 0 else { return nil }
        return PackingDictionary(number: number, bytes: Array(bytes.prefix(count)))
    }
}

/// Packs rows for the writing thread, which is one.
final class RecordPacker {
    private let context: OpaquePointer
    private(set) var dictionary: PackingDictionary?
    private var samples: [UInt8] = []
    private var sizes: [Int] = []
    private var packedBytes = 0
    private var plainBytes = 0
    /// What the dictionary reached when it was new, in packed bytes for a hundred plain ones.
    private var firstShare: Int?
    private var seen = 0
    private var room: [UInt8] = []

    /// Samples that a dictionary is made of, and their bytes at most.
    static let samplesNeeded = 8_000
    private static let sampleBytesMax = 6 << 20
    /// Records between two looks at how well the dictionary still fits.
    private static let judgedEvery = 100_000

    init?(_ dictionary: PackingDictionary?) {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        self.dictionary = dictionary
        ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0)
        if let dictionary { ZSTD_CCtx_refCDict(context, dictionary.packing) }
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Whether there are samples enough for a dictionary that is missing or no longer fits.
    var wantsTraining: Bool { sizes.count >= Self.samplesNeeded || samples.count >= Self.sampleBytesMax }

    /// A new dictionary from what was seen, for the caller to make durable before it is taken into use.
    func trained() -> PackingDictionary? {
        defer {
            samples = []
            sizes = []
        }
        return .train(number: (dictionary?.number ?? 0) + 1, samples: samples, sizes: sizes)
    }

    func use(_ dictionary: PackingDictionary) {
        self.dictionary = dictionary
        ZSTD_CCtx_refCDict(context, dictionary.packing)
        (packedBytes, plainBytes, seen, firstShare) = (0, 0, 0, nil)
    }

    /// Hands over the row as it is stored: packed when there is a dictionary and it helps.
    ///
    /// The bytes are good until the next call: a page's rows are packed in one room.
    func pack(_ plain: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let dictionary, plain.count <= PackingDictionary.plainMax else {
            sample(plain)
            return plain.withUnsafeBytes(body)
        }
        var head = ByteWriter(reserving: 8)
        head.byte(RecordCodec.packed)
        head.number(UInt64(dictionary.number))
        // The frame goes four bytes before its place, so that the head overwrites its magic number.
        let magic = PackingDictionary.magic.count
        let start = max(head.bytes.count - magic, 0)
        let bound = ZSTD_compressBound(plain.count)
        if room.count < start + bound { room = [UInt8](repeating: 0, count: start + bound) }
        let count = room.withUnsafeMutableBytes { room -> Int in
            guard let base = room.baseAddress else { return 0 }
            let size = ZSTD_compress2(context, base + start, room.count - start, plain, plain.count)
            guard ZSTD_isError(size) == 0, size > magic else { return 0 }
            let length = size - magic
            memmove(base + head.bytes.count, base + start + magic, length)
            room.copyBytes(from: head.bytes)
            return head.bytes.count + length
        }
        judge(plain, count)
        guard count > 0, count < plain.count else { return plain.withUnsafeBytes(body) }
        room.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        // One huge record must not keep its room for the life of the process.
        if room.count > 1 << 20 { room = [] }
    }

    private func judge(_ plain: [UInt8], _ packed: Int) {
        seen += 1
        plainBytes += plain.count
        packedBytes += packed
        if let firstShare, plainBytes > 0, seen % Self.judgedEvery > Self.judgedEvery / 2,
            packedBytes * 100 / plainBytes > firstShare * 5 / 4, (dictionary?.number ?? 0) < 200
        {
            sample(plain)
        }
        guard seen % Self.judgedEvery == 0 else { return }
        if firstShare == nil { firstShare = packedBytes * 100 / max(plainBytes, 1) }
        (packedBytes, plainBytes) = (0, 0)
    }

    private func sample(_ plain: [UInt8]) {
        guard plain.count <= 16 << 10, !wantsTraining else { return }
        samples += plain
        sizes.append(plain.count)
    }
}

/// Unpacks rows for any number of reading threads.
final class RecordUnpacker: Sendable {
    /// A context of zstd; of one thread between `borrow` and `giveBack`.
    private struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let dictionaries: Mutex<[UInt32: PackingDictionary]>
    private let idle = Mutex<[Context]>([])

    init(_ known: [PackingDictionary] = []) {
        dictionaries = Mutex(Dictionary(known.map { ($0.number, $0) }) { $1 })
    }

    deinit { idle.withLock { for context in $0 { ZSTD_freeDCtx(context.pointer) } } }

    func unpack(_ row: [UInt8], _ view: RocksView?) throws(CatalogueError) -> [UInt8] {
        var reader = ByteReader(row, from: 1)
        let number = try decoding("A packed record") { () throws(MalformedBytes) in try reader.number32() }
        let dictionary = try dictionary(number, view)
        let frame = PackingDictionary.magic + row[reader.offset...]
        let size = ZSTD_getFrameContentSize(frame, frame.count)
        guard size > 0, size <= UInt64(PackingDictionary.plainMax), let context = borrow() else {
            throw StoreFailure.corrupt("A packed record does not say how large it is")
        }
        defer { giveBack(context) }
        let plain = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            let written = ZSTD_decompress_usingDDict(
                context.pointer, buffer.baseAddress, buffer.count, frame, frame.count, dictionary.unpacking)
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard plain.count == Int(size) else { throw StoreFailure.corrupt("A packed record cannot be unpacked") }
        return plain
    }

    private func dictionary(_ number: UInt32, _ view: RocksView?) throws(CatalogueError) -> PackingDictionary {
        if let known = dictionaries.withLock({ $0[number] }) { return known }
        guard let bytes = try view?.get(.meta, MetaKey.dictionary(number)),
            let read = PackingDictionary(number: number, bytes: bytes)
        else { throw StoreFailure.corrupt("A record is packed with a dictionary that is not in the store") }
        dictionaries.withLock { $0[number] = read }
        return read
    }

    private func borrow() -> Context? {
        if let known = idle.withLock({ $0.popLast() }) { return known }
        return ZSTD_createDCtx().map { Context(pointer: $0) }
    }

    private func giveBack(_ context: Context) { idle.withLock { $0.append(context) } }
}
