// SPDX-License-Identifier: Apache-2.0
public import LicenceModel

/// The city's inhabitants and organisations: synthetic, endless, each made from its place in the register alone.
///
/// Resident numbers carry a region of Changsha (430124, abolished, among them), a birth date from 1950 to 2004 and a
/// valid check character; credit codes carry valid inner and outer checks and the organisation codes `MX…`. A number
/// tells whose it is (`place(of:)`), so that a test can say of any number whether this city made it.
public struct CityPeople: Sendable {
    /// The seed.
    public let seed: UInt64
    private let residents: Shuffle
    private let organisations: Shuffle
    private let passports: Shuffle

    static let regions = [
        "430102", "430103", "430104", "430105", "430111", "430112", "430121", "430181", "430182", "430124",
    ]
    private static let firstBirthday = -7305  // 1950-01-01
    private static let birthdays = 20_000
    private static let alphabet31 = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// Makes the people of a seed.
    public init(seed: UInt64) {
        self.seed = seed
        var dice = Dice(seed, 0x5EED)
        residents = Shuffle(size: 10 * 20_000 * 999, factor: 100_000_007, shift: dice.next())
        organisations = Shuffle(size: 887_503_681, factor: 100_000_007, shift: dice.next())
        passports = Shuffle(size: 100_000_000, factor: 31_415_927, shift: dice.next())
    }

    /// The kinds of holder codes in use.
    public static let kinds: [HolderCodeKind] = [
        .unifiedSocialCreditCode, .residentIdentityNumber, HolderCodeKind(rawValue: "414"),
    ]

    /// A person: with a resident number, or, one in fifty, with a passport.
    public func person(_ place: Int) -> Holder {
        var dice = Dice(seed, 1, UInt64(place))
        let name = Self.name(&dice)
        if dice.below(50) == 0 {
            let digits = String(passports.scatter(UInt64(place)))
            let code = "E" + String(repeating: "0", count: 8 - digits.count) + digits
            return Holder(kind: HolderCodeKind(rawValue: "414"), code: code, name: name)
        }
        return Holder(kind: .residentIdentityNumber, code: residentNumber(place), name: name)
    }

    /// An organisation.
    public func organisation(_ place: Int) -> Holder {
        var dice = Dice(seed, 2, UInt64(place))
        let name = "长沙" + dice.pick(NamePool.firmFirst) + dice.pick(NamePool.firmSecond) + dice.pick(NamePool.trades)
        return Holder(kind: .unifiedSocialCreditCode, code: creditCode(place), name: name + "有限公司")
    }

    /// The resident number of a place, check character included.
    public func residentNumber(_ place: Int) -> String {
        let x = residents.scatter(UInt64(place))
        let region = Self.regions[Int(x % 10)]
        let day = CalendarDay(number: Int32(Self.firstBirthday + Int(x / 10 % UInt64(Self.birthdays)))).civil
        let sequence = Int(x / 200_000) + 1
        let body = region + padded(day.year * 10_000 + day.month * 100 + day.day, 8) + padded(sequence, 3)
        return body + Self.residentCheck(body)
    }

    /// The credit code of a place, both checks included.
    public func creditCode(_ place: Int) -> String {
        var x = organisations.scatter(UInt64(place))
        var middle: [UInt8] = []
        for _ in 0..<6 {
            middle.append(Self.alphabet31[Int(x % 31)])
            x /= 31
        }
        var organisation = Array("MX".utf8) + middle
        organisation.append(Self.organisationCheck(organisation))
        let body = Array("91\(Self.regions[place % 9])".utf8) + organisation
        return String(decoding: body + [Self.creditCheck(body)], as: UTF8.self)
    }

    /// Whose code this is, or nil when this city made no such code.
    ///
    /// Accepts: any written form; the kind is what was asked with, never guessed. Cost: O(1).
    public func place(of code: String, kind: HolderCodeKind) -> Int? {
        let text = CanonicalCode.of(code)
        let bytes = Array(text.utf8)
        var found: Int?
        switch kind.rawValue {
        case "111" where bytes.count == 18:
            guard let region = Self.regions.firstIndex(of: String(text.prefix(6))),
                let year = parsedNumber(bytes[6..<10]), let month = parsedNumber(bytes[10..<12]),
                let day = parsedNumber(bytes[12..<14]),
                let date = CalendarDay(year: year, month: month, day: day), let sequence = parsedNumber(bytes[14..<17]),
                (0..<Self.birthdays).contains(Int(date.number) - Self.firstBirthday), sequence > 0
            else { return nil }
            let x = region + 10 * (Int(date.number) - Self.firstBirthday) + 200_000 * (sequence - 1)
            found = Int(residents.gather(UInt64(x)))
            if residentNumber(found ?? 0) != text { found = nil }
        case "001" where bytes.count == 18 && text.dropFirst(8).hasPrefix("MX"):
            var x: UInt64 = 0
            for byte in bytes[10..<16].reversed() {
                guard let value = Self.alphabet31.firstIndex(of: byte) else { return nil }
                x = x * 31 + UInt64(value)
            }
            found = Int(organisations.gather(x))
            if creditCode(found ?? 0) != text { found = nil }
        case "414" where bytes.count == 9 && bytes[0] == 69:
            found = parsedNumber(bytes[1...]).map { Int(passports.gather(UInt64($0))) }
        default: return nil
        }
        return found
    }

    private static func name(_ dice: inout Dice) -> String {
        var given = dice.pick(NamePool.given)
        if dice.chance(70) { given += dice.pick(NamePool.given) }
        // Characters outside GBK: four bytes in GB 18030, and beyond the Basic Multilingual Plane.
        if dice.below(400) == 0 { given = dice.pick(["㛃", "䶮", "𬍛", "𠅤"]) }
        return dice.pick(NamePool.family) + given
    }

    private static func residentCheck(_ body: String) -> String {
        let sum = body.utf8.reduce(0) { ($0 + Int($1 - 48)) * 2 % 11 }
        let check = (12 - sum) % 11
        return check == 10 ? "X" : String(check)
    }

    private static func organisationCheck(_ body: [UInt8]) -> UInt8 {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + Int($1.0 < 58 ? $1.0 - 48 : $1.0 - 55) * $1.1 }
        let check = 11 - sum % 11
        return check == 10 ? 88 : check == 11 ? 48 : UInt8(check + 48)
    }

    private static func creditCheck(_ body: [UInt8]) -> UInt8 {
        var (sum, weight) = (0, 1)
        for byte in body {
            sum += (alphabet31.firstIndex(of: byte) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return alphabet31[(31 - sum % 31) % 31]
    }
}

/// A whole number in decimal with leading zeros.
func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}

/// The number that digits spell, or nil for anything else.
func parsedNumber(_ digits: some Sequence<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
        guard (48...57).contains(digit), value < 100_000_000_000_000 else { return nil }
        value = value * 10 + Int(digit - 48)
    }
    return value
}
