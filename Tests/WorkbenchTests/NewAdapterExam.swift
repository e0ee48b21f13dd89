// SPDX-License-Identifier: Apache-2.0
import Foundation
import LicenceModel
import SimulatedCity
import Testing

@testable import Workbench

/// What is proposed for every interface of a city, compared with what a person wrote for it.
///
/// `LICGATE_NEW_SEEDS=1,2` chooses other cities and all of their interfaces, else one in four of those that are many
/// alike; `LICGATE_NEW_TABLE=1` prints every mistake. `Scripts/exam adapter-new` does both.
@Suite(.serialized) struct `Proposals for a whole city` {
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    @Test func `are right in nine of ten and never wrong without a mark`() async throws {
        let seeds = (Self.environment["LICGATE_NEW_SEEDS"] ?? "977").split(separator: ",").compactMap { UInt64($0) }
        let every = Self.environment["LICGATE_NEW_SEEDS"] == nil ? 4 : 1
        var all: [(request: Bool, verdict: Verdict)] = []
        for seed in seeds {
            let folder = NSTemporaryDirectory() + "workbench-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let city = try await SimulatedCity.start(
                CityOptions(seed: seed, records: 620, rowRecords: 620, dropFolder: folder))
            defer { city.stop() }
            print("seed \(seed)")
            for source in city.sources {
                for sample in try await CitySampler(city: city).samples(of: source, every: every) {
                    Self.dump(sample)
                    for request in [false, true] { all.append((request, Verdict.judge(sample, withRequest: request))) }
                }
            }
        }
        for request in [false, true] {
            let verdicts = all.filter { $0.request == request }.map(\.verdict)
            report(request ? "one answer and the request that brought it" : "one answer alone", verdicts)
        }
        for topic in Verdict.topics {
            let verdicts = all.filter(\.request).map(\.verdict).filter { $0.asked.contains(topic) }
            let right = verdicts.count { $0.wrong[topic] == nil }
            #expect(right * 10 >= verdicts.count * 9, "\(topic): \(right) of \(verdicts.count)")
            let shown = all.filter { !$0.request && $0.verdict.isShown(topic) }.map(\.verdict)
            let known = shown.count { $0.wrong[topic] == nil }
            #expect(known * 10 >= shown.count * 9, "\(topic), by the answer alone: \(known) of \(shown.count)")
        }
        for (request, verdict) in all where !verdict.unmarked.isEmpty {
            Issue.record("\(verdict.interface) (request \(request)): wrong and unmarked: \(verdict.unmarked)")
        }
    }

    /// `LICGATE_NEW_DUMP` names a folder for the samples (synthetic people) and the proposals.
    private static func dump(_ sample: CitySample) {
        guard let folder = environment["LICGATE_NEW_DUMP"] else { return }
        let file = folder + "/" + sample.interface.description.replacingOccurrences(of: "/", with: "_")
        try? Data(sample.body).write(to: URL(fileURLWithPath: file + ".sample"))
        let request = "\(sample.request?.method ?? "-") \(sample.request?.url ?? "-")\n\(sample.request?.body ?? "")"
        try? request.write(toFile: file + ".request", atomically: true, encoding: .utf8)
        if let text = try? House.proposer.propose(sample.input(withRequest: true)).manifest {
            try? text.write(toFile: file + ".yaml", atomically: true, encoding: .utf8)
        }
    }

    private func share(_ verdicts: [Verdict], _ topic: String) -> String {
        let right = verdicts.count { $0.wrong[topic] == nil }
        return "\(right) (\(Double(right * 1000 / max(1, verdicts.count)) / 10) %)"
    }

    private func report(_ title: String, _ verdicts: [Verdict]) {
        print("\n\(title): \(verdicts.count) interfaces")
        print("topic     interfaces  right           marked  wrong and unmarked  right where the answer shows it")
        for topic in Verdict.topics {
            let verdicts = verdicts.filter { $0.asked.contains(topic) }
            let shown = verdicts.filter { $0.isShown(topic) }
            let unmarked = verdicts.count { $0.unmarked.contains(topic) }
            let wrong = verdicts.count { $0.wrong[topic] != nil }
            let cells = [
                (topic, 10), ("\(verdicts.count)", 12), (share(verdicts, topic), 16), ("\(wrong - unmarked)", 8),
                ("\(unmarked)", 20), ("\(share(shown, topic)) of \(shown.count)", 0),
            ]
            print(cells.map { $0.0.padding(toLength: max($0.1, $0.0.count), withPad: " ", startingAt: 0) }.joined())
        }
        guard Self.environment["LICGATE_NEW_TABLE"] == "1" else { return }
        for verdict in verdicts where !verdict.wrong.isEmpty {
            for (topic, what) in verdict.wrong.sorted(by: { $0.key < $1.key }) {
                print("  \(verdict.interface) \(topic): \(what)\(verdict.unmarked.contains(topic) ? "  UNMARKED" : "")")
            }
        }
    }
}
