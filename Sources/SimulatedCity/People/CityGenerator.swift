import Cryptography
// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel

/// Makes any record of any source from the seed, the source and the record's place alone.
///
/// Shape: five records concern four holders of one shared population, so that holders have several licences, here and
/// in other sources; some licences have two holders. More than a quarter of the identifiers are missing, malformed,
/// of a vendor's root or wrong in the check character, as in real libraries.
/// Cost: about 10 microseconds a record in a release build; no state.
struct CityGenerator: Sendable {
    /// The inhabitants and organisations.
    let people: CityPeople
    private let seed: UInt64
    private static let noDigest = SHA256.digest([UInt8]())
    /// The day on which the city's dates are centred; fixed, so that content depends on the seed alone.
    static let today = CalendarDay(number: 20_777)  // 2026-11-20

    /// Makes the generator of a seed.
    init(seed: UInt64) {
        self.seed = seed
        people = CityPeople(seed: seed)
    }

    /// The record at `index` of a source in its `generation` (how often it has changed).
    func record(
        _ index: Int, of profile: SourceProfile, generation: Int, sequence: Int64, changedSeconds: Int64,
        spoiling: Spoiling?
    ) -> CityRecord {
        var dice = Dice(seed, UInt64(profile.number) &+ 100, UInt64(index))
        let type = profile.register ? profile.types[index % profile.types.count] : dice.pick(profile.types)
        let holders = holders(index, type, register: profile.register, &dice)
        let term = term(type, &dice)
        let status = status(profile, until: term.until, &dice)
        let authority = authority(type, profile)
        let identifier = identifier(index, type, authority.code ?? "430100", &dice)
        var numberText: String? = profile.form.number(index, term.from.civil.year, &dice)
        if numberText != nil, dice.below(50) == 0, identifier != nil { numberText = nil }
        var change = Dice(seed, UInt64(profile.number) &+ 200, UInt64(index), UInt64(generation))
        let faces = profile.form.faceFields(&change)
        let licence = Licence(
            key: SourceRecordKey(source: profile.id, parts: profile.form.key(index)),
            interface: InterfaceID(
                profile.id, index % 2 == 1 ? profile.registerInterface ?? profile.interface : profile.interface),
            typeCode: type.code, identifier: identifier.map { LicenceIdentifier($0) },
            number: numberText.map { LicenceNumber($0) }, holders: holders, issuingAuthority: authority,
            issuedOn: dice.below(100) == 0 ? nil : term.from,
            validity: Validity(from: term.from, until: term.until), status: status, faceFields: faces,
            trustGrade: profile.graded ? (dice.chance(80) ? .a : .b) : nil,
            provenance: Provenance(
                sourceVersion: .arrival, fetchedAt: Timestamp(milliseconds: 0), payloadDigest: Self.noDigest,
                mappingRevision: "", simulated: true))
        return CityRecord(
            index: index, licence: licence,
            statusWord: spoiling == .unknownStatus ? profile.strangeWord : profile.word(status), sequence: sequence,
            changedSeconds: changedSeconds, spoiling: spoiling, type: type)
    }

    /// The record indexes that may concern the holder at a place of the population.
    func candidates(forHolderAt place: Int, register: Bool) -> [Int] {
        register ? [place * 2, place * 2 + 1, (place ^ 1) * 2 + 1] : (0..<5).map { place / 4 * 5 + $0 }
    }

    /// The record index an identifier or a number of this city speaks of: its last run of at least nine digits.
    static func index(in text: String) -> Int? {
        let runs = text.utf8.split { !(48...57).contains($0) }
        guard let run = runs.last(where: { $0.count >= 9 }) else { return nil }
        return parsedNumber(run.suffix(9))
    }

    private func holders(_ index: Int, _ type: CityType, register: Bool, _ dice: inout Dice) -> [Holder] {
        let (place, other) =
            register
            ? (index / 2, (index / 2) ^ 1)
            : (index / 5 * 4 + index % 5 % 4, index / 5 * 4 + (index % 5 % 4 + 1) % 4)
        let isPerson =
            switch type.holders {
            case .person: true
            case .organisation: false
            case .either: dice.chance(70)
            }
        var holders = [isPerson ? people.person(place) : people.organisation(place)]
        if type.several, dice.chance(40) {
            holders.append(isPerson ? people.person(other) : people.organisation(other))
        }
        let quirk = dice.below(200)
        // Codes as people type them: a small x, full-width digits. Look-ups compare the canonical form.
        if quirk < 40, holders[0].code.hasSuffix("X") { holders[0].code = holders[0].code.lowercased() }
        if quirk == 100 { holders[0].code = fullWidth(holders[0].code) }
        return holders
    }

    private func fullWidth(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
    }

    private func term(_ type: CityType, _ dice: inout Dice) -> (from: CalendarDay, until: Validity.End) {
        let span: Int? =
            switch type.term {
            case .open: nil
            case .days(let days): days
            case .varies: dice.chance(25) ? nil : 365 * (1 + dice.below(10))
            }
        guard let span else {
            return (CalendarDay(number: Self.today.number - Int32(dice.below(6000))), .openEnded)
        }
        let from = Self.today.number - Int32(dice.below(span * 5 / 4))
        return (CalendarDay(number: from), .day(CalendarDay(number: from + Int32(span) - 1)))
    }

    private func status(_ profile: SourceProfile, until: Validity.End, _ dice: inout Dice) -> LicenceStatus {
        let others = profile.words.map(\.status).filter { $0 != .valid && $0 != .expired }
        if dice.chance(10) { return dice.pick(others) }
        guard case .day(let last) = until, last < Self.today else { return .valid }
        return profile.words.contains { $0.status == .expired } && dice.chance(80) ? .expired : .valid
    }

    private func authority(_ type: CityType, _ profile: SourceProfile) -> IssuingAuthority {
        let place = 7_000_000 + profile.number * 100 + Int(type.code.rawValue.utf8.reduce(0) { $0 + Int($1) }) % 7
        let region = profile.form.region?(place % 7) ?? CityPeople.regions[place % 10]
        let (code, name) = (people.creditCode(place), profile.form.authority(place % 7))
        return IssuingAuthority(
            code: code, name: name, region: profile.regionDigits.map { $0 == 12 ? region + "000000" : region })
    }

    private func identifier(_ index: Int, _ type: CityType, _ issuer: String, _ dice: inout Dice) -> String? {
        let serial = "2026" + padded(index, 9)
        let body = type.code.rawValue + issuer + serial + "001"
        let check = Self.identifierCheck(body)
        let standard = "1.2.156.3005.2.\(type.code.rawValue).\(issuer).\(serial).001."
        switch dice.below(100) {
        case ..<72: return standard + check
        case ..<82: return standard + (check == "7" ? "8" : "7")
        case ..<88: return "1.2.156.3003.2.\(type.code.rawValue).\(issuer).\(serial).01.\(check)"
        case ..<92: return "1.2.156.3005.2.062301.1101101102.0624_\(padded(index, 9)).001.U"
        default: return nil
        }
    }

    /// A conforming identifier.
    static func identifier(_ index: Int, _ type: CityType, _ issuer: String) -> String {
        let serial = "2026" + padded(index, 9)
        let check = identifierCheck(type.code.rawValue + issuer + serial + "001")
        return "1.2.156.3005.2.\(type.code.rawValue).\(issuer).\(serial).001.\(check)"
    }

    private static func identifierCheck(_ body: String) -> String {
        var p = 36
        for byte in body.utf8 {
            p = (p + Int(byte < 58 ? byte - 48 : byte - 55)) % 36
            p = (p == 0 ? 36 : p) * 2 % 37
        }
        let check = (37 - p) % 36
        return String(UnicodeScalar(UInt8(check < 10 ? check + 48 : check + 55)))
    }
}
