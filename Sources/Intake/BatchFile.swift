// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import Glibc
internal import SourceDocument

/// A file of lines that a BATCH message named.
struct BatchFile {
    private let path: String
    private let parent: String
    private let content: Content
    private var file: OpenFile?
    private var reader: DocumentReader?
    private var offset = 0
    private(set) var isAtEnd = false

    static let filesMax = 1000

    /// The files of a message: below the program's own folder, or refused, for a program must not have us read others.
    static func list(
        _ batch: TapBatch, inside folder: String, contentBytes: Int, _ place: Place
    ) throws(SourceError) -> [BatchFile] {
        guard batch.format.lowercased() == "jsonl" else { throw TapFault.batch("is not in the format `jsonl`", place) }
        let isPacked = batch.compression == "gzip"
        guard batch.compression == nil || batch.compression == "none" || isPacked else {
            throw TapFault.batch("is compressed in a way we do not read", place)
        }
        guard batch.files.count <= filesMax else { throw TapFault.batch("names more than \(filesMax) files", place) }
        return batch.files.map { BatchFile($0, isPacked: isPacked, contentBytes, inside: folder, place) }
    }

    private init(_ text: String, isPacked: Bool, _ contentBytes: Int, inside folder: String, _ place: Place) {
        content = Content(isPacked ? .gzip : nil, contentBytes: contentBytes, place: place)
        let bare = text.hasPrefix("file://") ? String(text.dropFirst(7)) : text
        path = bare.hasPrefix("/") ? bare : folder + "/" + bare
        parent = folder
    }

    /// The next records.
    mutating func read(
        _ lane: FileLane, _ limits: DocumentLimits, _ place: Place, isolation actor: isolated (any Actor)?
    ) async throws(SourceError) -> [DocumentEvent] {
        if file == nil {
            let (path, parent) = (path, parent)
            guard let opened = await lane.run({ Self.open(path, inside: parent) }) else {
                throw TapFault.batch("names a file that is not in the program's working folder", place)
            }
            file = opened
            reader = try document { () throws(DocumentError) in
                try DocumentReader(format: .ndjson, records: .whole, limits: limits, place: place)
            }
        }
        guard let file, let reader else { return [] }
        while let piece = try content.next() {
            let events = try document { () throws(DocumentError) in try reader.feed(piece) }
            if !events.isEmpty { return events }
        }
        let from = offset
        guard let bytes = await lane.run({ file.read(at: from, 256 << 10) }) else {
            throw TapFault.batch("names a file that cannot be read", place)
        }
        offset += bytes.count
        if bytes.isEmpty {
            isAtEnd = true
            if offset == 0 { return [] }
            try content.finish()
            return try document { () throws(DocumentError) in try reader.finish().events }
        }
        content.feed(bytes)
        return []
    }

    private func document<T>(_ work: () throws(DocumentError) -> T) throws(SourceError) -> T {
        do throws(DocumentError) { return try work() } catch { throw SourceError(error.diagnostic, recovery: .stopRun) }
    }

    private static func open(_ path: String, inside parent: String) -> OpenFile? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        guard let folder = realpath(parent, nil) else { return nil }
        defer { free(folder) }
        let real = String(cString: resolved)
        return real.hasPrefix(String(cString: folder) + "/") ? OpenFile(real) : nil
    }
}
