// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// Records that are taken: those with one of these values at the path.
struct RecordFilter: Sendable {
    let path: RecordPath
    let values: Set<String>

    func takes(_ node: DocumentNode) -> Bool {
        path.first(in: node)?.scalarText.map(values.contains) ?? false
    }
}

/// A list beside the records, read by the same pages: partitions, or keys that are gone.
struct FeedPlan: Sendable {
    let request: RequestPlan
    let pages: PagePlan
    let records: StreamPath
    let total: RecordPath?
    let hasMore: RecordPath?
    let identity: RecordIdentity

    /// The feed as a pull; `cursor` only writes what the request asks for.
    func pull(_ cursor: CursorPlan?) -> PullPlan {
        PullPlan(
            isIncremental: false, request: request, pages: pages, partitions: [], records: records, total: total,
            hasMore: hasMore, identity: identity, cursor: cursor, rejectIf: [])
    }
}

/// Most requests in a window.
struct RequestRate: Sendable, Hashable {
    let count: Int
    let window: Duration
}

/// What a failure means.
struct ErrorRule: Sendable {
    enum Action: String, Sendable { case retry, renew, skip, stop, none }
    let condition: Condition
    /// A text in the first bytes of an answer.
    let text: String?
    let action: Action
    let wait: RetryWait?
    let resetHeader: String?

    func fits(_ answer: SourceClient.Answer) -> Bool {
        if let status = condition.status, status != answer.status { return false }
        if let text, Substring(String(decoding: answer.start.prefix(512), as: UTF8.self)).range(ofText: text) == nil {
            return false
        }
        return condition.tests.isEmpty || condition.holds(in: answer.envelope, status: answer.status)
    }
}

extension DateFormat {
    /// A moment in milliseconds, read in a zone (minutes east of UTC) unless the text carries an offset of its own.
    func milliseconds(_ text: String, zone: Int) -> Int64? {
        guard let moment = moment(text) else { return nil }
        guard zone != 480, needsZone(text) else { return moment.milliseconds }
        return moment.milliseconds + Int64(480 - zone) * 60_000
    }

    /// A moment as this format writes it in a zone.
    func text(milliseconds: Int64, zone: Int) -> String {
        let shift = source.hasPrefix("epoch_") || source == "iso8601" ? 0 : Int64(zone - 480) * 60_000
        return text(Timestamp(milliseconds: milliseconds + shift))
    }

    private func needsZone(_ text: String) -> Bool {
        if source.hasPrefix("epoch_") { return false }
        return source != "iso8601" || !text.utf8.dropFirst(10).contains { $0 == 90 || $0 == 43 || $0 == 45 }
    }
}
