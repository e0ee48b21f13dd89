import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `Personal values and secrets` {
    @Test func `stay out of output, logs, metrics, arguments and readable files`() async throws {
        let bench = try await CityBench(
            records: ["cs-transport": 800, "cs-real-estate": 500, "cs-health": 300], spoiledEvery: 60)
        let sources = ["cs-transport", "cs-real-estate", "cs-health"].map { SourceID($0) }
        var canaries: Set<String> = []
        for source in sources {
            for index in stride(from: 0, to: 300, by: 7) {
                guard let licence = bench.city.record(index, of: source)?.licence else { continue }
                canaries.formUnion(licence.holders.map(\.code))
                canaries.formUnion(licence.holders.compactMap(\.name))
                if let number = licence.number { canaries.insert(number.raw) }
            }
        }
        canaries.formUnion(bench.city.secrets.values.map(\.revealed))
        canaries = canaries.filter { $0.count >= 2 }
        #expect(canaries.count > 100)
        var seen = ""

        let (process, port) = try await serving(bench.config)
        let arguments = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(process.identifier)/cmdline"))
        seen += String(decoding: arguments, as: UTF8.self)
        for source in sources { try bench.city.set(.truncated, for: source) }
        for command in [["sync", "--outside-hours", "--all", "--full"], ["health", "--probe"]] {
            let result = try await GatewayProcess(command + ["--config", bench.config]).wait()
            seen += result.out + result.err
        }
        for source in sources { try bench.city.set(nil, for: source) }
        for command in [
            ["sync", "--outside-hours", "--all", "--full"], ["health", "--probe"], ["sources", "list"],
            ["quarantine", "list"],
            ["catalogue", "stats"], ["quarantine", "replay"], ["catalogue", "export"],
        ] {
            let result = try await GatewayProcess(command + ["--config", bench.config]).wait()
            seen += result.out + result.err
        }
        let golden = try #require(bench.city.golden(sources[0]).first { $0.expectation == "valid" })
        let question = """
            {"holder": {"kind": "\(golden.holder.kind)", "code": "\(golden.holder.code)"}, "type": "\(golden.typeCode)"}
            """
        let answered = try await http(port, "POST", "/v1/answers", question)
        #expect(answered.0 == 200)
        seen += answered.1
        seen += try await http(port, "POST", "/v1/answers", question.replacing("\"type\"", with: "\"typ\"")).1
        seen += try await http(port, "GET", "/v1/licences/\(golden.holder.code)").1
        seen += try await http(port, "GET", "/metrics").1
        seen += try await http(port, "GET", "/v1/sources").1
        process.signal(SIGTERM)
        let ended = await process.wait()
        #expect(ended.status == 0)
        seen += ended.out + ended.err
        let found = canaries.count { seen.contains($0) }
        #expect(found == 0, "\(found) of \(canaries.count) planted values came out")

        let files = FileManager.default.enumerator(atPath: bench.folder.path)?.allObjects.compactMap { $0 as? String }
        for name in files ?? [] where !name.hasPrefix("drop") {
            let attributes = try FileManager.default.attributesOfItem(atPath: bench.folder.path + "/" + name)
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
        }
    }
}
