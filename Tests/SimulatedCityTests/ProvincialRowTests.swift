// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import SimulatedCity

@Suite struct `Provincial rows` {
    static let table = Adapters.root + "/Adapters/hunan-provincial-interfaces/interfaces.csv"

    /// The table's rows by column; no cell of it needs quotes.
    private func rows() throws -> [[String: String]] {
        let lines = try String(contentsOfFile: Self.table, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test func `are those of the adapter's table, all 305`() throws {
        let rows = try rows()
        #expect(rows.count == 305 && ProvincialRow.all.count == 305 && ProvincialRow.profiles().count == 305)
        for (row, cells) in zip(ProvincialRow.all, rows) {
            #expect(cells["interface_id"]?.lowercased() == row.interface)
            #expect(cells["owner_zh"] == row.owner && cells["path"] == row.path && cells["method"] == row.method)
            #expect(cells["type_code"] == row.type.code.rawValue && cells["query_by"]?.hasPrefix(row.ask) == true)
            #expect(cells["supports_incremental"] == String(row.isIncremental))
            #expect(cells["daily_quota"] == String(row.dailyQuota) && cells["family"] == row.family)
            #expect(cells["approx_records"] == String(row.approximateRecords))
            #expect(cells["downtime_window"].flatMap { DowntimeWindow($0) } == row.downtime)
            #expect((cells["format"] == "xml") == (ProvincialFamily.all[row.family]?.envelope == .soap))
            #expect(cells["holder_kind"] == row.goldenKind.rawValue && cells["golden"] == row.goldenAnswer)
        }
        #expect(ProvincialRow.all.filter(\.isList).count == 37)
        #expect(ProvincialRow.all.filter { $0.isList && $0.isIncremental }.count == 32)
        #expect(Set(ProvincialRow.all.map(\.path)).count == 305)
    }

    @Test(arguments: [UInt64(5), 20_261_125])
    func `each know one answer and one "none", but for the lists`(seed: UInt64) {
        let generator = CityGenerator(seed: seed)
        for (row, profile) in ProvincialRow.profiles() {
            let golden = SourceBook(profile, CityOptions(seed: seed), generator: generator).golden()
            #expect(golden.map(\.expectation) == (row.isList ? [] : [row.goldenAnswer, "absent"]), "\(row.interface)")
        }
    }
}

@Suite struct `The door of the provincial rows` {
    @Test func `lets nobody in without what the row's family wants to see`() async throws {
        let city = try await SimulatedCity.start(CityOptions(rowRecords: 5, only: [ProvincialRow.source]))
        defer { city.stop() }
        let transport = CurlTransport(clock: SystemGatewayClock())
        let base = try #require(city.baseURL(ProvincialRow.source))
        for row in ProvincialRow.all {
            let request =
                row.method == "GET"
                ? ExchangeRequest(url: base + row.path)
                : ExchangeRequest(.post, url: base + row.path, body: Array("{}".utf8))
            #expect(try await transport.exchange(request).status == 401, "\(row.interface)")
        }
        #expect(try await transport.exchange(ExchangeRequest(url: base + "/ping")).status == 200)
        #expect(try await transport.exchange(ExchangeRequest(url: base + "/gateway/none")).status == 404)
    }
}
