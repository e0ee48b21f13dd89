// SPDX-License-Identifier: Apache-2.0

/// Passes over one record that is larger than the limit, without keeping more than its start.
struct JSONSkip {
    /// How much of such a record is kept for the quarantine.
    static let kept = 64 << 10

    let position: DocumentPosition
    let ordinal: Int
    let alone: Bool
    private(set) var start: [UInt8] = []
    private(set) var done = false
    private(set) var broken = false
    private(set) var isNumber = false
    private var brackets: [UInt8] = []
    private var inString = false
    private var escaped = false
    private var begun = false

    init(position: DocumentPosition, ordinal: Int, alone: Bool) {
        self.position = position
        self.ordinal = ordinal
        self.alone = alone
    }

    /// Passes over bytes from `from`; returns the index after the last one that belongs to the record.
    mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int {
        var at = from
        while at < bytes.count, !done, !broken {
            let byte = bytes[at]
            if isNumber, !JSONText.isNumberByte(byte) {
                done = true
                break
            }
            step(byte)
            at += 1
        }
        let room = JSONSkip.kept - start.count
        if room > 0 { start.append(contentsOf: bytes[from..<min(at, from + room)]) }
        return at
    }

    private mutating func step(_ byte: UInt8) {
        if inString {
            if escaped {
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else if byte == 0x22 {
                inString = false
                done = brackets.isEmpty
            }
            return
        }
        switch byte {
        case 0x22: inString = true
        case 0x7B, 0x5B:
            brackets.append(byte + 2)
            broken = brackets.count > JSONTreeParser.hardDepth
        case 0x7D, 0x5D:
            broken = brackets.popLast() != byte
            done = brackets.isEmpty
        default: isNumber = !begun
        }
        begun = true
    }
}
