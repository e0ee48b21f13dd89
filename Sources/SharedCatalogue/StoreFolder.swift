// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import Diagnostics
internal import Glibc

/// The folder of a catalogue: who may read it, who writes it, and which program it needs.
enum StoreFolder {
    static let format = 2

    /// Makes the folder with mode 0700, or tightens it; the files in it are 0600 by the process's umask.
    static func prepare(_ path: String) throws(CatalogueError) {
        umask(umask(0o077) | 0o077)
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw StoreFailure.system("The catalogue's folder cannot be made", file: path)
        }
        if chmod(path, 0o700) != 0 {
            throw StoreFailure.system("The catalogue's folder cannot be kept to its owner", file: path)
        }
    }

    /// Takes the writer's lock; it goes with the process, whatever ends it.
    static func lock(_ path: String) throws(CatalogueError) -> Int32 {
        let file = path + "/LOCK"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFailure.system("The catalogue's lock cannot be opened", file: file) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreFailure.locked("Another process writes the catalogue in this folder")
        }
        return descriptor
    }

    /// Reads the format, nil in a new folder, and refuses a newer one, naming the program it needs.
    static func checkFormat(_ path: String) throws(CatalogueError) -> Int? {
        guard let bytes = try read(path + "/FORMAT", most: 4096) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        let number = lines.first { $0.first == "format" }?.last.flatMap { Int($0) }
        guard let number, number > 0 else {
            throw StoreFailure.corrupt("The file FORMAT does not say a format")
        }
        guard number <= format else {
            let needs = lines.first { $0.first == "needs" }?.dropFirst().joined(separator: " ") ?? "a newer licgate"
            throw CatalogueError(
                .newerFormat, "The catalogue has format \(number); this program reads up to \(format)",
                place: Place(file: path + "/FORMAT"), consequence: "Nothing was read or written.",
                remedy: "Use \(needs) or newer.")
        }
        return number
    }

    static func writeFormat(_ path: String) throws(CatalogueError) {
        let text = "licence-gateway catalogue\nformat \(format)\nneeds licgate 0.2\n"
        try write(Array(text.utf8), to: path + "/FORMAT", in: path)
    }

    /// Writes a small file whole: beside, synced, renamed, and the folder synced too.
    static func write(_ bytes: [UInt8], to file: String, in folder: String) throws(CatalogueError) {
        let beside = file + ".new"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFailure.system("A file cannot be made", file: beside) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let synced = fsync(descriptor)
        let number = errno
        close(descriptor)
        guard written == bytes.count, synced == 0 else {
            unlink(beside)
            throw StoreFailure.system("A file cannot be written", file: beside, number: number)
        }
        guard rename(beside, file) == 0 else { throw StoreFailure.system("A file cannot be renamed", file: file) }
        try syncFolder(folder)
    }

    static func syncFolder(_ folder: String) throws(CatalogueError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFailure.system("A folder cannot be opened", file: folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreFailure.system("A folder cannot be synced", file: folder) }
    }

    /// A small file's bytes, or nil when it is not there.
    static func read(_ file: String, most: Int) throws(CatalogueError) -> [UInt8]? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreFailure.system("A file cannot be opened", file: file)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: most)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw StoreFailure.system("A file cannot be read", file: file) }
        return Array(bytes.prefix(count))
    }

    /// The index key: read from its file, or made when the store is new; a missing or other key is refused.
    static func indexKey(
        _ file: String, fingerprint: [UInt8]?, making: Bool, _ make: ([UInt8]) -> IndexKey
    ) throws(CatalogueError) -> IndexKey {
        if let secret = try read(file, most: 64) {
            guard secret.count == 32 else { throw wrongKey("The file of the index key is not 32 bytes long", file) }
            try tighten(file)
            let key = make(secret)
            if let fingerprint, fingerprint != key.fingerprint {
                throw wrongKey("The index key is not the one this catalogue was written with", file)
            }
            return key
        }
        guard fingerprint == nil, making else { throw wrongKey("The index key's file is missing", file) }
        let secret = secureRandomBytes(32)
        try write(secret, to: file, in: parent(of: file))
        return make(secret)
    }

    /// Takes a key's file away from everybody but its owner, as `prepare` does with the folder.
    private static func tighten(_ file: String) throws(CatalogueError) {
        var about = stat()
        guard stat(file, &about) == 0, about.st_mode & 0o077 != 0, chmod(file, 0o600) != 0 else { return }
        throw CatalogueError(
            .indexKey, "The index key's file may be read by others and is not ours to change", place: Place(file: file),
            consequence: "Nothing was opened.", remedy: "Let its owner be the one who runs this, with mode 0600.")
    }

    private static func parent(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    private static func wrongKey(_ what: String, _ file: String) -> CatalogueError {
        CatalogueError(
            .indexKey, what, place: Place(file: file),
            consequence: "No holder, number or identifier could be found with it, so nothing was opened.",
            remedy: "Put the catalogue's own index.key in its place, from the backup of the same day.")
    }
}
