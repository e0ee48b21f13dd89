import Diagnostics
import Testing

@Suite struct `A diagnostic` {
    @Test func `names file, line and column first, then what and what to do`() {
        let finding = Diagnostic(
            code: "manifest.unknown_key", what: "unknown key `size_paramter` in `pages`",
            place: Place(file: "Adapters/x/manifest.yaml", line: 14, column: 9),
            remedy: "Did you mean `size_parameter`?")
        #expect(
            finding.text
                == "Adapters/x/manifest.yaml:14:9: error: [manifest.unknown_key] unknown key `size_paramter` in `pages`. "
                + "Did you mean `size_parameter`?")
    }

    @Test func `names source, page and record when there is no file`() {
        let place = Place(page: 3, record: 17).within(Place(source: "cs-transport", interface: "licences"))
        #expect(place.words == "cs-transport/licences, page 3, record 17")
    }

    @Test func `never shows a secret`() {
        let secret = Secret("canary-7f3a")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("canary"))
    }
}

@Suite struct `A timestamp` {
    @Test(arguments: [
        (0, "1970-01-01T08:00:00+08:00"), (1_764_034_350_123, "2025-11-25T09:32:30+08:00"),
        (-1, "1970-01-01T07:59:59+08:00"),
    ]) func `is shown in UTC+8`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    @Test func `days and civil dates are inverses over four centuries`() {
        let wrong = (-100_000...100_000).filter { day in
            let civil = Timestamp.civil(fromDays: Int64(day))
            return Timestamp.days(fromCivil: civil.year, civil.month, civil.day) != Int64(day)
        }
        #expect(wrong.isEmpty)
    }
}
