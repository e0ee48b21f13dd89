// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

/// `licgate sources list`: one line per interface.
struct SourceTable {
    let sources: [SourceDescription]
    let states: [InterfaceState]
    let now: Timestamp

    func show(_ format: OutputFormat) {
        switch format {
        case .table: table.lines.forEach(Console.out)
        case .json: Console.out(json.rendered())
        }
    }

    private func states(of interface: InterfaceID) -> [InterfaceState] { states.filter { $0.interface == interface } }

    private var table: Table {
        var table = Table(
            ["interface", "name", "records", "rejects", "last complete pull", "next slot", "state"],
            rightAligned: [2, 3])
        for source in sources {
            for interface in source.interfaces {
                let known = states(of: interface.id)
                let complete = known.compactMap(\.lastComplete?.finishedAt).max()
                let next = interface.schedule.slots?.next(after: now)
                table.add([
                    interface.id.description, shortened(source.name, to: 34),
                    interface.pulls.isEmpty ? "-" : grouped(known.map(\.records).reduce(0, +)),
                    grouped(known.map(\.openRejects).reduce(0, +)),
                    interface.pulls.isEmpty
                        ? "asked, not pulled" : complete.map { "\((now - $0).spoken) ago" } ?? "never",
                    next.map(\.iso8601).map { String($0.prefix(16)) } ?? "by hand",
                    word(known, simulated: source.simulated),
                ])
            }
        }
        return table
    }

    private func word(_ known: [InterfaceState], simulated: Bool) -> String {
        let availability = known.first?.availability ?? .active
        let last = known.compactMap(\.lastRun).max { $0.startedAt < $1.startedAt }
        let state =
            switch availability {
            case .paused: "paused"
            case .retired: "retired"
            case .active:
                switch last?.outcome {
                case .stopped?: "stopped: \(last?.code ?? "?")"
                case .interrupted?: "interrupted"
                case .running?: "running"
                case .complete?, nil: "active"
                }
            }
        return simulated ? state + " (simulated)" : state
    }

    private var json: JSONValue {
        .list(
            sources.flatMap { source in
                source.interfaces.map { interface -> JSONValue in
                    let known = states(of: interface.id)
                    return [
                        "interface": .text(interface.id.description), "name": .text(source.name),
                        "owner": .text(source.owner), "simulated": .bool(source.simulated),
                        "pulls": .list(interface.pulls.map { .text($0.rawValue) }),
                        "questions": .list(interface.questions.map(\.rawValue).sorted().map { .text($0) }),
                        "licence_types": .list(interface.licenceTypes.map { .text($0.rawValue) }),
                        "records": .number(known.map(\.records).reduce(0, +)),
                        "open_rejects": .number(known.map(\.openRejects).reduce(0, +)),
                        "availability": .text((known.first?.availability ?? .active).rawValue),
                        "last_complete": .optional(known.compactMap(\.lastComplete?.finishedAt).max()?.iso8601),
                        "as_of": .optional(known.compactMap(\.lastComplete?.asOf).max()?.iso8601),
                        "next_slot": .optional(interface.schedule.slots?.next(after: now)?.iso8601),
                    ]
                }
            })
    }
}
