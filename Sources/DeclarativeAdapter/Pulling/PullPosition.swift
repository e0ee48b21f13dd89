// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel

/// The durable cursor of a pull: `{"v":1,"cursor":N}`, N a number or milliseconds of a time.
enum CursorText {
    static func write(_ value: Int64) -> ResumeCursor { ResumeCursor(rawValue: "{\"v\":1,\"cursor\":\(value)}") }

    static func read(_ cursor: ResumeCursor) -> Int64? {
        let text = cursor.rawValue
        guard text.hasPrefix("{\"v\":1,\"cursor\":"), text.hasSuffix("}") else { return nil }
        return Int64(text.dropFirst(16).dropLast())
    }
}

/// Where a pull stands between two pages; a page token dies with it.
struct PullPosition {
    /// `${cursor}` of this pull, as written in requests; nil leaves it out.
    var cursor: String?
    /// Pages received.
    var pages = 0
    /// Records received that were not seen at the last boundary.
    var received = 0
    var token: String?
    var link: String?
    /// The highest cursor value of the records received in this pull.
    var highest: Int64?
    /// The cursor this pull took up at: look-back reads before it, the next cursor never lies before it.
    var floor: Int64?
    /// The last value the next keyset page starts after.
    var after: Int64?
    var total: Int?
    /// Digests of the pages and texts of the tokens received: either twice is a loop.
    var seenPages: Set<[UInt8]> = []
    var seenTokens: Set<String> = []
    /// Records that stand exactly at `after`; an inclusive source sends them again.
    var boundary: Set<[UInt8]> = []
    let resumed: Bool

    /// Takes up at a durable cursor, at the declared start, or at the beginning.
    init(_ request: PullRequest, _ plan: PullPlan, place: Place) throws(SourceError) {
        resumed = request.resume != nil
        guard let cursor = plan.cursor else { return }
        if let resume = request.resume {
            guard let value = CursorText.read(resume) else {
                throw SourceError(
                    .configuration, "the stored cursor is not one of this adapter", place: place,
                    consequence: "Nothing was asked", remedy: "Pull the source whole: `licgate sync --full`",
                    recovery: .fixConfiguration)
            }
            var from = value
            if case .time = cursor.value { from -= cursor.lookBack.wholeMilliseconds }
            if !cursor.inclusive { from -= cursor.value.step }
            self.cursor = cursor.value.write(from)
            after = from
            floor = value
        } else if let start = cursor.start {
            self.cursor = start
            after = cursor.value.read(start)
        }
    }
}
