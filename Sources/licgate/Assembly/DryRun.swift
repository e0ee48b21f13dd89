// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import Transport
import Workbench

/// `sync --dry-run N`: pulls the first records and shows before and after, masked; opens no store and writes nothing.
struct DryRun {
    let shared: SharedOptions
    let selection: [String]
    let all: Bool
    let records: Int

    func run() async throws {
        let places = try WorkbenchPlaces(shared)
        let names = all ? places.settings.sources.keys.sorted().map(\.rawValue) : selection
        var worst: Int32 = 0
        for name in names { worst = max(worst, try await run(name, places)) }
        if worst > 0 { throw ExitCode(worst) }
    }

    private func run(_ name: String, _ places: WorkbenchPlaces) async throws -> Int32 {
        let (folder, wanted) = places.split(name)
        let manifest = try places.manifest(folder).manifest
        if !manifest.unconfirmed.isEmpty, shared.format == .table {
            Console.out(
                "\(manifest.id): \(manifest.unconfirmed.count) settings wait to be confirmed; a dry run may look, a real one may not."
            )
        }
        let answers: LiveAnswers
        do throws(SourceError) {
            answers = try LiveAnswers(places, manifest)
        } catch {
            Console.problem(error.diagnostic.text)
            return 2
        }
        var worst: Int32 = 0
        for interface in manifest.interfaceNames where wanted == nil || wanted == interface {
            worst = max(worst, await run(interface, manifest, answers))
        }
        await answers.close()
        return worst
    }

    private func run(_ interface: String, _ manifest: SourceManifest, _ answers: LiveAnswers) async -> Int32 {
        let before = answers.exchanges.count
        let (taken, rejected, problem) = await answers.pull(interface, records: records)
        if let problem { Console.problem(problem.diagnostic.text) }
        var left = records
        var aside: [RecordExplanation] = []
        for exchange in answers.exchanges.dropFirst(before) where left > 0 {
            // A login's answer is no list; a page that cannot be read was reported above.
            guard
                let shown = try? manifest.explain(
                    exchange.body, interface: interface, contentType: exchange.headers.first("Content-Type"),
                    most: left,
                    fetchedAt: SystemGatewayClock().now), !shown.records.isEmpty
            else { continue }
            left -= shown.records.count
            aside += shown.records.filter { $0.licence == nil && !$0.isGone }
            let view = ExplanationView(answer: shown, reveal: false, brief: true)
            if shared.format == .json { Console.out(view.json.rendered()) } else { view.lines.forEach(Console.out) }
        }
        if left == records, taken > 0 {
            // Files and taps bring no answer to look into: what became of their records is counted, faults by themselves.
            Console.out(
                "\(manifest.id)/\(interface): \(taken) records came, \(rejected.count) of them would be set aside. Records of files and "
                    + "taps are counted here, not shown. Nothing was written.")
            for reason in rejected.prefix(20) { Console.out("  " + reason.text) }
            return problem != nil ? 2 : rejected.isEmpty ? 0 : 1
        }
        if shared.format == .table {
            let shown = records - left
            Console.out(
                "\(manifest.id)/\(interface): \(shown) of \(taken) records that came are shown, \(aside.count) of them would be set aside. Nothing was written."
            )
            ExplanationView.reasons(aside).forEach(Console.out)
        }
        return problem != nil ? 2 : aside.isEmpty ? 0 : 1
    }
}
