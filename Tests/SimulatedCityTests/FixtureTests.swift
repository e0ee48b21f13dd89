// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import SimulatedCity

/// Cases named `city-…` are generated here; the others were written by hand.
@Suite struct `Fixtures named after the city` {
    /// `UPDATE_GOLDEN=1` writes them anew; refused where CI is set.
    private var updates: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["UPDATE_GOLDEN"] == "1" && environment["CI"] == nil
    }

    @Test func `are what the city answers`() async throws {
        for fixture in FixtureMaker().all() + (try await SystemFixtures().all()) {
            for file in fixture.files {
                let path = "\(Adapters.root)/Adapters/\(fixture.folder)/\(file.name)"
                if updates {
                    let folder = (path as NSString).deletingLastPathComponent
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
                }
                let there = FileManager.default.contents(atPath: path).map { Array($0) }
                #expect(
                    SystemFixtures.unsealed(there) == SystemFixtures.unsealed(file.bytes),
                    "\(fixture.folder)/\(file.name): UPDATE_GOLDEN=1 writes it anew")
            }
        }
    }

    @Test func `of provincial rows stand for every row that talks alike, and say for which`() throws {
        let path = Adapters.root + "/Adapters/hunan-provincial-interfaces/fixtures/stands-for.txt"
        if updates { try Data(FixtureMaker.standsFor().utf8).write(to: URL(fileURLWithPath: path)) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == FixtureMaker.standsFor())
        let covered = FixtureMaker.standIns().reduce(0) { $0 + 1 + $1.others.count }
        #expect(covered == 305)
    }

    @Test func `are all of them the city's`() async throws {
        let known = Set(
            (FixtureMaker().all() + (try await SystemFixtures().all())).flatMap { fixture in
                fixture.files.map { "\(fixture.folder)/\($0.name)" }
                    + ["\(fixture.folder)/expected.json", "\(fixture.folder)/expected-error.txt"]
            })
        for source in SimulatedCity.sources {
            let root = "\(Adapters.root)/Adapters/\(source)/fixtures"
            let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
            for file in files {
                // Folders have no ending; every file has one.
                if file.contains("/city-"), file.split(separator: "/").last?.contains(".") == true {
                    #expect(known.contains("\(source)/fixtures/\(file)"), "\(file)")
                }
            }
        }
    }
}
