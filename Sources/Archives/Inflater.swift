// SPDX-License-Identifier: Apache-2.0
import CZlib

/// One deflate stream, through zlib.
///
/// Shape: not Sendable; zlib's state lies behind a pointer that never moves, as it points back to it.
final class Inflater {
    /// How the stream is wrapped.
    enum Wrapping: Int32 {
        case gzip = 31
        case zlib = 15
        case bare = -15
    }

    enum Outcome { case more, ended, corrupt, checksum, noMemory }

    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool

    init(_ wrapping: Wrapping) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        isReady = sw_inflate_init(stream, wrapping.rawValue) == Z_OK
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Unpacks into `room`; answers how much of either was used.
    func step(
        _ input: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>
    ) -> (used: Int, made: Int, outcome: Outcome) {
        guard isReady else { return (0, 0, .noMemory) }
        // zlib does not write to its input; the type is historical.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = uInt(input.count)
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = uInt(room.count)
        let result = inflate(stream, Z_NO_FLUSH)
        let used = input.count - Int(stream.pointee.avail_in)
        let made = room.count - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR: return (used, made, .more)
        case Z_STREAM_END: return (used, made, .ended)
        case Z_MEM_ERROR: return (used, made, .noMemory)
        default:
            // zlib compares checksum and length last and says so in these words.
            let words = stream.pointee.msg.map { String(cString: $0) } ?? ""
            return (used, made, words.hasSuffix("data check") || words.hasSuffix("length check") ? .checksum : .corrupt)
        }
    }
}

/// The checksum of gzip and zip.
struct Checksum {
    private var value = crc32(0, nil, 0)

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        value = crc32(value, base, uInt(bytes.count))
    }

    var sum: UInt32 { UInt32(truncatingIfNeeded: value) }
}
