// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// When an interface is pulled, and when it is down by plan.
public struct PullSchedule: Sendable, Hashable {
    /// The slots, in Asia/Shanghai; nil means by hand only.
    public var slots: CronExpression?
    /// A slot starts up to this much later, so that hundreds of sources do not start together.
    public var jitter: Duration
    /// Hours of the day in which it may be asked, as minutes from midnight; nil means always.
    public var allowedHours: Range<Int>?
    /// Planned downtime.
    public var downtime: [DowntimeWindow]
    /// How old a copy may be and still answer; nil means twice the schedule's period.
    public var copyLimit: Duration?

    /// Makes a schedule.
    public init(
        slots: CronExpression? = nil, jitter: Duration = .zero, allowedHours: Range<Int>? = nil,
        downtime: [DowntimeWindow] = [], copyLimit: Duration? = nil
    ) {
        self.slots = slots
        self.jitter = jitter
        self.allowedHours = allowedHours
        self.downtime = downtime
        self.copyLimit = copyLimit
    }

    /// True when the interface may be asked at this moment: inside its hours and outside planned downtime.
    public func mayAsk(at moment: Timestamp) -> Bool {
        if let allowedHours, !allowedHours.contains(LocalTime(moment).minuteOfDay) { return false }
        return !downtime.contains { $0.contains(moment) }
    }

    /// The first whole minute at or after `moment` at which the interface may be asked; nil within the next 32 days.
    public func nextAllowed(from moment: Timestamp) -> Timestamp? {
        if mayAsk(at: moment) { return moment }
        var minute = moment.milliseconds / 60_000 + 1
        let last = minute + 32 * 1440
        while minute <= last {
            let candidate = Timestamp(milliseconds: minute * 60_000)
            if mayAsk(at: candidate) { return candidate }
            minute += 1
        }
        return nil
    }

    /// The first moment of the next day in Asia/Shanghai: when a daily quota begins anew.
    public static func nextDay(after moment: Timestamp) -> Timestamp {
        Timestamp(milliseconds: (LocalTime(moment).dayNumber + 1) * 86_400_000 - 8 * 3_600_000)
    }

    /// The day of a moment in Asia/Shanghai, counted from 1970-01-01.
    public static func dayNumber(of moment: Timestamp) -> Int { Int(LocalTime(moment).dayNumber) }

    /// How old a copy may be and still answer: the declared limit, or twice the schedule's longest gap.
    public func effectiveCopyLimit(at moment: Timestamp) -> Duration? {
        copyLimit ?? slots.map { $0.longestGap(around: moment) * 2 }
    }
}

/// Planned downtime: `nightly 01:00-03:00`, `weekly Sat 22:00-24:00` or `monthly 1 00:00-06:00`, in Asia/Shanghai.
public struct DowntimeWindow: Sendable, Hashable {
    /// On which days it begins.
    public enum Days: Sendable, Hashable {
        /// Every day.
        case nightly
        /// On one weekday, 0 is Sunday.
        case weekly(Int)
        /// On one day of the month.
        case monthly(Int)
    }
    /// On which days it begins.
    public var days: Days
    /// Minutes from midnight at which it begins.
    public var from: Int
    /// How many minutes it lasts; it may cross midnight.
    public var minutes: Int

    /// Reads `nightly HH:MM-HH:MM`, `weekly Sat HH:MM-HH:MM` or `monthly D HH:MM-HH:MM`; anything else gives nil.
    public init?(_ text: String) {
        var words = text.split(separator: " ").map(String.init)
        guard let first = words.first else { return nil }
        words.removeFirst()
        switch first {
        case "nightly": days = .nightly
        case "weekly":
            let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            guard let name = words.first?.lowercased(), let day = names.firstIndex(of: name) else { return nil }
            words.removeFirst()
            days = .weekly(day)
        case "monthly":
            guard let word = words.first, let day = Int(word), (1...31).contains(day) else { return nil }
            words.removeFirst()
            days = .monthly(day)
        default: return nil
        }
        guard words.count == 1 else { return nil }
        let ends = words[0].split(separator: "-").map { LocalTime.minutes(String($0)) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < 1440, start != end else { return nil }
        from = start
        minutes = end > start ? end - start : end + 1440 - start
    }

    /// True when `moment` lies inside a window.
    public func contains(_ moment: Timestamp) -> Bool { end(containing: moment) != nil }

    /// The end of the window that contains `moment`, or nil.
    public func end(containing moment: Timestamp) -> Timestamp? {
        let now = LocalTime(moment)
        for back in 0...1 {
            let day = now.dayNumber - Int64(back)
            guard begins(onDay: day) else { continue }
            let start = day * 1440 + Int64(from)
            let minute = now.dayNumber * 1440 + Int64(now.minuteOfDay)
            if (start..<start + Int64(minutes)).contains(minute) {
                return Timestamp(milliseconds: (start + Int64(minutes) - 480) * 60_000)
            }
        }
        return nil
    }

    private func begins(onDay day: Int64) -> Bool {
        switch days {
        case .nightly: true
        case .weekly(let weekday): LocalTime.weekday(ofDay: day) == weekday
        case .monthly(let number): Timestamp.civil(fromDays: day).day == number
        }
    }
}

/// A moment on the city's wall clock (UTC+8, no daylight saving).
struct LocalTime {
    let dayNumber: Int64
    let minuteOfDay: Int

    init(_ moment: Timestamp) {
        let local = moment.milliseconds + 8 * 3_600_000
        let minutes = local >= 0 ? local / 60_000 : (local - 59_999) / 60_000
        dayNumber = minutes >= 0 ? minutes / 1440 : (minutes - 1439) / 1440
        minuteOfDay = Int(minutes - dayNumber * 1440)
    }

    /// 0 is Sunday; 1970-01-01 was a Thursday.
    static func weekday(ofDay day: Int64) -> Int { Int(((day + 4) % 7 + 7) % 7) }

    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...59).contains(minute), (0...24).contains(hour), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}
