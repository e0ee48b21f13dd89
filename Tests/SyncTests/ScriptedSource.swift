import AdapterKit
import Cryptography
import Diagnostics
import LicenceModel
import Synchronization

/// A source whose every pull is scripted: a list of steps per pull, the last script repeats.
final class ScriptedSource: LicenceSource {
    enum Step: Sendable {
        case page([Licence], rejects: Int = 0, resume: String?, total: Int? = nil)
        case end([Licence], rejects: Int = 0, resume: String?, total: Int? = nil)
        case fail(SourceError)
        /// Runs something between two pages: a test pauses, cancels or counts here.
        case call(@Sendable () async -> Void)
    }

    let description: SourceDescription
    private let scripts: Mutex<[[Step]]>
    private let seen = Mutex<[PullRequest]>([])

    init(_ interface: InterfaceDescription, scripts: [[Step]]) {
        description = SourceDescription(
            id: interface.id.source, name: "示例", owner: "示例局", simulated: true, interfaces: [interface],
            mappingRevision: "m1")
        self.scripts = Mutex(scripts)
    }

    var requests: [PullRequest] { seen.withLock { $0 } }

    func describe() -> SourceDescription { description }

    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        seen.withLock { $0.append(request) }
        let script = scripts.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
        return ScriptedPull(steps: script, request: request)
    }

    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding { .none(evidence: "scripted") }

    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        ProbeResult(layer: layer, outcome: .passed, took: .zero)
    }

    func remap(_ reject: Reject) -> Result<Licence, SourceError> {
        .failure(SourceError(.recordUnmapped, "scripted", remedy: "none", recovery: .stopRun))
    }
}

struct ScriptedPull: AsyncSequence, Sendable {
    let steps: [ScriptedSource.Step]
    let request: PullRequest

    struct Iterator: AsyncIteratorProtocol {
        var steps: ArraySlice<ScriptedSource.Step>
        let request: PullRequest

        mutating func next() async throws(SourceError) -> SourceBatch? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            while let step = steps.popFirst() {
                switch step {
                case .page(let records, let rejects, let resume, let total):
                    return batch(records, rejects, resume, .more, total)
                case .end(let records, let rejects, let resume, let total):
                    return batch(records, rejects, resume, .end(declaredTotal: total), total)
                case .fail(let error): throw error
                case .call(let work): await work()
                }
            }
            return nil
        }

        private func batch(
            _ records: [Licence], _ rejects: Int, _ resume: String?, _ position: SourceBatch.Position, _ total: Int?
        ) -> SourceBatch {
            let rejected = (0..<rejects).map { number in
                Reject(
                    interface: request.interface, raw: Array("{\"n\":\(number)}".utf8),
                    reason: Diagnostic(
                        code: "record.required", what: "`zzbs` is missing", remedy: "Mend the manifest"),
                    fetchedAt: request.windowEnd, mappingRevision: "m1")
            }
            return SourceBatch(
                records: records, rejects: rejected, position: position,
                resume: resume.map { ResumeCursor(rawValue: $0) }, declaredTotal: total,
                place: PullPlace(records.count))
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(steps: steps[...], request: request) }
}

let scripted = InterfaceID(SourceID("scripted"), "licences")

func scriptedInterface(
    pulls: Set<PullMode> = [.full, .incremental], schedule: PullSchedule = PullSchedule(),
    budget: FailureBudget = FailureBudget()
) -> InterfaceDescription {
    InterfaceDescription(
        id: scripted, licenceTypes: [LicenceTypeCode("11100000000013127D001")], pulls: pulls, schedule: schedule,
        budget: budget)
}

/// Licences numbered `range`, synthetic, each different.
func licences(_ range: Range<Int>, status: LicenceStatus = .valid) -> [Licence] {
    range.map { number in
        Licence(
            key: SourceRecordKey(source: scripted.source, parts: [String(number)]), interface: scripted,
            typeCode: LicenceTypeCode("11100000000013127D001"), number: LicenceNumber("N\(number)"),
            holders: [Holder(kind: .otherPersonCode, code: "TEST\(number)")], status: status,
            provenance: Provenance(
                sourceVersion: .arrival, fetchedAt: Timestamp(seconds: 1_795_570_350),
                payloadDigest: SHA256.digest("\(number) \(status)"), mappingRevision: "m1", simulated: true))
    }
}

let unavailable = SourceError(
    .unavailable, "HTTP 503", place: Place(request: "GET /licences"), remedy: "Wait", recovery: .retry(after: nil),
    httpStatus: 503)

/// One source with two interfaces, each scripted by its own.
final class TwoInterfaces: LicenceSource {
    let first: ScriptedSource
    let second: ScriptedSource

    init(first: ScriptedSource, second: ScriptedSource) {
        self.first = first
        self.second = second
    }

    func describe() -> SourceDescription {
        var description = first.description
        description.interfaces += second.description.interfaces
        return description
    }

    private func owner(_ interface: InterfaceID) -> ScriptedSource {
        first.description.interfaces.contains { $0.id == interface } ? first : second
    }

    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        owner(request.interface).pull(request)
    }

    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding { .none(evidence: "scripted") }

    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        ProbeResult(layer: layer, outcome: .passed, took: .zero)
    }

    func remap(_ reject: Reject) -> Result<Licence, SourceError> { first.remap(reject) }
}
