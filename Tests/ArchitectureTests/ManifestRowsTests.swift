import Foundation
import Testing

/// What the manifest language must be able to say, and the tests that show it.
@Suite struct `The table of manifest rows` {
    static let topics = [
        "request", "authentication", "decoding", "record selection", "key and version", "business status", "pagination",
        "incremental", "partitions", "look-up", "fields", "rejecting", "errors", "budget", "deletes", "many alike",
        "health",
        "secrets", "confirmed or not", "simulated", "tests", "other ways in", "Singer taps",
    ]

    struct Row {
        let topic: String
        let room: String
        let test: String
    }

    static func rows(_ page: String = "docs/reference/manifest-rows.md") -> [Row] {
        Repository.lines(page).filter { $0.hasPrefix("| ") }.dropFirst().map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet.whitespaces) }
            let parts = (cells.last ?? "").components(separatedBy: " · ").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            }
            return Row(topic: cells.first ?? "", room: parts.first ?? "", test: parts.count == 2 ? parts[1] : "")
        }
    }

    @Test func `covers every topic, in order`() {
        let found = Self.rows().map(\.topic)
        var order: [String] = []
        for topic in found where order.last != topic { order.append(topic) }
        #expect(order == Self.topics)
    }

    @Test(arguments: ["docs/reference/manifest-rows.md", "docs/reference/conformance.md"])
    func `names tests that are there`(page: String) throws {
        let rows = Self.rows(page).filter { !$0.test.isEmpty || page.hasSuffix("manifest-rows.md") }
        #expect(rows.count > 15)
        var sources: [String: String] = [:]
        for room in Set(rows.map(\.room)) {
            let folder = Repository.root.appendingPathComponent("Tests/\(room)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                $0.hasSuffix(".swift")
            }
            sources[room] = try files.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
                .joined()
        }
        for row in rows {
            #expect(
                sources[row.room]?.contains("func `\(row.test)`") == true,
                "\(row.topic): \(row.room) has no test `\(row.test)`")
        }
    }
}
