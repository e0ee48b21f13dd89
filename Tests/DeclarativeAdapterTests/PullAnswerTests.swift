import AdapterKit
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

private let plain = """
    pull:
      path: /licences
      query: { kind: all, since: "${cursor}" }
      pages: { kind: none }
      records: $.items
      key: [$.id]
      version: { from: $.seq, kind: number }
      cursor: { from: $.seq, kind: number, start: "0", inclusive: false }
    licence_type: "11100000000013127D916"
    fields: { number: $.no, status: { from: $.state, map: { "1": valid, "2": revoked } } }
    """

private func path() -> RecordedTransport.Match { RecordedTransport.Match(.get, path: "/api/licences") }

@Suite struct `What is sound in a spoilt record` {
    @Test(arguments: [
        ("{\"a\":1,\"b\":2,\"b\":3,\"c\":\"x,}\\\"\"}", "{\"a\":1,\"c\":\"x,}\\\"\"}"),
        ("{\"a\":{\"k\":1,\"k\":2},\"c\":[1,{\"d\":[]}]}", "{\"c\":[1,{\"d\":[]}]}"),
        ("{\"a\":\"\\ud800\",\"b\":01,\"c\":true}", "{\"c\":true}"),
        ("{\"\\u0061\":1,\"a\":2}", nil), ("{\"a\":1,\"a\":2}", nil), ("[1]", nil), ("{\"a\":1", nil), ("", nil),
    ]) func `is each member that stands once and reads`(raw: String, sound: String?) {
        #expect(SoundMembers.object(of: Array(raw.utf8)).map { String(decoding: $0, as: UTF8.self) } == sound)
    }
}

@Suite struct `A spoilt record's holder` {
    @Test(arguments: [
        ("from: $.card", ["430102199001011234"]), ("first_of: [$.card, $.firm]", []),
        ("first_of: [$.firm, $.card]", []),
    ])
    func `is named only when no other member can stand in for a broken one`(places: String, named: [String])
        async throws
    {
        let bench = try Bench(
            interface: """
                pull: { path: /licences, pages: { kind: none }, records: $.items, key: [$.id], version: arrival }
                licence_type: "11100000000013127D916"
                fields: { number: $.no, holder.code: { \(places) }, holder.code_kind: { constant: "111" }, status: { constant: valid } }
                """)
        bench.transport.record(
            path(),
            .text(
                """
                {"code":"0","items":[{"id":"1","no":"N","card":"430102199001011234","firm":"430102199001011242","x":1,"x":2}]}
                """))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.rejects.map { $0.holders.map(\.canonicalCode) } == [named])
    }
}

@Suite struct `A removal without a time` {
    @Test(arguments: [(2, ["record.removal_unchecked"], 0), (100, [], 1)])
    func `withdraws nothing that may have been shown and forgotten`(generation: Int, codes: [String], gone: Int)
        async throws
    {
        let bench = try Bench(
            interface: """
                pull:
                  path: /licences
                  pages: { kind: none }
                  records: $.items
                  key: [$.id]
                  version: arrival
                  deletes: { path: /gone, records: $.items, key: [$.id] }
                licence_type: "11100000000013127D916"
                fields: { number: $.no, status: { constant: valid } }
                """)
        let ids = (1...6).map { "{\"id\":\"L\($0)\",\"no\":\"N\"}" }.joined(separator: ",")
        bench.transport.record(path(), .text("{\"code\":\"0\",\"items\":[\(ids)]}"))
        bench.transport.record(
            RecordedTransport.Match(.get, path: "/api/gone"),
            .text("{\"code\":\"0\",\"items\":[{\"id\":\"L0\"},{\"id\":\"L6\"}]}"))
        let (batches, error) = await SeenRecords.$generation.withValue(generation) { await bench.pull() }
        #expect(error == nil)
        #expect(batches.keys.count == 6)
        #expect(batches.rejects.map(\.reason.code) == codes)
        #expect(batches.flatMap(\.tombstones).count == gone)
    }
}

@Suite struct `An answer to a pull` {
    @Test(arguments: [
        ("HTML with 200", "<!DOCTYPE html><html><body>login</body></html>", "source.not_a_page"),
        ("a status that means later", "{\"code\":\"9\",\"items\":[]}", "source.unavailable"),
        ("a status nobody declared", "{\"code\":\"77\",\"items\":[]}", "source.business_status"),
        ("no status", "{\"items\":[]}", "source.business_status"),
        ("no list", "{\"code\":\"0\"}", "source.shape"),
        ("a list that is a text", "{\"code\":\"0\",\"items\":\"none\"}", "source.shape"),
        ("null for the list", "{\"code\":\"0\",\"items\":null}", "source.shape"),
        ("a cut body", "{\"code\":\"0\",\"items\":[{\"id\":\"L1\"", "document.truncated"),
        ("a trailing comma", "{\"code\":\"0\",\"items\":[],}", "document.trailing_comma"),
        ("nothing", "", "document.empty"),
    ]) func `is refused with its code`(what: String, body: String, code: String) async throws {
        let bench = try Bench(interface: plain)
        bench.transport.record(path(), .text(body))
        let (batches, error) = await bench.pull()
        #expect(batches.isEmpty)
        #expect(error?.code.rawValue == code)
        #expect(error?.diagnostic.place.source == "example-library")
        #expect(error?.diagnostic.place.interface == "licences")
        #expect(error?.diagnostic.place.page == 1)
    }

    @Test(arguments: [
        (401, "source.unauthenticated", SourceError.Recovery.fixConfiguration),
        (403, "source.forbidden", .fixConfiguration),
        (404, "source.unexpected_status", .fixConfiguration), (408, "source.timed_out", .retry(after: .seconds(7))),
        (429, "source.throttled", .retry(after: .seconds(7))), (500, "source.unavailable", .retry(after: .seconds(7))),
        (503, "source.unavailable", .retry(after: .seconds(7))),
    ]) func `of a failing HTTP status says what comes next`(status: Int, code: String, recovery: SourceError.Recovery)
        async throws
    {
        let bench = try Bench(interface: plain)
        bench.transport.record(path(), .answer(status: status, headers: ["Retry-After": "7"], body: Array("busy".utf8)))
        let (_, error) = await bench.pull()
        #expect(error?.code.rawValue == code)
        #expect(error?.recovery == recovery)
        #expect(error?.httpStatus == status)
    }

    @Test(arguments: [
        (TransportError.Code.reset, "source.unreachable", true), (.totalTimeout, "source.timed_out", true),
        (.connectRefused, "source.unreachable", true), (.tlsHandshake, "source.unreachable", true),
        (.truncated, "transport.truncated", true),
        (.tlsUntrusted, "transport.tls_untrusted", false), (.responseTooLarge, "transport.response_too_large", false),
        (.redirectRefused, "source.foreign_link", false),
    ]) func `that never came says whether to try again`(failure: TransportError.Code, code: String, again: Bool)
        async throws
    {
        let bench = try Bench(interface: plain)
        bench.transport.record(path(), .failure(TransportError(failure, layer: .http)))
        let (_, error) = await bench.pull()
        #expect(error?.code.rawValue == code)
        #expect(error?.isRetriable == again)
    }

    @Test func `keeps its good records when some are bad, and all that is known of the bad`() async throws {
        let bench = try Bench(
            interface: """
                pull:
                  path: /licences
                  pages: { kind: none }
                  records: $.items
                  key: [$.id]
                  version: { from: $.seq, kind: number }
                licence_type: "11100000000013127D916"
                fields:
                  holder.code: $.who
                  holder.code_kind: { constant: "111" }
                  valid_until: { from: $.until, date: [yyyyMMdd, yyyy-MM-dd], open_ended: [长期], empty: open_ended }
                  status: { from: $.state, map: { "1": valid } }
                """)
        bench.transport.record(
            path(),
            .text(
                """
                {"code":"0","items":[
                {"id":"A","seq":1,"who":"430102199003070020","until":"20271231","state":"1","zone":"007"},
                {"id":"B","seq":2,"who":"430104198511110031","until":"31.12.2027","state":"1"},
                {"id":"C","seq":3,"who":"430111202002290014","until":"长期","state":"5"},
                {"id":"D","seq":4,"who":"430181197606060055","state":"1","state":"2"},
                {"id":"E","seq":5,"who":"430182201809010045","until":null,"state":"1"}]}
                """))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        let records = batches.flatMap(\.records)
        #expect(records.map { $0.key.parts[0] } == ["A", "E"])
        #expect(records[0].faceFields == [FaceField("zone", "007")])
        #expect(records[0].validity.until == .day(try #require(CalendarDay(year: 2027, month: 12, day: 31))))
        #expect(records[1].validity.until == .openEnded)
        let rejects = batches.rejects
        #expect(
            rejects.map(\.reason.code) == ["record.date_unreadable", "record.value_unknown", "document.duplicate_key"])
        #expect(rejects[0].key?.parts == ["B"])
        #expect(rejects[0].holders == [HolderReference(kind: .residentIdentityNumber, code: "430104198511110031")])
        #expect(rejects[1].sourceVersion == .declared(3))
        #expect(rejects[0].reason.place.path == "$.items[1].until")
        // The doubled member is in doubt, the others are not: only this holder's look-ups are touched.
        #expect(rejects[2].key?.parts == ["D"])
        #expect(rejects[2].holders == [HolderReference(kind: .residentIdentityNumber, code: "430181197606060055")])
        #expect(rejects[2].sourceVersion == .declared(4))
        #expect(rejects[0].reason.place.record == 2)
        for reject in rejects { #expect(!reject.reason.text.contains("4301")) }
    }

    @Test func `quarantined is mapped again after the manifest was mended`() async throws {
        let interface = plain
        let bench = try Bench(interface: interface)
        bench.transport.record(
            path(), .text("{\"code\":\"0\",\"items\":[{\"id\":\"A\",\"no\":\"7\",\"seq\":1,\"state\":\"3\"}]}"))
        let reject = try #require(await bench.pull().batches.rejects.first)
        guard case .failure = bench.source.remap(reject) else { return #expect(Bool(false), "mapped too early") }
        let mended = try Bench(interface: interface.replacing("\"2\": revoked", with: "\"3\": suspended"))
        let licence = try mended.source.remap(reject).get()
        #expect(licence.status == .suspended)
        #expect(licence.number?.raw == "7")
        #expect(mended.manifest.mappingRevision != bench.manifest.mappingRevision)
    }
}
