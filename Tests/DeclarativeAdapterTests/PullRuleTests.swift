import AdapterKit
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

private let fields = """
    licence_type: "11100000000013127D916"
    fields: { number: $.no, status: { from: $.state, map: { "1": valid, "2": revoked } } }
    """

private func pull(
    _ pages: String, cursor: String? = nil, query: String = "kind: all",
    version: String = "{ from: $.seq, kind: number }",
    more: String = "", below: String = ""
) -> String {
    """
    pull:
      path: /licences
      query: { \(query) }
      pages: \(pages)
      records: $.items
      key: [$.id]
      version: \(version)
    \(cursor.map { "  cursor: \($0)" } ?? "")
    \(more)
    \(below)
    \(fields)
    """
}

private func path(_ query: [String: String] = [:], _ path: String = "/api/licences") -> RecordedTransport.Match {
    RecordedTransport.Match(.get, path: path, query: query)
}

private func answer(_ items: String, _ more: String = "") -> RecordedTransport.Outcome {
    .text("{\"code\":\"0\"\(more),\"items\":[\(items)]}")
}

private func timed(_ id: String, _ at: String) -> String {
    "{\"id\":\"\(id)\",\"no\":\"N\(id)\",\"state\":\"1\",\"at\":\"\(at)\"}"
}

@Suite struct `Records of a pull` {
    @Test func `that the manifest does not want are left out, counted, and never quarantined`() async throws {
        let bench = try Bench(
            interface: pull("{ kind: none }", more: "  total: $.total\n  where: { $.state: [\"1\"] }"))
        bench.transport.record(
            path(),
            answer(
                items([1, 2])
                    + ",{\"id\":\"L3\",\"no\":\"N3\",\"seq\":3,\"state\":\"7\"},{\"id\":\"L4\",\"state\":\"9\"}",
                ",\"total\":4"))
        let (batches, error) = await bench.pull()
        #expect(error == nil, "what is left out still counts towards the declared total")
        #expect(batches.keys == ["L1", "L2"])
        #expect(batches.rejects.isEmpty)
        #expect(batches.map(\.skipped) == [2])
    }

    @Test func `of one key on two pages are both out of use when they differ, and one when they do not`() async throws {
        let bench = try Bench(interface: pull("{ kind: page_number, parameter: page, size: 2 }"))
        bench.transport.record(path(["page": "1"]), answer(items(1...2)))
        bench.transport.record(
            path(["page": "2"]), answer("{\"id\":\"L1\",\"no\":\"OTHER\",\"seq\":1,\"state\":\"1\"},\(items([2]))"))
        bench.transport.record(path(["page": "3"]), answer(items([3])))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2", "L3"])
        let reject = try #require(batches.rejects.first)
        #expect(batches.rejects.count == 1)
        #expect(reject.reason.code == "record.key_twice")
        #expect(reject.key?.parts == ["L1"])
        #expect(reject.sourceVersion == nil, "without a version it puts whatever is stored in doubt")
    }

    @Test func `that the source changed while they were read are newer, not doubled`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: page_number, parameter: page, size: 1 }",
                version: "{ from: $.at, kind: time, format: \"yyyy-MM-dd HH:mm:ss\" }"))
        bench.transport.record(path(["page": "1"]), answer(timed("A", "2026-11-24 10:00:00")))
        bench.transport.record(path(["page": "2"]), answer(timed("A", "2026-11-25 09:31:00")))
        bench.transport.record(path(["page": "3"]), answer(""))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["A", "A"])
        #expect(batches.rejects.isEmpty)
    }

    @Test func `are remembered in a bounded memory that says when it forgets`() {
        var seen = SeenRecords(generation: 100)
        func key(_ number: Int) -> SourceRecordKey { SourceRecordKey(source: SourceID("s"), parts: ["\(number)"]) }
        let digest = SHA256.digest("seven")
        for number in 0..<200 {
            let finding = seen.look(at: key(number), digest: digest)
            #expect(finding == .new)
        }
        let early = seen.tellsForgetting()
        #expect(!early)
        let f1 = seen.look(at: key(150), digest: digest)
        #expect(f1 == .same)
        let f2 = seen.look(at: key(150), digest: SHA256.digest("eight"))
        #expect(f2 == .differs)
        let f3 = seen.look(at: key(200), digest: digest)
        #expect(f3 == .new)
        let first = seen.tellsForgetting()
        let second = seen.tellsForgetting()
        #expect(first)
        #expect(!second, "it is said once")
        let f4 = seen.look(at: key(101), digest: digest)
        #expect(f4 == .same, "the last hundred are always compared")
        let f5 = seen.look(at: key(1), digest: digest)
        #expect(f5 == .new)
    }
}

@Suite struct `A cursor in time` {
    private static let zoned = """
        { from: $.at, kind: time, format: "yyyy-MM-dd HH:mm:ss", zone: "+00:00", start: "2026-11-01 00:00:00" }
        """

    @Test func `is read and written in its zone`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: none }", cursor: Self.zoned, query: "since: \"${cursor}\", until: \"${window_end}\"",
                version: "arrival"))
        bench.transport.record(path(), answer(timed("A", "2026-11-25 01:00:00")))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(bench.transport.seen[0].value("until") == "2026-11-25 01:30:00", "09:30 here is 01:30 there")
        let nine = Timestamp(milliseconds: 1_795_570_200_000 - 1_800_000).milliseconds
        #expect(batches.last?.resume?.rawValue == "{\"v\":1,\"cursor\":\(nine)}")
    }

    private static let newestFirst =
        "{ from: $.at, kind: time, format: \"yyyy-MM-dd HH:mm:ss\", order: descending }"

    @Test func `of a newest-first feed is read until older than before, and kept only at the end`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: page_number, parameter: page, size: 2 }", cursor: Self.newestFirst, version: "arrival",
                more: "  total: $.total"))
        bench.transport.record(
            path(["page": "1"]),
            answer("\(timed("D", "2026-11-25 09:00:00")),\(timed("C", "2026-11-25 08:00:00"))", ",\"total\":99"))
        bench.transport.record(
            path(["page": "2"]),
            answer("\(timed("B", "2026-11-25 07:00:00")),\(timed("A", "2026-11-25 06:00:00"))", ",\"total\":99"))
        let seven = Timestamp(milliseconds: 1_795_570_200_000 - 9_000_000).milliseconds
        let (batches, error) = await bench.pull(
            bench.request(.incremental, resume: ResumeCursor(rawValue: "{\"v\":1,\"cursor\":\(seven)}")))
        #expect(error == nil)
        #expect(batches.keys == ["D", "C", "B"])
        #expect(batches.map { $0.resume != nil } == [false, true])
        #expect(bench.transport.seen.count == 2, "the third page was not asked for")
    }

    @Test func `of a newest-first feed that rises is refused`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: page_number, parameter: page, size: 2 }", cursor: Self.newestFirst, version: "arrival"))
        bench.transport.record(
            path(), answer("\(timed("C", "2026-11-25 08:00:00")),\(timed("D", "2026-11-25 09:00:00"))"))
        let (_, error) = await bench.pull()
        #expect(error?.code == .cursorWentBack)
    }

    private static let windows = """
        { from: $.at, kind: time, format: "yyyy-MM-dd HH:mm:ss", order: any, window: 24h, start: "2026-11-23 00:00:00" }
        """

    @Test func `goes in windows whose ends are fixed, and each can be resumed from`() async throws {
        let interface = pull(
            "{ kind: page_number, parameter: page, size: 2 }", cursor: Self.windows,
            query: "since: \"${cursor}\", until: \"${window_end}\"", version: "arrival")
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(["since": "2026-11-23 00:00:00", "page": "1"]),
            answer("\(timed("B", "2026-11-23 20:00:00")),\(timed("A", "2026-11-23 02:00:00"))"))
        bench.transport.record(
            path(["since": "2026-11-23 00:00:00", "page": "2"]), answer(timed("A2", "2026-11-23 03:00:00")))
        bench.transport.record(path(["since": "2026-11-24 00:00:00"]), answer(""))
        bench.transport.record(path(["since": "2026-11-25 00:00:00"]), answer(timed("C", "2026-11-25 01:00:00")))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["B", "A", "A2", "C"])
        #expect(
            bench.transport.seen.map { $0.value("until") } == [
                "2026-11-24 00:00:00", "2026-11-24 00:00:00", "2026-11-25 00:00:00", "2026-11-25 09:30:00",
            ])
        let midnight = Timestamp(milliseconds: 1_795_570_200_000 - 34_200_000).milliseconds
        #expect(
            batches.map(\.resume?.rawValue) == [
                nil, "{\"v\":1,\"cursor\":\(midnight - 86_400_000)}", "{\"v\":1,\"cursor\":\(midnight)}",
                "{\"v\":1,\"cursor\":\(midnight + 3_600_000)}",
            ])
        let again = try Bench(interface: interface)
        again.transport.record(path(["since": "2026-11-25 00:00:00"]), answer(timed("C", "2026-11-25 01:00:00")))
        let (rest, fault) = await again.pull(again.request(.full, resume: batches[2].resume))
        #expect(fault == nil)
        #expect(rest.keys == ["C"], "taken up between two windows")
    }

    @Test func `is applied here when the source cannot filter`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: none }", cursor: "{ from: $.seq, kind: number, order: any, client_filter: true }"))
        bench.transport.record(path(), answer(items([5, 2, 4])))
        let (batches, error) = await bench.pull(
            bench.request(.incremental, resume: ResumeCursor(rawValue: "{\"v\":1,\"cursor\":4}")))
        #expect(error == nil)
        #expect(batches.keys == ["L5", "L4"])
        #expect(batches.map(\.skipped) == [1])
    }

    @Test func `with more than a page of one moment is refused, not skipped`() async throws {
        let exclusive =
            "{ from: $.at, kind: time, format: \"yyyy-MM-dd HH:mm:ss\", inclusive: false, start: \"2026-11-25 00:00:00\" }"
        let bench = try Bench(
            interface: pull(
                "{ kind: keyset, parameter: after, size_parameter: n, size: 2 }", cursor: exclusive, version: "arrival")
        )
        let two = "\(timed("A", "2026-11-25 08:00:00")),\(timed("B", "2026-11-25 08:00:00"))"
        bench.transport.record(path(["after": "2026-11-25 00:00:00"]), answer(two))
        bench.transport.record(path(["after": "2026-11-25 07:59:59"]), answer(two))
        let (batches, error) = await bench.pull()
        #expect(batches.keys == ["A", "B"])
        #expect(error?.code == .pagingLoop)
        #expect(error?.diagnostic.what.contains("one cursor value") == true)
    }

    @Test func `of an exclusive source is asked one step earlier, so that a page may end between equals`() async throws
    {
        let exclusive =
            "{ from: $.at, kind: time, format: \"yyyy-MM-dd HH:mm:ss\", inclusive: false, start: \"2026-11-25 00:00:00\" }"
        let bench = try Bench(
            interface: pull(
                "{ kind: keyset, parameter: after, size_parameter: n, size: 3 }", cursor: exclusive, version: "arrival")
        )
        let b = timed("B", "2026-11-25 08:00:00")
        bench.transport.record(
            path(["after": "2026-11-25 00:00:00"]),
            answer("\(timed("A", "2026-11-25 07:00:00")),\(timed("A2", "2026-11-25 07:30:00")),\(b)"))
        bench.transport.record(
            path(["after": "2026-11-25 07:59:59"]),
            answer("\(b),\(timed("C", "2026-11-25 08:00:00")),\(timed("D", "2026-11-25 09:00:00"))"))
        bench.transport.record(path(["after": "2026-11-25 08:59:59"]), answer(timed("D", "2026-11-25 09:00:00")))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["A", "A2", "B", "C", "D"], "C shares its moment with B and stands on the next page")
    }
}

@Suite struct `A list beside the records` {
    private static let deletes = """
          deletes: { path: /gone, query: { since: "${cursor}" }, pages: { kind: page_number, parameter: p, size: 1 }, records: $.items, key: [$.id] }
        """
    private static let cursor = "{ from: $.seq, kind: number, start: \"0\" }"

    @Test func `of removals becomes tombstones, after the records, and the cursor waits for it`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: none }", cursor: Self.cursor, query: "since: \"${cursor}\"", more: Self.deletes))
        bench.transport.record(path(["since": "4"]), answer(items(5...6)))
        bench.transport.record(path(["since": "4", "p": "1"], "/api/gone"), answer("{\"id\":\"L1\"}"))
        bench.transport.record(path(["p": "2"], "/api/gone"), answer("{\"id\":\"L6\"}"))
        bench.transport.record(path(["p": "3"], "/api/gone"), answer(""))
        let (batches, error) = await bench.pull(
            bench.request(.incremental, resume: ResumeCursor(rawValue: "{\"v\":1,\"cursor\":4}")))
        #expect(error == nil)
        #expect(batches.flatMap(\.tombstones).map(\.key.parts) == [["L1"]], "L6 is in the list, so it is there")
        #expect(
            batches.map(\.resume?.rawValue) == [
                "{\"v\":1,\"cursor\":6,\"deletes\":4}", nil, nil, "{\"v\":1,\"cursor\":6}",
            ])
        #expect(batches.last?.position == .end(declaredTotal: nil))
    }

    @Test func `of removals is read from where it was read to, after a pull that ended between the two`() async throws {
        let bench = try Bench(
            interface: pull(
                "{ kind: none }", cursor: Self.cursor, query: "since: \"${cursor}\"", more: Self.deletes))
        bench.transport.record(path(["since": "6"]), answer(""))
        bench.transport.record(path(["since": "4"], "/api/gone"), answer(""))
        let (_, error) = await bench.pull(
            bench.request(.incremental, resume: ResumeCursor(rawValue: "{\"v\":1,\"cursor\":6,\"deletes\":4}")))
        #expect(error == nil)
        #expect(bench.transport.seen.map { $0.value("since") } == ["6", "4"])
    }

    private static let parent = pull(
        "{ kind: none }", query: "d: \"${partition}\"",
        more: "  partitions: { parent: { path: /districts, records: $.items, value: $.code } }")

    @Test func `gives the partitions, and they are pulled by name`() async throws {
        let bench = try Bench(interface: Self.parent)
        bench.transport.record(
            path([:], "/api/districts"), answer("{\"code\":\"430102\"},{\"code\":\"430111\"},{\"code\":\"430102\"}"))
        bench.transport.record(path(["d": "430111"]), answer(items([1])))
        #expect(bench.source.describe().interfaces[0].asksForPartitions)
        #expect(
            try await bench.source.partitions(of: bench.interface, for: RunID(rawValue: "r")) == ["430102", "430111"])
        let (batches, error) = await bench.pull(bench.request(partition: "430111"))
        #expect(error == nil)
        #expect(batches.keys == ["L1"])
    }

    @Test(arguments: ["", "{\"name\":\"x\"}", "{\"code\":\"\"}", "{\"code\":\"a\\nb\"}"])
    func `of partitions is refused when it has none or one that is unusable`(members: String) async throws {
        let bench = try Bench(interface: Self.parent)
        bench.transport.record(path([:], "/api/districts"), answer(members))
        do throws(SourceError) {
            _ = try await bench.source.partitions(of: bench.interface, for: RunID(rawValue: "r"))
            Issue.record("accepted")
        } catch {
            #expect(error.code == .shape)
        }
    }
}

@Suite struct `A place in a pull` {
    @Test func `lets a failed page be asked again, and not the pages before it`() async throws {
        let bench = try Bench(interface: pull("{ kind: cursor_token, parameter: token, token: $.next }"))
        bench.transport.record(path(), answer(items(1...2), ",\"next\":\"a\""))
        bench.transport.record(
            path(["token": "a"]), .answer(status: 503, headers: [:], body: []), answer(items(3...4)))
        let (batches, error) = await bench.pull()
        #expect(error?.code == .unavailable)
        var request = bench.request()
        request.place = batches.last?.place
        let (rest, fault) = await bench.pull(request)
        #expect(fault == nil)
        #expect(rest.keys == ["L3", "L4"])
        #expect(bench.transport.seen.map { $0.value("token") } == [nil, "a", "a"])
    }

    @Test func `goes on with smaller pages where it stood`() async throws {
        let bench = try Bench(
            interface: pull("{ kind: page_number, parameter: page, size_parameter: n, size: 4, smallest: 1 }"))
        bench.transport.record(path(["page": "1", "n": "4"]), answer(items(1...4)))
        bench.transport.record(path(["page": "3", "n": "2"]), answer(items([5])))
        #expect(bench.source.describe().interfaces[0].pageSizes == PageSizes(usual: 4, smallest: 1))
        var request = bench.request()
        for try await batch in bench.source.pull(request) {
            request.place = batch.place
            break
        }
        request.pageSize = 2
        let (rest, error) = await bench.pull(request)
        #expect(error == nil)
        #expect(rest.keys == ["L5"])
    }

    @Test func `can leave a numbered page out, and no page whose answer names the next`() async throws {
        let bench = try Bench(interface: pull("{ kind: offset, parameter: from, size: 2 }", more: "  total: $.total"))
        bench.transport.record(path(["from": "0"]), answer(items(1...2), ",\"total\":5"))
        bench.transport.record(path(["from": "4"]), answer(items([5]), ",\"total\":5"))
        var request = bench.request()
        for try await batch in bench.source.pull(request) {
            request.place = batch.place
            break
        }
        request.skipPages = 1
        let (rest, error) = await bench.pull(request)
        #expect(error == nil)
        #expect(rest.keys == ["L5"])
        let token = try Bench(interface: pull("{ kind: cursor_token, parameter: token, token: $.next }"))
        var other = token.request()
        other.skipPages = 1
        #expect(await token.pull(other).error?.code == .pageNotSkippable)
    }

    @Test func `may have its token in the path, left out on the first page`() async throws {
        let interface = pull("{ kind: cursor_token, token: $.next }").replacing(
            "path: /licences", with: "path: \"/licences/${page_token}\"")
        let bench = try Bench(interface: interface)
        bench.transport.record(path(), answer(items([1]), ",\"next\":\"a b\""))
        bench.transport.record(path([:], "/api/licences/a%20b"), answer(items([2]), ",\"next\":null"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.keys == ["L1", "L2"])
    }
}
