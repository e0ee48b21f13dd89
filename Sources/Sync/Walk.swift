// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

/// One run's way through the pages of a source: commits, counts, and decides what a failure means.
struct Walk {
    let run: RunStart
    let target: SyncTarget
    let interface: InterfaceDescription
    var resume: ResumeCursor?
    /// The cursor that was stored before this run.
    let known: ResumeCursor?
    var counts = RunCounts()
    var page = 0
    /// Failures of the page that is next, in a row.
    var failures = 0
    /// How often the total fell while paging: a list that moves under the reader is read again twice, then not.
    var shrinks = 0
    /// Smaller than the manifest's after a page kept failing.
    var pageSize: Int?

    init(
        run: RunStart, target: SyncTarget, interface: InterfaceDescription, resume: ResumeCursor?,
        known: ResumeCursor? = nil
    ) {
        self.run = run
        self.target = target
        self.interface = interface
        self.resume = resume
        self.known = known
    }

    static let shrinksMax = 2

    private var place: Place {
        Place(source: interface.id.source.rawValue, interface: interface.id.name, run: run.id.rawValue, page: page + 1)
    }

    /// Pulls until the source's end, an error that no repeat mends, or a stop.
    mutating func toTheEnd(of source: any LicenceSource, runner: SyncRunner) async -> RunEnd {
        while true {
            do throws(SourceError) {
                return try await onePull(of: source, runner: runner)
            } catch {
                if let end = await afterFailure(error, runner: runner) { return end }
            }
        }
    }

    /// One pull from the last durable cursor; returns at the source's end or at a rule's stop.
    private mutating func onePull(of source: any LicenceSource, runner: SyncRunner) async throws(SourceError) -> RunEnd
    {
        let request = PullRequest(
            interface: interface.id, mode: run.mode, partition: target.partition, resume: resume,
            windowEnd: run.startedAt, run: run.id, pageSize: pageSize, known: resume ?? known)
        for try await batch in source.pull(request) {
            if Task.isCancelled { return stopped() }
            if let stop = overBudget(batch) { return .stopped(stop) }
            let commit = PageCommit(
                run: run.id, page: page + 1, records: batch.records, rejects: batch.rejects,
                tombstones: batch.tombstones, resume: batch.resume)
            do throws(CatalogueError) {
                counts += try await runner.catalogue.commit(commit)
            } catch {
                return .stopped(error.diagnostic)
            }
            page += 1
            failures = 0
            if let cursor = batch.resume { resume = cursor }
            runner.observe(.page(target, counts, total: batch.declaredTotal, bytes: batch.bytes))
            if case .end(let total) = batch.position { return .complete(declaredTotal: total, resume: resume) }
            if page >= interface.budget.pagesPerRun { return .stopped(tooManyPages()) }
        }
        if Task.isCancelled { return stopped() }
        throw SourceError(
            .shape, "the adapter ended without saying that this is the source's end", place: place,
            consequence: kept, remedy: "Report this as a bug of the adapter", recovery: .stopRun)
    }

    private var kept: String { "\(counts.received) records of this run are kept, the cursor stays behind them" }

    private func stopped() -> RunEnd {
        .stopped(
            Diagnostic(
                code: "sync.stopped", what: "the run was asked to stop", place: place, consequence: kept,
                remedy: "Nothing: the next run takes it up there"))
    }

    private func tooManyPages() -> Diagnostic {
        Diagnostic(
            code: SourceError.Code.tooManyPages.rawValue,
            what: "the run took \(page) pages, all that `limits.pages_per_run` allows", place: place,
            consequence: kept, remedy: "Raise the limit if the source really is this large, or look for an endless list"
        )
    }

    /// The finding when this batch would cross the failure budget; the batch is then not committed.
    private func overBudget(_ batch: SourceBatch) -> Diagnostic? {
        let rejected = counts.rejected + batch.rejects.count
        let received = counts.received + batch.records.count + batch.rejects.count
        let budget = interface.budget
        let byShare = received >= 100 && Double(rejected) > budget.rejectedFraction * Double(received)
        guard !batch.rejects.isEmpty, byShare || rejected > budget.rejectedRecords else { return nil }
        let example = batch.rejects[0].reason
        return Diagnostic(
            code: SourceError.Code.tooManyRejects.rawValue,
            what: "\(rejected) of \(received) records could not be read, more than the failure budget bears; "
                + "the first on this page: [\(example.code)] \(example.what)",
            place: place.within(Place(path: example.place.path)),
            consequence: "This page was not taken, the cursor stays before it; \(counts.received) records are kept",
            remedy: "The source's format has probably changed: compare an answer with the manifest "
                + "(`licgate lint`, the adapter's fixtures), mend it, and run `licgate sync` again")
    }

    /// Waits and returns nil when another attempt is worth it, or says how the run ends.
    private mutating func afterFailure(_ error: SourceError, runner: SyncRunner) async -> RunEnd? {
        if Task.isCancelled || error.recovery == .cancelled { return stopped() }
        failures += 1
        if error.code == .totalShrank { shrinks += 1 }
        guard case .retry(let asked) = error.recovery, shrinks <= Self.shrinksMax else {
            return .stopped(ended(error))
        }
        if failures >= interface.budget.pageFailures {
            guard pageSize == nil, error.code == .timedOut || error.code == .shape else {
                return .stopped(ended(error))
            }
            pageSize = 50
            failures = 1
        }
        guard let wait = runner.policy.wait(beforeAttempt: failures + 1, asked: asked, chance: runner.chance()) else {
            return .stopped(ended(error))
        }
        runner.observe(.retrying(target, error.diagnostic, attempt: failures + 1, after: wait))
        do {
            try await runner.clock.sleep(for: wait)
            return nil
        } catch {
            return stopped()
        }
    }

    /// The error with the run's place, what was kept, and how often it was tried.
    private func ended(_ error: SourceError) -> Diagnostic {
        var finding = error.diagnostic
        finding.place = finding.place.within(place)
        let tries = failures > 1 ? "It failed \(failures) times in a row; " : ""
        let before = finding.consequence.map { $0.hasSuffix(".") ? $0 + " " : $0 + ". " } ?? ""
        finding.consequence = before + tries + kept
        return finding
    }
}
