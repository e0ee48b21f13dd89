// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
internal import CSystemCalls
public import Diagnostics
internal import Glibc
public import LicenceModel

extension FileDropSource {
    /// Moves files that a durable cursor stands for to `done`, and those that came too late to `rejected`.
    public func putAway(_ drop: FileDrop, resume: ResumeCursor?, place: Place) async -> [Diagnostic] {
        guard let shelves = drop.shelves, let memory = DropMemory(resume) else { return [] }
        guard let listing = await lane.run({ DropListing(drop) }) else { return [FileFault.folder(place).diagnostic] }
        let shelf = FileShelf(drop, shelves)
        var findings: [Diagnostic] = []
        for name in listing.complete where !memory.isNew(name) {
            let here = Place(file: name).within(place)
            let opened = await lane.run { OpenFile("\(drop.folder)/\(name)") }
            guard let opened, let digest = try? await digest(opened, here) else {
                findings.append(FileFault.unreadable(here).diagnostic)
                continue
            }
            if memory.hasTaken(name, digest: digest) {
                if let failure = await lane.run({ shelf.done(name) }) {
                    findings.append(FileFault.notMoved(failure, here))
                }
                continue
            }
            let late = (name == memory.last ? FileFault.replaced(here) : FileFault.older(here)).diagnostic
            findings.append(late)
            if let failure = await lane.run({ shelf.reject(name, because: late) }) {
                findings.append(FileFault.notMoved(failure, here))
            }
        }
        // A ready file whose data file was moved just before the power went.
        for name in listing.widowed where !memory.isNew(name) { await lane.run { shelf.doneReadyFile(name) } }
        return findings
    }
}

/// The folders to which files are moved; a move is durable before it is said.
struct FileShelf: Sendable {
    private let drop: FileDrop
    private let shelves: FileDrop.Shelves

    init(_ drop: FileDrop, _ shelves: FileDrop.Shelves) {
        self.drop = drop
        self.shelves = shelves
    }

    /// Moves a file and its ready file; gives the error number when that fails.
    func done(_ name: String) -> Int32? { move(name, to: shelves.done) }

    func doneReadyFile(_ name: String) {
        _ = rename(name + drop.readySuffix, to: shelves.done)
        syncFolder(drop.folder)
    }

    /// Writes the reason, then moves the file and its ready file.
    func reject(_ name: String, because finding: Diagnostic) -> Int32? {
        if let failure = make(shelves.rejected) { return failure }
        let path = "\(shelves.rejected)/\(Self.extended(name, ".reason.txt"))"
        if let failure = DurableFile.write(Array((finding.text + "\n").utf8), to: path) { return failure }
        return move(name, to: shelves.rejected)
    }

    private func move(_ name: String, to folder: String) -> Int32? {
        if let failure = make(folder) { return failure }
        if let failure = rename(name, to: folder) { return failure }
        // The data file is what counts: a ready file that stays behind is moved by the next run.
        _ = rename(name + drop.readySuffix, to: folder)
        return syncFolder(folder) ?? syncFolder(drop.folder)
    }

    private func make(_ folder: String) -> Int32? {
        if mkdir(folder, 0o700) == 0 { return nil }
        return errno == EEXIST ? nil : errno
    }

    /// Never over a file that is there: the next free number is put behind the name.
    private func rename(_ name: String, to folder: String) -> Int32? {
        for number in 1...1000 {
            let target = "\(folder)/" + Self.extended(name, number == 1 ? "" : ".\(number)")
            let failure = rename_to_new("\(drop.folder)/\(name)", target)
            if failure != EEXIST { return failure == 0 ? nil : failure }
        }
        return EEXIST
    }

    /// A name with something behind it, its end left out where both are longer than a file system's names.
    static func extended(_ name: String, _ suffix: String) -> String {
        var name = name
        while name.utf8.count + suffix.utf8.count > 255, !name.isEmpty { name.removeLast() }
        return name + suffix
    }

    @discardableResult
    private func syncFolder(_ folder: String) -> Int32? { DurableFile.syncFolder(folder) }
}

/// Files that survive a power cut before anybody is told.
enum DurableFile {
    /// Writes a file anew, 0600, and makes it and its folder durable; gives the error number when that fails.
    static func write(_ bytes: [UInt8], to path: String) -> Int32? {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return errno }
        defer { close(file) }
        if let failure = writeAll(bytes, to: file) { return failure }
        if fsync(file) != 0 { return errno }
        return syncFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    }

    static func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32? {
        var done = 0
        while done < bytes.count {
            let wrote = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { return errno }
            done += wrote
        }
        return nil
    }

    static func syncFolder(_ folder: String) -> Int32? {
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return errno }
        defer { close(opened) }
        return fsync(opened) == 0 ? nil : errno
    }
}
