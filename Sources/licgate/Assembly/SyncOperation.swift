// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import GatewayConfiguration
import LicenceModel
import Sync

/// `licgate sync`, in whichever process writes.
struct SyncOperation {
    let context: GatewayContext
    let output: OperationOutput

    /// Exit code 0 when every run came to its source's end, 1 when one stopped, 2 when one could not begin.
    func perform(
        _ names: [String], full: Bool, approve: Bool, outsideHours: Bool, skipPage: Bool
    ) async -> Int32 {
        let selection = Selection(names, in: context.directory) { !$0.pulls.isEmpty }
        for finding in selection.unknown { output(.problem(finding.text)) }
        guard selection.unknown.isEmpty else { return 2 }
        if !names.isEmpty, selection.isEmpty {
            let finding = Diagnostic(
                code: "sync.not_pullable", what: "nothing named here can be pulled: \(names.joined(separator: ", "))",
                consequence: "Nothing was done", remedy: "These sources are asked one question at a time")
            output(.problem(finding.text))
            return 2
        }
        if selection.jobs.isEmpty {
            output(.text("No source in service can be pulled: add one under `sources:` in the configuration."))
            return 0
        }
        let runner = context.runner { event in
            if let update = ProgressUpdate(event) { output(.progress(update)) }
            switch event {
            case .refused(_, let finding), .noted(_, let finding), .unfinished(_, _, let finding):
                output(.problem(finding.text))
            default: break
            }
        }
        var limit = context.withdrawalLimit
        limit.approved = approve
        let done = await Synchroniser(runner: runner, parallel: context.settings.parallel)
            .run(
                selection.jobs, full: full, owner: "licgate sync", limit: limit, outsideHours: outsideHours,
                skipsPages: skipPage)
        var failed = Task.isCancelled || done.unfinished > 0
        do throws(CatalogueError) {
            try await context.catalogue.sync()
        } catch {
            output(.problem(error.diagnostic.text))
            failed = true
        }
        for record in done.records where record.outcome != .complete {
            output(.problem(record.message ?? record.code ?? "the run stopped"))
        }
        output(.json(JSONValue.list(done.records.map(JSONValue.init(run:))).rendered()))
        if done.refused > 0 { return 2 }
        return !failed && done.records.allSatisfy { $0.outcome == .complete } ? 0 : 1
    }
}

extension ProgressUpdate {
    /// What a progress bar needs of an event; nil for a run that never began.
    init?(_ event: SyncEvent) {
        switch event {
        case .started(let target, _, let mode, let resumed):
            let how = resumed ? "\(mode.rawValue), taken up where it was interrupted" : mode.rawValue
            self.init(target: target.words, phase: .started, mode: how, counts: RunCounts())
        case .page(let target, let counts, let total, _):
            self.init(target: target.words, phase: .page, mode: "", counts: counts, total: total)
        case .retrying(let target, let finding, let attempt, let wait):
            self.init(
                target: target.words, phase: .retrying, mode: "", counts: RunCounts(),
                note: "attempt \(attempt) in \(wait.spoken): [\(finding.code)] \(finding.what)")
        case .finished(let target, let record):
            let note = record.outcome == .complete ? nil : "stopped [\(record.code ?? "?")]"
            self.init(target: target.words, phase: .finished, mode: "", counts: record.counts, note: note)
        case .refused, .noted, .unfinished: return nil
        }
    }
}

extension JSONValue {
    init(run: RunRecord) {
        let c = run.counts
        self = [
            "run": .text(run.id.rawValue), "interface": .text(run.interface.description),
            "partition": .optional(run.partition), "mode": .text(run.mode.rawValue),
            "started_at": .text(run.startedAt.iso8601), "finished_at": .optional(run.finishedAt?.iso8601),
            "outcome": .text(run.outcome.rawValue), "code": .optional(run.code), "message": .optional(run.message),
            "pages": .number(c.pages), "received": .number(c.received), "created": .number(c.created),
            "updated": .number(c.updated), "unchanged": .number(c.unchanged), "late": .number(c.late),
            "rejected": .number(c.rejected), "withdrawn": .number(c.withdrawn), "withheld": .number(c.withheld),
        ]
    }
}
