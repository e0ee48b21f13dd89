// SPDX-License-Identifier: Apache-2.0

/// When a licence is valid (有效期).
///
/// Shape: calendar days in UTC+8, both inclusive. A missing end is not the same as an open end: `until` is `.absent`
/// when the source gave nothing, `.openEnded` when it said so (长期, a declared sentinel).
public struct Validity: Sendable, Hashable {
    /// The last day, or that there is none.
    public enum End: Sendable, Hashable {
        /// The source gave no end.
        case absent
        /// The source said that it does not end.
        case openEnded
        /// The last valid day, inclusive.
        case day(CalendarDay)
    }

    /// The first valid day, when given.
    public var from: CalendarDay?
    /// The end.
    public var until: End

    /// Makes a validity.
    public init(from: CalendarDay? = nil, until: End = .absent) {
        self.from = from
        self.until = until
    }

    /// Where a date stands in a validity.
    public enum Position: Sendable, Hashable {
        /// Before the first valid day.
        case notYet(from: CalendarDay)
        /// Inside; also when there is no beginning, or an open end.
        case inside
        /// After the last valid day.
        case past(until: CalendarDay)
        /// The source gave no end and did not say that it is open.
        case endUnknown
    }

    /// Where `date` stands.
    public func position(of date: CalendarDay) -> Position {
        if let from, date < from { return .notYet(from: from) }
        switch until {
        case .openEnded: return .inside
        case .day(let last): return date > last ? .past(until: last) : .inside
        case .absent: return .endUnknown
        }
    }

    /// True when the end lies before the beginning, which no licence means.
    public var isReversed: Bool {
        if let from, case .day(let last) = until { return last < from }
        return false
    }
}
