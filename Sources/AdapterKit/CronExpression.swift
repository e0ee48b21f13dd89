// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A cron expression of five fields in Asia/Shanghai: minute, hour, day of month, month, day of week.
///
/// Accepts: numbers, `*`, lists, ranges and steps (`*/20`, `0-20/2`, `1,7,13`); weekdays 0 to 7 with 0 and 7 Sunday.
/// When both days are restricted, either matches, as in every cron. Names and `@daily` are refused: one spelling.
/// Source: POSIX crontab(1); steps after Vixie cron.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// As written.
    public let description: String
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let daysOfMonth: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let dayRestricted: Bool
    private let weekdayRestricted: Bool

    /// Reads an expression; `problem` says what is wrong when it gives nil.
    public static func parse(_ text: String) -> Result<CronExpression, Problem> {
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 5 else {
            return .failure(Problem(words: "a schedule has five fields, this one has \(fields.count)"))
        }
        var sets: [Set<Int>] = []
        let shapes = [
            ("minute", 0...59), ("hour", 0...23), ("day of month", 1...31), ("month", 1...12),
            ("day of week", 0...7),
        ]
        for (field, shape) in zip(fields, shapes) {
            guard let set = values(field, in: shape.1) else {
                return .failure(
                    Problem(
                        words: "`\(field)` is no \(shape.0): numbers \(shape.1.lowerBound) to "
                            + "\(shape.1.upperBound), `*`, lists, ranges and steps"))
            }
            sets.append(set)
        }
        return .success(
            CronExpression(
                description: fields.joined(separator: " "), minutes: sets[0], hours: sets[1], daysOfMonth: sets[2],
                months: sets[3], weekdays: Set(sets[4].map { $0 % 7 }), dayRestricted: fields[2] != "*",
                weekdayRestricted: fields[4] != "*"))
    }

    /// What is wrong with an expression.
    public struct Problem: Error, Sendable, Hashable {
        /// In words.
        public let words: String
    }

    private static func values(_ field: String, in range: ClosedRange<Int>) -> Set<Int>? {
        var out: Set<Int> = []
        for item in field.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let body = parts.first, parts.count <= 2 else { return nil }
            var step = 1
            if parts.count == 2 {
                guard let number = Int(parts[1]), number > 0 else { return nil }
                step = number
            }
            let bounds: ClosedRange<Int>
            if body == "*" {
                bounds = range
            } else {
                let ends = body.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
                guard let low = ends.first ?? nil, let high = ends.last ?? nil, ends.count <= 2, low <= high,
                    range.contains(low), range.contains(high)
                else { return nil }
                bounds = low...(ends.count == 1 && parts.count == 2 ? range.upperBound : high)
            }
            out.formUnion(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
        }
        return out
    }

    /// True when the minute that contains `moment` is a slot.
    public func matches(_ moment: Timestamp) -> Bool {
        let local = LocalTime(moment)
        return minutes.contains(local.minuteOfDay % 60) && hours.contains(local.minuteOfDay / 60)
            && matchesDay(local.dayNumber)
    }

    private func matchesDay(_ day: Int64) -> Bool {
        let civil = Timestamp.civil(fromDays: day)
        guard months.contains(civil.month) else { return false }
        let byDay = daysOfMonth.contains(civil.day)
        let byWeekday = weekdays.contains(LocalTime.weekday(ofDay: day))
        if dayRestricted && weekdayRestricted { return byDay || byWeekday }
        return byDay && byWeekday
    }

    /// The first slot strictly after `moment`; nil when there is none within 5 years (31 February, say).
    public func next(after moment: Timestamp) -> Timestamp? {
        let local = LocalTime(moment)
        let firstMinute = local.minuteOfDay + 1
        for offset in 0...(5 * 366) {
            let day = local.dayNumber + Int64(offset)
            guard matchesDay(day) else { continue }
            for minute in (offset == 0 ? firstMinute : 0)..<1440
            where minutes.contains(minute % 60) && hours.contains(minute / 60) {
                return Timestamp(milliseconds: (day * 1440 + Int64(minute) - 480) * 60_000)
            }
        }
        return nil
    }

    /// The longest time between two slots in the weeks after `moment`, from which the copy limit is derived.
    ///
    /// Looks at 64 slots or 10 weeks, whichever comes first; at least a minute.
    public func longestGap(around moment: Timestamp) -> Duration {
        var longest: Duration = .seconds(60)
        var previous: Timestamp?
        var cursor = moment
        let horizon = moment + .seconds(70 * 86_400)
        for _ in 0..<64 {
            guard let slot = next(after: cursor) else { break }
            if let previous { longest = max(longest, slot - previous) }
            if slot > horizon { break }
            previous = slot
            cursor = slot
        }
        return longest
    }
}
