// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel
import Transport

/// What every adapter must do, numbered so that a review can cite it.
public enum ConformanceTest: String, Sendable, CaseIterable, CustomStringConvertible {
    /// Lints clean, offline, with an owner.
    case c01 = "C01"
    /// Describes itself the same way twice, with registered types only.
    case c02 = "C02"
    /// Maps each golden response to exactly its expectation.
    case c03 = "C03"
    /// Gives every record its key, its type and something to find it by.
    case c04 = "C04"
    /// Resumes from any page; a page delivered twice changes nothing.
    case c05 = "C05"
    /// Stops at its limits.
    case c06 = "C06"
    /// Keeps codes as text.
    case c07 = "C07"
    /// Survives the hostile set.
    case c08 = "C08"
    /// Turns statuses and failures into the documented recovery.
    case c09 = "C09"
    /// Tells "none" from "could not ask".
    case c10 = "C10"
    /// Probes once and reports.
    case c11 = "C11"
    /// Lets no canary out.
    case c12 = "C12"
    /// Honours cancellation.
    case c13 = "C13"

    /// The number.
    public var description: String { rawValue }

    /// What an adapter has to do, in a few words.
    public var title: String {
        switch self {
        case .c01: "lints clean, with an owner"
        case .c02: "describes itself the same way twice"
        case .c03: "maps each golden answer as expected"
        case .c04: "gives whole records"
        case .c05: "resumes at its cursor"
        case .c06: "stops at its limits"
        case .c07: "keeps codes as text"
        case .c08: "survives hostile answers"
        case .c09: "recovers as documented"
        case .c10: "tells none from silence"
        case .c11: "probes once"
        case .c12: "shows no value and no secret"
        case .c13: "honours cancellation"
        }
    }
}

/// The conformance suite for adapters.
public enum AdapterConformance {
    /// Runs one test over one adapter; gives what is wrong, in sentences, or nothing.
    ///
    /// A waived test gives nothing and prints its reason.
    public static func run(_ test: ConformanceTest, on adapter: AdapterUnderTest) async -> [String] {
        if let reason = adapter.waivers[test.rawValue] {
            print("waived: \(adapter.folderName) \(test) \(reason)")
            return []
        }
        var bench = ConformanceBench(adapter: adapter)
        switch test {
        case .c01: bench.lintsClean()
        case .c02: await bench.describesItself()
        case .c03: await bench.mapsGoldenCases()
        case .c04: await bench.recordsAreWhole()
        case .c05: await bench.resumes()
        case .c06: await bench.stopsAtLimits()
        case .c07: await bench.keepsCodes()
        case .c08: await bench.survivesHostility()
        case .c09: await bench.recovers()
        case .c10: await bench.tellsNoneFromSilence()
        case .c11: await bench.probesOnce()
        case .c12: await bench.hidesCanaries()
        case .c13: await bench.honoursCancellation()
        }
        return bench.problems
    }
}

/// One adapter on the bench.
struct ConformanceBench {
    let adapter: AdapterUnderTest
    var problems: [String] = []
    let clock = LeapingClock()

    init(adapter: AdapterUnderTest) { self.adapter = adapter }

    mutating func expect(_ holds: Bool, _ otherwise: @autoclosure () -> String) {
        if !holds { problems.append(otherwise()) }
    }

    /// The adapter on these answers; nil (and a problem) when it cannot be made.
    mutating func source(
        _ answers: [CannedTransport.Answer], repeatsLast: Bool = true, folder: String = "/nonexistent"
    ) -> (source: any LicenceSource, transport: CannedTransport)? {
        let transport = CannedTransport(answers, repeatsLast: repeatsLast, login: login, clock: clock)
        do throws(SourceError) {
            let settings = CanarySettings(folder: folder, keys: GoldenCase.keys(of: adapter))
            return (try adapter.make(transport, settings, clock), transport)
        } catch {
            expect(false, "the adapter cannot be made: \(error)")
            return nil
        }
    }

    private var login: CannedTransport.Login? {
        adapter.loginPath.map { CannedTransport.Login(path: $0, body: GoldenCase.login(of: adapter)) }
    }

    /// What it offers; read from an adapter that nobody asks anything.
    mutating func interfaces() -> [InterfaceDescription] { source([])?.source.describe().interfaces ?? [] }

    func isFile(_ interface: InterfaceDescription) -> Bool { adapter.fileInterfaces.contains(interface.id.name) }

    /// A pull as the interface offers it: whole, unless it has only changes.
    func request(_ interface: InterfaceDescription, _ mode: PullMode? = nil, resume: ResumeCursor? = nil)
        -> PullRequest
    {
        let offered: PullMode = interface.pulls == [.incremental] ? .incremental : .full
        return PullRequest(
            interface: interface.id, mode: mode ?? offered, partition: interface.partitions.first, resume: resume,
            windowEnd: clock.now, run: RunID(rawValue: "conformance"))
    }

    /// Everything a pull gives, at most so many batches.
    func pull(
        _ source: any LicenceSource, _ request: PullRequest, batchesMax: Int = 1000
    ) async -> (batches: [SourceBatch], error: SourceError?) {
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) {
                batches.append(batch)
                if batches.count >= batchesMax { break }
            }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    /// What the first page of a pull gives.
    func firstPage(
        _ source: any LicenceSource, _ transport: CannedTransport, _ request: PullRequest
    ) async -> (batches: [SourceBatch], error: SourceError?) {
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) {
                guard transport.count <= 1 else { break }
                batches.append(batch)
            }
            return (batches, nil)
        } catch {
            return transport.count > 1 ? (batches, nil) : (batches, error)
        }
    }

    /// A question of a kind the interface takes, about nobody.
    func question(_ kind: LookupQuestion.Kind, _ interface: InterfaceDescription, code: String) -> LookupQuestion {
        let type = interface.licenceTypes.first
        return switch kind {
        case .identifier: .identifier(code)
        case .number: .number(LicenceNumber(code), type ?? LicenceTypeCode("none"))
        case .holder: .holder(Holder(kind: .residentIdentityNumber, code: code, name: "Nobody"), type)
        }
    }

    func find(_ source: any LicenceSource, _ question: LookupQuestion) async -> Result<SourceFinding, SourceError> {
        do throws(SourceError) {
            let asking = AskingContext(
                system: "conformance", operatorAccount: "tester", matter: "4301SX010001", purpose: "conformance")
            return .success(try await source.find(question, for: asking, until: Deadline(.seconds(30), from: clock)))
        } catch {
            return .failure(error)
        }
    }
}
