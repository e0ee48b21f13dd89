// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

/// A way in which a source writes dates and times; UTC+8 unless the text carries an offset.
struct DateFormat: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case number(Unit, width: Int)
        case literal(UInt8)
    }
    private enum Unit: Sendable, Hashable { case year, month, day, hour, minute, second, millisecond }
    private enum Kind: Sendable, Hashable {
        case pattern([Piece])
        case iso8601
        case epoch(perUnit: Int64)
    }

    let source: String
    private let kind: Kind

    /// Reads a format: letters `yyyy MM dd HH mm ss SSS`, each at most once, year, month and day at least.
    init?(_ text: String) {
        source = text
        switch text {
        case "iso8601": kind = .iso8601
        case "epoch_ms": kind = .epoch(perUnit: 1)
        case "epoch_s": kind = .epoch(perUnit: 1000)
        default:
            guard let pieces = DateFormat.pieces(Array(text.utf8)) else { return nil }
            kind = .pattern(pieces)
        }
    }

    private static func pieces(_ bytes: [UInt8]) -> [Piece]? {
        let units: [UInt8: (Unit, Int)] = [
            121: (.year, 4), 77: (.month, 2), 100: (.day, 2), 72: (.hour, 2), 109: (.minute, 2), 115: (.second, 2),
            83: (.millisecond, 3),
        ]
        var out: [Piece] = []
        var seen: Set<UInt8> = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if let (unit, width) = units[byte] {
                var run = 0
                while index < bytes.count, bytes[index] == byte {
                    run += 1
                    index += 1
                }
                guard run == width, seen.insert(byte).inserted else { return nil }
                out.append(.number(unit, width: width))
            } else {
                guard !isDigit(byte), !isLetter(byte) || byte == 84 else { return nil }
                out.append(.literal(byte))
                index += 1
            }
        }
        return seen.isSuperset(of: [121, 77, 100]) ? out : nil
    }

    /// The milliseconds of the years 1 to 9999 in UTC+8: what lies beyond is no date, and a day could not hold it.
    private static let epochs: ClosedRange<Int64> = -62_135_625_600_000...253_402_271_999_999

    /// The moment a text names; nil when it is not of this form or no such moment exists.
    func moment(_ text: String) -> Timestamp? {
        switch kind {
        case .epoch(let perUnit):
            guard let number = Int64(text), DateFormat.epochs.contains(number) else { return nil }
            let milliseconds = number * perUnit
            return DateFormat.epochs.contains(milliseconds) ? Timestamp(milliseconds: milliseconds) : nil
        case .iso8601: return ISOMoment.parse(Array(text.utf8))
        case .pattern(let pieces): return DateFormat.read(Array(text.utf8), pieces)
        }
    }

    /// True when it names a time of day and no offset, so that a zone has a meaning.
    var takesZone: Bool {
        switch kind {
        case .epoch: false
        case .iso8601: true
        case .pattern(let pieces): pieces.contains { if case .number(.hour, _) = $0 { true } else { false } }
        }
    }

    /// The calendar day in UTC+8 of a text written in a zone, in minutes east of UTC.
    func day(_ text: String, zone: Int?) -> CalendarDay? {
        guard let zone, takesZone, let moment = moment(text) else { return day(text) }
        if case .iso8601 = kind {
            // Without a time it is a day already; with an offset of its own the zone is not asked.
            guard text.utf8.count > 10, !ISOMoment.hasOffset(text) else { return day(text) }
        }
        return CalendarDay(at: moment + .seconds((480 - zone) * 60))
    }

    /// The calendar day a text names, in UTC+8.
    func day(_ text: String) -> CalendarDay? {
        if case .iso8601 = kind, text.utf8.count >= 10 {
            // The day as printed: an offset says where it was printed, not that the day is another one here.
            guard moment(text) != nil else { return nil }
            return CalendarDay(String(decoding: text.utf8.prefix(10), as: UTF8.self))
        }
        return moment(text).map { CalendarDay(at: $0) }
    }

    private static func read(_ bytes: [UInt8], _ pieces: [Piece]) -> Timestamp? {
        var year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0
        var index = 0
        for piece in pieces {
            switch piece {
            case .literal(let byte):
                guard index < bytes.count, bytes[index] == byte else { return nil }
                index += 1
            case .number(let unit, let width):
                guard let value = digits(bytes, &index, width) else { return nil }
                switch unit {
                case .year: year = value
                case .month: month = value
                case .day: day = value
                case .hour: hour = value
                case .minute: minute = value
                case .second: second = value
                case .millisecond: millisecond = value
                }
            }
        }
        guard index == bytes.count else { return nil }
        return assemble(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: millisecond,
            offsetMinutes: 480)
    }

    static func digits(_ bytes: [UInt8], _ index: inout Int, _ width: Int) -> Int? {
        guard index + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + width] {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        index += width
        return value
    }

    // swift-format-ignore: the seven parts of a moment are one thing
    static func assemble(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int, offsetMinutes: Int
    ) -> Timestamp? {
        guard let date = CalendarDay(year: year, month: month, day: day), (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        let minutes = Int64(date.number) * 1440 + Int64(hour * 60 + minute - offsetMinutes)
        return Timestamp(milliseconds: minutes * 60_000 + Int64(second * 1000 + millisecond))
    }

    /// A moment in this format, for requests.
    func text(_ moment: Timestamp) -> String {
        switch kind {
        case .epoch(let perUnit): return String(moment.milliseconds / perUnit)
        case .iso8601: return moment.iso8601
        case .pattern(let pieces):
            let local = moment.milliseconds + 8 * 3_600_000
            let days = local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000
            let rest = Int(local - days * 86_400_000)
            let civil = Timestamp.civil(fromDays: days)
            var out: [UInt8] = []
            for piece in pieces {
                switch piece {
                case .literal(let byte): out.append(byte)
                case .number(let unit, let width):
                    let value =
                        switch unit {
                        case .year: civil.year
                        case .month: civil.month
                        case .day: civil.day
                        case .hour: rest / 3_600_000
                        case .minute: rest / 60_000 % 60
                        case .second: rest / 1000 % 60
                        case .millisecond: rest % 1000
                        }
                    let digits = String(value)
                    out += [UInt8](repeating: 48, count: max(0, width - digits.utf8.count)) + Array(digits.utf8)
                }
            }
            return String(decoding: out, as: UTF8.self)
        }
    }

    /// The smallest step this format can tell apart, in milliseconds.
    var step: Int64 {
        switch kind {
        case .epoch(let perUnit): return perUnit
        case .iso8601: return 1000
        case .pattern(let pieces):
            func has(_ unit: Unit) -> Bool {
                pieces.contains { if case .number(unit, _) = $0 { true } else { false } }
            }
            return has(.millisecond)
                ? 1 : has(.second) ? 1000 : has(.minute) ? 60_000 : has(.hour) ? 3_600_000 : 86_400_000
        }
    }
}

/// ISO 8601 dates and date-times: `2003-08-26`, `2003-08-26T00:00:00+02:00`, `…Z`, fractions of seconds.
enum ISOMoment {
    static func hasOffset(_ text: String) -> Bool {
        text.utf8.dropFirst(10).contains { $0 == 90 || $0 == 43 || $0 == 45 }
    }

    static func parse(_ bytes: [UInt8]) -> Timestamp? {
        var index = 0
        func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }
        guard let year = DateFormat.digits(bytes, &index, 4), take(45),
            let month = DateFormat.digits(bytes, &index, 2), take(45), let day = DateFormat.digits(bytes, &index, 2)
        else { return nil }
        var time = (0, 0, 0, 0)
        var offset = 480
        if index < bytes.count {
            guard take(84) || take(32), let hour = DateFormat.digits(bytes, &index, 2), take(58),
                let minute = DateFormat.digits(bytes, &index, 2)
            else { return nil }
            time.0 = hour
            time.1 = minute
            if take(58) {
                guard let second = DateFormat.digits(bytes, &index, 2) else { return nil }
                time.2 = second
                if take(46) {
                    let start = index
                    while index < bytes.count, isDigit(bytes[index]) { index += 1 }
                    guard index > start, index - start <= 9 else { return nil }
                    let three = (bytes[start..<index] + [48, 48]).prefix(3)
                    time.3 = Int(String(decoding: three, as: UTF8.self)) ?? 0
                }
            }
            if index < bytes.count {
                guard let zone = zoneOffset(bytes, &index) else { return nil }
                offset = zone
            }
        }
        guard index == bytes.count else { return nil }
        return DateFormat.assemble(
            year: year, month: month, day: day, hour: time.0, minute: time.1, second: time.2, millisecond: time.3,
            offsetMinutes: offset)
    }

    private static func zoneOffset(_ bytes: [UInt8], _ index: inout Int) -> Int? {
        let sign = bytes[index]
        index += 1
        if sign == 90 { return 0 }
        guard sign == 43 || sign == 45, let hours = DateFormat.digits(bytes, &index, 2) else { return nil }
        if index < bytes.count, bytes[index] == 58 { index += 1 }
        guard let minutes = DateFormat.digits(bytes, &index, 2), hours <= 14, minutes < 60 else { return nil }
        return (sign == 43 ? 1 : -1) * (hours * 60 + minutes)
    }
}
