// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import LicenceModel
internal import Synchronization

/// What one pull has seen: pages, tokens and the records' keys.
///
/// Shared by the places of one pull, never by two pulls.
final class PullMemory: Sendable {
    private struct State {
        var pages: Set<[UInt8]> = []
        var tokens: Set<String> = []
        var records = SeenRecords()
    }
    private let state = Mutex(State())

    /// False when this page was seen before.
    func isNew(page digest: [UInt8]) -> Bool { state.withLock { $0.pages.insert(digest).inserted } }

    /// False when this token or link was seen before.
    func isNew(token: String) -> Bool { state.withLock { $0.tokens.insert(token).inserted } }

    /// Whether a record with this key was seen, and with which content.
    func look(at key: SourceRecordKey, digest: Digest256) -> SeenRecords.Finding {
        state.withLock { $0.records.look(at: key, digest: digest) }
    }

    /// True when a record with this key was received.
    func holds(_ key: SourceRecordKey) -> Bool { state.withLock { $0.records.holds(key) } }

    /// True when the first keys had to be forgotten.
    var hasForgotten: Bool { state.withLock { $0.records.forgets } }

    /// True once, when the first keys had to be forgotten.
    func tellsForgetting() -> Bool { state.withLock { $0.records.tellsForgetting() } }

    /// Takes the memory for one generation at once, so that a long answer does not make it grow.
    func reserve() { state.withLock { $0.records.reserve() } }

    /// Pages and tokens begin anew, the records stay: for the next window, or the list beside the records.
    func beginPages() {
        state.withLock { state in
            state.pages = []
            state.tokens = []
        }
    }
}

/// The keys of the records a pull received with a print of their content, in two generations.
///
/// Limits: the last 1,048,576 keys at least are remembered, twice as many at most in about 70 MB; older ones are forgotten, and that is
/// told. Two keys with one 64-bit hash are taken for one: about one in ten million pulls of a million records.
struct SeenRecords {
    enum Finding: Sendable, Hashable { case new, same, differs }

    /// How many keys one generation holds; tests take small ones.
    @TaskLocal static var generation = 1 << 20

    private var now: [UInt64: UInt64] = [:]
    private var before: [UInt64: UInt64] = [:]
    private(set) var forgets = false
    private var told = false
    private let most: Int

    init(generation: Int = SeenRecords.generation) { most = generation }

    mutating func look(at key: SourceRecordKey, digest: Digest256) -> Finding {
        let hash = Self.hash(key)
        let print = digest.half.high
        if let known = now[hash] ?? before[hash] { return known == print ? .same : .differs }
        if now.count >= most {
            forgets = forgets || !before.isEmpty
            before = now
            now = [:]
            now.reserveCapacity(most)
        }
        now[hash] = print
        return .new
    }

    mutating func reserve() { now.reserveCapacity(most) }

    func holds(_ key: SourceRecordKey) -> Bool {
        let hash = Self.hash(key)
        return now[hash] != nil || before[hash] != nil
    }

    mutating func tellsForgetting() -> Bool {
        guard forgets, !told else { return false }
        told = true
        return true
    }

    private static func hash(_ key: SourceRecordKey) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(key.parts)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
