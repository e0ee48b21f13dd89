// SPDX-License-Identifier: Apache-2.0

/// The keys of the objects that are open, to find one that stands twice.
///
/// Cost: small objects compare fingerprints in a row; an object of more than 32 keys is checked once, when it closes,
/// through a seeded hash set, so that no choice of keys makes it slow.
struct KeySet {
    private var fingerprints: [UInt64] = []
    private var extents: [Extent] = []
    private var escapes: [Bool] = []
    private static let few = 32

    var count: Int { fingerprints.count }

    mutating func removeAll() { drop(to: 0) }

    mutating func drop(to base: Int) {
        let surplus = fingerprints.count - base
        guard surplus > 0 else { return }
        fingerprints.removeLast(surplus)
        extents.removeLast(surplus)
        escapes.removeLast(surplus)
    }

    /// Adds a key of the object whose keys start at `from`; false when it is there already (small objects only).
    mutating func insert(
        _ key: Extent, escaped: Bool, from: Int, _ base: UnsafePointer<UInt8>, _ origin: Int
    ) -> Bool {
        let print =
            escaped
            ? JSONText.unescaped(slice(key, base, origin)).withUnsafeBufferPointer { fingerprint($0) }
            : fingerprint(UnsafeBufferPointer(start: base + origin + Int(key.start), count: key.range.count))
        if fingerprints.count - from < KeySet.few {
            for index in from..<fingerprints.count where fingerprints[index] == print {
                if plain(extents[index], escapes[index], base, origin) == plain(key, escaped, base, origin) {
                    return false
                }
            }
        }
        fingerprints.append(print)
        extents.append(key)
        escapes.append(escaped)
        return true
    }

    /// The first key that stands twice in the large object whose keys start at `from`.
    func doubled(from: Int, _ base: UnsafePointer<UInt8>, _ origin: Int) -> Extent? {
        guard fingerprints.count - from > KeySet.few else { return nil }
        var seen = Set<[UInt8]>(minimumCapacity: fingerprints.count - from)
        for index in from..<fingerprints.count
        where !seen.insert(plain(extents[index], escapes[index], base, origin)).inserted {
            return extents[index]
        }
        return nil
    }

    private func slice(_ key: Extent, _ base: UnsafePointer<UInt8>, _ origin: Int) -> ArraySlice<UInt8> {
        ArraySlice(UnsafeBufferPointer(start: base + origin + Int(key.start), count: key.range.count))
    }

    private func plain(_ key: Extent, _ escaped: Bool, _ base: UnsafePointer<UInt8>, _ origin: Int) -> [UInt8] {
        let bytes = slice(key, base, origin)
        return escaped ? JSONText.unescaped(bytes) : Array(bytes)
    }

    @inline(__always)
    private func fingerprint(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        guard let base = bytes.baseAddress else { return hash }
        var at = 0
        while bytes.count - at >= 8 {
            hash = (hash ^ Words.load(base, at)) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
            at += 8
        }
        var tail: UInt64 = 0
        while at < bytes.count {
            tail = tail << 8 | UInt64(base[at])
            at += 1
        }
        hash = (hash ^ tail) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 29
    }
}
