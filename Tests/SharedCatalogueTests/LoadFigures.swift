// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

/// Prints figures and asserts no times; runs when `LICGATE_LOAD` says how many licences, in a release build.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["LICGATE_LOAD"] != nil))
struct `Figures of a load` {
    static let count = ProcessInfo.processInfo.environment["LICGATE_LOAD"].flatMap { Int($0) } ?? 1000

    @Test func `first load, unchanged pull, look-ups`() async throws {
        let shop = try Workshop()
        let catalogue = try await EmbeddedCatalogue.open(
            shop.options { $0.memory = .mebibytes(128) }, clock: StandingClock())
        let pages = (0..<(Self.count / 1000)).map { page in (0..<1000).map { licence(page * 1000 + $0) } }
        for name in ["first load", "unchanged", "unchanged again"] {
            let run = RunID(rawValue: name)
            try await catalogue.begin(
                RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: Timestamp(seconds: 0)))
            let start = usage()
            for (number, page) in pages.enumerated() {
                _ = try await catalogue.commit(
                    PageCommit(run: run, page: number + 1, records: page, resume: ResumeCursor(rawValue: "\(number)")))
            }
            try await catalogue.sync()
            report(name, Self.count, since: start)
            let closing = usage()
            let end = try await catalogue.finish(
                run, .complete(declaredTotal: nil, resume: nil), limit: WithdrawalLimit())
            report("  its end", Self.count, since: closing)
            #expect(end.counts.created + end.counts.unchanged == Self.count)
        }
        try await lookUp(catalogue)
        print("statistics", try await catalogue.statistics())
        await catalogue.close()
    }

    private func lookUp(_ catalogue: EmbeddedCatalogue) async throws {
        var chance = Chance(state: 7)
        for name in ["holder and type", "holder", "number", "id"] {
            var times: [Duration] = []
            let start = usage()
            for _ in 0..<20_000 {
                let licence = licence(chance.below(Self.count))
                let query: CatalogueQuery =
                    switch name {
                    case "number": .number(try #require(licence.number), licence.typeCode)
                    case "holder": .holder(licence.holders[0].reference, nil)
                    default: .holder(licence.holders[0].reference, licence.typeCode)
                    }
                let clock = ContinuousClock()
                let began = clock.now
                let found = try await catalogue.entries(matching: query, limit: 100)
                if name == "id" {
                    let id = found.entries[0].id
                    let again = clock.now
                    _ = try await catalogue.entry(id)
                    times.append(clock.now - again)
                } else {
                    times.append(clock.now - began)
                }
                #expect(!found.entries.isEmpty)
            }
            times.sort()
            print("look-up by \(name): p50 \(times[times.count / 2]) p99 \(times[times.count * 99 / 100])")
            report("  look-ups by \(name)", times.count, since: start)
        }
    }

    private func licence(_ number: Int) -> Licence {
        let holder = Holder(
            kind: .residentIdentityNumber, code: "43010119800101\(String(10_000 + number / 10).suffix(4))",
            name: "Synthetic \(number / 10)")
        var specimen = Specimen("record-\(number)", "content \(number)", holder: holder)
        specimen.type = LicenceTypeCode("11100000000013338W\(String(1000 + number % 301).suffix(3))")
        specimen.number = "YH-\(number)"
        specimen.identifier = "1.2.156.3005.2.\(specimen.type).11430100MB1527000X.\(number).001.A"
        var licence = specimen.licence
        licence.faceFields = (0..<6).map { FaceField("field\($0)", "value \(number &* 31 &+ $0) of this field") }
        return licence
    }

    private func usage() -> (ContinuousClock.Instant, Double) {
        var usage = rusage()
        getrusage(0, &usage)
        let cpu =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(
                usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        return (ContinuousClock.now, cpu)
    }

    private func report(_ name: String, _ count: Int, since start: (ContinuousClock.Instant, Double)) {
        let end = usage()
        let wall = (end.0 - start.0).inSeconds
        let cpu = end.1 - start.1
        var usage = rusage()
        getrusage(0, &usage)
        print(
            "\(name): \(Int(Double(count) / wall))/s wall, \(Int(cpu * 1e6 / Double(count))) us CPU each, "
                + "peak \(usage.ru_maxrss / 1024) MiB")
    }
}
