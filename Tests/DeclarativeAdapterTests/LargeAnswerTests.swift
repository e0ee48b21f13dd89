import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

/// An adapter that keeps next to nothing in memory, so that small answers are large ones.
private struct Small {
    let bench: Bench
    let source: DeclarativeSource

    init(pages: String = "{ kind: none }", folder: String, more: String = "") throws {
        bench = try Bench(
            interface: """
                pull:
                  path: /list
                  pages: \(pages)
                  records: $.data
                  key: [$.id]
                  version: arrival
                  \(more)
                licence_type: "11100000000013127D916"
                fields: { number: $.no, status: { from: $.state, map: { "1": valid } } }
                """)
        var source = try #require(bench.source as? DeclarativeSource)
        source.client.inMemory = 1000
        source.client.spoolFolder = folder
        self.source = source
    }

    func pull() async -> (batches: [SourceBatch], error: SourceError?) {
        var batches: [SourceBatch] = []
        do throws(SourceError) {
            for try await batch in source.pull(bench.request()) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }
}

@Suite struct `An answer too large for memory` {
    private func with(_ work: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("licgate-spool-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await work(folder)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        #expect(left == [], "nothing of an answer stays on the disk")
    }

    private static func body(_ items: String, code: String = "0", rest: String = "") -> RecordedTransport.Outcome {
        .text("{\"code\":\"\(code)\",\"data\":[\(items)]\(rest)}")
    }

    @Test func `is handed over whole, in parts, and only the last carries the end`() async throws {
        try await with { folder in
            let small = try Small(folder: folder, more: "total: $.total")
            small.bench.transport.record(
                .init(.get, path: "/api/list"), Self.body(items(1...2500), rest: ",\"total\":2500"))
            let (batches, error) = await small.pull()
            #expect(error == nil)
            #expect(batches.keys == (1...2500).map { "L\($0)" })
            #expect(batches.count == 3)
            #expect(batches.map { $0.position == .end(declaredTotal: 2500) } == [false, false, true])
            #expect(batches.dropLast().allSatisfy { $0.place == nil && $0.resume == nil })
        }
    }

    @Test(
        arguments: [
            ("a business status after the records", body(items(1...2500), code: "9"), "source.unavailable"),
            ("a cut", .text("{\"code\":\"0\",\"data\":[\(items(1...2500))"), "document.truncated"),
        ] as [(String, RecordedTransport.Outcome, String)])
    func `counts for nothing with`(what: String, answer: RecordedTransport.Outcome, code: String) async throws {
        try await with { folder in
            let small = try Small(folder: folder)
            small.bench.transport.record(.init(.get, path: "/api/list"), answer)
            let (batches, error) = await small.pull()
            #expect(error?.diagnostic.code == code)
            #expect(batches.isEmpty)
        }
    }

    @Test func `finds a key that stands twice in distant parts`() async throws {
        try await with { folder in
            let small = try Small(folder: folder)
            let twice = "{\"id\":\"L1\",\"no\":\"other\",\"seq\":1,\"state\":\"1\"}"
            small.bench.transport.record(
                .init(.get, path: "/api/list"), Self.body(items(1...2500) + "," + twice))
            let (batches, error) = await small.pull()
            #expect(error == nil)
            #expect(batches.rejects.map(\.reason.code) == ["record.key_twice"])
        }
    }

    @Test func `leads to the next page as any other`() async throws {
        try await with { folder in
            let small = try Small(pages: "{ kind: page_number, parameter: page, size: 1500 }", folder: folder)
            for (page, range) in [("1", 1...1500), ("2", 1501...3000)] {
                small.bench.transport.record(
                    .init(.get, path: "/api/list", query: ["page": page]), Self.body(items(range)))
            }
            small.bench.transport.record(.init(.get, path: "/api/list", query: ["page": "3"]), Self.body(""))
            let (batches, error) = await small.pull()
            #expect(error == nil)
            #expect(batches.keys.count == 3000)
            #expect(Set(batches.keys).count == 3000)
        }
    }

    @Test func `the same page twice is a loop, before any of it counts`() async throws {
        try await with { folder in
            let small = try Small(pages: "{ kind: page_number, parameter: page, size: 1500 }", folder: folder)
            for page in ["1", "2"] {
                small.bench.transport.record(
                    .init(.get, path: "/api/list", query: ["page": page]), Self.body(items(1...1500)))
            }
            let (batches, error) = await small.pull()
            #expect(error?.code == .pagingLoop)
            #expect(batches.keys.count == 1500)
        }
    }
}
