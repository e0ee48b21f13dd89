import Diagnostics
import LicenceModel
import Testing

@testable import DeclarativeAdapter

@Suite struct `A date format` {
    @Test(arguments: [
        ("yyyyMMdd", "20210108", "2021-01-08"), ("yyyy-MM-dd", "2021-01-08", "2021-01-08"),
        ("yyyy-MM-dd HH:mm:ss", "2021-11-12 00:00:00", "2021-11-12"), ("yyyy年MM月dd日", "2021年01月08日", "2021-01-08"),
        ("dd.MM.yyyy", "08.01.2021", "2021-01-08"), ("iso8601", "2003-08-26T00:00:00+02:00", "2003-08-26"),
        ("iso8601", "2021-01-08", "2021-01-08"), ("iso8601", "2021-01-08T23:59:59.123Z", "2021-01-08"),
        ("epoch_ms", "1610035200000", "2021-01-08"), ("epoch_s", "1610035200", "2021-01-08"),
    ]) func `reads the day as printed`(format: String, text: String, day: String) throws {
        #expect(try #require(DateFormat(format)).day(text)?.description == day)
    }

    @Test(arguments: [
        ("yyyyMMdd", "20210229"), ("yyyyMMdd", "20211345"), ("yyyyMMdd", "2021010"), ("yyyyMMdd", "202101081"),
        ("yyyy-MM-dd", "2021-1-08"), ("yyyy-MM-dd", "2021/01/08"), ("yyyy-MM-dd HH:mm:ss", "2021-01-08 24:00:00"),
        ("iso8601", "2021-01-08T"), ("iso8601", "2021-01-08T08:00:00+25:00"), ("iso8601", "2021-01-08T08:00:00+0"),
        ("epoch_ms", "-9223372036854775808"),
        ("epoch_s", "1125899906842623"), ("epoch_s", "253402300800"), ("epoch_ms", "-99999999999999"),
        ("epoch_ms", "1e9"), ("epoch_ms", "99999999999999999999"), ("yyyyMMdd", ""), ("yyyyMMdd", "２０２１０１０８"),
    ]) func `refuses what is no such date`(format: String, text: String) throws {
        #expect(try #require(DateFormat(format)).day(text) == nil)
    }

    @Test(arguments: [
        "", "YYYYMMDD", "yyyyMM", "yyyy-MM-dd HH:mm:ss X", "yyyy-MM-dd hh", "yyyyyMMdd", "yyyyMMddyyyy", "dd",
    ])
    func `refuses itself when it cannot be one`(format: String) {
        #expect(DateFormat(format) == nil)
    }

    @Test(arguments: [
        "yyyyMMdd", "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'", "epoch_ms", "epoch_s", "iso8601",
        "yyyy-MM-ddTHH:mm:ss.SSS",
    ])
    func `writes what it reads`(format: String) throws {
        guard let format = DateFormat(format) else { return }
        var seed: UInt64 = 20_261_125
        for _ in 0..<200 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let moment = Timestamp(milliseconds: Int64(seed >> 22) % 4_000_000_000_000)
            let text = format.text(moment)
            let again = try #require(format.moment(text))
            #expect(format.text(again) == text)
            #expect(abs(again.milliseconds - moment.milliseconds) < format.step)
        }
    }
}

@Suite struct `A base URL` {
    @Test(arguments: [
        ("https://a.example/base/", true, false, "https://a.example/base/x"),
        ("http://127.0.0.1:80", false, true, "http://127.0.0.1:80/x"),
        ("http://localhost", false, true, "http://localhost/x"),
        ("http://[::1]:8080/a", false, true, "http://[::1]:8080/a/x"),
        ("http://127.0.0.1.evil.example", false, false, "http://127.0.0.1.evil.example/x"),
        ("http://128.0.0.1", false, false, "http://128.0.0.1/x"),
        ("https://LOCALHOST", true, true, "https://localhost/x"),
    ]) func `is taken apart`(text: String, secure: Bool, loopback: Bool, joined: String) throws {
        let address = try #require(BaseAddress(text))
        #expect(address.isSecure == secure)
        #expect(address.isLoopback == loopback)
        #expect(address.url("/x") == joined)
    }

    @Test(arguments: [
        "", "ftp://a", "https://", "https://user@a", "https://a?x=1", "https://a#x", "https://a b", "https://a:0",
        "https://a:70000",
        "//a", "https://a\\b", "https://ä.example",
    ]) func `refuses what is none`(text: String) {
        #expect(BaseAddress(text) == nil)
    }

    @Test(arguments: [
        ("/api/list?p=2", "http://127.0.0.1:8080/api/list?p=2"),
        ("http://127.0.0.1:8080/x?y", "http://127.0.0.1:8080/x?y"),
        ("?p=3", "http://127.0.0.1:8080/api/licences?p=3"), ("http://127.0.0.1:8081/x", nil),
        ("https://127.0.0.1:8080/x", nil),
        ("//evil.example/x", nil), ("http://127.0.0.1:8080@evil.example/", nil),
        ("http://evil.example/http://127.0.0.1:8080", nil),
        ("javascript:x", nil), ("/a b", nil),
    ]) func `follows links of its own origin only`(link: String, url: String?) throws {
        let base = try #require(BaseAddress("http://127.0.0.1:8080/api"))
        #expect(RequestWords.resolve(link, against: base, current: Place(request: "GET /api/licences")) == url)
    }
}

@Suite struct `Retry-After` {
    static let now = Timestamp(seconds: 784_111_777)  // Sun, 06 Nov 1994 08:49:37 GMT

    @Test(arguments: [
        ("7", Duration.seconds(7)), ("0", .zero), ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", .zero), ("999999999", .seconds(86_400)),
    ]) func `is read`(text: String, wait: Duration) {
        #expect(RetryAfter.read(text, now: Self.now) == wait)
    }

    @Test(arguments: ["", "soon", "-5", "Sunday, 06-Nov-94 08:49:37 GMT"]) func `is ignored when it is neither`(
        text: String
    ) {
        #expect(RetryAfter.read(text, now: Self.now) == nil)
    }
}

@Suite struct `A template` {
    @Test(arguments: [
        ("${cursor", Template.Problem.unclosed), ("${today}", .unknown("today")), ("${secret}", .needsName("secret")),
        ("${secret:a b}", .needsName("secret:a b")), ("${page:1}", .takesNoName("page:1")), ("${}", .unknown("")),
        ("a${cursor}${x+1}", .unknown("x+1")),
    ]) func `refuses what is outside the closed set`(text: String, problem: Template.Problem) {
        #expect(throws: problem) { try Template.parse(text).get() }
    }

    @Test func `escapes values for where they stand`() throws {
        let template = try Template.parse("<a>${holder_name}</a><n>${page}</n>").get()
        let filled = template.render({ $0.kind == .page ? "3" : "<&\"'>" }, escape: XMLText.escape)
        #expect(filled == "<a>&lt;&amp;&quot;&apos;&gt;</a><n>3</n>")
        #expect(JSONText.escape("\"\\\n\u{1}") == "\\\"\\\\\\n\\u0001")
        #expect(PercentText.escape("a b/长") == "a%20b%2F%E9%95%BF")
    }

    @Test func `has no value when one placeholder has none`() throws {
        #expect(try Template.parse("x${cursor}").get().render { _ in nil } == nil)
    }
}
