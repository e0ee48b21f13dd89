// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import ArgumentParser
import DeclarativeAdapter

struct AdapterTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the conformance suite over one adapter folder: its fixtures, and hostile answers.",
        discussion: """
            Offline: answers come from the folder's fixtures, secrets are canaries. What is still to be confirmed is
            reported by C01, and does not keep the others from running.
            Exit code: 0 conforms, 1 does not, 2 could not run.
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: "The adapter: its id, or its folder.") var adapter: String
    @Option(help: ArgumentHelp("Only these tests, for example C03.", valueName: "number")) var only: [String] = []

    func run() async throws {
        let places = try WorkbenchPlaces(shared)
        let folder = places.folder(adapter)
        let (manifest, findings) = try places.manifest(folder)
        let under = FixtureWriter(places: places, folder: folder, manifest: manifest, findings: findings).adapter
        let name = under.folderName
        var table = Table(["test", "the adapter", "result", "what, and where"])
        var failed = 0
        var rows: [JSONValue] = []
        for test in ConformanceTest.allCases where only.isEmpty || only.contains(test.rawValue) {
            let waived = manifest.waivers[test.rawValue]
            var problems = waived == nil ? await AdapterConformance.run(test, on: under) : []
            if test == .c01, waived == nil, !manifest.unconfirmed.isEmpty {
                problems.append(
                    "\(manifest.unconfirmed.count) settings wait to be confirmed: `licgate lint \(folder)` lists them")
            }
            let result = waived != nil ? "waived" : problems.isEmpty ? "ok" : "failed"
            if !problems.isEmpty { failed += 1 }
            rows.append([
                "test": .text(test.rawValue), "title": .text(test.title), "result": .text(result),
                "problems": .list(problems.map { .text($0) }),
                "waived": .optional(waived),
            ])
            table.add([test.rawValue, test.title, result, waived ?? problems.first ?? ""])
            for problem in problems.dropFirst().prefix(9) { table.add(["", "", "", problem]) }
            if problems.count > 10 { table.add(["", "", "", "… and \(problems.count - 10) more"]) }
        }
        if shared.format == .json {
            Console.out(JSONValue.list(rows).rendered())
        } else {
            table.lines.forEach(Console.out)
            Console.out(failed == 0 ? "\(name) conforms." : "\(name): \(failed) of \(rows.count) tests fail.")
        }
        if failed > 0 { throw ExitCode(1) }
    }
}
