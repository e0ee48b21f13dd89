// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import Foundation
import GatewayAPI
import InterfaceHealth
import LicenceModel
import Synchronization
import Testing

private let isWanted = ProcessInfo.processInfo.environment["LICGATE_SCHEMATHESIS"] == "1"

@Suite struct `Schemathesis` {
    @Test(
        .enabled(if: isWanted, "set LICGATE_SCHEMATHESIS=1; it installs schemathesis and asks thousands of questions"))
    func `finds no server error and no undocumented answer`() async throws {
        var fixture = try await APIFixture()
        fixture.makeEverythingOccur()
        try await serving(fixture) { port in
            let process = Process()
            process.executableURL = repository.appendingPathComponent("Scripts/check-api")
            process.arguments = ["http://127.0.0.1:\(port)"]
            let (ends, ended) = AsyncStream.makeStream(of: Int32.self)
            process.terminationHandler = { ended.yield($0.terminationStatus) }
            try process.run()
            let status = await ends.first { _ in true }
            #expect(status == 0)
        }
    }
}

extension APIFixture {
    /// Answers of every shape there is: each verdict in turn, and health with failing layers and a past probe.
    mutating func makeEverythingOccur() {
        let verdicts: [Verdict] = AnswerShapes.verdicts
        let shared = Turn()
        desk.choose = { verdicts[shared.next() % verdicts.count] }
        let failure = Diagnostic(code: "source.business_status", what: "it says broken", remedy: "Ask.")
        let results = [
            ProbeResult(layer: .nameResolution, outcome: .notApplicable("an address"), took: .zero),
            ProbeResult(layer: .connect, outcome: .passed, took: .milliseconds(2), certificateDaysLeft: 12),
            ProbeResult(layer: .businessStatus, outcome: .failed(failure), took: .milliseconds(9)),
        ]
        health.observe(ProbeRound(interface: transport, at: morning, results: results))
        health.observe(
            ExchangeObservation(interface: transport, at: morning + .seconds(-5), took: .milliseconds(7)))
    }
}

/// Every shape a verdict has.
enum AnswerShapes {
    static let verdicts: [Verdict] = [
        .holds, .noRecord, .doesNotHold(.expired(on: CalendarDay(at: morning))),
        .doesNotHold(.notYetValid(from: CalendarDay(at: morning))), .doesNotHold(.status(.suspended)),
        .doesNotHold(.removedBySource), .cannotTell(.neverSynced(transport.source), retryAt: nil),
        .cannotTell(.sourceDown(transport.source), retryAt: morning),
        .cannotTell(.staleCopy(transport.source), retryAt: nil),
        .cannotTell(.paused(transport.source), retryAt: nil), .cannotTell(.newerVersionUnreadable, retryAt: nil),
        .cannotTell(.recordUnreadable, retryAt: nil), .cannotTell(.ambiguous, retryAt: nil),
        .cannotTell(.validityUnknown, retryAt: nil), .cannotTell(.statusUnknown, retryAt: nil),
        .cannotTell(.noSource, retryAt: nil), .cannotTell(.tooMany, retryAt: nil),
        .cannotTell(.catalogueUnavailable, retryAt: nil),
    ]
}

final class Turn: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
