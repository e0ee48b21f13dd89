import AdapterKit
import AdapterTesting
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import Intake

@Suite struct `A drop folder` {
    @Test func `is read when its ready file agrees, as one whole pull in batches`() async throws {
        let drop = try Drop()
        try drop.put("certificates-20261124.csv", Drop.csv(0..<5), rows: 5)
        try drop.put("certificates-20261125.csv", Drop.csv(0..<2345), rows: 2345)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [1000, 1000, 345])
        #expect(batches.last?.position == .end(declaredTotal: 2345))
        #expect(batches.dropLast().allSatisfy { $0.position == .more })
        let last = try #require(batches.last?.records.last)
        #expect(last.number?.raw == "002344")
        #expect(last.faceFields == [FaceField("school", "School, 2344")])
    }

    @Test func `is not read while a file has no ready file`() async throws {
        let drop = try Drop()
        try drop.put("certificates-20261125.csv", Drop.csv(0..<5), rows: nil)
        let (batches, error) = await drop.pull()
        #expect(batches.isEmpty)
        #expect(error?.code.rawValue == "intake.no_complete_file")
    }

    @Test(arguments: [
        ("a digest of other bytes", 5, String(repeating: "0", count: 64), "intake.not_as_declared"),
        ("fewer rows than there are", 4, nil, "intake.miscounted"),
        ("more rows than there are", 6, nil, "intake.miscounted"),
        ("no digest", 5, "none", "intake.ready_unreadable"),
    ]) func `refuses a ready file that declares otherwise`(
        what: String, rows: Int, sha256: String?, code: String
    ) async throws {
        let drop = try Drop()
        try drop.put("certificates-20261124.csv", Drop.csv(0..<2), rows: 2)
        try drop.put("certificates-20261125.csv", Drop.csv(0..<5), rows: rows, sha256: sha256)
        let (batches, error) = await drop.pull()
        #expect(error?.code.rawValue == code)
        #expect(batches.allSatisfy { $0.position == .more })
    }

    @Test func `bears a size at the edge of what a size can be`() {
        #expect(FileReading.totalBytes(1 << 20, size: 1) == 1 << 20)
        #expect(FileReading.totalBytes(1 << 20, size: 1 << 21) == 1 << 22)
        // A file with a hole of five exbibytes: some file systems hold it.
        #expect(FileReading.totalBytes(1 << 20, size: 5 << 60) == .max)
    }

    @Test func `refuses links, which could lead anywhere`() async throws {
        let drop = try Drop()
        let text = Drop.csv(0..<1)
        try drop.put("real.txt", text, rows: nil)
        try drop.put("certificates-1.csv", text, rows: 1)
        try FileManager.default.removeItem(atPath: drop.folder + "/certificates-1.csv")
        try FileManager.default.createSymbolicLink(
            atPath: drop.folder + "/certificates-1.csv", withDestinationPath: drop.folder + "/real.txt")
        #expect(await drop.pull().error?.code.rawValue == "intake.file_unreadable")
    }

    @Test func `notices a file that changes while it is read`() async throws {
        let drop = try Drop()
        let text = Drop.csv(0..<40_000)
        try drop.put("certificates-1.csv", text, rows: 40_000)
        let request = PullRequest(
            interface: InterfaceID(SourceID("example-drop"), "certificates"), mode: .full,
            windowEnd: Timestamp(milliseconds: 0), run: RunID(rawValue: "r1"))
        var ended: SourceError?
        var count = 0
        do throws(SourceError) {
            for try await _ in drop.source.pull(request) {
                count += 1
                if count == 1, let handle = FileHandle(forWritingAtPath: drop.folder + "/certificates-1.csv") {
                    handle.seekToEndOfFile()
                    handle.write(Data("S0,1,正常,x\n".utf8))
                }
            }
        } catch {
            ended = error
        }
        #expect(ended?.code.rawValue == "intake.file_changed")
    }

    @Test func `with shelves is read once, and the file goes to done when its records are durable`() async throws {
        let drop = try Drop(shelves: true)
        try drop.put("certificates-1.csv", Drop.csv(0..<3), rows: 3)
        let first = await drop.pull()
        #expect(first.error == nil && first.batches.last?.position == .end(declaredTotal: 3))
        let cursor = try #require(first.batches.last?.resume)
        #expect(drop.names("") == ["certificates-1.csv", "certificates-1.csv.ready.json"])
        // The power went between the commit and the move: the file is known, and not read again.
        #expect(await drop.pull(known: cursor).error?.code.rawValue == "intake.no_complete_file")
        #expect(await drop.putAway(cursor).isEmpty)
        #expect(drop.names("") == [])
        #expect(drop.names("done") == ["certificates-1.csv", "certificates-1.csv.ready.json"])
        #expect(await drop.putAway(cursor).isEmpty)
    }

    @Test func `that was cut off after its last page is only ended, not read again`() async throws {
        let drop = try Drop(shelves: true)
        try drop.put("certificates-1.csv", Drop.csv(0..<3), rows: 3)
        let cursor = try #require(await drop.pull().batches.last?.resume)
        let again = await drop.pull(resume: cursor)
        #expect(again.error == nil)
        #expect(again.batches.map(\.records.count) == [0])
        #expect(again.batches.last?.position == .end(declaredTotal: nil))
    }

    @Test func `of changes merges its files in the order of their names, each once`() async throws {
        let drop = try Drop(shelves: true, mode: "changes")
        try drop.put("certificates-2.csv", Drop.csv(10..<12), rows: 2)
        try drop.put("certificates-1.csv", Drop.csv(0..<1), rows: 1)
        try drop.put("certificates-3.csv", Drop.csv(20..<21), rows: nil)
        let first = await drop.pull(.incremental)
        #expect(first.error == nil)
        #expect(first.batches.map { $0.records.map { $0.number?.raw ?? "" } } == [["000"], ["0010", "0011"]])
        #expect(first.batches.map(\.position) == [.more, .end(declaredTotal: nil)])
        let cursor = try #require(first.batches.last?.resume)
        // Cut off before the move: nothing new, and nothing twice.
        #expect(await drop.pull(.incremental, resume: cursor).error?.code.rawValue == "intake.no_complete_file")
        try drop.put("certificates-3.csv", Drop.csv(20..<21), rows: 1)
        let second = await drop.pull(.incremental, resume: cursor)
        #expect(second.batches.map(\.records.count) == [1])
        #expect(await drop.putAway(second.batches.last?.resume).isEmpty)
        #expect(drop.names("") == [] && drop.names("done").count == 6)
        #expect(await drop.pull(.full).error?.code == .questionNotSupported)
    }

    @Test func `puts files that come too late, or under an old name, aside with the reason`() async throws {
        let drop = try Drop(shelves: true, mode: "changes")
        try drop.put("certificates-5.csv", Drop.csv(0..<1), rows: 1)
        let cursor = try #require(await drop.pull(.incremental).batches.last?.resume)
        try drop.put("certificates-5.csv", Drop.csv(7..<8), rows: 1)
        try drop.put("certificates-4.csv", Drop.csv(8..<9), rows: 1)
        #expect(await drop.pull(.incremental, resume: cursor).error?.code.rawValue == "intake.no_complete_file")
        let findings = await drop.putAway(cursor)
        #expect(findings.map(\.code) == ["intake.older_file", "intake.file_replaced"])
        #expect(drop.names("") == [])
        #expect(drop.names("rejected").count == 6)
        #expect(drop.text("rejected/certificates-4.csv.reason.txt").contains("[intake.older_file]"))
    }

    @Test(arguments: [
        ("broken", "source_id,certificate_number\nA,1,2,3\n\"", 1, "document."),
        ("miscounted", Drop.csv(0..<2), 3, "intake.miscounted"),
    ]) func `moves a file that no waiting mends to rejected, and keeps it whole`(
        what: String, text: String, rows: Int, code: String
    ) async throws {
        let drop = try Drop(shelves: true)
        try drop.put("certificates-1.csv", text, rows: rows)
        let error = try #require(await drop.pull().error)
        #expect(error.code.rawValue.hasPrefix(code))
        #expect(error.diagnostic.consequence?.contains("none of it is lost") == true)
        #expect(drop.text("rejected/certificates-1.csv") == text)
        #expect(drop.text("rejected/certificates-1.csv.reason.txt").contains(error.code.rawValue))
        #expect(drop.names("") == [])
    }

    @Test func `moves a file to rejected whose name leaves no room for more behind it`() async throws {
        let drop = try Drop(shelves: true, ready: "{ suffix: .ok }")
        let name = "certificates-" + String(repeating: "证", count: 78) + ".csv"
        #expect(name.utf8.count == 251)
        for _ in 0..<2 {
            try "a\n\"".write(toFile: "\(drop.folder)/\(name)", atomically: false, encoding: .utf8)
            try "".write(toFile: "\(drop.folder)/\(name).ok", atomically: false, encoding: .utf8)
            #expect(await drop.pull().error?.diagnostic.consequence?.contains("none of it is lost") == true)
            #expect(drop.names("") == [])
        }
        #expect(drop.names("rejected").count == 5)
        #expect(drop.names("rejected").contains { $0.hasSuffix(".reason.txt") })
    }

    @Test func `leaves a file that may still be written where it is`() async throws {
        let drop = try Drop(shelves: true)
        try drop.put("certificates-1.csv", Drop.csv(0..<2), rows: 2, sha256: String(repeating: "0", count: 64))
        #expect(await drop.pull().error?.code.rawValue == "intake.not_as_declared")
        #expect(drop.names("").count == 2 && drop.names("rejected") == [])
    }

    @Test func `takes a mere marker as the word that a file is complete`() async throws {
        let drop = try Drop(ready: "{ suffix: .ready.json }")
        try drop.put("certificates-1.csv", Drop.csv(0..<4), rows: 0)
        let (batches, error) = await drop.pull()
        #expect(error == nil)
        #expect(batches.map(\.records.count) == [4])
        #expect(batches.last?.position == .end(declaredTotal: nil))
    }

    @Test func `refuses names that cannot be shown or sorted`() async throws {
        let drop = try Drop(shelves: true)
        try drop.put("certificates-1\n2.csv", Drop.csv(0..<1), rows: 1)
        let error = await drop.pull().error
        #expect(error?.code.rawValue == "intake.bad_name")
        #expect(error?.diagnostic.text.contains("\n") == false)
    }

    @Test func `says what could not be moved, and moves it the next time`() async throws {
        let drop = try Drop(shelves: true)
        try drop.put("certificates-1.csv", Drop.csv(0..<3), rows: 3)
        let cursor = try #require(await drop.pull().batches.last?.resume)
        // A file where the folder should be: nothing can be moved there, whoever we are.
        try "".write(toFile: drop.folder + "-done", atomically: true, encoding: .utf8)
        #expect(await drop.putAway(cursor).map(\.code) == ["intake.not_moved"])
        #expect(drop.names("").count == 2)
        try FileManager.default.removeItem(atPath: drop.folder + "-done")
        #expect(await drop.putAway(cursor).isEmpty)
        #expect(drop.names("done").count == 2)
    }

    @Test func `never writes over a file that is in its place already`() async throws {
        let drop = try Drop(shelves: true)
        try FileManager.default.createDirectory(atPath: drop.folder + "-done", withIntermediateDirectories: true)
        try "earlier".write(toFile: drop.folder + "-done/certificates-1.csv", atomically: true, encoding: .utf8)
        try drop.put("certificates-1.csv", Drop.csv(0..<3), rows: 3)
        #expect(await drop.putAway(try #require(await drop.pull().batches.last?.resume)).isEmpty)
        #expect(drop.text("done/certificates-1.csv") == "earlier")
        #expect(drop.text("done/certificates-1.csv.2") == Drop.csv(0..<3))
    }

    @Test func `takes so many files a run, and says that more wait`() async throws {
        let drop = try Drop(shelves: true, mode: "changes")
        for number in 100..<260 { try drop.put("certificates-\(number).csv", Drop.csv(number..<number + 1), rows: 1) }
        let first = await drop.pull(.incremental)
        #expect(first.error?.code.rawValue == "intake.more_files_wait")
        #expect(first.batches.count == 150)
        let cursor = try #require(first.batches.last?.resume)
        #expect(cursor.rawValue.utf8.count < 4096)
        #expect(await drop.putAway(cursor).isEmpty)
        let second = await drop.pull(.incremental, resume: cursor)
        #expect(second.error == nil && second.batches.count == 10)
    }

    @Test func `unpacks gzip and the member of a zip, bounded`() async throws {
        let text = Drop.csv(0..<2500)
        let packed = try Self.gzip(text)
        let gzip = try Drop(shelves: true, container: "container: gzip", pattern: "certificates-*.gz")
        try gzip.put("certificates-1.gz", bytes: packed, rows: 2500)
        let first = await gzip.pull()
        #expect(first.error == nil)
        #expect(first.batches.map(\.records.count) == [1000, 1000, 500])
        let zip = try Drop(container: "container: zip\n      member: \"*.csv\"", pattern: "certificates-*.zip")
        let archive = Self.zip([("readme.txt", Array("x".utf8)), ("a.csv", Array(text.utf8))])
        try zip.put("certificates-1.zip", bytes: archive, rows: 2500)
        let second = await zip.pull()
        #expect(second.error == nil)
        #expect(second.batches.flatMap(\.records).count == 2500)
        // Larger than `limits.response_bytes` when unpacked: refused, put aside, nothing concluded.
        let large = try Self.gzip(Drop.csv(0..<60_000))
        try gzip.put("certificates-2.gz", bytes: large, rows: 60_000)
        #expect(await gzip.pull().error?.code.rawValue == "archive.too_large")
        #expect(gzip.names("rejected").contains("certificates-2.gz"))
        try gzip.put("certificates-3.gz", bytes: Array(packed.dropLast(9)), rows: 2500)
        #expect(await gzip.pull().error?.code.rawValue == "archive.truncated")
    }

    private static func gzip(_ text: String) throws -> [UInt8] {
        let name = NSTemporaryDirectory() + "pack-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: name + ".gz") }
        try text.write(toFile: name, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
        process.arguments = [name]
        try process.run()
        process.waitUntilExit()
        return Array(try Data(contentsOf: URL(fileURLWithPath: name + ".gz")))
    }

    /// A zip archive whose members are stored as they are.
    private static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        func number(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func crc(_ bytes: [UInt8]) -> Int {
            var crc: UInt32 = 0xFFFF_FFFF
            for byte in bytes {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
            }
            return Int(~crc)
        }
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let name = Array(member.name.utf8)
            let facts =
                number(20, 2) + number(0, 8) + number(crc(member.bytes), 4) + number(member.bytes.count, 4)
                + number(member.bytes.count, 4) + number(name.count, 2) + number(0, 2)
            directory += number(0x0201_4B50, 4) + number(20, 2) + facts + number(0, 10) + number(out.count, 4) + name
            out += number(0x0403_4B50, 4) + facts + name + member.bytes
        }
        return out + directory + number(0x0605_4B50, 4) + number(0, 4) + number(members.count, 2)
            + number(members.count, 2) + number(directory.count, 4) + number(out.count, 4) + number(0, 2)
    }

    @Test func `does not go back to an older file when the newest is gone`() async throws {
        let drop = try Drop()
        try drop.put("certificates-1.csv", Drop.csv(0..<1), rows: 1)
        try drop.put("certificates-2.csv", Drop.csv(0..<2), rows: 2)
        let cursor = try #require(await drop.pull().batches.last?.resume)
        try FileManager.default.removeItem(atPath: drop.folder + "/certificates-2.csv")
        #expect(await drop.pull(known: cursor).error?.code.rawValue == "intake.older_file")
    }

    @Test func `is only ever pulled whole`() async throws {
        #expect(try await Drop().pull(.incremental).error?.code == .questionNotSupported)
    }

    @Test func `is probed by looking at its newest file`() async throws {
        let drop = try Drop()
        let interface = InterfaceID(SourceID("example-drop"), "certificates")
        guard case .failed(let finding) = await drop.source.probe(.connect, of: interface, question: nil).outcome else {
            return #expect(Bool(false), "an empty folder passed")
        }
        #expect(finding.code == "intake.no_complete_file")
        try drop.put("certificates-1.csv", Drop.csv(0..<3), rows: 3)
        #expect(await drop.source.probe(.connect, of: interface, question: nil).outcome == .passed)
    }

    @Test func `gives rejects whose bytes can be read again alone`() async throws {
        let drop = try Drop()
        try drop.put("certificates-1.csv", Drop.csv(0..<1, state: "新状态"), rows: 1)
        let reject = try #require(await drop.pull().batches.first?.rejects.first)
        #expect(reject.reason.code == "record.value_unknown")
        #expect(reject.key?.parts == ["S0"])
        guard case .failure(let error) = drop.source.remap(reject) else { return #expect(Bool(false), "mapped") }
        #expect(error.code.rawValue == "record.value_unknown")
    }

    @Test(arguments: [
        ("certificates-1.csv", "certificates-*.csv", true), ("certificates-.csv", "certificates-*.csv", true),
        ("certificates.csv", "certificates-*.csv", false), ("a-b-c.csv", "a*b*.csv", true), ("ab", "ab", true),
        ("abc", "ab", false), ("aa", "a*a*a", false), ("x.csv.tmp", "*.csv", false),
    ]) func `matches names as people expect`(name: String, pattern: String, expected: Bool) {
        #expect(fits(name, pattern) == expected)
    }
}
