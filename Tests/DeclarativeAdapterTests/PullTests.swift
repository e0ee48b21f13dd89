import AdapterKit
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

private let fields = """
    licence_type: "11100000000013127D916"
    fields: { number: $.no, status: { from: $.state, map: { "1": valid, "2": revoked } } }
    """

private func pull(
    _ pages: String, cursor: String? = "{ from: $.seq, kind: number, start: \"0\", inclusive: false }",
    more: String = ""
) -> String {
    """
    pull:
      path: /licences
      query: { kind: all\(cursor == nil || pages.contains("keyset") ? "" : ", since: \"${cursor}\"") }
      pages: \(pages)
      records: $.items
      key: [$.id]
      version: { from: $.seq, kind: number }
    \(cursor.map { "  cursor: \($0)" } ?? "")
    \(more)
    \(fields)
    """
}

private func path(_ query: [String: String] = [:]) -> RecordedTransport.Match {
    RecordedTransport.Match(.get, path: "/api/licences", query: query)
}

@Suite struct `A pull by page number` {
    let interface = pull(
        "{ kind: page_number, parameter: page, size_parameter: size, size: 2 }", more: "  total: $.total")

    @Test func `walks to the end and says where to resume`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(["page": "1", "size": "2", "since": "-1"]),
            .text("{\"code\":\"0\",\"total\":5,\"items\":[\(items(1...2))]}"))
        bench.transport.record(path(["page": "2"]), .text("{\"code\":\"0\",\"total\":5,\"items\":[\(items(3...4))]}"))
        bench.transport.record(path(["page": "3"]), .text("{\"code\":\"0\",\"total\":5,\"items\":[\(items(5...5))]}"))
        bench.transport.record(
            path(["page": "1", "since": "0"]), .text("{\"code\":\"0\",\"total\":5,\"items\":[\(items(1...2))]}"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2", "L3", "L4", "L5"])
        #expect(
            batches.map(\.resume?.rawValue) == [
                "{\"v\":1,\"cursor\":2}", "{\"v\":1,\"cursor\":4}", "{\"v\":1,\"cursor\":5}",
            ])
        #expect(batches.last?.position == .end(declaredTotal: 5))
        #expect(bench.transport.seen.allSatisfy { $0.headers.first("X-Key") == "<secret>" })
    }

    @Test func `asks for the next page only when it is wanted`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(path(), .text("{\"code\":\"0\",\"total\":50,\"items\":[\(items(1...2))]}"))
        for try await _ in bench.source.pull(bench.request()) { break }
        #expect(bench.transport.seen.count == 1)
    }

    @Test func `spaces its requests`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(), .text("{\"code\":\"0\",\"total\":6,\"items\":[\(items(1...2))]}"),
            .text("{\"code\":\"0\",\"total\":6,\"items\":[\(items(3...4))]}"),
            .text("{\"code\":\"0\",\"total\":6,\"items\":[\(items(5...6))]}"))
        let (batches, _) = await bench.pull()
        #expect(batches.count == 3)
        #expect(bench.clock.slept == .milliseconds(400))
    }

    @Test func `refuses a total that falls`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(), .text("{\"code\":\"0\",\"total\":5,\"items\":[\(items(1...2))]}"),
            .text("{\"code\":\"0\",\"total\":4,\"items\":[\(items(3...4))]}"))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["L1", "L2"])
        #expect(error?.code == .totalShrank)
        #expect(error?.recovery == .retry(after: nil))
        #expect(error?.diagnostic.place.page == 2)
        #expect(error?.diagnostic.place.request == "GET /api/licences")
    }

    @Test func `refuses an end before the declared total`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(), .text("{\"code\":\"0\",\"total\":5,\"items\":[\(items(1...2))]}"),
            .text("{\"code\":\"0\",\"total\":5,\"items\":[]}"))
        let (_, error) = await bench.pull()
        #expect(error?.code == .totalMismatch)
    }

    @Test func `refuses the same page twice`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(path(), .text("{\"code\":\"0\",\"total\":50,\"items\":[\(items(1...2))]}"))
        let (batches, error) = await bench.pull()
        #expect(batches.count == 1)
        #expect(error?.code == .pagingLoop)
        #expect(error?.recovery == .stopRun)
    }

    @Test func `stops at its cap`() async throws {
        let bench = try Bench(interface: interface)
        for page in 1...30 {
            bench.transport.record(
                path(["page": "\(page)"]),
                .text("{\"code\":\"0\",\"total\":500,\"items\":[\(items((page * 2)...(page * 2 + 1)))]}"))
        }
        let (batches, error) = await bench.pull()
        #expect(batches.count == 20)
        #expect(error?.code == .tooManyPages)
    }

    @Test func `takes a smaller page when asked`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(path(["size": "1"]), .text("{\"code\":\"0\",\"total\":1,\"items\":[\(items(1...1))]}"))
        let (batches, error) = await bench.pull(bench.request(pageSize: 1))
        #expect(error == nil)
        #expect(batches.keys == ["L1"])
    }

    @Test func `takes up at a cursor, one step earlier where the source is exclusive`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(path(["since": "3"]), .text("{\"code\":\"0\",\"total\":2,\"items\":[\(items(4...5))]}"))
        let (batches, error) = await bench.pull(
            bench.request(.incremental, resume: ResumeCursor(rawValue: "{\"v\":1,\"cursor\":4}")))
        #expect(error == nil)
        #expect(batches.keys == ["L4", "L5"])
        let nothingNew = try Bench(interface: interface)
        nothingNew.transport.record(path(), .text("{\"code\":\"0\",\"total\":0,\"items\":[]}"))
        let (empty, _) = await nothingNew.pull(
            nothingNew.request(.incremental, resume: ResumeCursor(rawValue: "{\"v\":1,\"cursor\":4}")))
        #expect(empty.last?.resume?.rawValue == "{\"v\":1,\"cursor\":4}")
    }

    @Test func `bears numbers at the edge of what a number can be`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(),
            .text(
                "{\"code\":\"0\",\"total\":1,\"items\":[{\"id\":\"L1\",\"no\":\"N1\",\"state\":\"1\",\"seq\":-9223372036854775808}]}"
            ))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.flatMap(\.rejects).map(\.reason.code) == ["record.version_unreadable"])
        #expect(batches.allSatisfy { $0.resume == nil })
        let stored = try Bench(interface: interface)
        stored.transport.record(path(), .text("{\"code\":\"0\",\"total\":0,\"items\":[]}"))
        let edge = ResumeCursor(rawValue: "{\"v\":1,\"cursor\":-9223372036854775808}")
        #expect(await stored.pull(stored.request(.incremental, resume: edge)).error == nil)
    }

    @Test func `refuses a cursor that goes back`() async throws {
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(), .text("{\"code\":\"0\",\"total\":4,\"items\":[\(items([5, 6]))]}"),
            .text("{\"code\":\"0\",\"total\":4,\"items\":[\(items([4, 7]))]}"))
        let (_, error) = await bench.pull()
        #expect(error?.code == .cursorWentBack)
    }

    @Test func `sets two records of one key aside when they differ, and counts a repeated one once`() async throws {
        let bench = try Bench(interface: pull("{ kind: none }"))
        bench.transport.record(
            path(),
            .text(
                "{\"code\":\"0\",\"items\":[\(items([1, 2])),{\"id\":\"L2\",\"no\":\"X\",\"seq\":2,\"state\":\"1\"},\(items([3])),\(items([3]))]}"
            ))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L3"])
        #expect(batches.rejects.map(\.reason.code) == ["record.key_twice", "record.key_twice"])
        #expect(
            batches.rejects.allSatisfy {
                $0.key?.parts == ["L2"] && $0.typeCode != nil && $0.sourceVersion == .declared(2)
            })
    }

    @Test func `splits a large page, whose last batch alone carries the cursor`() async throws {
        let bench = try Bench(interface: pull("{ kind: none }"))
        bench.transport.record(path(), .text("{\"code\":\"0\",\"items\":[\(items(1...2500))]}"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [1000, 1000, 500])
        #expect(batches.map { $0.resume != nil } == [false, false, true])
        #expect(batches.map(\.position) == [.more, .more, .end(declaredTotal: nil)])
    }
}

@Suite struct `A pull that follows` {
    @Test func `a page token, to its end`() async throws {
        let bench = try Bench(interface: pull("{ kind: cursor_token, parameter: token, token: $.next }"))
        bench.transport.record(path(), .text("{\"code\":\"0\",\"next\":\"a\",\"items\":[\(items(1...2))]}"))
        bench.transport.record(
            path(["token": "a"]), .text("{\"code\":\"0\",\"next\":\"b\",\"items\":[\(items(3...4))]}"))
        bench.transport.record(path(["token": "b"]), .text("{\"code\":\"0\",\"next\":null,\"items\":[]}"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2", "L3", "L4"])
        #expect(bench.transport.seen[0].value("token") == nil)
    }

    @Test func `a page token that comes twice, not twice`() async throws {
        let bench = try Bench(interface: pull("{ kind: cursor_token, parameter: token, token: $.next }"))
        bench.transport.record(path(), .text("{\"code\":\"0\",\"next\":\"a\",\"items\":[\(items(1...2))]}"))
        bench.transport.record(
            path(["token": "a"]), .text("{\"code\":\"0\",\"next\":\"a\",\"items\":[\(items(3...4))]}"))
        let (_, error) = await bench.pull()
        #expect(error?.code == .pagingLoop)
    }

    @Test func `a sequence, after the last record`() async throws {
        let bench = try Bench(interface: pull("{ kind: keyset, parameter: after, size_parameter: n, size: 2 }"))
        bench.transport.record(path(["after": "0"]), .text("{\"code\":\"0\",\"items\":[\(items(1...2))]}"))
        bench.transport.record(path(["after": "2"]), .text("{\"code\":\"0\",\"items\":[\(items(3...4))]}"))
        bench.transport.record(path(["after": "4"]), .text("{\"code\":\"0\",\"items\":[\(items(5...5))]}"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2", "L3", "L4", "L5"])
    }

    @Test func `a sequence that is inclusive, without doubling the boundary`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: keyset, parameter: from, size_parameter: n, size: 2 }",
                cursor: "{ from: $.seq, kind: number, start: \"1\" }"))
        bench.transport.record(path(["from": "1"]), .text("{\"code\":\"0\",\"items\":[\(items(1...2))]}"))
        bench.transport.record(path(["from": "2"]), .text("{\"code\":\"0\",\"items\":[\(items(2...3))]}"))
        bench.transport.record(path(["from": "3"]), .text("{\"code\":\"0\",\"items\":[\(items(3...3))]}"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2", "L3"])
    }

    @Test func `a next link of the same origin only`() async throws {
        let bench = try Bench(interface: pull("{ kind: next_link, next: $.next }"))
        bench.transport.record(
            path(), .text("{\"code\":\"0\",\"next\":\"/api/licences?p=2\",\"items\":[\(items(1...2))]}"))
        bench.transport.record(
            path(["p": "2"]),
            .text("{\"code\":\"0\",\"next\":\"http://127.0.0.1:9/api/licences?p=3\",\"items\":[\(items(3...4))]}"))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["L1", "L2"])
        #expect(error?.code == .foreignLink)
        #expect(bench.transport.seen.count == 2)
    }

    @Test func `a cursor in time, with look-back, window end and the boundary read again`() async throws {
        let bench = try Bench(
            interface: """
                pull:
                  path: /licences
                  query: { since: "${cursor}", until: "${window_end}" }
                  pages: { kind: none }
                  records: $.items
                  key: [$.id]
                  version: arrival
                  cursor: { from: $.at, kind: time, format: "yyyy-MM-dd HH:mm:ss", look_back: 10m }
                \(fields)
                """)
        bench.transport.record(
            path(),
            .text(
                "{\"code\":\"0\",\"items\":[{\"id\":\"A\",\"no\":\"1\",\"state\":\"1\",\"at\":\"2026-11-24 10:00:00\"}]}"
            ))
        let first = await bench.pull()
        let cursor = try #require(first.batches.last?.resume)
        #expect(bench.transport.seen[0].value("since") == nil)
        #expect(bench.transport.seen[0].value("until") == "2026-11-25 09:30:00")
        let second = await bench.pull(bench.request(.incremental, resume: cursor))
        #expect(second.error == nil)
        #expect(second.batches.keys == ["A"])
        #expect(bench.transport.seen[1].value("since") == "2026-11-24 09:50:00")
    }
}
