import Foundation
import Testing

@Suite struct `The command adapter test` {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func test(_ folder: String) async throws -> CommandResult {
        try await GatewayProcess(
            ["adapter", "test", folder, "--config", "\(repository)/Config/gateway.example.yaml"]
        ).wait()
    }

    @Test(arguments: ["cs-transport", "cs-civil-affairs"])
    func `prints what each rule asks, and that it holds, also behind a login`(id: String) async throws {
        let result = try await Self.test("\(Self.repository)/Adapters/\(id)")
        #expect(result.status == 0, "\(result.err)")
        let lines = result.out.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("C") && $0.hasSuffix(" ok") }.count == 13)
        #expect(lines.contains { $0.hasPrefix("C10   tells none from silence") })
        #expect(lines.last == "\(id) conforms.")
    }

    @Test func `prints what fails, and where`() async throws {
        let root = NSTemporaryDirectory() + "licgate-adapter-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = root + "/cs-transport"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(Self.repository)/Adapters/cs-transport", toPath: folder)
        try FileManager.default.removeItem(atPath: folder + "/fixtures/licences/city-first-page/expected.json")
        let result = try await Self.test(folder)
        #expect(result.status == 1, "\(result.err)")
        let failed = result.out.split(separator: "\n").filter { $0.hasPrefix("C") && $0.contains("  failed  ") }
        #expect(failed.count == 1)
        #expect(failed.first?.hasPrefix("C03 ") == true)
        #expect(failed.first?.contains("licences/city-first-page: neither expected.json") == true)
    }
}
