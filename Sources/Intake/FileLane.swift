// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc

/// The one thread on which files are opened and read, so that a slow disk never holds up the cooperative pool.
final class FileLane: Sendable {
    private let queue = DispatchQueue(label: "licgate.intake.files")

    func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}

/// An open file, closed when nobody holds it any more.
final class OpenFile: Sendable {
    /// What tells whether a file was changed while it was read.
    struct Mark: Sendable, Hashable {
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        var inode: UInt64
    }

    private let descriptor: Int32

    /// Opens a plain file; links, folders and everything else are refused, so that a drop cannot point elsewhere.
    init?(_ path: String) {
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard opened >= 0 else { return nil }
        descriptor = opened
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    }

    deinit { close(descriptor) }

    /// Size, time and identity now.
    var mark: Mark {
        var status = stat()
        fstat(descriptor, &status)
        return Mark(
            size: Int(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
            inode: UInt64(status.st_ino))
    }

    /// Up to `count` bytes from `offset`; empty at the end, nil when reading fails.
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

/// The names in a folder; nil when it cannot be read.
func namesInFolder(_ path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
        if names.count > 100_000 { return nil }
    }
    return names
}

/// Whether a name fits a pattern in which `*` stands for any run of characters.
func fits(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard pieces.count > 1 else { return name == pattern }
    guard let first = pieces.first, let last = pieces.last, name.hasPrefix(first), name.hasSuffix(last),
        name.utf8.count >= first.utf8.count + last.utf8.count
    else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
        guard let end = endOfFirst(piece, in: rest) else { return false }
        rest = rest[end...]
    }
    return true
}

private func endOfFirst(_ piece: String, in text: Substring) -> String.Index? {
    var index = text.startIndex
    while index < text.endIndex {
        if text[index...].hasPrefix(piece) { return text.index(index, offsetBy: piece.count) }
        index = text.index(after: index)
    }
    return nil
}
