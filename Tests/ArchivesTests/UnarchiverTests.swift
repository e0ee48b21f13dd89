// SPDX-License-Identifier: Apache-2.0
import Archives
import Diagnostics
import Foundation
import Testing

/// The archives come from `Fixtures/make.py`: written by Python, never by this program.
private enum Fixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }
    static func format(_ name: String, member: String? = "*.json") -> ArchiveFormat {
        name.hasSuffix(".gz")
            ? .gzip : name.hasSuffix(".zip") ? .zip(member: member.flatMap(MemberPattern.init)) : .deflate
    }
}

private func unpack(
    _ bytes: [UInt8], _ format: ArchiveFormat, chunk: Int = 1 << 16, limits: ArchiveLimits? = nil
) throws -> [UInt8] {
    let archive = Unarchiver(format, limits: limits ?? ArchiveLimits(contentBytes: 32 << 20))
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: chunk) {
        archive.feed(bytes[start..<min(start + chunk, bytes.count)])
        while let piece = try archive.next() {
            #expect(piece.count <= 64 << 10)
            out += piece
        }
    }
    try archive.finish()
    return out
}

private func code(_ work: () throws -> [UInt8]) -> ArchiveError.Code? {
    do {
        _ = try work()
        return nil
    } catch { return (error as? ArchiveError)?.code }
}

private let sound = [
    "plain.gz", "two.gz", "flags.gz", "wrapped.deflate", "bare.deflate", "pair.zip", "stored.zip", "streamed.zip",
    "streamed64.zip", "folder.zip", "gbk.zip",
]

@Suite struct `An unarchiver` {
    @Test(arguments: sound, [1, 7, 1 << 16])
    func `gives the content whatever the chunks`(name: String, chunk: Int) throws {
        #expect(try unpack(Fixture.bytes(name), Fixture.format(name), chunk: chunk) == Fixture.bytes("content.txt"))
    }

    @Test(arguments: sound) func `refuses every beginning as cut off`(name: String) throws {
        let bytes = try Fixture.bytes(name)
        for length in stride(from: 1, to: bytes.count, by: 3) {
            let found = code { try unpack(Array(bytes[..<length]), Fixture.format(name)) }
            // Several gzip streams are a file of their own at each end of one.
            let isWhole = name == "two.gz" && found == nil
            #expect(isWhole || found == .truncated || found == .trailing, "\(name) cut at \(length): \(found as Any)")
        }
    }

    @Test(arguments: sound.filter { $0 != "bare.deflate" })
    func `never gives other content when one byte is damaged`(name: String) throws {
        let bytes = try Fixture.bytes(name)
        let content = try Fixture.bytes("content.txt")
        var refused = 0
        for at in stride(from: 0, to: bytes.count, by: 2) {
            var damaged = bytes
            damaged[at] ^= 0x10
            do {
                let given = try unpack(damaged, Fixture.format(name))
                #expect(given == content, "\(name) damaged at \(at)")
            } catch { refused += 1 }
        }
        #expect(refused > bytes.count / 4)
    }

    @Test func `says that a checksum is wrong`() throws {
        var bytes = try Fixture.bytes("plain.gz")
        bytes[bytes.count - 8] ^= 1
        #expect(code { try unpack(bytes, .gzip) } == .checksum)
        bytes = try Fixture.bytes("plain.gz")
        bytes[bytes.count - 4] ^= 1
        #expect(code { try unpack(bytes, .gzip) } == .checksum)
        bytes = try Fixture.bytes("stored.zip")
        bytes[200] ^= 1
        #expect(code { try unpack(bytes, Fixture.format("stored.zip")) } == .checksum)
    }

    @Test(arguments: ["zeros.gz", "zeros.zip"]) func `refuses a bomb early`(name: String) throws {
        let archive = Unarchiver(Fixture.format(name), limits: ArchiveLimits(contentBytes: 1 << 30))
        archive.feed(try Fixture.bytes(name))
        var made = 0
        let error = #expect(throws: ArchiveError.self) {
            while let piece = try archive.next() { made += piece.count }
        }
        #expect(error?.code == .bomb)
        #expect(made < 4 << 20)
    }

    @Test(arguments: [1, 7, 100, 1 << 20])
    func `says the same of a broken bomb whatever the chunks`(chunk: Int) throws {
        let zeros = try Fixture.bytes("zeros.gz")
        func found(_ sound: Int, most: Int) -> ArchiveError.Code? {
            code {
                try unpack(
                    zeros.prefix(sound) + Array(repeating: 0xFF, count: 2000), .gzip, chunk: chunk,
                    limits: ArchiveLimits(contentBytes: most))
            }
        }
        #expect(found(2000, most: 32 << 20) == .bomb)
        // 264,452 bytes come out of the first 280: too much is said before what broke behind it.
        #expect(found(280, most: 263_000) == .tooLarge)
        #expect(found(280, most: 265_000) == .corrupt)
    }

    @Test func `bounds the content`() throws {
        #expect(
            code { try unpack(Fixture.bytes("plain.gz"), .gzip, limits: ArchiveLimits(contentBytes: 1000)) }
                == .tooLarge)
    }

    @Test func `bounds members and streams`() throws {
        var limits = ArchiveLimits(contentBytes: 1 << 20)
        limits.members = 1
        #expect(code { try unpack(Fixture.bytes("two.gz"), .gzip, limits: limits) } == .tooManyMembers)
        #expect(
            code { try unpack(Fixture.bytes("pair.zip"), Fixture.format("pair.zip"), limits: limits) }
                == .tooManyMembers)
        limits = ArchiveLimits(contentBytes: 1 << 20)
        limits.nameBytes = 4
        #expect(
            code { try unpack(Fixture.bytes("pair.zip"), Fixture.format("pair.zip"), limits: limits) } == .memberName)
    }

    @Test(arguments: ["up.zip", "root.zip", "drive.zip"]) func `refuses a name that leaves the folder`(name: String)
        throws
    {
        #expect(code { try unpack(Fixture.bytes(name), Fixture.format(name)) } == .memberName)
    }

    @Test func `wants exactly one member`() throws {
        #expect(code { try unpack(Fixture.bytes("two.zip"), Fixture.format("two.zip")) } == .memberAmbiguous)
        #expect(
            code { try unpack(Fixture.bytes("pair.zip"), Fixture.format("pair.zip", member: nil)) } == .memberAmbiguous)
        #expect(
            code { try unpack(Fixture.bytes("pair.zip"), Fixture.format("pair.zip", member: "*.xml")) }
                == .memberMissing)
        #expect(
            try unpack(Fixture.bytes("two.zip"), Fixture.format("two.zip", member: "b.*"))
                == Fixture.bytes("content.txt"))
    }

    @Test(arguments: [
        ("locked.zip", ArchiveError.Code.notSupported), ("bzip2.zip", .notSupported), ("directory.zip", .directory),
    ])
    func `refuses what it does not read`(name: String, expected: ArchiveError.Code) throws {
        #expect(code { try unpack(Fixture.bytes(name), Fixture.format(name)) } == expected)
    }

    @Test func `refuses what is something else`() throws {
        let page = Array("<html>login</html>".utf8)
        #expect(code { try unpack(page, .gzip) } == .notThis)
        #expect(code { try unpack(page + page, .zip(member: nil)) } == .notThis)
        let extra = try Fixture.bytes("plain.gz") + page
        #expect(code { try unpack(extra, .gzip) } == .trailing)
        let zip = try Fixture.bytes("pair.zip") + page
        #expect(code { try unpack(zip, Fixture.format("pair.zip")) } == .trailing)
        #expect(try unpack(Fixture.bytes("plain.gz") + [0, 0, 0], .gzip) == Fixture.bytes("content.txt"))
    }

    @Test func `survives noise after each kind of beginning`() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &generator)
        print("seed \(seed)")
        var state = seed | 1
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        for name in sound {
            let bytes = try Fixture.bytes(name)
            for _ in 0..<200 {
                var damaged = Array(bytes.prefix(Int(next()) * 4))
                for _ in 0..<(1 + next() % 8) where !damaged.isEmpty { damaged[Int(next()) % damaged.count] = next() }
                damaged += (0..<64).map { _ in next() }
                _ = code { try unpack(damaged, Fixture.format(name)) }
            }
        }
    }

    @Test(arguments: [
        ("*.json", "data/records.json", true), ("data/*", "data/a.json", true), ("?.csv", "a.csv", true),
        ("?.csv", "ab.csv", false), ("a*b*c", "aXXbYYc", true), ("a*b*c", "aXXbYY", false),
        ("records.json", "records.json", true),
    ])
    func `compares names with patterns`(pattern: String, name: String, fits: Bool) {
        #expect(MemberPattern(pattern)?.fits(name) == fits)
    }

    @Test(arguments: ["", "/etc/passwd", "../x", "a/../b", "a\\b"]) func `knows no pattern that leads out`(
        pattern: String
    ) {
        #expect(MemberPattern(pattern) == nil)
    }
}

@Suite struct `The fuzz corpus of archives` {
    @Test func `keeps every promise`() throws {
        let folder = Fixture.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fuzz/corpus/archive")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 5, "the corpus is missing")
        for file in files {
            #expect(
                ArchivePromises.check([UInt8](try Data(contentsOf: file))) == nil, "\(file.lastPathComponent)")
        }
    }
}
