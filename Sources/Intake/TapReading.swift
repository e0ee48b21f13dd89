// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// One run of a tap being read: what it said so far, and what is not handed out yet.
struct TapReading {
    private let pull: TapPull
    private let started: StartedTap
    private let limits: DocumentLimits
    private let known: TapCursor?
    private var lines: TapLines
    private var batches = BatchMaker()
    private var ready: [SourceBatch] = []
    private var files: [BatchFile] = []
    /// Lines behind one that named files: what they say, a state above all, holds only once those files were read.
    private var held: ArraySlice<[UInt8]> = []
    private var outputBytes = 0
    private var lineNumber = 0
    private var records = 0
    private var state: [UInt8]?
    private var version: String?
    private var hasStream = false
    private var otherStreams: Set<String> = []
    private var unknownMessages = 0
    private var lastFlush: Duration
    /// What ends the run once everything before it was handed out.
    private var ending: SourceError?

    /// The longest wait of records for a batch of theirs while states come.
    private static let flushEvery: Duration = .seconds(5)

    init(_ pull: TapPull, isolation actor: isolated (any Actor)?) async throws(SourceError) {
        self.pull = pull
        var resumed: TapCursor?
        if let cursor = pull.request.resume {
            guard let read = TapCursor(cursor.rawValue) else { throw TapFault.stateUnreadable(pull.place) }
            resumed = read
        }
        known = resumed
        version = resumed?.version
        var limits = pull.mapping.limits
        limits.totalBytes = max(limits.totalBytes, pull.tap.lineBytes + 1)
        self.limits = limits
        lines = TapLines(most: pull.tap.lineBytes)
        lastFlush = pull.runner.clock.elapsed
        started = try await pull.runner.start(pull.tap, state: resumed?.state, pull.place)
    }

    private var place: Place { pull.place }

    mutating func takeBatches() -> [SourceBatch] {
        defer { ready = [] }
        return ready
    }

    /// Reads on until there is a batch, or the end; true at the end.
    ///
    /// Batches come before the error that ends the run.
    mutating func step(isolation actor: isolated (any Actor)?) async throws(SourceError) -> Bool {
        if let ending { throw ending }
        do throws(SourceError) {
            while ready.isEmpty {
                if Task.isCancelled { throw TapFault.cancelled(place) }
                if !files.isEmpty {
                    try await readFile(isolation: actor)
                } else if let line = held.popFirst() {
                    try take(line)
                } else if try await readOutput(isolation: actor) {
                    return true
                }
            }
            return false
        } catch {
            await started.child.end()
            await Self.remove(started, pull)
            guard error.recovery != .cancelled, !batches.isEmpty || state != nil else { throw error }
            flush()
            ending = error
            return false
        }
    }

    private static func remove(_ started: StartedTap, _ pull: TapPull) async {
        let folder = started.folder
        await pull.runner.lane.run { folder.remove() }
    }

    private func said() -> String { SaidOnError.words(started.child.tail, secrets: pull.tap.secrets) }

    /// Waits for output and takes it; true when the program came to a good end.
    private mutating func readOutput(isolation actor: isolated (any Actor)?) async throws(SourceError) -> Bool {
        switch await started.child.read() {
        case .bytes(let bytes):
            outputBytes += bytes.count
            try checkOutput()
            held = lines.take(bytes)[...]
            while files.isEmpty, let line = held.popFirst() { try take(line) }
            guard !lines.isTooLong else {
                throw TapFault.flood(
                    "wrote a line longer than \(ByteCount(pull.tap.lineBytes).words) (line \(lineNumber + 1))", place)
            }
            return false
        case .stalled: throw TapFault.stalled(pull.tap.stall, said(), place)
        case .tooLong: throw TapFault.tooLong(pull.tap.deadline, said(), place)
        case .ended(let exit):
            if Task.isCancelled { throw TapFault.cancelled(place) }
            guard exit == .code(0) else { throw TapFault.failed(exit, said(), place) }
            if lines.rest.contains(where: { $0 > 0x20 }) {
                let rest = lines.rest
                lines = TapLines(most: pull.tap.lineBytes)
                try take(rest)
                if !files.isEmpty { return false }
            }
            guard hasStream else {
                throw TapFault.noStream(pull.tap.stream, Array(otherStreams.sorted().prefix(10)), place)
            }
            flush(isLast: true)
            await Self.remove(started, pull)
            return true
        }
    }

    // MARK: - Messages

    private mutating func take(_ line: [UInt8]) throws(SourceError) {
        lineNumber += 1
        let message: TapMessage
        do throws(TapMessage.Refusal) {
            message = try TapMessage.read(line, limits: limits)
        } catch {
            throw TapFault.garbage(lineNumber, error.why, said(), place)
        }
        switch message {
        case .schema(let stream): _ = isOurs(stream)
        case .record(let stream, _, let events):
            guard isOurs(stream) else { return }
            for event in events { take(event) }
        case .state(let value):
            guard value.count <= TapCursor.stateMax else { throw TapFault.stateTooLarge(place) }
            state = value
            if !batches.isEmpty, pull.runner.clock.elapsed - lastFlush > Self.flushEvery { flush() }
        case .activateVersion(let stream, let activated):
            guard isOurs(stream) else { return }
            if pull.request.mode == .incremental, known?.version != activated { throw TapFault.newVersion(place) }
            version = activated
        case .batch(let stream, let batch):
            guard isOurs(stream) else { return }
            files += try BatchFile.list(
                batch, inside: started.folder.path, contentBytes: pull.tap.outputBytes, place)
        case .unknown: unknownMessages += 1
        }
    }

    private mutating func isOurs(_ stream: String) -> Bool {
        if stream == pull.tap.stream {
            hasStream = true
            return true
        }
        if otherStreams.count < 100 { otherStreams.insert(String(stream.prefix(64))) }
        return false
    }

    private mutating func take(_ event: DocumentEvent) {
        records += 1
        var mapped = pull.mapping.map(
            event, at: place, partition: pull.request.partition, fetchedAt: pull.runner.clock.now)
        // Each message is a document of its own: what counts is where it stood in the whole output.
        func placed(_ reject: Reject) -> Reject {
            var reject = reject
            reject.reason.place.record = records
            reject.reason.place.line = lineNumber
            return reject
        }
        switch mapped {
        case .reject(let reject): mapped = .reject(placed(reject))
        case .partly(let licence, let fields): mapped = .partly(licence, fields.map(placed))
        case .licence, .gone: break
        }
        if let full = batches.add(mapped, bytes: event.bytes) { hand(out: full) }
    }

    // MARK: - Batches

    /// The last state stands for every record before it, and so for every record handed out by now.
    private mutating func hand(out batch: SourceBatch, isLast: Bool = false) {
        var batch = batch
        if let state { batch.resume = ResumeCursor(rawValue: TapCursor(state: state, version: version).text) }
        if isLast { batch.position = .end(declaredTotal: nil) }
        ready.append(batch)
        lastFlush = pull.runner.clock.elapsed
    }

    private mutating func flush(isLast: Bool = false) { hand(out: batches.finish(), isLast: isLast) }

    private func checkOutput() throws(SourceError) {
        guard outputBytes <= pull.tap.outputBytes else {
            throw TapFault.flood("wrote more than \(ByteCount(pull.tap.outputBytes).words)", place)
        }
    }

    /// Reads on in the first of the files that a BATCH named.
    private mutating func readFile(isolation actor: isolated (any Actor)?) async throws(SourceError) {
        var file = files[0]
        let events = try await file.read(pull.runner.lane, limits, place, isolation: actor)
        if file.isAtEnd { files.removeFirst() } else { files[0] = file }
        // A message may name a thousand files, or one a thousand times.
        outputBytes += events.reduce(0) { $0 + $1.bytes }
        try checkOutput()
        for event in events { take(event) }
    }
}
