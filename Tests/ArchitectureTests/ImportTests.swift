// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct `Who may import whom` {
    private static let table = RoomTable.read()

    @Test func `the table in ARCHITECTURE.md can be read`() {
        #expect(Self.table.faults.isEmpty, "\(Self.table.faults.joined(separator: "\n"))")
        #expect(Self.table.rooms.count >= 15)
    }

    @Test func `every folder in Sources has a row`() {
        let known = Set(Self.table.rooms.keys).union(Self.table.rooms.values.flatMap(\.outside))
        let unknown = Repository.folders(under: "Sources").filter { !known.contains($0) }
        #expect(unknown.isEmpty, "no row in ARCHITECTURE.md for \(unknown)")
    }

    @Test func `each C library is seen by exactly one room`() {
        for library in Repository.folders(under: "Sources") where Self.isCLibrary(library) {
            let rooms = Self.table.rooms.values.filter { $0.outside.contains(library) }.map(\.name)
            #expect(rooms.count == 1, "\(library) may be seen by \(rooms)")
        }
    }

    @Test(arguments: Repository.folders(under: "Sources").filter { !isCLibrary($0) })
    func `a room imports only what the table allows`(room: String) throws {
        let rule = try #require(Self.table.rooms[room])
        for path in Repository.files(under: "Sources/" + room, ending: [".swift"]) {
            let faults = Self.faults(in: path, of: rule)
            #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
        }
    }

    @Test func `an adapter in Swift imports the adapter kit and what is below it, never another adapter`() throws {
        let rule = try #require(Self.table.rooms["Adapters/*"])
        for path in Repository.files(under: "Adapters", ending: [".swift"]) {
            let faults = Self.faults(in: path, of: rule)
            #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
        }
    }

    @Test func `the API sees no engine and no adapter`() throws {
        let api = try #require(Self.table.rooms["GatewayAPI"])
        #expect(api.ours.isDisjoint(with: ["SharedCatalogue", "DeclarativeAdapter", "Intake", "GatewayConfiguration"]))
    }

    /// Proof that the check can fail: a line the table forbids is found, with its place.
    @Test(arguments: [
        "import SharedCatalogue", "public import CCurl", "@preconcurrency import FoundationNetworking",
        "internal import struct SharedCatalogue.Engine", "@testable import Sync",
    ])
    func `a forbidden import is found`(line: String) throws {
        let rule = try #require(Self.table.rooms["GatewayAPI"])
        var narrow = rule
        narrow.ours = ["CatalogueContract"]
        #expect(Self.faults(in: [line], path: "x.swift", of: narrow).count == 1)
    }

    private static func isCLibrary(_ name: String) -> Bool {
        Repository.files(under: "Sources/\(name)", ending: [".swift"]).isEmpty
    }

    private static func faults(in path: String, of rule: RoomTable.Room) -> [String] {
        faults(in: Repository.lines(path), path: path, of: rule)
    }

    private static func faults(in lines: [String], path: String, of rule: RoomTable.Room) -> [String] {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?(\w+)/
        return lines.enumerated().compactMap { index, line in
            guard line.utf8.holds("import "), let match = line.firstMatch(of: pattern) else { return nil }
            let module = String(match.output.1)
            if RoomTable.language.contains(module) || rule.ours.contains(module) || rule.outside.contains(module) {
                return nil
            }
            return "\(path):\(index + 1): \(rule.name) may not import \(module); the rule is in ARCHITECTURE.md"
        }
    }
}
