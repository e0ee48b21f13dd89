// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Remembers daily quotas in one small file: a line for each source or interface with the day and what is set aside.
///
/// Shape: read, changed, written beside and renamed under a lock, so that two programs on one folder count together.
/// Limits: 10,000 names; when the disk refuses, the count goes on in memory and starts anew after a restart.
public final class QuotaFile: RequestTally {
    static let namesMax = 10_000

    private let path: String
    private let queue = DispatchQueue(label: "quota file")
    private let memory = Mutex<[String: Line]>([:])

    struct Line: Sendable, Hashable {
        var day: Int
        var count: Int
    }

    /// A tally in `folder`, which is made when it is missing.
    public init(folder: String) { path = folder + "/quotas" }

    /// Sets aside more requests and returns the day's sum; the file is durable before this returns.
    public func setAside(_ requests: Int, for name: String, day: Int) async -> Int {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.add(requests, name, day)) }
        }
    }

    /// Blocking; on its own queue.
    private func add(_ requests: Int, _ name: String, _ day: Int) -> Int {
        let lock = locked()
        defer { if let lock { close(lock) } }
        var lines = QuotaFile.read(path) ?? [:]
        memory.withLock { known in
            // What memory knows and the disk did not take counts too.
            for (name, line) in known {
                let stored = lines[name]
                if stored == nil
                    || (stored.map { $0.day == line.day && $0.count < line.count || $0.day < line.day } ?? true)
                {
                    lines[name] = line
                }
            }
        }
        let before = lines[name].flatMap { $0.day == day ? $0.count : nil } ?? 0
        let (sum, isOver) = before.addingReportingOverflow(requests)
        let count = isOver ? Int.max : sum
        lines[name] = Line(day: day, count: count)
        if lines.count > Self.namesMax { lines = lines.filter { $0.value.day == day } }
        memory.withLock { $0[name] = lines[name] }
        write(lines)
        return count
    }

    private func locked() -> Int32? {
        if let slash = path.lastIndex(of: "/") { _ = mkdir(String(path[..<slash]), 0o700) }
        let file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX) == 0 else {
            close(file)
            return nil
        }
        return file
    }

    private func write(_ lines: [String: Line]) {
        let text = lines.sorted { $0.key < $1.key }.map { "\($0.value.day) \($0.value.count) \($0.key)\n" }.joined()
        guard DurableFile.write(Array(text.utf8), to: path + ".new") == nil else { return }
        guard rename(path + ".new", path) == 0, let slash = path.lastIndex(of: "/") else { return }
        _ = DurableFile.syncFolder(String(path[..<slash]))
    }

    /// The lines of a file; nil when there is none.
    ///
    /// A line that cannot be read is left out.
    static func read(_ path: String) -> [String: Line]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 2 << 20)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        guard count > 0 else { return [:] }
        var lines: [String: Line] = [:]
        for text in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n") {
            let parts = text.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, let day = Int(parts[0]), let count = Int(parts[1]), count >= 0 else {
                continue
            }
            lines[String(parts[2])] = Line(day: day, count: count)
        }
        return lines
    }
}
