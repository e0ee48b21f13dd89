// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel

/// What the store keeps of one interface and partition.
struct ScopeState: Sendable {
    var resume: ResumeCursor?
    /// The cursor that stood when the last whole pull began anew: not to go on from, but what was taken before it.
    var known: ResumeCursor?
    var firstComplete: CompletedPull?
    var lastComplete: CompletedPull?
    var lastRun: RunRecord?
    /// When the pull began that a resumed run would take up: its "as of" is no later than this.
    var chainStart: Timestamp?
    var records = 0
    var openRejects = 0
    var openRejectsWithoutHolder = 0
    /// Removals that the source told and that wait for a run's end within the limit.
    var staged = 0

    init() {}

    var bytes: [UInt8] {
        var out = ByteWriter(reserving: 256)
        out.byte(2)
        out.text(resume?.rawValue)
        out.text(known?.rawValue)
        out.optional(firstComplete) { $0.completedPull($1) }
        out.optional(lastComplete) { $0.completedPull($1) }
        out.optional(lastRun) { $0.run($1) }
        out.optional(chainStart) { $0.signed($1.milliseconds) }
        for value in [records, openRejects, openRejectsWithoutHolder, staged] { out.count(value) }
        return out.bytes
    }

    init(_ bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        let format = try reader.byte()
        guard format == 1 || format == 2 else { throw MalformedBytes() }
        resume = try reader.optionalText().map { ResumeCursor(rawValue: $0) }
        if format == 2 { known = try reader.optionalText().map { ResumeCursor(rawValue: $0) } }
        firstComplete = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            try reader.completedPull()
        }
        lastComplete = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            try reader.completedPull()
        }
        lastRun = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.run() }
        chainStart = try reader.optional { (reader: inout ByteReader) throws(MalformedBytes) in
            try reader.timestamp()
        }
        records = try reader.count()
        openRejects = try reader.count()
        openRejectsWithoutHolder = try reader.count()
        staged = try reader.count()
    }
}

/// Counts over the whole store.
struct Totals: Sendable, Hashable {
    var records = 0
    var withdrawn = 0
    var versions = 0
    var changes = 0
    var openRejects = 0
    /// Open rejects whose record is known: while there are none, no record needs to look for its own.
    var keyedRejects = 0
    var quarantineBytes = 0

    init() {}

    var bytes: [UInt8] {
        var out = ByteWriter()
        out.byte(1)
        for value in [records, withdrawn, versions, changes, openRejects, keyedRejects, quarantineBytes] {
            out.count(value)
        }
        return out.bytes
    }

    init(_ bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == 1 else { throw MalformedBytes() }
        records = try reader.count()
        withdrawn = try reader.count()
        versions = try reader.count()
        changes = try reader.count()
        openRejects = try reader.count()
        keyedRejects = try reader.count()
        quarantineBytes = try reader.count()
    }
}

extension ByteWriter {
    mutating func completedPull(_ pull: CompletedPull) {
        text(pull.mode.rawValue)
        signed(pull.asOf.milliseconds)
        signed(pull.finishedAt.milliseconds)
        count(pull.records)
        optional(pull.declaredTotal) { $0.count($1) }
    }

    mutating func run(_ run: RunRecord) {
        text(run.id.rawValue)
        text(run.interface.source.rawValue)
        text(run.interface.name)
        text(run.partition)
        text(run.mode.rawValue)
        signed(run.startedAt.milliseconds)
        optional(run.finishedAt) { $0.signed($1.milliseconds) }
        text(run.outcome.rawValue)
        text(run.code)
        text(run.message)
        let c = run.counts
        for value in [
            c.pages, c.received, c.created, c.updated, c.unchanged, c.late, c.rejected, c.withdrawn, c.withheld,
        ] { count(value) }
    }
}

extension ByteReader {
    mutating func completedPull() throws(MalformedBytes) -> CompletedPull {
        let mode = try word(PullMode.self)
        let asOf = try timestamp()
        let finishedAt = try timestamp()
        let records = try count()
        let total = try optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.count() }
        return CompletedPull(mode: mode, asOf: asOf, finishedAt: finishedAt, records: records, declaredTotal: total)
    }

    mutating func run() throws(MalformedBytes) -> RunRecord {
        let id = RunID(rawValue: try text())
        let source = SourceID(try text())
        let interface = InterfaceID(source, try text())
        let partition = try optionalText()
        let mode = try word(PullMode.self)
        let startedAt = try timestamp()
        let finishedAt = try optional { (reader: inout ByteReader) throws(MalformedBytes) in try reader.timestamp() }
        let outcome = try word(RunRecord.Outcome.self)
        let code = try optionalText()
        let message = try optionalText()
        var c = RunCounts()
        c.pages = try count()
        c.received = try count()
        c.created = try count()
        c.updated = try count()
        c.unchanged = try count()
        c.late = try count()
        c.rejected = try count()
        c.withdrawn = try count()
        c.withheld = try count()
        return RunRecord(
            id: id, interface: interface, partition: partition, mode: mode, startedAt: startedAt,
            finishedAt: finishedAt, outcome: outcome, code: code, message: message, counts: c)
    }
}
