import AdapterKit
import Foundation
import Intake
import Testing

@Suite struct `A file of quotas` {
    private static func folder() throws -> String {
        let path = NSTemporaryDirectory() + "quota-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test func `remembers what was set aside beyond a restart, by name and day`() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = QuotaFile(folder: folder)
        #expect(await first.setAside(5, for: "a/x", day: 20_782) == 5)
        #expect(await first.setAside(2, for: "b", day: 20_782) == 2)
        let second = QuotaFile(folder: folder)
        #expect(await second.setAside(5, for: "a/x", day: 20_782) == 10)
        #expect(await first.setAside(1, for: "a/x", day: 20_782) == 11, "two programs on one folder count together")
        #expect(await second.setAside(1, for: "a/x", day: 20_783) == 1, "another day begins anew")
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/quotas")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `counts on in memory when there is nowhere to write`() async {
        let tally = QuotaFile(folder: "/proc/nowhere")
        #expect(await tally.setAside(3, for: "a", day: 1) == 3)
        #expect(await tally.setAside(3, for: "a", day: 1) == 6)
    }

    @Test func `bears a file that is none`() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "garbage\n20782 x a\n20782 7 a b\n".write(toFile: folder + "/quotas", atomically: true, encoding: .utf8)
        let tally = QuotaFile(folder: folder)
        #expect(await tally.setAside(1, for: "a", day: 20_782) == 1)
        #expect(await tally.setAside(1, for: "a b", day: 20_782) == 8)
        try "20782 \(Int.max) a\n20782 -9 b\n".write(toFile: folder + "/quotas", atomically: true, encoding: .utf8)
        #expect(await QuotaFile(folder: folder).setAside(50, for: "a", day: 20_782) == Int.max)
        #expect(await QuotaFile(folder: folder).setAside(1, for: "b", day: 20_782) == 1)
    }

    @Test func `loses nothing when many ask at once`() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tallies = [QuotaFile(folder: folder), QuotaFile(folder: folder)]
        await withTaskGroup(of: Void.self) { group in
            for turn in 0..<40 { group.addTask { _ = await tallies[turn % 2].setAside(1, for: "a", day: 1) } }
        }
        #expect(await tallies[0].setAside(0, for: "a", day: 1) == 40)
    }
}
