// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import Intake
import LicenceModel
import Sync
import Synchronization

/// Takes one pushed batch: proof, then a run like any other, then the promise that it is durable.
struct PushOperation: Sendable {
    let context: GatewayContext
    let desk: PushDesk

    func take(_ call: PushCall, _ body: PushBody) async throws(PushRefusal) -> PushReceipt {
        guard let source = context.directory.source(call.source) else { throw Self.unknownSource(call) }
        let batch = try await desk.receive(call, body, for: source.pushes)
        return try await desk.alone(batch) { () throws(PushRefusal) in try await run(batch, of: source) }
    }

    private func run(_ batch: PushedBatch, of source: any LicenceSource) async throws(PushRefusal) -> PushReceipt {
        let id = batch.intake.interface
        let known = try await catalogue { () async throws(CatalogueError) -> ResumeCursor? in
            try await context.catalogue.states().first { $0.interface == id && $0.partition == nil }?.resume
        }
        if try batch.isTaken(PushMemory(known)) {
            // It was taken, and perhaps the power went before that was made durable and said.
            try await durable()
            return PushReceipt(batch: batch.id, interface: id, isRepeated: true)
        }
        let pushed = PushedSource(source, batch, clock: context.clock)
        guard let interface = pushed.describe().interfaces.first(where: { $0.id == id }) else { throw notBegun(nil) }
        let refused = Mutex<Diagnostic?>(nil)
        let runner = context.runner { event in
            if case .refused(_, let finding) = event { refused.withLock { $0 = finding } }
        }
        let record = await runner.run(pushed, interface, owner: "push", limit: context.withdrawalLimit)
        guard let record else { throw notBegun(refused.withLock { $0 }) }
        try await durable()
        guard record.outcome == .complete else { throw stopped(record, batch) }
        return receipt(record.counts, batch)
    }

    private func receipt(_ counts: RunCounts, _ batch: PushedBatch) -> PushReceipt {
        var receipt = PushReceipt(batch: batch.id, interface: batch.intake.interface)
        receipt.received = counts.received
        receipt.stored = counts.created + counts.updated
        receipt.unchanged = counts.unchanged
        receipt.late = counts.late
        receipt.rejected = counts.rejected
        receipt.withdrawn = counts.withdrawn
        receipt.rejects = batch.rejects
        return receipt
    }

    private func durable() async throws(PushRefusal) {
        try await catalogue { () async throws(CatalogueError) in try await context.catalogue.sync() }
    }

    private func catalogue<T>(_ work: () async throws(CatalogueError) -> T) async throws(PushRefusal) -> T {
        do throws(CatalogueError) { return try await work() } catch { throw PushRefusal(.busy, error.diagnostic) }
    }

    private static func unknownSource(_ call: PushCall) -> PushRefusal {
        PushRefusal(
            .absent, code: "source.unknown_id", "No source with this id is in service.",
            remedy: "See GET /v1/sources for the sources there are.")
    }

    /// The run did not begin: the source is out of service, somebody else writes it, or the catalogue refuses.
    private func notBegun(_ finding: Diagnostic?) -> PushRefusal {
        guard let finding else {
            return PushRefusal(
                .busy, code: "push.busy", "The batch could not be taken.", remedy: "Send it again in a second.")
        }
        return PushRefusal(finding.code.hasPrefix("sync.") ? .conflict : .busy, finding)
    }

    private func stopped(_ record: RunRecord, _ batch: PushedBatch) -> PushRefusal {
        let code = record.code ?? "sync.stopped"
        let isOurs =
            code.hasPrefix("catalogue.") || code.hasPrefix("sync.") || code == SourceError.Code.cancelled.rawValue
        return PushRefusal(
            isOurs ? .busy : .unusable,
            Diagnostic(
                code: code, what: record.message ?? "the batch was not taken whole",
                consequence: "The batch does not count as taken; what was read of it before is kept",
                remedy: "Mend it and send it again, whole, under the same id"),
            rejects: batch.rejects)
    }
}
