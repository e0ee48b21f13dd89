// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// A file being read: what has been taken of it so far.
struct FileReading {
    let name: String
    let verified: FileDropSource.Verified
    private let pull: FilePull
    private let reader: DocumentReader
    private let content: Content
    private let digest = SHA256Stream()
    private let fetchedAt: Timestamp
    private var offset = 0
    private var rows = 0
    private var batches: BatchMaker

    var place: Place { verified.place }

    init(_ pull: FilePull, _ name: String, isolation actor: isolated (any Actor)?) async throws(SourceError) {
        self.pull = pull
        self.name = name
        verified = try await pull.source.verified(name, pull.drop, pull.place)
        fetchedAt = pull.source.clock.now
        var limits = pull.mapping.limits
        limits.totalBytes = Self.totalBytes(limits.totalBytes, size: verified.state.size.bytes)
        do throws(DocumentError) {
            reader = try DocumentReader(
                format: pull.mapping.format, records: pull.mapping.records,
                charset: CharsetDeclaration(override: pull.mapping.charset), limits: limits, place: verified.place)
        } catch {
            throw SourceError(error.diagnostic, recovery: .fixConfiguration)
        }
        content = Content(
            pull.drop.container, contentBytes: pull.mapping.limits.totalBytes, place: verified.place)
        batches = BatchMaker(declaredTotal: pull.drop.mode == .snapshot ? verified.state.rows : nil)
    }

    /// How much a file of this size may hold once it is decoded: never less than a document may.
    static func totalBytes(_ least: Int, size: Int) -> Int {
        let (twice, isOver) = size.multipliedReportingOverflow(by: 2)
        return max(least, isOver ? .max : twice)
    }

    /// Reads one piece; gives the batches that are full, and at the end the rest with the digest of the file.
    mutating func step(
        isolation actor: isolated (any Actor)?
    ) async throws(SourceError) -> (batches: [SourceBatch], digest: String?) {
        // What is packed may hold a thousand times as much: batches are handed out as soon as they are full.
        while let piece = try content.next() {
            let full = take(try document { () throws(DocumentError) in try reader.feed(piece) })
            if !full.isEmpty { return (full, nil) }
        }
        let (file, from) = (verified.file, offset)
        guard let bytes = await pull.source.lane.run({ file.read(at: from, FileDropSource.chunk) }) else {
            throw FileFault.unreadable(place)
        }
        offset += bytes.count
        guard bytes.isEmpty else {
            digest.update(bytes)
            content.feed(bytes)
            return ([], nil)
        }
        var out: [SourceBatch] = []
        if offset > 0 { try content.finish() }
        if !isEmptyByDeclaration {
            let end = try document { () throws(DocumentError) in try reader.finish() }
            guard end.recordsPathMatched || verified.state.rows == 0 else { throw FileFault.noList(place) }
            out = take(end.events)
        }
        let read = try await checkEnd(isolation: actor)
        return (out + [batches.finish()], read)
    }

    /// A file of no bytes whose ready file declares no records: there was nothing to say.
    private var isEmptyByDeclaration: Bool { offset == 0 && verified.state.rows == 0 }

    private func document<T>(_ work: () throws(DocumentError) -> T) throws(SourceError) -> T {
        do throws(DocumentError) { return try work() } catch { throw SourceError(error.diagnostic, recovery: .stopRun) }
    }

    private mutating func take(_ events: [DocumentEvent]) -> [SourceBatch] {
        var full: [SourceBatch] = []
        for event in events {
            rows += 1
            let mapped = pull.mapping.map(
                event, at: place, partition: pull.request.partition, fetchedAt: fetchedAt)
            if let batch = batches.add(mapped, bytes: event.bytes) { full.append(batch) }
        }
        return full
    }

    /// What was read has to be what was checked before: same bytes, as many rows as declared.
    private func checkEnd(isolation actor: isolated (any Actor)?) async throws(SourceError) -> String {
        let file = verified.file
        let mark = await pull.source.lane.run { file.mark }
        let read = digest.finish().description
        guard mark == verified.mark, verified.digest == nil || verified.digest == read else {
            throw FileFault.changed(place)
        }
        if let declared = verified.state.rows, rows != declared {
            throw FileFault.miscounted(declared: declared, found: rows, place)
        }
        return read
    }
}

/// Gathers mapped records into batches of at most 1,000 records or 1 MiB.
struct BatchMaker {
    private let declaredTotal: Int?
    private var current: SourceBatch
    private var count = 0

    init(declaredTotal: Int? = nil) {
        self.declaredTotal = declaredTotal
        current = SourceBatch(records: [], position: .more, declaredTotal: declaredTotal)
    }

    var isEmpty: Bool { count == 0 }

    /// Takes one record; gives the batch before it when that is full.
    mutating func add(_ mapped: MappedRecord, bytes: Int) -> SourceBatch? {
        var full: SourceBatch?
        if count > 0, count >= 1000 || current.bytes + bytes > 1 << 20 { full = finish() }
        count += 1
        current.bytes += bytes
        switch mapped {
        case .licence(let licence): current.records.append(licence)
        case .partly(let licence, let fields):
            current.records.append(licence)
            current.rejects += fields
        case .gone(let tombstone): current.tombstones.append(tombstone)
        case .reject(let reject): current.rejects.append(reject)
        }
        return full
    }

    /// What was gathered; the next batch begins.
    mutating func finish() -> SourceBatch {
        defer {
            current = SourceBatch(records: [], position: .more, declaredTotal: declaredTotal)
            count = 0
        }
        return current
    }
}

extension DocumentEvent {
    /// Bytes of the record.
    var bytes: Int {
        switch self {
        case .record(let record): record.raw.count
        case .reject(let reject): reject.raw.count
        }
    }
}
