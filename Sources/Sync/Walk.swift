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
    /// True when an operator ordered that a page which keeps failing is left out.
    let skipsPages: Bool
    var resume: ResumeCursor?
    /// The cursor that was stored before this run.
    let known: ResumeCursor?
    /// Where the adapter stood after the last page, so that a failed page is repeated and not the pull.
    var here: PullPlace?
    var counts = RunCounts()
    var page = 0
    /// Failures of the page that is next, in a row, and how long they were waited for.
    var failures = 0
    var waited: Duration = .zero
    /// How often the total fell while paging: a list that moves under the reader is read again twice, then not.
    var shrinks = 0
    /// Smaller than the manifest's after a page kept failing.
    var pageSize: Int?
    /// Pages to leave out from `here`.
    var skipNext = 0
    /// The pages that were left out, for the run's record.
    var skipped: [Int] = []

    init(
        run: RunStart, target: SyncTarget, interface: InterfaceDescription, resume: ResumeCursor?,
        known: ResumeCursor? = nil, skipsPages: Bool = false
    ) {
        self.run = run
        self.target = target
        self.interface = interface
        self.resume = resume
        self.known = known
        self.skipsPages = skipsPages
    }

    static let shrinksMax = 2
    /// A run that would have to leave out more pages than this has another problem.
    static let skipsMax = 20

    var place: Place {
        Place(
            source: interface.id.source.rawValue, interface: interface.id.name, run: run.id.rawValue,
            page: page + skipped.count + 1)
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

    /// One pull from the last page or the last durable cursor; returns at the source's end or at a rule's stop.
    private mutating func onePull(of source: any LicenceSource, runner: SyncRunner) async throws(SourceError) -> RunEnd
    {
        let request = PullRequest(
            interface: interface.id, mode: run.mode, partition: target.partition, resume: resume,
            windowEnd: run.startedAt, run: run.id, pageSize: pageSize, known: resume ?? known, place: here,
            skipPages: skipNext)
        for try await batch in source.pull(request) {
            if Task.isCancelled { return stopped() }
            if let stop = overBudget(batch) { return .stopped(stop) }
            // A cursor beyond a page that was left out would hide the hole from every later run.
            let cursor = skipped.isEmpty ? batch.resume : nil
            let commit = PageCommit(
                run: run.id, page: page + 1, records: batch.records, rejects: batch.rejects,
                tombstones: batch.tombstones, resume: cursor)
            do throws(CatalogueError) {
                counts += try await runner.catalogue.commit(commit)
            } catch {
                return .stopped(error.diagnostic)
            }
            page += 1
            failures = 0
            waited = .zero
            if let cursor { resume = cursor }
            if let place = batch.place {
                here = place
                skipNext = 0
            }
            for note in batch.notes { runner.observe(.noted(target, note)) }
            runner.observe(.page(target, counts, total: batch.declaredTotal, bytes: batch.bytes))
            if case .end(let total) = batch.position {
                return skipped.isEmpty ? .complete(declaredTotal: total, resume: resume) : .stopped(leftOut())
            }
            if page >= interface.budget.pagesPerRun { return .stopped(tooManyPages()) }
        }
        if Task.isCancelled { return stopped() }
        throw SourceError(
            .shape, "the adapter ended without saying that this is the source's end", place: place,
            consequence: kept, remedy: "Report this as a bug of the adapter", recovery: .stopRun)
    }

    // MARK: - After a failure

    /// Waits and returns nil when another attempt is worth it, or says how the run ends.
    private mutating func afterFailure(_ error: SourceError, runner: SyncRunner) async -> RunEnd? {
        if Task.isCancelled || error.recovery == .cancelled { return stopped() }
        failures += 1
        if error.code == .totalShrank { shrinks += 1 }
        // A list that moved is read again from the cursor: the page alone would not bring back what moved past us.
        if Self.voidsPlace(error) { here = nil }
        if error.skipsPage { return await leaveOut(error, runner: runner) }
        let asked: Duration?
        switch error.recovery {
        case .retry(let after) where shrinks <= Self.shrinksMax: asked = after
        case .stopRun where Self.isTooLarge(error) && shrinkPage():
            runner.observe(.retrying(target, error.diagnostic, attempt: failures + 1, after: .zero))
            return nil
        default: return await giveUp(error, runner: runner)
        }
        if failures >= (error.wait?.times.map { $0 + 1 } ?? interface.budget.pageFailures) {
            guard shrinkPage() else { return await giveUp(error, runner: runner) }
        }
        guard let wait = wait(after: error, asked: asked, runner: runner) else {
            return .stopped(ended(error))
        }
        runner.observe(.retrying(target, error.diagnostic, attempt: failures + 1, after: wait))
        waited += wait
        do {
            try await runner.clock.sleep(for: wait)
            return nil
        } catch {
            return stopped()
        }
    }

    /// The wait before the next attempt; nil when the source, or the sum of the waits, asks for more than is borne.
    private func wait(after error: SourceError, asked: Duration?, runner: SyncRunner) -> Duration? {
        let bound = interface.budget.retryFor
        if let asked, asked > bound ?? runner.policy.retryAfterMax { return nil }
        let own =
            error.wait?.wait(beforeRepeat: failures, chance: runner.chance())
            ?? runner.policy.wait(beforeAttempt: failures + 1, asked: nil, chance: runner.chance()) ?? .zero
        let wait = max(own, asked ?? .zero)
        if let bound, waited + wait > bound { return nil }
        return wait
    }

    /// Halves the page size when the source allows; its failures are then counted anew.
    private mutating func shrinkPage() -> Bool {
        guard let smaller = interface.pageSizes?.smaller(than: pageSize) else { return false }
        pageSize = smaller
        failures = 1
        return true
    }

    /// The end of a page that no repeat mends: the run stops, unless an operator ordered to leave such a page out.
    private mutating func giveUp(_ error: SourceError, runner: SyncRunner) async -> RunEnd? {
        guard skipsPages, error.recovery != .fixConfiguration, error.code != .quotaUsed else {
            return .stopped(ended(error))
        }
        return await leaveOut(error, runner: runner)
    }

    private mutating func leaveOut(_ error: SourceError, runner: SyncRunner) async -> RunEnd? {
        guard skipped.count < Self.skipsMax else { return .stopped(ended(error)) }
        var note = error.diagnostic
        note.place = note.place.within(place)
        note.consequence = "This page is left out, the cursor stays before it, and this run cannot be complete"
        runner.observe(.noted(target, note))
        skipped.append(page + skipped.count + 1)
        skipNext += 1
        failures = 0
        waited = .zero
        return nil
    }

    /// Errors after which the pages behind us can no longer be trusted to be where they were.
    private static func voidsPlace(_ error: SourceError) -> Bool {
        [.totalShrank, .totalMismatch, .pagingLoop, .cursorWentBack].contains(error.code)
    }

    private static func isTooLarge(_ error: SourceError) -> Bool {
        error.code.rawValue == "transport.response_too_large" || error.code.rawValue == "document.too_large"
    }
}

// What a run's end says.
extension Walk {
    var kept: String {
        "\(counts.received) records of this run are kept, the cursor stays behind them"
            + (skipped.isEmpty ? "" : "; left out: \(skippedWords)")
    }

    private var skippedWords: String {
        "page\(skipped.count == 1 ? "" : "s") " + skipped.map(String.init).joined(separator: ", ")
    }

    func stopped() -> RunEnd {
        .stopped(
            Diagnostic(
                code: "sync.stopped", what: "the run was asked to stop", place: place, consequence: kept,
                remedy: "Nothing: the next run takes it up there"))
    }

    /// The finding of a run that came to the source's end with holes.
    func leftOut() -> Diagnostic {
        Diagnostic(
            code: "sync.page_skipped",
            what: "the run came to the source's end and left out \(skippedWords), as ordered", place: place,
            consequence:
                "It is not complete: nothing is concluded from what is missing, and the cursor stays before the "
                + "first page left out; \(counts.received) records of this run are kept",
            remedy: "Have the source's owner mend what stands there; the next run asks for it again")
    }

    func tooManyPages() -> Diagnostic {
        Diagnostic(
            code: SourceError.Code.tooManyPages.rawValue,
            what: "the run took \(page) pages, all that `limits.pages_per_run` allows", place: place,
            consequence: kept, remedy: "Raise the limit if the source really is this large, or look for an endless list"
        )
    }

    /// The finding when this batch would cross the failure budget; the batch is then not committed.
    func overBudget(_ batch: SourceBatch) -> Diagnostic? {
        // A field set aside costs no record.
        let records = batch.rejects.filter { $0.field == nil }
        let rejected = counts.rejected + records.count
        let received = counts.received + batch.records.count + records.count
        let budget = interface.budget
        let byShare = received >= 100 && Double(rejected) > budget.rejectedFraction * Double(received)
        guard let example = records.first?.reason, byShare || rejected > budget.rejectedRecords else { return nil }
        return Diagnostic(
            code: SourceError.Code.tooManyRejects.rawValue,
            what: "\(rejected) of \(received) records could not be read, more than the failure budget bears; "
                + "the first on this page: [\(example.code)] \(example.what)",
            place: place.within(Place(path: example.place.path)),
            consequence: "This page was not taken, the cursor stays before it; \(counts.received) records are kept",
            remedy: "The source's format has probably changed: compare an answer with the manifest "
                + "(`licgate lint`, the adapter's fixtures), mend it, and run `licgate sync` again")
    }

    /// The error with the run's place, what was kept, and how often it was tried.
    func ended(_ error: SourceError) -> Diagnostic {
        var finding = error.diagnostic
        finding.place = finding.place.within(place)
        let tries = failures > 1 ? "It failed \(failures) times in a row; " : ""
        let before = finding.consequence.map { $0.hasSuffix(".") ? $0 + " " : $0 + ". " } ?? ""
        finding.consequence = before + tries + kept
        return finding
    }
}
