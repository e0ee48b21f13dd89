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
    }

    let client: SourceClient
    let interface: InterfacePlan
    let plan: PullPlan
    let mapper: RecordMapper
    let request: PullRequest
    var position: PullPosition

    init(
        client: SourceClient, interface: InterfacePlan, plan: PullPlan, request: PullRequest
    ) throws(SourceError) {
        self.client = client
        self.interface = interface
        self.plan = plan
        self.request = request
        mapper = RecordMapper(manifest: client.manifest, plan: interface, identity: plan.identity)
        position = try PullPosition(
            request, plan, place: PageWalker.place(client.manifest, interface, request, page: nil))
    }

    var place: Place { PageWalker.place(client.manifest, interface, request, page: position.pages + 1) }

    private static func place(
        _ manifest: SourceManifest, _ interface: InterfacePlan, _ request: PullRequest, page: Int?
    ) -> Place {
        Place(source: manifest.id.rawValue, interface: interface.name, run: request.run.rawValue, page: page)
    }

    // MARK: - One page

    /// Asks for the next page and judges it; nothing of a page counts before all of it was read.
    mutating func nextPage() async throws(SourceError) -> Page {
        let place = self.place
        guard position.pages < client.manifest.limits.budget.pagesPerRun else { throw tooManyPages(place) }
        let prepared = try prepare(place)
        let (answer, verdict, here) = try await client.judged(
            prepared, interface, records: plan.records, place: place)
        switch verdict {
        case .ok: return try take(answer, here)
        case .none:
            return try take(SourceClient.Answer(status: answer.status, headers: answer.headers), here, none: true)
        case .refused(let code):
            throw SourceError(
                .forbidden, "the source refuses this pull (\(code))", place: here,
                remedy: "Ask the source's owner to grant this interface to our account", recovery: .fixConfiguration)
        case .notInForce:
            throw SourceError(
                .businessStatus, "the answer to a pull speaks of one licence only", place: here,
                remedy: "Correct `status` in the manifest", recovery: .fixConfiguration)
        }
    }

    private func prepare(_ place: Place) throws(SourceError) -> PreparedRequest {
        var values = client.values()
        let pages = plan.pages
        let size = pages.size.map { min($0, request.pageSize ?? $0) }
        values[.partition] = request.partition
        values[.pageSize] = size.map(String.init)
        if let cursor = plan.cursor {
            values[.windowEnd] = cursor.value.write(request.windowEnd.milliseconds)
            values[.cursor] = position.cursor
        }
        var extra: [(String, String)] = []
        if let parameter = pages.sizeParameter, let size { extra.append((parameter, String(size))) }
        var moved: String?
        switch pages.kind {
        case .none, .nextLink: break
        case .pageNumber:
            moved = String(pages.first + position.pages)
            values[.page] = moved
        case .offset:
            moved = String(position.received)
            values[.offset] = moved
        case .cursorToken:
            moved = position.token
            values[.pageToken] = moved
        case .keyset:
            moved = position.after.flatMap { plan.cursor?.value.write($0) }
            values[.cursor] = moved
        }
        if let parameter = pages.parameter, let moved { extra.append((parameter, moved)) }
        var prepared = try client.prepare(plan.request, values, interface.document, extra: extra)
        if let link = position.link { prepared.url = link }
        return prepared
    }

    private mutating func take(
        _ answer: SourceClient.Answer, _ place: Place, none: Bool = false
    ) throws(SourceError) -> Page {
        if !none { try checkList(answer, place) }
        try checkTotal(answer, place)
        let fetchedAt = answer.receipt?.startedAt ?? client.clock.now
        let mapped = answer.events.map {
            mapper.event($0, cursor: plan.cursor, at: place, partition: request.partition, fetchedAt: fetchedAt)
        }
        try checkLoop(mapped, place)
        let before = position.after
        let kept = try advance(over: mapped, place)
        let outcomes = mapper.withoutDoubles(kept, at: place, partition: request.partition, fetchedAt: fetchedAt)
        let size = answer.events.count
        position.pages += 1
        let isLast = try none ? true : ended(answer, size, before: before, place)
        if isLast { try checkEnd(place) }
        let resume = resumeCursor(isLast: isLast)
        let total = position.resumed && plan.pages.kind == .keyset ? nil : position.total
        return Page(outcomes: outcomes, isLast: isLast, total: total, resume: resume, bytes: answer.bytes)
    }

    /// Moves the cursor over a page's records; gives those that were not seen at the last boundary.
    private mutating func advance(over mapped: [MappedEvent], _ place: Place) throws(SourceError) -> [MappedEvent] {
        let boundary = position.boundary
        var kept: [MappedEvent] = []
        kept.reserveCapacity(mapped.count)
        var highest = position.highest
        for one in mapped {
            if let value = one.cursor {
                if let highest, value < highest, plan.cursor?.ascending == true {
                    throw wentBack(one.record?.place.within(place) ?? place)
                }
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
        let pages = plan.pages
        let size = pages.size.map { min($0, request.pageSize ?? $0) }
        let more = try hasMore(answer, place)
        switch pages.kind {
        case .none: return true
        case .cursorToken:
            let token = pages.token.flatMap { path in answer.envelope.flatMap { path.first(in: $0)?.scalarText } }
            guard more != false, let token, !token.isEmpty else {
                if more == true { throw shape("the answer says that there is more and names no token", place) }
                return true
            }
            guard position.seenTokens.insert(token).inserted else { throw loop("the same page token", place) }
            position.token = token
            return false
        case .nextLink: return try followLink(answer, more, place)
        case .keyset:
            if count == 0 || more == false { return true }
            if more == nil, let size, count < size { return true }
            guard position.after != before else {
                // Only records that were there before: an inclusive source has come to its end, unless a whole page is one value.
                if let size, count >= size { throw loop("a whole page of one cursor value", place) }
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

    private mutating func followLink(
        _ answer: SourceClient.Answer, _ more: Bool?, _ place: Place
    ) throws(SourceError) -> Bool {
        let link: String?
        if let path = plan.pages.next {
            link = answer.envelope.flatMap { path.first(in: $0)?.scalarText }
        } else {
            link = LinkHeader.next(answer.headers.all("Link"))
        }
        guard more != false, let link, !link.isEmpty else { return true }
        guard position.seenTokens.insert(link).inserted else { throw loop("the same link", place) }
        guard let base = client.base, let url = RequestWords.resolve(link, against: base, current: place) else {
            throw SourceError(
                .foreignLink, "the next page is at another origin", place: place,
                consequence: "It was not asked, and our credentials were not sent there",
                remedy: "If that is right, make the other address the base URL of a source of its own",
                recovery: .fixConfiguration)
        }
        position.link = url
        return false
    }

    private func resumeCursor(isLast: Bool) -> ResumeCursor? {
        guard let cursor = plan.cursor, cursor.ascending || isLast,
            let highest = [position.highest, position.floor].compactMap({ $0 }).max()
        else { return nil }
        // Nothing after the window's end was asked for, so nothing after it may be taken as read.
        if case .time = cursor.value { return CursorText.write(min(highest, request.windowEnd.milliseconds)) }
        return CursorText.write(highest)
    }
}
