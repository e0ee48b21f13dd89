// SPDX-License-Identifier: Apache-2.0

/// How a source misbehaves when its switch is on.
public enum CityFault: String, Sendable, CaseIterable {
    /// Nobody listens: connections are refused. For file drops the folder is empty.
    case down
    /// The connection is reset once the request has been read.
    case reset
    /// Answers drip in eleven parts with a pause before each.
    case slow
    /// HTTP 200, and the body says that something went wrong.
    case statusOKWithError = "status_ok_with_error"
    /// HTTP 200 and an empty list, whatever is asked.
    case empty
    /// The body ends in its middle, under the full length in its head.
    case truncated
    /// The bytes are not in the character set that is declared.
    case wrongCharset = "wrong_charset"
    /// The first record of every answer has a status that is in no table.
    case unknownStatusCode = "unknown_status_code"
    /// From the second page on, the second page comes again and again.
    case repeatedPage = "repeated_page"
    /// HTTP 200 and a login page.
    case htmlWith200 = "html_with_200"
    /// The declared total shrinks from page to page; for file drops the row count is wrong.
    case wrongTotal = "wrong_total"
    /// HTTP 503 with `Retry-After`.
    case unavailable
    /// HTTP 401, whatever key is shown.
    case unauthorised
}

/// What a source has served so far.
public struct ServedCounts: Sendable, Hashable {
    /// Requests answered, probes and errors included.
    public var requests = 0
    /// Pages of pulls.
    public var pages = 0
    /// Records in pages and answers.
    public var records = 0
    /// Bytes of bodies that were sent.
    public var bytes = 0
    /// Requests that met a switch, a habit, a closed window or an empty quota, by its name.
    public var troubles: [String: Int] = [:]
    /// Makes counts of nothing.
    public init() {}

    /// Both together.
    static func + (a: ServedCounts, b: ServedCounts) -> ServedCounts {
        var sum = a
        sum.requests += b.requests
        sum.pages += b.pages
        sum.records += b.records
        sum.bytes += b.bytes
        sum.troubles.merge(b.troubles, uniquingKeysWith: +)
        return sum
    }
}
