// SPDX-License-Identifier: Apache-2.0

/// The records a full pull has shown, so that the absent ones can be told at its end.
///
/// Only whole, not resumed pulls keep one. Eight bytes a record, sorted once; two records that share eight bytes only
/// make one of them look present, which withdraws too little and never too much. A marker per record in the store was
/// the alternative: it writes 20 bytes per record and pull that changes nothing.
/// Limit: `most` records; beyond it the set says that it overflowed and the pull withdraws nothing by absence.
struct SeenSet: Sendable {
    static let most = 32 << 20

    private let most: Int
    private var hashes: [UInt64] = []
    private var sorted = true
    private(set) var overflowed = false

    init(most: Int = SeenSet.most) { self.most = most }

    mutating func insert(_ id: RecordID) {
        guard !overflowed else { return }
        guard hashes.count < most else {
            overflowed = true
            hashes = []
            return
        }
        hashes.append(id.high)
        sorted = false
    }

    mutating func settle() {
        guard !sorted else { return }
        hashes.sort()
        sorted = true
    }

    /// True when the record was shown; `settle` first.
    func contains(_ id: RecordID) -> Bool {
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < id.high { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == id.high
    }
}
