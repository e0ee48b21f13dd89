// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import InterfaceHealth
import LicenceModel
import Synchronization
import Testing

let transport = InterfaceID(SourceID("cs-transport"), "licences")
let taxiPermit = LicenceTypeCode("11430000006117TEST001")
/// 2026-11-25 10:00 in UTC+8, a Wednesday.
let morning = Timestamp(seconds: 1_795_572_000)

final class StoppedClock: GatewayClock {
    private let moment: Mutex<Timestamp>
    init(_ moment: Timestamp) { self.moment = Mutex(moment) }
    var now: Timestamp { moment.withLock { $0 } }
    var elapsed: Duration { now - Timestamp(milliseconds: 0) }
    func sleep(for duration: Duration) async throws { moment.withLock { $0 = $0 + duration } }
}

/// A source whose layers fail as told, and that counts how often each was asked.
final class ProbedSource: LicenceSource {
    private let failing: [ProbeLayer: String]
    private let wrongAnswers: Set<String>
    private let asked = Mutex<[ProbeLayer]>([])
    init(failing: [ProbeLayer: String] = [:], wrongAnswers: Set<String> = []) {
        self.failing = failing
        self.wrongAnswers = wrongAnswers
    }
    var layersAsked: [ProbeLayer] { asked.withLock { $0 } }

    func describe() -> SourceDescription { description() }
    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable { NoBatches() }
    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding { .none(evidence: "test") }
    func remap(_ reject: Reject) -> Result<Licence, SourceError> {
        .failure(SourceError(.recordUnmapped, "no mapping in a test", remedy: "None.", recovery: .stopRun))
    }
    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        asked.withLock { $0.append(layer) }
        if let code = failing[layer] {
            let diagnostic = Diagnostic(code: code, what: "it fails in a test", remedy: "Mend it.")
            return ProbeResult(layer: layer, outcome: .failed(diagnostic), took: .milliseconds(3))
        }
        if let question, wrongAnswers.contains(question.name) {
            let diagnostic = Diagnostic(code: "source.golden_answer", what: "answered wrongly", remedy: "Ask why.")
            return ProbeResult(layer: layer, outcome: .failed(diagnostic), took: .milliseconds(3))
        }
        return ProbeResult(layer: layer, outcome: .passed, took: .milliseconds(40), certificateDaysLeft: 90)
    }
}

struct NoBatches: AsyncSequence, Sendable {
    typealias Failure = SourceError
    struct AsyncIterator: AsyncIteratorProtocol {
        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? { nil }
        mutating func next() async throws(SourceError) -> SourceBatch? { nil }
    }
    func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
}

func golden(_ name: String = "known-valid") -> GoldenQuestion {
    GoldenQuestion(name: name, kind: .holder, typeCode: taxiPermit, secretName: "golden-1", expectation: .valid)
}

func interface(
    golden questions: [GoldenQuestion] = [], downtime: [String] = [], freshness: Duration? = nil,
    latencyObjective: Duration? = nil, volume: ClosedRange<Int>? = nil, partitions: [String] = [],
    copyLimit: Duration? = .seconds(86_400)
) -> InterfaceDescription {
    InterfaceDescription(
        id: transport, licenceTypes: [taxiPermit], pulls: [.full, .incremental], partitions: partitions,
        schedule: PullSchedule(
            slots: try? CronExpression.parse("0 2 * * *").get(), downtime: downtime.compactMap { DowntimeWindow($0) },
            copyLimit: copyLimit),
        goldenQuestions: questions, freshness: freshness, latencyObjective: latencyObjective,
        volume: volume)
}

func description(_ interface: InterfaceDescription = interface()) -> SourceDescription {
    SourceDescription(
        id: transport.source, name: "交通运输", owner: "市交通局信息中心", simulated: true, interfaces: [interface],
        mappingRevision: "1")
}

func run(
    at moment: Timestamp, _ outcome: RunRecord.Outcome = .complete, code: String? = nil, received: Int = 100,
    created: Int = 0, withheld: Int = 0, partition: String? = nil, mode: PullMode = .full
) -> RunRecord {
    var counts = RunCounts()
    counts.received = received
    counts.created = created
    counts.withheld = withheld
    return RunRecord(
        id: RunID(rawValue: "run-\(moment.milliseconds)"), interface: transport, partition: partition, mode: mode,
        startedAt: moment + .seconds(-60), finishedAt: moment, outcome: outcome, code: code,
        message: code.map { "[\($0)] in a test" }, counts: counts)
}

func state(
    completeAt: Timestamp?, lastRun: RunRecord? = nil, availability: Availability = .active, records: Int = 100,
    rejects: Int = 0, withoutHolder: Int = 0, partition: String? = nil
) -> InterfaceState {
    let pull = completeAt.map { CompletedPull(mode: .full, asOf: $0, finishedAt: $0, records: records) }
    return InterfaceState(
        interface: transport, partition: partition, firstComplete: pull, lastComplete: pull,
        lastRun: lastRun ?? completeAt.map { run(at: $0) }, availability: availability, records: records,
        openRejects: rejects, openRejectsWithoutHolder: withoutHolder)
}

func keeper(
    _ interface: InterfaceDescription = interface(), settings: HealthSettings = HealthSettings(),
    memory: any HealthMemory = InMemoryHealthMemory()
) -> HealthKeeper {
    HealthKeeper([description(interface)], clock: StoppedClock(morning), settings: settings, memory: memory)
}

extension HealthKeeper {
    func one(at moment: Timestamp = morning) throws -> InterfaceHealthReport {
        try #require(report(at: moment).first)
    }
}
