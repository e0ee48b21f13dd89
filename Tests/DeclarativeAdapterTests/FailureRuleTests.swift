import AdapterKit
import AdapterTesting
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

private func interface(_ errors: String) -> String {
    """
    errors: \(errors)
    pull: { path: /licences, pages: { kind: page_number, parameter: p, size: 1000 }, records: $.items, key: [$.id], version: arrival }
    licence_type: "11100000000013127D916"
    fields: { number: $.no, status: { from: $.state, map: { "1": valid } } }
    """
}

private let path = RecordedTransport.Match(.get, path: "/api/licences")

@Suite struct `A declared failure` {
    @Test(arguments: [
        (
            "[ { status: 404, do: retry } ]", 404, [:], "{}", "source.unavailable",
            SourceError.Recovery.retry(after: nil)
        ),
        (
            "[ { status: 429, do: retry, wait: { reset_header: X-Reset } } ]", 429, ["X-Reset": "30"], "{}",
            "source.throttled", .retry(after: .seconds(30))
        ),
        (
            "[ { status: 429, do: retry, wait: { reset_header: X-Reset } } ]", 429, ["X-Reset": "1795570260"], "{}",
            "source.throttled", .retry(after: .seconds(60))
        ),
        (
            "[ { status: 429, do: retry, wait: { reset_header: X-Reset } } ]", 429,
            ["X-Reset": "5", "Retry-After": "9"],
            "{}", "source.throttled", .retry(after: .seconds(9))
        ),
        (
            "[ { equals: { $.code: E1 }, do: stop }, { status: 200, do: retry } ]", 200, [:], "{\"code\":\"E1\"}",
            "source.business_status", .stopRun
        ),
        (
            "[ { contains: { $.msg: 繁忙 }, do: retry } ]", 200, [:],
            "{\"code\":\"0\",\"msg\":\"系统繁忙,请稍后\",\"items\":[]}",
            "source.unavailable", .retry(after: nil)
        ),
        (
            "[ { text: \"Too Many\", do: retry } ]", 200, [:], "<html>Too Many Requests</html>", "source.unavailable",
            .retry(after: nil)
        ),
        ("[ { status: 500, do: skip } ]", 500, [:], "{}", "source.business_status", .stopRun),
    ]) func `is what its rule says`(
        rules: String, status: Int, headers: [String: String], body: String, code: String,
        recovery: SourceError.Recovery
    ) async throws {
        let bench = try Bench(interface: interface(rules))
        var fields: HeaderFields = [:]
        for (name, value) in headers { fields.append(name, value) }
        bench.transport.record(path, .answer(status: status, headers: fields, body: Array(body.utf8)))
        let (_, error) = await bench.pull()
        #expect(error?.code.rawValue == code)
        #expect(error?.recovery == recovery)
        #expect(error?.skipsPage == rules.contains("skip"))
    }

    @Test func `may mean that there is none`() async throws {
        let bench = try Bench(interface: interface("[ { status: 404, equals: { $.code: E0 }, do: none } ]"))
        bench.transport.record(path, .answer(status: 404, headers: [:], body: Array("{\"code\":\"E0\"}".utf8)))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.last?.position == .end(declaredTotal: nil))
    }

    @Test(arguments: [401, 429, 500, 503]) func `never means that there is none under a failure`(status: Int)
        async throws
    {
        let bench = try Bench(interface: interface("[ { text: 无数据, do: none } ]"))
        bench.transport.record(
            path, .answer(status: status, headers: [:], body: Array("服务不可用，缓存无数据".utf8)))
        let (batches, error) = await bench.pull()
        #expect(error != nil && batches.isEmpty)
    }

    @Test func `may ask for a fresh token, once`() async throws {
        let auth = """
            { kind: login, path: /login, status: [], token: $.token, put: { in: header, name: X-Token, value: "${token}" } }
            """
        let bench = try Bench(interface: interface("[ { equals: { $.code: E9 }, do: renew } ]"), auth: auth)
        bench.transport.record(
            RecordedTransport.Match(.post, path: "/api/login"), .text("{\"token\":\"one\"}"),
            .text("{\"token\":\"two\"}"))
        bench.transport.record(path, .text("{\"code\":\"E9\"}"), .text("{\"code\":\"0\",\"items\":[]}"))
        let (_, error) = await bench.pull()
        #expect(error == nil)
        #expect(bench.transport.seen.map(\.path) == ["/api/login", "/api/licences", "/api/login", "/api/licences"])
        let stubborn = try Bench(interface: interface("[ { equals: { $.code: E9 }, do: renew } ]"), auth: auth)
        stubborn.transport.record(
            RecordedTransport.Match(.post, path: "/api/login"), .text("{\"token\":\"one\"}"))
        stubborn.transport.record(path, .text("{\"code\":\"E9\"}"))
        #expect(await stubborn.pull().error?.code == .unauthenticated)
        #expect(stubborn.transport.seen.count == 4)
    }

    @Test func `carries its waits`() async throws {
        let bench = try Bench(
            interface: interface(
                "[ { status: 500, do: retry, times: 5, wait: { kind: constant, first: 3s, most: 4s, jitter_percent: 50 } } ]"
            ))
        bench.transport.record(path, .answer(status: 500, headers: [:], body: []))
        let wait = try #require(await bench.pull().error?.wait)
        #expect(wait.times == 5)
        #expect((1...3).map { wait.wait(beforeRepeat: $0, chance: 0) } == [.seconds(3), .seconds(3), .seconds(3)])
        #expect(wait.wait(beforeRepeat: 1, chance: 1) == .milliseconds(4500))
        let growing = RetryWait(first: .seconds(1), most: .seconds(5))
        #expect((1...4).map { growing.wait(beforeRepeat: $0, chance: 0) } == [1, 2, 4, 5].map { .seconds($0) })
    }
}

@Suite struct `What may be asked` {
    private static func bench(_ limits: String, tally: any RequestTally = MemoryRequestTally()) throws -> Bench {
        let text = """
            manifest_version: 1
            id: example-library
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "${config:base_url}"
            auth: { kind: none }
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 1000, pages_per_run: 20, \(limits) }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            status: []
            interfaces:
              - name: licences
                limits: { daily_quota: 5 }
                pull: { path: /licences, pages: { kind: none }, records: $.items, key: [$.id], version: arrival }
                licence_type: "11100000000013127D916"
                fields: { number: $.no, status: { constant: valid } }
            """
        return try Bench(text: text, tally: tally)
    }

    @Test func `in a window waits for the window to move on`() async throws {
        let bench = try Self.bench("requests_per: { count: 2, window: 1m }")
        bench.transport.record(path, .text("{\"items\":[]}"))
        for _ in 0..<4 { #expect(await bench.pull().error == nil) }
        #expect(bench.clock.slept >= .seconds(59))
        #expect(bench.clock.slept < .seconds(61))
    }

    @Test func `in a day is remembered beyond a restart and begins anew at midnight`() async throws {
        let tally = MemoryRequestTally()
        let bench = try Self.bench("daily_quota: 4", tally: tally)
        bench.transport.record(path, .text("{\"items\":[]}"))
        for _ in 0..<4 { #expect(await bench.pull().error == nil) }
        let used = try #require(await bench.pull().error)
        #expect(used.code == .quotaUsed)
        guard case .retry(let wait?) = used.recovery else {
            Issue.record("no moment to ask again")
            return
        }
        #expect(abs(wait.wholeMilliseconds - 52_200_000) < 1000, "09:30 to midnight in Asia/Shanghai")
        #expect(bench.transport.seen.count == 4)
        let again = try Self.bench("daily_quota: 4", tally: tally)
        again.transport.record(path, .text("{\"items\":[]}"))
        #expect(await again.pull().error?.code == .quotaUsed)
        try await again.clock.sleep(for: .seconds(14 * 3600 + 1801))
        #expect(await again.pull().error == nil)
    }

    @Test func `by one interface has its own quota`() async throws {
        let bench = try Self.bench("daily_quota: 100")
        bench.transport.record(path, .text("{\"items\":[]}"))
        for _ in 0..<5 { #expect(await bench.pull().error == nil) }
        #expect(await bench.pull().error?.code == .quotaUsed)
    }

    @Test func `goes to a question before a pull that waits already`() async throws {
        let clock = ManualClock()
        let pace = RequestPace(perSecond: 1)
        try await pace.wait(clock)
        let order = Order()
        let pull = Task {
            try await pace.wait(clock, .pull)
            await order.add("pull")
        }
        await clock.untilSleeping(1)
        let question = Task {
            try await pace.wait(clock, .question)
            await order.add("question")
        }
        await clock.untilSleeping(2)
        for _ in 0..<40 where await order.names.count < 2 {
            clock.advance(by: .milliseconds(100))
            for _ in 0..<200 { await Task.yield() }
        }
        try await pull.value
        try await question.value
        #expect(await order.names == ["question", "pull"])
    }
}

private actor Order {
    var names: [String] = []
    func add(_ name: String) { names.append(name) }
}
