// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
internal import Cryptography
public import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// Reads folders into which a source drops whole files.
///
/// A file is read only when its ready file is there and agrees with it in SHA-256; the newest data file with a ready file
/// counts, and one that disagrees is an error, never a reason to fall back to older data. Nothing is moved or removed.
/// Reads go through one thread of their own.
public final class FileDropSource: FileDropReading {
    static let readyBytesMax = 64 << 10
    static let chunk = 256 << 10

    let clock: any GatewayClock
    let lane = FileLane()

    /// Makes a reader.
    public init(clock: any GatewayClock) { self.clock = clock }

    /// The newest complete file's records, as a whole pull.
    public func pull(
        _ drop: FileDrop, _ request: PullRequest, mapping: any RecordMapping
    ) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        FilePull(source: self, drop: drop, request: request, mapping: mapping)
    }

    /// The newest complete file, verified.
    public func inspect(_ drop: FileDrop, place: Place) async throws(SourceError) -> FileDropState {
        try await verified(drop, place).state
    }

    struct Verified: Sendable {
        var file: OpenFile
        var state: FileDropState
        var digest: String
        var mark: OpenFile.Mark
        var place: Place
    }

    private struct Candidate: Sendable {
        var name: String
        var file: OpenFile
        var ready: [UInt8]
    }

    /// Finds the newest data file with a ready file and checks the one against the other.
    func verified(_ drop: FileDrop, _ place: Place) async throws(SourceError) -> Verified {
        let found: Result<Candidate, SourceError> = await lane.run { Self.newest(drop, place) }
        let candidate = try found.get()
        let place = Place(file: candidate.name).within(place)
        let ready = try readyFile(candidate.ready, drop, place)
        let mark = await lane.run { candidate.file.mark }
        let digest = try await digest(candidate.file, place)
        guard digest == ready.sha256.lowercased() else {
            throw FileFault.notAsDeclared("the file's SHA-256 is not the one its ready file declares", place)
        }
        return Verified(
            file: candidate.file,
            state: FileDropState(file: candidate.name, rows: ready.rows, size: ByteCount(mark.size)), digest: digest,
            mark: mark, place: place)
    }

    private static func newest(_ drop: FileDrop, _ place: Place) -> Result<Candidate, SourceError> {
        guard let names = namesInFolder(drop.folder) else { return .failure(FileFault.folder(place)) }
        let ready = Set(names.filter { $0.hasSuffix(drop.readySuffix) })
        let data = names.filter { fits($0, drop.pattern) && !ready.contains($0) }.sorted()
        guard let name = data.last(where: { ready.contains($0 + drop.readySuffix) }) else {
            return .failure(FileFault.nothing(place, waiting: data.count))
        }
        let inside = Place(file: name).within(place)
        guard let file = OpenFile("\(drop.folder)/\(name)"),
            let note = OpenFile("\(drop.folder)/\(name)\(drop.readySuffix)"),
            let bytes = note.read(at: 0, readyBytesMax + 1), bytes.count <= readyBytesMax
        else { return .failure(FileFault.unreadable(inside)) }
        return .success(Candidate(name: name, file: file, ready: bytes))
    }

    private func readyFile(
        _ bytes: [UInt8], _ drop: FileDrop, _ place: Place
    ) throws(SourceError) -> (rows: Int, sha256: String) {
        let envelope: DocumentNode
        do throws(DocumentError) {
            // A path that leads nowhere: the whole ready file is envelope.
            let path = try StreamPath("$['no such list']", language: .jsonPath)
            let reader = try DocumentReader(format: .json, records: path)
            _ = try reader.feed(bytes)
            envelope = try reader.finish().envelope
        } catch {
            throw FileFault.readyUnreadable(place)
        }
        guard let rows = drop.rows.first(in: envelope)?.scalarText.flatMap({ Int($0) }), rows >= 0,
            let digest = drop.sha256.first(in: envelope)?.scalarText, digest.utf8.count == 64
        else { throw FileFault.readyUnreadable(place) }
        return (rows, digest)
    }

    private func digest(_ file: OpenFile, _ place: Place) async throws(SourceError) -> String {
        let digest = SHA256Stream()
        var offset = 0
        while true {
            if Task.isCancelled { throw FileFault.cancelled(place) }
            let from = offset
            guard let bytes = await lane.run({ file.read(at: from, Self.chunk) }) else {
                throw FileFault.unreadable(place)
            }
            if bytes.isEmpty { return digest.finish().description }
            digest.update(bytes)
            offset += bytes.count
        }
    }
}

/// The errors of a drop.
enum FileFault {
    static func folder(_ place: Place) -> SourceError {
        SourceError(
            .init(rawValue: "intake.folder_unreadable"), "the drop folder cannot be read", place: place,
            remedy: "Check that the folder of this source's settings is there and that we may read it",
            recovery: .fixConfiguration)
    }

    static func nothing(_ place: Place, waiting: Int) -> SourceError {
        SourceError(
            .init(rawValue: "intake.no_complete_file"),
            waiting == 0
                ? "no data file lies in the drop" : "\(waiting) data files lie in the drop, none with its ready file",
            place: place, consequence: "Nothing was read; the copy keeps its age",
            remedy: "Wait for the source to finish writing; ask its owner if it stays", recovery: .stopRun)
    }

    static func unreadable(_ place: Place) -> SourceError {
        SourceError(
            .init(rawValue: "intake.file_unreadable"), "the file or its ready file cannot be read", place: place,
            remedy: "Check permissions; links are refused, and a ready file has at most 64 KiB", recovery: .stopRun)
    }

    static func readyUnreadable(_ place: Place) -> SourceError {
        SourceError(
            .init(rawValue: "intake.ready_unreadable"), "the ready file lacks row count or SHA-256 as declared",
            place: place,
            consequence: "The data file was not read", remedy: "Compare it with `files.ready` in the manifest",
            recovery: .stopRun)
    }

    static func notAsDeclared(_ what: String, _ place: Place) -> SourceError {
        SourceError(
            .init(rawValue: "intake.not_as_declared"), what, place: place,
            consequence: "The file is not taken as complete; nothing is concluded from what is missing",
            remedy: "It may still be written: it is tried again at the next slot; ask the owner if it stays",
            recovery: .stopRun)
    }

    static func changed(_ place: Place) -> SourceError {
        SourceError(
            .init(rawValue: "intake.file_changed"), "the file changed while it was read", place: place,
            consequence: "The pull is not complete",
            remedy: "Ask the owner to write a new file instead of changing one",
            recovery: .stopRun)
    }

    static func cancelled(_ place: Place) -> SourceError {
        SourceError(
            .cancelled, "the work was given up", place: place, remedy: "Nothing: whoever asked has stopped asking",
            recovery: .cancelled)
    }
}
