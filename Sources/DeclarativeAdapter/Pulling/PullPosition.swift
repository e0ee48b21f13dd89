// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel

/// The durable cursor of a pull: `{"v":1,"cursor":N}`, N a number or milliseconds of a time; with `"deletes":M` while
/// the feed of removals has been read up to M only.
enum CursorText {
    static func write(_ value: Int64) -> ResumeCursor { ResumeCursor(rawValue: "{\"v\":1,\"cursor\":\(value)}") }

    /// A cursor whose removals lag behind; `deletes` nil means from the beginning.
    static func write(_ value: Int64, deletes: Int64?) -> ResumeCursor {
        ResumeCursor(rawValue: "{\"v\":1,\"cursor\":\(value),\"deletes\":\(deletes.map(String.init) ?? "null")}")
    }

    static func read(_ cursor: ResumeCursor) -> (value: Int64, deletes: Int64?)? {
        let text = cursor.rawValue
        guard text.hasPrefix("{\"v\":1,\"cursor\":"), text.hasSuffix("}") else { return nil }
        let inner = text.dropFirst(16).dropLast()
        guard let mark = inner.range(ofText: ",\"deletes\":") else { return Int64(inner).map { ($0, $0) } }
        let deletes = inner[mark.upperBound...]
        guard let value = Int64(inner[..<mark.lowerBound]), deletes == "null" || Int64(deletes) != nil else {
            return nil
        }
        return (value, Int64(deletes))
    }
}

/// Where a pull stands between two pages; a page token dies with it.
struct PullPosition: Sendable {
    /// `${cursor}` of this pull or window, as written in requests; nil leaves it out.
    var cursor: String?
    /// Pages received, for the cap and for places.
    var pages = 0
    /// Pages received since numbering began: a window begins it anew.
    var numbered = 0
    /// Records received that were not seen at the last boundary, since counting began.
    var received = 0
    var token: String?
    var link: String?
    /// The page size of the pages so far.
    var size: Int?
    /// The highest cursor value of the records received in this pull, and the last one for a newest-first feed.
    var highest: Int64?
    var lowest: Int64?
    /// The cursor this pull took up at: look-back reads before it, the next cursor never lies before it.
    var floor: Int64?
    /// What a pull that takes up leaves out: records before this value.
    var from: Int64?
    /// The last value the next keyset page starts after.
    var after: Int64?
    /// The end of the window that is pulled, in milliseconds; nil without windows.
    var windowEnd: Int64?
    /// Up to where removals were read when the pull took up.
    var deletesFrom: Int64?
    var total: Int?
    /// True when a page was left out: the total can no longer be reached.
    var hasHole = false
    /// Records that stand exactly at `after`; an inclusive source sends them again.
    var boundary: Set<Digest256> = []
    var memory = PullMemory()
    let resumed: Bool

    /// Takes up at a durable cursor, at the declared start, or at the beginning.
    init(_ request: PullRequest, _ plan: PullPlan, place: Place) throws(SourceError) {
        resumed = request.resume != nil
        guard let cursor = plan.cursor else { return }
        if let resume = request.resume {
            guard let stored = CursorText.read(resume) else {
                throw SourceError(
                    .configuration, "the stored cursor is not one of this adapter", place: place,
                    consequence: "Nothing was asked", remedy: "Pull the source whole: `licgate sync --full`",
                    recovery: .fixConfiguration)
            }
            self.cursor = PullPosition.written(stored.value, cursor)
            from = PullPosition.lookedBack(stored.value, cursor)
            after = from
            floor = stored.value
            deletesFrom = stored.deletes
        } else if let start = cursor.start {
            self.cursor = start
            after = cursor.value.read(start)
        }
        if let window = cursor.window, let after {
            windowEnd = min(after.subtractingBounded(-window.wholeMilliseconds), request.windowEnd.milliseconds)
        }
    }

    /// A value with look-back and, for a source that sends only what is later, one step earlier.
    static func lookedBack(_ value: Int64, _ cursor: CursorPlan) -> Int64 {
        var from = value
        if case .time = cursor.value { from = from.subtractingBounded(cursor.lookBack.wholeMilliseconds) }
        return cursor.inclusive ? from : from.subtractingBounded(cursor.value.step)
    }

    static func written(_ value: Int64, _ cursor: CursorPlan) -> String {
        cursor.value.write(lookedBack(value, cursor))
    }

    /// Begins the next window where this one ended; false when this was the last.
    mutating func beginNextWindow(_ cursor: CursorPlan, until end: Int64) -> Bool {
        guard let window = cursor.window, let windowEnd, windowEnd < end else { return false }
        floor = max(floor ?? windowEnd, windowEnd)
        self.cursor = cursor.value.write(cursor.inclusive ? windowEnd : windowEnd - cursor.value.step)
        self.windowEnd = min(windowEnd + window.wholeMilliseconds, end)
        beginPages()
        lowest = nil
        return true
    }

    /// Pages, totals and tokens begin anew.
    mutating func beginPages() {
        numbered = 0
        received = 0
        token = nil
        link = nil
        total = nil
        memory.beginPages()
    }

    /// Goes on with another page size: numbered pages are counted anew, at most one page of the new size back.
    mutating func resize(to new: Int?, _ kind: PageKind) {
        defer { size = new }
        guard let old = size, let new, old != new, kind == .pageNumber else { return }
        numbered = received / new
        received = numbered * new
    }

    /// Leaves pages out by an operator's order.
    mutating func skip(_ count: Int, _ kind: PageKind, size: Int?, place: Place) throws(SourceError) {
        guard count > 0 else { return }
        guard kind == .pageNumber || kind == .offset, let size else {
            throw SourceError(
                .pageNotSkippable, "this page cannot be left out: only its answer says where the next one is",
                place: place, consequence: "The run stopped before it",
                remedy: "Ask the source's owner to mend it; pages by number or offset can be left out",
                recovery: .fixConfiguration)
        }
        numbered += count
        received += count * size
        hasHole = true
    }
}

extension Int64 {
    /// The difference, or the end of the range beyond which it lies: a stored cursor may be any number.
    fileprivate func subtractingBounded(_ other: Int64) -> Int64 {
        let (difference, isOver) = subtractingReportingOverflow(other)
        return isOver ? (other > 0 ? .min : .max) : difference
    }
}
