// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
internal import Cryptography
public import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// Reads folders into which a source drops whole files.
///
/// A file is read only when its ready file is there and agrees with it. Without shelves nothing is moved and the newest
/// file is read at each pull; with shelves each file is taken once, by name and content, and moved to `done` after the
/// catalogue has its records for good, or to `rejected` with its reason. Reads go through one thread of their own.
public final class FileDropSource: FileDropReading {
    static let readyBytesMax = 64 << 10
    static let chunk = 256 << 10

    let clock: any GatewayClock
    let lane = FileLane()

    /// Makes a reader.
    public init(clock: any GatewayClock) { self.clock = clock }

    /// The records of the newest complete file, or of every complete file that was not taken yet.
    public func pull(
        _ drop: FileDrop, _ request: PullRequest, mapping: any RecordMapping
    ) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        FilePull(source: self, drop: drop, request: request, mapping: mapping)
    }

    /// The newest complete file, verified.
    public func inspect(_ drop: FileDrop, place: Place) async throws(SourceError) -> FileDropState {
        let listing = try await listing(drop, place)
        guard let name = listing.complete.last else { throw FileFault.nothing(place, waiting: listing.waiting) }
        return try await verified(name, drop, place).state
    }

    /// A file that agrees with its ready file.
    struct Verified: Sendable {
        var file: OpenFile
        var state: FileDropState
        /// The declared digest that the bytes have; nil when the ready file declares none.
        var digest: String?
        var mark: OpenFile.Mark
        var place: Place
    }

    /// What lies in the folder.
    func listing(_ drop: FileDrop, _ place: Place) async throws(SourceError) -> DropListing {
        let listing = await lane.run { DropListing(drop) }
        guard let listing else { throw FileFault.folder(place) }
        guard listing.unusable == 0 else { throw FileFault.badName(place, count: listing.unusable) }
        return listing
    }

    /// Opens a file and checks it against its ready file.
    func verified(_ name: String, _ drop: FileDrop, _ outer: Place) async throws(SourceError) -> Verified {
        let place = Place(file: name).within(outer)
        let opened = await lane.run { () -> (OpenFile, [UInt8])? in
            guard let file = OpenFile("\(drop.folder)/\(name)"),
                let note = OpenFile("\(drop.folder)/\(name)\(drop.readySuffix)"),
                let bytes = note.read(at: 0, Self.readyBytesMax + 1), bytes.count <= Self.readyBytesMax
            else { return nil }
            return (file, bytes)
        }
        guard let (file, bytes) = opened else { throw FileFault.unreadable(place) }
        let mark = await lane.run { file.mark }
        var rows: Int?
        var declared: String?
        if case .declared(let rowsPath, let digestPath) = drop.ready {
            let ready = try readyFile(bytes, rowsPath, digestPath, place)
            guard try await digest(file, place) == ready.sha256.lowercased() else {
                throw FileFault.notAsDeclared("the file's SHA-256 is not the one its ready file declares", place)
            }
            rows = ready.rows
            declared = ready.sha256.lowercased()
        }
        return Verified(
            file: file, state: FileDropState(file: name, rows: rows, size: ByteCount(mark.size)), digest: declared,
            mark: mark, place: place)
    }

    private func readyFile(
        _ bytes: [UInt8], _ rowsPath: RecordPath, _ digestPath: RecordPath, _ place: Place
    ) throws(SourceError) -> (rows: Int, sha256: String) {
        guard let envelope = SmallJSON.read(bytes),
            let rows = rowsPath.first(in: envelope)?.scalarText.flatMap({ Int($0) }), rows >= 0,
            let digest = digestPath.first(in: envelope)?.scalarText, digest.utf8.count == 64
        else { throw FileFault.readyUnreadable(place) }
        return (rows, digest)
    }

    func digest(_ file: OpenFile, _ place: Place) async throws(SourceError) -> String {
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

/// The names in a drop folder, judged by name alone.
struct DropListing: Sendable {
    /// Data files with a ready file, in order of name.
    var complete: [String] = []
    /// Data files without one.
    var waiting = 0
    /// Names that fit and cannot be used: control characters, or not UTF-8.
    var unusable = 0
    /// Ready files whose data file is not there.
    var widowed: [String] = []

    init?(_ drop: FileDrop) {
        guard let names = namesInFolder(drop.folder) else { return nil }
        let ready = Set(names.filter { $0.hasSuffix(drop.readySuffix) })
        let data = names.filter { fits($0, drop.pattern) && !ready.contains($0) }
        unusable = data.count { $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0 == "\u{FFFD}" } }
        complete = data.filter { ready.contains($0 + drop.readySuffix) }.sorted(by: isEarlierName)
        waiting = data.count - complete.count
        let present = Set(data)
        widowed = ready.map { String($0.dropLast(drop.readySuffix.count)) }.filter {
            fits($0, drop.pattern) && !present.contains($0)
        }
    }
}

/// The order of names: byte by byte, whatever the language of the machine.
func isEarlierName(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// Reads a small JSON text whole.
enum SmallJSON {
    static func read(_ bytes: [UInt8]) -> DocumentNode? {
        // A path that leads nowhere: the whole text is envelope.
        guard let path = try? StreamPath("$['no such list']", language: .jsonPath),
            let reader = try? DocumentReader(format: .json, records: path), (try? reader.feed(bytes)) != nil
        else { return nil }
        return (try? reader.finish())?.envelope
    }

    /// A JSON string.
    static func text(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            default:
                if scalar.value < 32 {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
