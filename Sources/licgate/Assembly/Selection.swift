// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel
import Sync

/// What `SOURCE` or `SOURCE/INTERFACE` on the command line means among the sources in service.
struct Selection {
    let jobs: [Synchroniser.Job]
    let unknown: [Diagnostic]

    /// An empty list selects every interface that `wanted` accepts; naming one that it does not accept is a finding.
    init(
        _ names: [String], in directory: SourceDirectory, wanted: (InterfaceDescription) -> Bool = { _ in true }
    ) {
        let sources = directory.all.map { ($0, $0.describe()) }
        guard !names.isEmpty else {
            jobs = sources.compactMap { source, description in
                let interfaces = description.interfaces.filter(wanted)
                return interfaces.isEmpty ? nil : Synchroniser.Job(source: source, interfaces: interfaces)
            }
            unknown = []
            return
        }
        var jobs: [Synchroniser.Job] = []
        var unknown: [Diagnostic] = []
        for name in names.reduced() {
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            guard let (source, description) = sources.first(where: { $0.1.id.rawValue == parts.first }) else {
                unknown.append(Self.noSource(name, sources.map(\.1.id.rawValue)))
                continue
            }
            let interfaces = description.interfaces.filter { parts.count < 2 || $0.id.name == parts[1] }
            guard !interfaces.isEmpty else {
                unknown.append(Self.noInterface(name, description))
                continue
            }
            jobs.append(
                Synchroniser.Job(source: source, interfaces: parts.count < 2 ? interfaces.filter(wanted) : interfaces))
        }
        self.jobs = jobs
        self.unknown = unknown
    }

    /// True when the names led to sources and none of their interfaces is wanted.
    var isEmpty: Bool { jobs.allSatisfy(\.interfaces.isEmpty) }

    static func noSource(_ name: String, _ known: [String]) -> Diagnostic {
        Diagnostic(
            code: "command.unknown_source", what: "no source in service is called `\(name)`",
            remedy: known.isEmpty
                ? "Add one under `sources:` in the configuration"
                : "In service are: \(known.joined(separator: ", "))")
    }

    private static func noInterface(_ name: String, _ source: SourceDescription) -> Diagnostic {
        Diagnostic(
            code: "command.unknown_interface", what: "there is no interface `\(name)`",
            remedy: "\(source.id) has: \(source.interfaces.map(\.id.name).joined(separator: ", "))")
    }
}

extension [String] {
    /// Each name once, in order; an interface whose whole source is named too is left to it.
    fileprivate func reduced() -> [String] {
        var seen: Set<String> = []
        return filter { name in
            let source = name.split(separator: "/", maxSplits: 1).first.map(String.init) ?? name
            return seen.insert(name).inserted && (source == name || !contains(source))
        }
    }
}
