// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

/// Walks the pages of one pull, one at a time, and refuses walks that cannot be trusted.
struct PageWalker {
    /// What one page gave.
    struct Page {
        var outcomes: [(outcome: RecordMapper.Outcome, bytes: Int)]
        var isLast: Bool
        var total: Int?
        var resume: ResumeCursor?
        var bytes: Int
        var skipped = 0
        var notes: [Diagnostic] = []
        var place: PullPlace?
    }

    /// Where a walk stands: in the records, or in the list of removals after them.
    struct State: Sendable {
        var position: PullPosition
        /// The end of the records, once the removals are read.
        var after: RecordsEnd?
    }
    /// What the records' end leaves to say when the removals have been read.
    struct RecordsEnd: Sendable {
        var resume: ResumeCursor?
        var total: Int?
    }

    let client: SourceClient
    let interface: InterfacePlan
    private(set) var plan: PullPlan
    let mapper: RecordMapper
    let request: PullRequest
    var position: PullPosition
    var after: RecordsEnd?
    /// The page whose records are being read off the disk.
    var large: LargePage?
    private let whole: PullPlan

    init(
        client: SourceClient, interface: InterfacePlan, plan: PullPlan, request: PullRequest
    ) throws(SourceError) {
        self.client = client
        self.interface = interface
        self.request = request
        whole = plan
        mapper = RecordMapper(manifest: client.manifest, plan: interface, identity: plan.identity)
        let place = PageWalker.place(client.manifest, interface, request, page: nil)
        if let state = request.place?.value(as: State.self) {
            position = state.position
            after = state.after
        } else {
            position = try PullPosition(request, plan, place: place)
        }
        self.plan = after == nil ? plan : plan.deletes?.pull(plan.cursor) ?? plan
        position.resize(to: pageSize, self.plan.pages.kind)
        try position.skip(request.skipPages, self.plan.pages.kind, size: pageSize, place: self.place)
    }

    var place: Place { PageWalker.place(client.manifest, interface, request, page: position.pages + 1) }
    var isFeed: Bool { after != nil }
    private var pageSize: Int? { plan.pages.size.map { min($0, request.pageSize ?? $0) } }

    private static func place(
        _ manifest: SourceManifest, _ interface: InterfacePlan, _ request: PullRequest, page: Int?
    ) -> Place {
        Place(source: manifest.id.rawValue, interface: interface.name, run: request.run.rawValue, page: page)
    }

    // MARK: - One page

    /// Asks for the next page and judges it; nothing of a page counts before all of it was read.
    mutating func nextPage() async throws(SourceError) -> Page {
        if let large {
            let page = try await part(of: large)
            return finished(page)
        }
        let place = self.place
        guard position.pages < client.manifest.limits.budget.pagesPerRun else { throw tooManyPages(place) }
        let prepared = try prepare(place)
        let (answer, verdict, here) = try await client.judged(
            prepared, interface, records: plan.records, place: place, mayBeLarge: true)
        let page: Page
        switch verdict {
        case .ok:
            if let spool = answer.spool {
                try begin(answer, spool, here)
                return try await nextPage()
            }
            page = try take(answer, here)
        case .none:
            page = try take(SourceClient.Answer(status: answer.status, headers: answer.headers), here, none: true)
        case .refused(let code):
            throw SourceError(
                .forbidden, "the source refuses this pull (\(code))", place: here,
                remedy: "Ask the source's owner to grant this interface to our account", recovery: .fixConfiguration)
        case .notInForce:
            throw SourceError(
                .businessStatus, "the answer to a pull speaks of one licence only", place: here,
                remedy: "Correct `status` in the manifest", recovery: .fixConfiguration)
        }
        return finished(page)
    }

    /// A page with what its end means, and with the place a repeat begins at; in the middle of a page there is none.
    private mutating func finished(_ page: Page) -> Page {
        guard large == nil else { return page }
        var page = page
        finishPart(&page)
        page.place = PullPlace(State(position: position, after: after))
        return page
    }

    private func prepare(_ place: Place) throws(SourceError) -> PreparedRequest {
        var values = client.values()
        let pages = plan.pages
        let size = pageSize
        values[.partition] = request.partition
        values[.pageSize] = size.map(String.init)
        if let cursor = plan.cursor {
            values[.windowEnd] = cursor.value.write(position.windowEnd ?? request.windowEnd.milliseconds)
            values[.cursor] = position.cursor
        }
        var extra: [(String, String)] = []
        if let parameter = pages.sizeParameter, let size { extra.append((parameter, String(size))) }
        var moved: String?
        switch pages.kind {
        case .none, .nextLink: break
        case .pageNumber:
            moved = String(pages.first + position.numbered)
            values[.page] = moved
        case .offset:
            moved = String(position.received)
            values[.offset] = moved
        case .cursorToken:
            moved = position.token
            values[.pageToken] = moved
        case .keyset:
            moved = position.after.flatMap { after in plan.cursor?.value.write(keysetStart(after)) }
            values[.cursor] = moved
        }
        if let parameter = pages.parameter, let moved { extra.append((parameter, moved)) }
        var prepared = try client.prepare(plan.request, values, interface.document, extra: extra)
        if let link = position.link { follow(link, &prepared) }
        return prepared
    }

    /// Where the next keyset page starts.
    ///
    /// Several records may share one moment, and a page may end between them, so a source that sends only what is later
    /// is asked from one step earlier. Numbers of such a source have to be unique.
    private func keysetStart(_ after: Int64) -> Int64 {
        guard let cursor = plan.cursor, !cursor.inclusive, case .time = cursor.value, position.pages > 0 else {
            return after
        }
        return after - cursor.value.step
    }

    private mutating func take(
        _ answer: SourceClient.Answer, _ place: Place, none: Bool = false
    ) throws(SourceError) -> Page {
        if !none { try checkList(answer, place) }
        try checkTotal(answer, place)
        let before = position.after
        let read = try records(of: answer.events, answer, place, checksLoop: true)
        return try conclude(
            answer, read, count: answer.events.count, before: before, reachedOld: read.reachedOld, none: none, place)
    }

    /// Some records of a page, mapped and compared.
    struct ReadRecords {
        var outcomes: [(outcome: RecordMapper.Outcome, bytes: Int)]
        var skipped: Int
        var reachedOld: Bool
    }

    mutating func records(
        of events: [DocumentEvent], _ answer: SourceClient.Answer, _ place: Place, checksLoop: Bool = false
    ) throws(SourceError) -> ReadRecords {
        let fetchedAt = answer.receipt?.startedAt ?? client.clock.now
        let cursor = isFeed ? nil : plan.cursor
        let mapped = events.map { event in
            isFeed
                ? mapper.removal(event, plan.identity, at: place, partition: request.partition, fetchedAt: fetchedAt)
                : mapper.event(event, cursor: cursor, at: place, partition: request.partition, fetchedAt: fetchedAt)
        }
        if checksLoop { try checkLoop(mapped, place) }
        var kept = try advance(over: mapped, place)
        let reachedOld = leaveOut(&kept)
        let outcomes =
            isFeed
            ? stillGone(kept, place, fetchedAt)
            : comparedWithEarlier(
                mapper.withoutDoubles(
                    kept, at: place, partition: request.partition, fetchedAt: fetchedAt), kept, place, fetchedAt,
                inParts: !checksLoop)
        return ReadRecords(outcomes: outcomes, skipped: mapped.count - outcomes.count, reachedOld: reachedOld)
    }

    mutating func conclude(
        _ answer: SourceClient.Answer, _ read: ReadRecords, count: Int, before: Int64?, reachedOld: Bool, none: Bool,
        _ place: Place
    ) throws(SourceError) -> Page {
        position.pages += 1
        position.numbered += 1
        let isLast = try none || reachedOld ? true : ended(answer, count, before: before, place)
        if isLast, !reachedOld { try checkEnd(place) }
        let resume = resumeCursor(isLast: isLast)
        // The total of one window, or of what came after a boundary, is not the pull's.
        let isPart = position.windowEnd != nil || (position.resumed && plan.pages.kind == .keyset)
        let total = isPart ? nil : position.total
        return Page(
            outcomes: read.outcomes, isLast: isLast, total: total, resume: resume, bytes: answer.bytes,
            skipped: read.skipped, notes: notes(place))
    }

    /// Moves the cursor over a page's records; gives those that were not seen at the last boundary.
    private mutating func advance(over mapped: [MappedEvent], _ place: Place) throws(SourceError) -> [MappedEvent] {
        let boundary = position.boundary
        var kept: [MappedEvent] = []
        kept.reserveCapacity(mapped.count)
        var highest = position.highest
        for one in mapped {
            if let value = one.cursor {
                // Read again on purpose: what stands between two boundaries may be lower than what was seen.
                let again = boundary.contains(one.digest)
                if !again, let highest, value < highest, plan.cursor?.order == .ascending {
                    throw wentBack(one.record?.place.within(place) ?? place)
                }
                if let lowest = position.lowest, value > lowest, plan.cursor?.order == .descending {
                    throw wentBack(one.record?.place.within(place) ?? place)
                }
                position.lowest = value
                highest = max(highest ?? value, value)
            }
            if boundary.isEmpty || !boundary.contains(one.digest) { kept.append(one) }
        }
        position.received += kept.count
        if plan.pages.kind == .keyset {
            if highest != position.after { position.boundary = [] }
            position.boundary.formUnion(kept.filter { $0.cursor == highest }.map(\.digest))
        }
        position.highest = highest
        if let highest { position.after = highest }
        return kept
    }

    // MARK: - Where it ends

    private mutating func ended(
        _ answer: SourceClient.Answer, _ count: Int, before: Int64?, _ place: Place
    ) throws(SourceError) -> Bool {
        let size = pageSize
        let more = try hasMore(answer, place)
        switch plan.pages.kind {
        case .none: return true
        case .cursorToken:
            var token: String?
            if let path = plan.pages.token { token = try pointer(path, answer, place) }
            guard more != false, let token, !token.isEmpty else {
                if more == true { throw shape("the answer says that there is more and names no token", place) }
                return true
            }
            guard position.memory.isNew(token: token) else { throw loop("the same page token", place) }
            position.token = token
            return false
        case .nextLink: return try followLink(answer, more, place)
        case .keyset:
            if count == 0 || more == false { return true }
            if more == nil, let size, count < size { return true }
            guard position.after != before else {
                // Only records that were there before: an inclusive source has come to its end, unless a whole page is one value.
                if more == true { throw oneValue(place) }
                if let size, count >= size { throw oneValue(place) }
                return true
            }
            return false
        case .pageNumber, .offset:
            if let more { return !more }
            if count == 0 { return true }
            if let total = position.total { return position.received >= total }
            return count < (size ?? 1)
        }
    }

    private func hasMore(_ answer: SourceClient.Answer, _ place: Place) throws(SourceError) -> Bool? {
        guard let path = plan.hasMore else { return nil }
        guard let text = answer.envelope.flatMap({ path.first(in: $0)?.scalarText }) else {
            throw shape("the answer does not say whether there is more", Place(path: path.text).within(place))
        }
        switch text.lowercased() {
        case "true", "1", "y", "yes": return true
        case "false", "0", "n", "no": return false
        default:
            throw shape("what says whether there is more is neither yes nor no", Place(path: path.text).within(place))
        }
    }

    /// The durable cursor after this page, when there is one.
    private func resumeCursor(isLast: Bool) -> ResumeCursor? {
        guard !isFeed, let cursor = plan.cursor, cursor.ascending || isLast else { return nil }
        let end = request.windowEnd.milliseconds
        var reached = [position.highest, position.floor].compactMap { $0 }.max()
        if isLast, let window = position.windowEnd, window < end { reached = window }
        guard var value = reached else { return nil }
        // Nothing after the window's end was asked for, so nothing after it may be taken as read.
        if case .time = cursor.value { value = min(value, position.windowEnd ?? end) }
        guard whole.deletes != nil else { return CursorText.write(value) }
        return CursorText.write(value, deletes: position.deletesFrom)
    }

    /// Goes on to the next window, or to the list of removals; a page that ends neither is left as it is.
    private mutating func finishPart(_ page: inout Page) {
        guard page.isLast else { return }
        if isFeed {
            page.resume = after?.resume
            page.total = after?.total
            return
        }
        if let cursor = plan.cursor, position.beginNextWindow(cursor, until: request.windowEnd.milliseconds) {
            page.isLast = false
            page.total = nil
            return
        }
        guard let deletes = plan.deletes else { return }
        page.isLast = false
        let done = page.resume.flatMap(CursorText.read).map { CursorText.write($0.value) }
        after = RecordsEnd(resume: done, total: page.total)
        position.beginPages()
        position.boundary = []
        // Removals lag behind the records when the pull before ended between the two.
        if let cursor = plan.cursor, request.resume != nil {
            position.cursor = position.deletesFrom.map { PullPosition.written($0, cursor) } ?? cursor.start
        } else {
            position.cursor = plan.cursor?.start
        }
        plan = deletes.pull(plan.cursor)
        position.size = pageSize
    }
}
