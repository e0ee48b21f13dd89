import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `A dry run` {
    @Test func `shows records before and after with every personal value masked, and writes nothing`() async throws {
        let bench = try await CityBench(records: ["cs-transport": 40])
        let before = try FileManager.default.subpathsOfDirectory(atPath: bench.folder.path).sorted()
        let result = try await bench.run("sync", "cs-transport", "--dry-run", "20")
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.contains("20 of ") && result.out.contains("Nothing was written."))
        #expect(result.out.components(separatedBy: "becomes a licence").count == 21)
        var personal: Set<String> = Set(bench.city.secrets.values.map(\.revealed))
        for index in 0..<40 {
            guard let licence = bench.city.record(index, of: SourceID("cs-transport"))?.licence else { continue }
            personal.formUnion(licence.holders.map(\.code))
            personal.formUnion(licence.holders.compactMap(\.name))
            if let number = licence.number?.raw { personal.insert(number) }
            if let identifier = licence.identifier?.raw { personal.insert(identifier) }
        }
        let shown = result.out + result.err
        #expect(personal.count > 60 && personal.count { $0.count >= 2 && shown.contains($0) } == 0)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.folder.path).sorted() == before)
    }
}
