// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc

/// A folder for one run of a child, 0700, removed with everything in it when nobody holds it any more.
final class PrivateFolder: Sendable {
    let path: String

    /// Makes it below `parent`, which is made too when it is missing; blocking, nil when that fails.
    init?(below parent: String) {
        _ = mkdir(parent, 0o700)
        var template = Array("\(parent)/run-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        let path = path
        DispatchQueue.global().async { Self.remove(path, depth: 0) }
    }

    /// Removes it now; blocking.
    func remove() { Self.remove(path, depth: 0) }

    /// Writes a file, 0600; blocking, false when that fails.
    func write(_ name: String, _ bytes: [UInt8]) -> Bool {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return DurableFile.writeAll(bytes, to: file) == nil
    }

    /// Removes what a child may have left; links are removed, never followed.
    private static func remove(_ path: String, depth: Int) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR, depth < 32 else {
            unlink(path)
            return
        }
        for name in allNames(in: path) { remove("\(path)/\(name)", depth: depth + 1) }
        rmdir(path)
    }

    private static func allNames(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
