// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
import CatalogueContract
public import Diagnostics
public import LicenceModel

/// What one round of probes of one interface found.
public struct ProbeRound: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// When it ended.
    public var at: Timestamp
    /// The results, lowest layer first, ending with the first that failed; content once for each golden question.
    public var results: [ProbeResult]
    /// Makes a round.
    public init(interface: InterfaceID, at: Timestamp, results: [ProbeResult]) {
        self.interface = interface
        self.at = at
        self.results = results
    }
    /// The first result that failed.
    public var failure: ProbeResult? {
        results.first { if case .failed = $0.outcome { true } else { false } }
    }
}

/// What one real exchange (of a pull or a look-up) showed.
public struct ExchangeObservation: Sendable, Hashable {
    /// The interface.
    public var interface: InterfaceID
    /// When it ended.
    public var at: Timestamp
    /// How long it took.
    public var took: Duration
    /// When the certificate that was shown ends.
    public var certificateEnds: Timestamp?
    /// What went wrong, or nil.
    public var failure: Diagnostic?
    /// Makes an observation.
    public init(
        interface: InterfaceID, at: Timestamp, took: Duration, certificateEnds: Timestamp? = nil,
        failure: Diagnostic? = nil
    ) {
        self.interface = interface
        self.at = at
        self.took = took
        self.certificateEnds = certificateEnds
        self.failure = failure
    }
}

/// Everything seen of one interface so far; bounded whatever happens.
struct InterfaceEvidence: Sendable {
    static let latencySamples = 21

    var round: ProbeRound?
    /// The last round that reached the golden questions.
    var content: ProbeRound?
    var exchange: ExchangeObservation?
    /// The newest ended run of each partition.
    var runs: [String?: RunRecord] = [:]
    var states: [InterfaceState] = []
    var certificateEnds: Timestamp?
    var newestChangeAt: Timestamp?
    var latencies: [Duration] = []
    /// Switched off by an operator, with its whole source.
    var paused = false

    mutating func add(_ round: ProbeRound) {
        if let known = self.round, known.at > round.at { return }
        self.round = round
        if round.results.contains(where: { $0.layer == .content && $0.outcome.isDecided }) { content = round }
        for result in round.results {
            if let days = result.certificateDaysLeft { certificateEnds = round.at + .seconds(days * 86_400) }
            if result.layer == .shape, result.outcome == .passed { add(latency: result.took) }
        }
    }

    mutating func add(_ exchange: ExchangeObservation) {
        if let known = self.exchange, known.at > exchange.at { return }
        self.exchange = exchange
        if let ends = exchange.certificateEnds { certificateEnds = ends }
        if exchange.failure == nil { add(latency: exchange.took) }
    }

    mutating func add(_ run: RunRecord) {
        guard let ended = run.finishedAt, run.outcome == .complete || run.outcome == .stopped else { return }
        // A run that we ended ourselves says nothing of its source.
        if run.code == "source.cancelled" || run.code == "sync.stopped" { return }
        if run.counts.created + run.counts.updated > 0 { newestChangeAt = max(newestChangeAt ?? ended, ended) }
        if let known = runs[run.partition]?.finishedAt, known > ended { return }
        runs[run.partition] = run
    }

    private mutating func add(latency: Duration) {
        latencies.append(latency)
        if latencies.count > Self.latencySamples { latencies.removeFirst() }
    }

    var latency: Duration? { latencies.isEmpty ? nil : latencies.sorted()[latencies.count / 2] }

    /// The moment of the newest thing seen.
    var newest: Timestamp? {
        (runs.values.compactMap(\.finishedAt) + [round?.at, exchange?.at].compactMap { $0 }).max()
    }

    /// The oldest of the partitions' last complete pulls; nil while one of them has none.
    func lastComplete(partitions: [String]) -> CompletedPull? {
        guard !states.isEmpty else { return nil }
        let pulls = states.map(\.lastComplete)
        let missing = partitions.contains { name in !states.contains { $0.partition == name } }
        if missing || pulls.contains(where: { $0 == nil }) { return nil }
        return pulls.compactMap { $0 }.min { $0.asOf < $1.asOf }
    }
}

extension ProbeResult.Outcome {
    /// True when the attempt was made.
    var isDecided: Bool { if case .notApplicable = self { false } else { true } }
}
