// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel

/// The one that writes: what it holds in memory mirrors the store and moves only after a write succeeded.
///
/// `@unchecked Sendable`: used on the writing thread only, which is one (`EmbeddedCatalogue` hands it nowhere else);
/// `open` and `close` run before that thread's first and after its last job.
final class StoreWriter: @unchecked Sendable {
    struct OpenRun {
        var start: RunStart
        var record: RunRecord
        var scope: UInt32
        var watermark = 0
        var rejectsWithoutKey = 0
        var asOf: Timestamp
        var seen: SeenSet?

        /// What survives a restart: enough to say that it was interrupted, and how far it came.
        var bytes: [UInt8] {
            var out = ByteWriter(reserving: 128)
            out.byte(1)
            out.number(UInt64(scope))
            out.count(watermark)
            out.run(record)
            return out.bytes
        }
    }

    let store: RocksStore
    let key: IndexKey
    let clock: any GatewayClock
    let history: RunHistory
    let hook: CatalogueFailPointHook?
    let quarantineLimit: ByteCount
    let seenRecords: Int
    let cache: NameCache
    let packer: RecordPacker
    var names = NameNumbers()
    var scopes: [UInt32: ScopeState] = [:]
    var scopeNames: [UInt32: CatalogueScope] = [:]
    var runs: [RunID: OpenRun] = [:]
    var totals = Totals()
    var leases: [SourceID: Lease] = [:]
    var lastLease: UInt64
    /// How many open rejects each record has; small, since the quarantine is bounded.
    var keyedRejects: [RecordID: Int] = [:]
    var sequence: UInt64
    var nextReject: Int64
    private let epoch: UInt64
    private var reservedRejects: Int64

    static let rejectBlock: Int64 = 1000

    init(
        store: RocksStore, key: IndexKey, clock: any GatewayClock, history: RunHistory, cache: NameCache,
        quarantineLimit: ByteCount, seenRecords: Int, hook: CatalogueFailPointHook?
    ) throws(CatalogueError) {
        self.store = store
        self.key = key
        self.clock = clock
        self.history = history
        self.cache = cache
        self.quarantineLimit = quarantineLimit
        self.seenRecords = seenRecords
        self.hook = hook
        let view = store.present()
        packer = try Self.packer(view)
        let counters = try Counters.read(view)
        epoch = counters.epoch + 1
        sequence = epoch << 40
        nextReject = counters.nextReject
        reservedRejects = counters.nextReject
        lastLease = epoch << 32
        try reserveRejects()
        try load(view)
        try interruptDangling()
    }

    /// Numbers that must never be given out twice, even when a power cut takes the last writes: change sequence numbers
    /// begin anew with each opening (a higher epoch), reject numbers are reserved a thousand at a time.
    struct Counters {
        var epoch: UInt64 = 0
        var nextReject: Int64 = 1

        static func read(_ view: RocksView) throws(CatalogueError) -> Counters {
            guard let bytes = try view.get(.meta, [MetaKey.sequence]) else { return Counters() }
            return try decoding("The counters") { () throws(MalformedBytes) in
                var reader = ByteReader(bytes)
                return Counters(epoch: try reader.fixed64(), nextReject: Int64(bitPattern: try reader.fixed64()))
            }
        }

        var bytes: [UInt8] {
            var out = ByteWriter()
            out.fixed(epoch)
            out.fixed(UInt64(bitPattern: nextReject))
            return out.bytes
        }
    }

    private func reserveRejects() throws(CatalogueError) {
        reservedRejects = nextReject + Self.rejectBlock
        try writeCounters(nextReject: reservedRejects)
    }

    private func writeCounters(nextReject: Int64) throws(CatalogueError) {
        let batch = RocksBatch(store)
        batch.put(.meta, [MetaKey.sequence], Counters(epoch: epoch, nextReject: nextReject).bytes)
        try store.write(batch, sync: true, evenInReserve: true)
    }

    /// Makes sure that so many reject numbers may be given out.
    func needRejects(_ count: Int) throws(CatalogueError) {
        guard nextReject + Int64(count) > reservedRejects else { return }
        reservedRejects = nextReject + Int64(count) + Self.rejectBlock
        try writeCounters(nextReject: reservedRejects)
    }

    /// The last act before closing: gives back the reject numbers that were reserved and not used.
    func settle() throws(CatalogueError) { try writeCounters(nextReject: nextReject) }

    /// A packer with the newest dictionary of the store.
    private static func packer(_ view: RocksView) throws(CatalogueError) -> RecordPacker {
        var newest: PackingDictionary?
        try view.scan(.meta, prefix: [MetaKey.dictionary]) { (key, value) throws(CatalogueError) in
            let number = try decoding("The number of a dictionary") { () throws(MalformedBytes) in
                var reader = ByteReader(key, from: 1)
                return try reader.fixed32()
            }
            newest = PackingDictionary(number: number, bytes: value())
            return true
        }
        guard let packer = RecordPacker(newest) else { throw StoreFailure.corrupt("There is no memory to pack with") }
        return packer
    }

    /// Trains a dictionary once enough records were seen; durable before the first record needs it.
    func trainWhenReady() throws(CatalogueError) {
        guard packer.wantsTraining, let dictionary = packer.trained() else { return }
        let batch = RocksBatch(store)
        batch.put(.meta, MetaKey.dictionary(dictionary.number), dictionary.bytes)
        try store.write(batch, sync: true)
        packer.use(dictionary)
    }

    private func load(_ view: RocksView) throws(CatalogueError) {
        if let bytes = try view.get(.meta, [MetaKey.totals]) {
            totals = try decoding("The totals") { () throws(MalformedBytes) in try Totals(bytes) }
        }
        try view.scan(.meta, prefix: [MetaKey.number]) { (name, value) throws(CatalogueError) in
            let number = value()
            try decoding("The number of a name") { () throws(MalformedBytes) in
                guard name.count >= 2, let kind = NameKind(rawValue: name[1]) else { throw MalformedBytes() }
                var reader = ByteReader(number)
                let known = Name(kind: kind, bytes: Array(name.dropFirst(2)))
                let number = try reader.fixed32()
                names.load(known, number)
                if kind == .scope { scopeNames[number] = try known.readScope() }
            }
            return true
        }
        try view.scan(.meta, prefix: [MetaKey.scope]) { (key, value) throws(CatalogueError) in
            let bytes = value()
            try decoding("The state of an interface") { () throws(MalformedBytes) in
                var reader = ByteReader(key, from: 1)
                scopes[try reader.fixed32()] = try ScopeState(bytes)
            }
            return true
        }
        try view.scan(.quarantine, prefix: [RejectKey.record]) { (key, _) throws(CatalogueError) in
            keyedRejects[RecordID(key.dropFirst().prefix(16)), default: 0] += 1
            return true
        }
    }

    /// Runs whose process ended in the middle are told apart from those that still go.
    private func interruptDangling() throws(CatalogueError) {
        var open: [(UInt32, RunRecord)] = []
        try store.present().scan(.meta, prefix: [MetaKey.run]) { (_, value) throws(CatalogueError) in
            let bytes = value()
            try decoding("An open run") { () throws(MalformedBytes) in
                var reader = ByteReader(bytes)
                guard try reader.byte() == 1 else { throw MalformedBytes() }
                let scope = try reader.number32()
                _ = try reader.count()
                open.append((scope, try reader.run()))
            }
            return true
        }
        let batch = RocksBatch(store)
        for (scope, run) in open { interrupt(run, scope, in: batch) }
        if !open.isEmpty { try store.write(batch, evenInReserve: true) }
        history.keep(scopes.values.compactMap(\.lastRun))
    }

    /// Marks a run as ended by the end of its process, or by another run that took its place.
    func interrupt(_ run: RunRecord, _ scope: UInt32, in batch: RocksBatch) {
        var run = run
        run.outcome = .interrupted
        run.finishedAt = clock.now
        batch.delete(.meta, Self.runKey(run.id))
        if scopes[scope]?.lastRun?.id == run.id { scopes[scope]?.lastRun = run }
        if let state = scopes[scope] { batch.put(.meta, MetaKey.scope(scope), state.bytes) }
        history.keep([run])
    }

    static func runKey(_ id: RunID) -> [UInt8] { [MetaKey.run] + Array(id.rawValue.utf8) }

    func at(_ point: CatalogueFailPoint) throws(CatalogueError) { try hook?(point) }
}
