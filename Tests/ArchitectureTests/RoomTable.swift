// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The table of rooms in ARCHITECTURE.md: the page is the rule, this only reads it.
///
/// A row is `| layer | room | duty | may import (ours) | may import (outside) |`. A cell lists names between back-ticks;
/// "`X` and below" means X and everything X may import itself.
struct RoomTable {
    struct Room {
        var name: String
        var layer: String
        var ours: Set<String>
        var outside: Set<String>
        var line: Int
    }

    var rooms: [String: Room] = [:]
    /// What cannot be read in the table: a name without a row, a room twice.
    var faults: [String] = []

    /// Modules that come with Swift, and Foundation's lighter half.
    ///
    /// Never FoundationNetworking or FoundationXML:
    /// libcurl and libxml2 do those jobs.
    static let language: Set<String> = [
        "Swift", "Glibc", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "RegexBuilder",
    ]

    static func read() -> RoomTable {
        var table = RoomTable()
        var written: [(room: Room, ours: String)] = []
        for row in Markdown.table(under: "Who may import whom", in: Repository.lines("ARCHITECTURE.md")) {
            guard row.cells.count == 5, let name = names(row.cells[1]).first else {
                table.faults.append("ARCHITECTURE.md:\(row.line): a row of the table of rooms has five cells")
                continue
            }
            let room = Room(
                name: name, layer: row.cells[0], ours: [], outside: Set(names(row.cells[4])), line: row.line)
            written.append((room, row.cells[3]))
        }
        for (room, cell) in written {
            if table.rooms[room.name] != nil {
                table.faults.append("ARCHITECTURE.md:\(room.line): \(room.name) stands twice in the table of rooms")
            }
            var finished = room
            finished.ours = table.expand(cell, for: room)
            table.rooms[room.name] = finished
        }
        return table
    }

    /// Rows may only name rooms above them in the table, which is what keeps the arrows pointing down.
    private mutating func expand(_ cell: String, for room: Room) -> Set<String> {
        if cell.contains("everything") { return Set(rooms.keys) }
        var result: Set<String> = []
        for part in cell.split(separator: ",") {
            guard let name = Self.names(String(part)).first else { continue }
            guard let known = rooms[name] else {
                faults.append("ARCHITECTURE.md:\(room.line): \(room.name) may import \(name), which has no row above")
                continue
            }
            result.insert(name)
            if part.contains("and below") { result.formUnion(known.ours) }
        }
        return result
    }

    private static func names(_ cell: String) -> [String] {
        cell.matches(of: /`([A-Za-z0-9*\/]+)`/).map { String($0.output.1) }
    }
}
