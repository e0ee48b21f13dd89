// SPDX-License-Identifier: Apache-2.0

/// Cuts what comes in pieces into lines, bounded.
struct TapLines {
    private var bytes: [UInt8] = []
    private var searched = 0
    private let most: Int

    init(most: Int) { self.most = most }

    /// True when the line that is still open is longer than allowed.
    var isTooLong: Bool { bytes.count > most }

    /// The start of a line without its end.
    var rest: [UInt8] { bytes }

    /// Takes a piece and gives the whole lines, without their ends and without blank ones.
    mutating func take(_ piece: [UInt8]) -> [[UInt8]] {
        bytes += piece
        var lines: [[UInt8]] = []
        var start = 0
        while let end = bytes[max(searched, start)...].firstIndex(of: 0x0A) {
            let line = Array(bytes[start..<end])
            if line.contains(where: { $0 > 0x20 }) { lines.append(line) }
            start = end + 1
            searched = start
        }
        bytes.removeSubrange(0..<start)
        searched = bytes.count
        return lines
    }
}
