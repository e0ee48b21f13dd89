// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A file without a name: bytes that are kept aside and gone with whoever holds them.
final class Spool: Sendable {
    private let descriptor: Int32

    /// Makes it in a folder, which is made too when it is missing; blocking, nil when that fails.
    init?(below folder: String) {
        _ = mkdir(folder, 0o700)
        var template = Array("\(folder)/body-XXXXXX".utf8CString)
        let opened = mkstemp(&template)
        guard opened >= 0 else { return nil }
        descriptor = opened
        _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
        template.withUnsafeBufferPointer { name in
            if let start = name.baseAddress { _ = unlink(start) }
        }
    }

    deinit { close(descriptor) }

    /// Adds bytes at the end; blocking, false when there is no room.
    func append(_ bytes: [UInt8]) -> Bool { DurableFile.writeAll(bytes, to: descriptor) == nil }

    /// Up to `count` bytes from `offset`; empty at the end, nil when reading fails; blocking.
    func read(at offset: Int, _ count: Int) -> [UInt8]? {
        var out = [UInt8](repeating: 0, count: count)
        while true {
            let got = pread(descriptor, &out, count, off_t(offset))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return nil }
            out.removeLast(count - got)
            return out
        }
    }
}
