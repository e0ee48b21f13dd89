import AdapterKit
import Diagnostics
import Testing

/// 2026-11-25 was a Wednesday; 01:32:30 UTC is 09:32:30 in the city.
private let wednesday = Timestamp(seconds: 1_795_570_350)

private func cron(_ text: String) throws -> CronExpression { try CronExpression.parse(text).get() }

@Suite struct `A cron expression` {
    @Test(arguments: [
        ("*/20 6-23 * * *", "2026-11-25T09:40:00+08:00"),
        ("15 3 * * *", "2026-11-26T03:15:00+08:00"),
        ("10 5,13,21 * * *", "2026-11-25T13:10:00+08:00"),
        ("0 6 * * 1", "2026-11-30T06:00:00+08:00"),
        ("30 0-20/2 * * *", "2026-11-25T10:30:00+08:00"),
        ("0 0 29 2 *", "2028-02-29T00:00:00+08:00"),
        ("40 3 * * 2,5", "2026-11-27T03:40:00+08:00"),
        ("0 0 1 * 0", "2026-11-29T00:00:00+08:00"),
    ]) func `finds the next slot in the city's time`(text: String, next: String) throws {
        #expect(try cron(text).next(after: wednesday)?.iso8601 == next)
    }

    @Test(arguments: ["", "* * * *", "60 * * * *", "* 24 * * *", "*/0 * * * *", "1-0 * * * *", "a * * * *", "@daily"])
    func `refuses what it does not understand`(text: String) {
        #expect(throws: CronExpression.Problem.self) { try cron(text) }
    }

    @Test func `has no next slot on a day that never comes`() throws {
        #expect(try cron("0 0 31 2 *").next(after: wednesday) == nil)
    }

    @Test func `knows its longest gap`() throws {
        #expect(try cron("*/20 6-23 * * *").longestGap(around: wednesday) == .seconds(6 * 3600 + 20 * 60))
        #expect(try cron("0 6 * * 1").longestGap(around: wednesday) == .seconds(7 * 86_400))
    }
}

@Suite struct `A downtime window` {
    @Test(arguments: [
        ("nightly 01:00-03:00", false), ("nightly 09:00-10:00", true), ("nightly 22:00-09:33", true),
        ("weekly Wed 09:00-10:00", true), ("weekly Tue 22:00-24:00", false), ("weekly Tue 23:00-09:40", true),
        ("monthly 25 09:00-10:00", true), ("monthly 1 00:00-06:00", false),
    ]) func `contains a Wednesday morning or does not`(text: String, inside: Bool) throws {
        let window = try #require(DowntimeWindow(text))
        #expect(window.contains(wednesday) == inside)
    }

    @Test func `says when it ends, across midnight`() throws {
        let window = try #require(DowntimeWindow("nightly 22:00-10:30"))
        #expect(window.end(containing: wednesday)?.iso8601 == "2026-11-25T10:30:00+08:00")
    }

    @Test(arguments: [
        "", "nightly", "nightly 1:00-3:00", "nightly 03:00-03:00", "weekly Foo 01:00-02:00", "daily 01:00-02:00",
        "monthly 32 01:00-02:00", "nightly 24:30-25:00",
    ])
    func `refuses what it does not understand`(text: String) {
        #expect(DowntimeWindow(text) == nil)
    }

    @Test func `moves a request to its end`() throws {
        let schedule = PullSchedule(downtime: [try #require(DowntimeWindow("nightly 09:00-10:00"))])
        #expect(!schedule.mayAsk(at: wednesday))
        #expect(schedule.nextAllowed(from: wednesday)?.iso8601 == "2026-11-25T10:00:00+08:00")
    }
}
