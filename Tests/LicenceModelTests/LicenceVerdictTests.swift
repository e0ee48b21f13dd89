import Cryptography
// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel
import Testing

private let today = day("2026-11-25")

private func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? CalendarDay(number: 0) }

private func licence(_ status: LicenceStatus, _ from: String?, _ until: Validity.End) -> Licence {
    let source = SourceID("test-source")
    return Licence(
        key: SourceRecordKey(source: source, parts: ["1"]), interface: InterfaceID(source, "licences"),
        typeCode: LicenceTypeCode("11100000000013338W011"), validity: Validity(from: from.map(day), until: until),
        status: status,
        provenance: Provenance(
            sourceVersion: .arrival, fetchedAt: today.start, payloadDigest: SHA256.digest([]), mappingRevision: "1",
            simulated: true))
}

@Suite struct `A record's verdict` {
    struct Case: Sendable, CustomTestStringConvertible {
        var status: LicenceStatus
        var from: String?
        var until: Validity.End
        var on: String
        var expected: RecordVerdict
        var testDescription: String { "\(status.rawValue) from \(from ?? "-") until \(until) on \(on)" }
        init(
            _ status: LicenceStatus, _ from: String?, _ until: Validity.End, _ on: String, _ expected: RecordVerdict
        ) {
            self.status = status
            self.from = from
            self.until = until
            self.on = on
            self.expected = expected
        }
    }

    static let lastYear = Validity.End.day(day("2025-12-31"))
    static let nextYear = Validity.End.day(day("2027-12-31"))

    @Test(arguments: [
        Case(.valid, "2020-01-01", nextYear, "2026-11-25", .counts),
        Case(.valid, nil, .openEnded, "2026-11-25", .counts),
        Case(.valid, "2026-11-25", .day(today), "2026-11-25", .counts),
        Case(.valid, "2026-11-26", nextYear, "2026-11-25", .denied(.notYetValid(from: day("2026-11-26")))),
        Case(.valid, "2020-01-01", .day(day("2026-11-24")), "2026-11-25", .denied(.expired(on: day("2026-11-24")))),
        Case(.valid, "2020-01-01", lastYear, "2025-06-01", .counts),
        Case(.valid, "2020-01-01", .absent, "2026-11-25", .doubtful(.validityUnknown)),
        Case(.valid, "2027-01-01", .absent, "2026-11-25", .denied(.notYetValid(from: day("2027-01-01")))),
        Case(.valid, "2027-12-31", lastYear, "2026-11-25", .doubtful(.validityUnknown)),
        Case(.expired, "2020-01-01", lastYear, "2026-11-25", .denied(.expired(on: day("2025-12-31")))),
        Case(.expired, "2020-01-01", lastYear, "2025-06-01", .counts),
        Case(.expired, "2020-01-01", nextYear, "2026-11-25", .denied(.status(.expired))),
        Case(.expired, "2020-01-01", nextYear, "2026-06-01", .doubtful(.statusUnknown)),
        Case(.expired, "2020-01-01", .day(today), "2026-11-25", .denied(.status(.expired))),
        Case(.expired, nil, .absent, "2026-11-25", .denied(.status(.expired))),
        Case(.expired, nil, .openEnded, "2026-11-25", .denied(.status(.expired))),
        Case(.revoked, "2020-01-01", nextYear, "2021-01-01", .denied(.status(.revoked))),
        Case(.revoked, nil, .absent, "2026-11-25", .denied(.status(.revoked))),
        Case(.cancelled, "2020-01-01", nextYear, "2021-01-01", .doubtful(.statusUnknown)),
        Case(.cancelled, "2020-01-01", nextYear, "2019-01-01", .denied(.notYetValid(from: day("2020-01-01")))),
        Case(.cancelled, "2020-01-01", lastYear, "2026-11-24", .denied(.expired(on: day("2025-12-31")))),
        Case(.cancelled, "2027-12-31", lastYear, "2026-11-24", .doubtful(.validityUnknown)),
        Case(.cancelled, "2027-12-31", lastYear, "2026-11-25", .denied(.status(.cancelled))),
        Case(.cancelled, nil, .absent, "2027-01-01", .denied(.status(.cancelled))),
        Case(.unknown, "2020-01-01", nextYear, "2026-11-25", .doubtful(.statusUnknown)),
        Case(.unknown, nil, .absent, "2026-11-25", .doubtful(.statusUnknown)),
        Case(.unknown, "2020-01-01", lastYear, "2026-11-25", .denied(.expired(on: day("2025-12-31")))),
    ])
    func `follows from status, validity and the day`(_ it: Case) {
        #expect(licence(it.status, it.from, it.until).verdict(on: day(it.on), confirmed: today) == it.expected)
    }

    @Test(arguments: LicenceStatus.allCases)
    func `inside the validity is yes for one status only`(_ status: LicenceStatus) {
        let verdict = licence(status, "2020-01-01", Self.nextYear).verdict(on: today, confirmed: today)
        switch status {
        case .valid: #expect(verdict == .counts)
        case .unknown: #expect(verdict == .doubtful(.statusUnknown))
        default: #expect(verdict == .denied(.status(status)))
        }
    }

    @Test func `counts only when the day lies inside, whatever the dates`() {
        var random = SeededGenerator("record verdict")
        for _ in 0..<5000 {
            let from =
                Bool.random(using: &random) ? CalendarDay(number: .random(in: 20_000...21_000, using: &random)) : nil
            let last = CalendarDay(number: .random(in: 20_000...21_000, using: &random))
            let until = [Validity.End.absent, .openEnded, .day(last)].randomElement(using: &random) ?? .absent
            let status = LicenceStatus.allCases.randomElement(using: &random) ?? .valid
            let on = CalendarDay(number: .random(in: 19_990...21_010, using: &random))
            var record = licence(status, nil, until)
            record.validity.from = from
            let verdict = record.verdict(on: on, confirmed: CalendarDay(number: 20_500))
            guard verdict == .counts else { continue }
            #expect(status == .valid || status == .expired)
            #expect(record.validity.position(of: on) == .inside)
            #expect(!record.validity.isReversed)
        }
    }
}

@Suite struct `A validity` {
    @Test(arguments: [
        (Validity(from: day("2026-01-01"), until: .day(day("2026-12-31"))), Validity.Position.inside),
        (Validity(from: today, until: .day(today)), .inside), (Validity(until: .openEnded), .inside),
        (Validity(from: day("2026-11-26"), until: .openEnded), .notYet(from: day("2026-11-26"))),
        (Validity(from: day("2026-11-26")), .notYet(from: day("2026-11-26"))),
        (Validity(until: .day(day("2026-11-24"))), .past(until: day("2026-11-24"))), (Validity(), .endUnknown),
        (Validity(from: day("2020-01-01")), .endUnknown),
    ])
    func `includes both its days and invents no end`(_ validity: Validity, _ expected: Validity.Position) {
        #expect(validity.position(of: today) == expected)
    }
}
