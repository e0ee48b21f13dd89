// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import InterfaceHealth
import LicenceModel
import Sync

/// `licgate health`, in whichever process knows most: a running `serve`, or this one.
struct HealthOperation {
    let context: GatewayContext
    let output: OperationOutput

    /// Exit code 0 all healthy, 1 degraded, unproven or in maintenance, 2 down, 3 unknown.
    func perform(_ names: [String], probe: Bool) async -> Int32 {
        let selection = Selection(names, in: context.directory)
        for finding in selection.unknown { output(.problem(finding.text)) }
        guard selection.unknown.isEmpty else { return 2 }
        let chosen = Set(selection.jobs.flatMap(\.interfaces).map(\.id))
        if probe { await Self.probe(selection.jobs, context) }
        do throws(CatalogueError) {
            try await context.health.refresh(from: context.catalogue)
        } catch {
            output(.problem(error.diagnostic.text))
        }
        let reports = context.health.report(at: context.clock.now).filter { chosen.contains($0.interface) }
        let view = HealthView(reports: reports, now: context.clock.now)
        for line in view.lines { output(.text(line)) }
        output(.json(view.json.rendered()))
        return view.exitCode
    }

    /// One round over every layer of these interfaces, at most eight at once, inside their allowed hours.
    static func probe(_ jobs: [Synchroniser.Job], _ context: GatewayContext) async {
        let prober = Prober(clock: context.clock)
        await withTaskGroup(of: ProbeRound.self) { group in
            var waiting = jobs.flatMap { job in job.interfaces.map { (job.source, $0) } }
                .filter { prober.mayProbe($0.1) }[...]
            func startNext() {
                guard let (source, interface) = waiting.popFirst() else { return }
                group.addTask { await prober.round(of: interface, with: source) }
            }
            for _ in 0..<8 { startNext() }
            for await round in group {
                context.health.observe(round)
                startNext()
            }
        }
    }
}

/// The health report for people and for machines.
struct HealthView {
    let reports: [InterfaceHealthReport]
    let now: Timestamp

    var exitCode: Int32 {
        if reports.isEmpty
            || reports.contains(where: { $0.verdict == .unknown }) && !reports.contains(where: { $0.verdict == .down })
        {
            return 3
        }
        if reports.contains(where: { $0.verdict == .down }) { return 2 }
        return reports.allSatisfy { $0.verdict == .healthy } ? 0 : 1
    }

    var lines: [String] {
        guard !reports.isEmpty else { return ["No interface is in service: add a source under `sources:`."] }
        var table = Table(
            ["interface", "verdict", "since", "latency", "cert", "last complete pull", "records", "golden"],
            rightAligned: [3, 4, 6])
        for report in reports {
            let golden = report.golden
            table.add([
                report.interface.description + (report.simulated ? " (simulated)" : ""), Self.word(report.verdict),
                "\((now - report.since).spoken) ago", report.latency.map { "\($0.wholeMilliseconds) ms" } ?? "-",
                report.certificateDaysLeft.map { "\($0) d" } ?? "-",
                report.lastComplete.map { "\((now - $0.finishedAt).spoken) ago" } ?? "-", grouped(report.records),
                golden.declared == 0 ? "none" : "\(golden.answeredRightly)/\(golden.declared)",
            ])
        }
        var out = table.lines
        for report in reports where report.verdict != .healthy {
            out.append("")
            out.append("\(report.interface): \(report.reason.english)")
            out.append("  \(report.reason.chinese)")
            if !report.consequence.english.isEmpty { out.append("  what follows: \(report.consequence.english)") }
            if !report.remedy.english.isEmpty { out.append("  what to do:   \(report.remedy.english)") }
        }
        let counts = Dictionary(grouping: reports, by: \.verdict).mapValues(\.count)
        let summary = HealthVerdict.allCases.compactMap { verdict in
            counts[verdict].map { "\($0) \(Self.word(verdict))" }
        }
        out.append("")
        out.append("\(reports.count) interfaces: " + summary.joined(separator: ", "))
        return out
    }

    private static func word(_ verdict: HealthVerdict) -> String {
        switch verdict {
        case .healthyUnproven: "healthy, unproven"
        case .inMaintenance: "in maintenance"
        default: verdict.rawValue
        }
    }

    var json: JSONValue {
        .list(
            reports.map { report in
                [
                    "interface": .text(report.interface.description), "owner": .text(report.owner),
                    "simulated": .bool(report.simulated), "verdict": .text(report.verdict.rawValue),
                    "since": .text(report.since.iso8601), "root": .optional(report.root?.rawValue),
                    "reason": ["zh": .text(report.reason.chinese), "en": .text(report.reason.english)],
                    "consequence": ["zh": .text(report.consequence.chinese), "en": .text(report.consequence.english)],
                    "remedy": ["zh": .text(report.remedy.chinese), "en": .text(report.remedy.english)],
                    "certificate_days_left": .optional(report.certificateDaysLeft),
                    "latency_milliseconds": .optional(report.latency.map { Int($0.wholeMilliseconds) }),
                    "last_complete": .optional(report.lastComplete?.finishedAt.iso8601),
                    "newest_change": .optional(report.newestChangeAt?.iso8601),
                    "golden_declared": .number(report.golden.declared),
                    "golden_right": .number(report.golden.answeredRightly), "records": .number(report.records),
                    "open_rejects": .number(report.openRejects), "back_at": .optional(report.backAt?.iso8601),
                    "findings": .list(
                        report.findings.map {
                            [
                                "aspect": .text($0.aspect.rawValue), "outcome": .text($0.outcome.name),
                                "code": .optional($0.code), "evidence": .text($0.evidence.english),
                            ]
                        }),
                ]
            })
    }
}
