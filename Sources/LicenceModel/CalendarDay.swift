// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A calendar day in UTC+8, as printed on a licence.
public struct CalendarDay: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let number: Int32

    /// Makes a day from its year, month and day of the month; impossible dates give nil.
    ///
    /// Accepts: years 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let number = Timestamp.days(fromCivil: year, month, day)
        let back = Timestamp.civil(fromDays: number)
        guard back.year == year, back.month == month, back.day == day else { return nil }
        self.number = Int32(number)
    }

    /// Makes a day from days since 1970-01-01.
    public init(number: Int32) { self.number = number }

    /// The day in UTC+8 on which a moment falls.
    public init(at moment: Timestamp) {
        // What lies beyond is far from any licence; a day never ends the program.
        let local = min(max(moment.milliseconds, -(1 << 60)), 1 << 60) + 8 * 3_600_000
        number = Int32(clamping: local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000)
    }

    /// Reads `yyyy-MM-dd`; anything else gives nil.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 45, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) } }),
            let year = Int(String(parts[0]) ?? ""), let month = Int(String(parts[1]) ?? ""),
            let day = Int(String(parts[2]) ?? "")
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Reads `yyyy-MM-dd`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = CalendarDay(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day of the form yyyy-MM-dd")
        }
        self = day
    }

    /// Writes `yyyy-MM-dd`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// The civil date.
    public var civil: (year: Int, month: Int, day: Int) { Timestamp.civil(fromDays: Int64(number)) }

    /// `yyyy-MM-dd`.
    public var description: String {
        let (year, month, day) = civil
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
        return String(repeating: "0", count: 4 - String(year).count) + "\(year)-\(two(month))-\(two(day))"
    }

    /// The moment at which this day starts in UTC+8.
    public var start: Timestamp { Timestamp(milliseconds: Int64(number) * 86_400_000 - 8 * 3_600_000) }

    /// Earlier days sort first.
    public static func < (a: CalendarDay, b: CalendarDay) -> Bool { a.number < b.number }
}
