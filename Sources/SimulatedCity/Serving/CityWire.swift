// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The bytes of one connection: plain, or behind TLS.
///
/// One thread at a time uses it. `receive` and `send` wait, 30 s at most, and give 0 or less when nothing more comes.
protocol CityWire: Sendable {
    func receive(_ buffer: inout [UInt8]) -> Int
    func send(_ bytes: UnsafeRawBufferPointer) -> Int
    /// True when bytes are there that `poll` does not see.
    var holdsBytes: Bool { get }
}

/// A socket as it is.
struct PlainWire: CityWire {
    let socket: Int32
    var holdsBytes: Bool { false }

    func receive(_ buffer: inout [UInt8]) -> Int { recv(socket, &buffer, buffer.count, 0) }

    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

extension CityWire {
    /// True when all of it has left.
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
