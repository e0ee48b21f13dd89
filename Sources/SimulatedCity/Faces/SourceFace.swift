// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// How one source talks: its paths, its envelope, its dialect, its way to say "none".
protocol SourceFace: Sendable {
    /// Answers a request that has been let in; `fault` is one of those that concern content.
    func answer(_ request: CityRequest, _ book: SourceBook, _ fault: CityFault?) -> CityReply
    /// The answer to a caller who is not let in.
    func refuse() -> CityReply
}

/// How one source drops files into a folder.
protocol SourceDrop: Sendable {
    /// Writes the state of now, as the book's switch says, in place of what was there.
    func write(_ book: SourceBook, to folder: String) throws(CityError)
}

/// What callers have to show, derived from the seed: worth nothing outside the simulation.
struct CitySecrets: Sendable {
    let key: String
    let user = "licgate"
    /// The city's seed; whatever else callers have to show is derived from it.
    let seed: UInt64

    init(seed: UInt64, number: Int) {
        self.seed = seed
        var dice = Dice(seed, 0xAC1D, UInt64(number))
        key = "city-" + String(dice.next(), radix: 36) + String(dice.next(), radix: 36)
    }
}

/// A page of a pull.
struct CityPage {
    var records: [CityRecord]
    var total: Int
    var hasMore: Bool
    /// Where the next page starts, as an offset into the window.
    var nextOffset: Int
}

extension SourceBook {
    /// Records `offset ..< offset + size` of a window of the order.
    func page(from low: Int, to high: Int, offset: Int, size: Int, fault: CityFault?) -> CityPage {
        let generation = generation
        let size = max(1, min(size, 1000))
        var (low, high, offset) = (low, max(low, high), max(0, offset))
        if fault == .empty { (low, high) = (0, 0) }
        if fault == .repeatedPage, offset >= 2 * size { offset = size }
        let start = min(low + offset, high)
        let end = min(start + size, high)
        var records = (start..<end).map { record(at: $0, generation: generation) }
        if fault == .unknownStatusCode { records = Self.withStrangeStatus(records, profile) }
        count(pages: 1, records: records.count)
        let shrinks = fault == .wrongTotal || totalShrinks(offset: offset)
        let total = shrinks ? max(0, high - low - offset / size) : high - low
        return CityPage(records: records, total: total, hasMore: end < high, nextOffset: end - low)
    }

    /// The first record with a status that is in no table.
    static func withStrangeStatus(_ records: [CityRecord], _ profile: SourceProfile) -> [CityRecord] {
        guard let first = records.first else { return records }
        let strange = CityRecord(
            index: first.index, licence: first.licence, statusWord: profile.strangeWord, sequence: first.sequence,
            changedSeconds: first.changedSeconds, spoiling: .unknownStatus, type: first.type)
        return [strange] + records.dropFirst()
    }
}

/// How the city's sources write days and times.
enum CityDates {
    static func day(_ day: CalendarDay?, _ separator: String = "-", spoiled: Bool = false) -> String? {
        guard let day else { return spoiled ? "2026\(separator)13\(separator)45" : nil }
        let (year, month, date) = day.civil
        if spoiled { return "\(padded(year, 4))\(separator)13\(separator)45" }
        return padded(year, 4) + separator + padded(month, 2) + separator + padded(date, 2)
    }

    /// `yyyy年MM月dd日`.
    static func chinese(_ day: CalendarDay?, spoiled: Bool) -> String? {
        guard let text = self.day(day, "-", spoiled: spoiled) else { return nil }
        let parts = text.split(separator: "-")
        return "\(parts[0])年\(parts[1])月\(parts[2])日"
    }

    /// Seconds since 1970 as `yyyy-MM-dd HH:mm:ss` in UTC+8, with another separator between day and time if asked.
    static func moment(_ seconds: Int64, separator: String = " ") -> String {
        let local = seconds + 28_800
        let day = CalendarDay(number: Int32(local / 86_400))
        let rest = Int(local % 86_400)
        return "\(day)\(separator)\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
    }

    /// The inverse of `moment`, whatever stands between the numbers; an offset after it is ignored.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.utf8.split { !(48...57).contains($0) }.prefix(6).compactMap { parsedNumber($0) }
        guard parts.count >= 3, let day = CalendarDay(year: parts[0], month: parts[1], day: parts[2]) else {
            return nil
        }
        let time = parts.count == 6 ? parts[3] * 3600 + parts[4] * 60 + parts[5] : 0
        return Int64(day.number) * 86_400 + Int64(time) - 28_800
    }
}

extension SourceBook {
    /// The positions of records changed from one time to another, both inclusive.
    func window(since: String?, until: String?) -> (low: Int, high: Int) {
        let generation = generation
        let low = since.flatMap(CityDates.seconds).map { since in
            firstPosition(generation: generation) { _, seconds in seconds >= since }
        }
        let high = until.flatMap(CityDates.seconds).map { until in
            firstPosition(generation: generation) { _, seconds in seconds > until }
        }
        return (low ?? 0, high ?? count)
    }

    /// The first position with a sequence number of at least the given one.
    func position(sequence: String?) -> Int {
        guard let asked = sequence.flatMap({ Int64($0) }) else { return 0 }
        return firstPosition(generation: generation) { sequence, _ in sequence >= asked }
    }
}

extension CityRecord {
    /// The type code the source writes: a stranger's for a record spoiled that way.
    var writtenType: String {
        spoiling == .unknownType ? "99999999999999999X999" : licence.typeCode.rawValue
    }

    var dateIsSpoiled: Bool { spoiling == .impossibleDate }

    /// The last day in the source's form, with its words for an open end.
    func until(_ separator: String, open: String?) -> String? {
        switch licence.validity.until {
        case .absent: nil
        case .openEnded: open
        case .day(let day): CityDates.day(day, separator)
        }
    }

    /// Codes, kinds and names of the holders, joined.
    func joined(_ separator: String, _ part: (Holder) -> String?) -> String? {
        licence.holders.isEmpty ? nil : licence.holders.compactMap(part).joined(separator: separator)
    }

    func face(_ name: String) -> String? { licence.faceFields.first { $0.name == name }?.value }
}
