// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc

/// The bytes of an answer too large for memory, in a file without a name that goes with its last holder.
///
/// Shape: reading and writing happen on a queue of their own, never on Swift's cooperative pool.
final class Spool: Sendable {
    private let lane = DispatchQueue(label: "licgate.spool")
    private let descriptor: Int32

    /// Makes an empty one in a folder; nil when there is no folder or it takes no file.
    init?(folder: String?) {
        guard let folder, !folder.isEmpty else { return nil }
        _ = mkdir(folder, 0o700)
        let name = "\(folder)/answer-\(UInt64.random(in: .min ... .max))"
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        unlink(name)
    }

    deinit { close(descriptor) }

    /// Writes at the end; false when the disk takes no more.
    func append(_ bytes: [UInt8]) async -> Bool {
        await withCheckedContinuation { continuation in
            lane.async { [descriptor] in
                let isWritten = bytes.withUnsafeBytes { buffer in
                    var at = 0
                    while at < buffer.count {
                        let written = write(descriptor, buffer.baseAddress.map { $0 + at }, buffer.count - at)
                        guard written > 0 || errno == EINTR else { return false }
                        at += max(written, 0)
                    }
                    return true
                }
                continuation.resume(returning: isWritten)
            }
        }
    }

    /// At most so many bytes from an offset; none at the end, nil when the disk gives none.
    func read(at offset: Int, most: Int) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            lane.async { [descriptor] in
                var result = 0
                let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
                    repeat {
                        result = pread(descriptor, buffer.baseAddress, most, off_t(offset))
                    } while result < 0
                        && errno == EINTR
                    count = max(result, 0)
                }
                continuation.resume(returning: result < 0 ? nil : bytes)
            }
        }
    }
}
