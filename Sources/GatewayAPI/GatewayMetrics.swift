// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
import Diagnostics
public import LicenceModel
public import Sync
import Synchronization

/// Counts what happens, for `/metrics`; every label has a bounded set of values and none is a person's.
///
/// Calls may come from any task; each takes a lock for a moment.
public final class GatewayMetrics: Sendable {
    struct RunKey: Hashable { var interface: InterfaceID, outcome: String }
    struct CodeKey: Hashable { var interface: InterfaceID, code: String }
    struct RequestKey: Hashable { var route: String, method: String, status: Int }
    struct Histogram {
        static let bounds: [Double] = [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10]
        var buckets = [Int](repeating: 0, count: Histogram.bounds.count)
        var count = 0
        var sum = 0.0
        mutating func add(_ seconds: Double) {
            for (index, bound) in Histogram.bounds.enumerated() where seconds <= bound { buckets[index] += 1 }
            count += 1
            sum += seconds
        }
    }
    struct Counts {
        var runs: [RunKey: Int] = [:]
        var records: [InterfaceID: RunCounts] = [:]
        var errors: [CodeKey: Int] = [:]
        var retries: [InterfaceID: Int] = [:]
        var lookups: [String: Int] = [:]
        var doubts: [String: Int] = [:]
        var requests: [RequestKey: Int] = [:]
        var durations: [String: Histogram] = [:]
        var accessLines = 0
    }

    /// At most so many series of one family that grow with error codes; later ones count as `other`.
    static let codesMax = 2000

    private let counts = Mutex(Counts())

    /// Starts counting from zero.
    public init() {}

    /// Counts a run that ended.
    public func observe(_ run: RunRecord) {
        guard run.outcome != .running else { return }
        counts.withLock { counts in
            counts.runs[RunKey(interface: run.interface, outcome: run.outcome.rawValue), default: 0] += 1
            counts.records[run.interface, default: RunCounts()] += run.counts
            if let code = run.code { counts.count(code, of: run.interface) }
        }
    }

    /// Counts what a sync tells: ended runs, repeats and refusals.
    public func observe(_ event: SyncEvent) {
        switch event {
        case .finished(_, let run): observe(run)
        case .retrying(let target, let diagnostic, _, _):
            counts.withLock { counts in
                counts.retries[target.interface, default: 0] += 1
                counts.count(diagnostic.code, of: target.interface)
            }
        case .refused(let target, let diagnostic), .noted(let target, let diagnostic),
            .unfinished(let target, _, let diagnostic):
            counts.withLock { $0.count(diagnostic.code, of: target.interface) }
        case .started, .page: break
        }
    }

    /// Counts an answer by its verdict.
    public func observe(_ verdict: Verdict) {
        counts.withLock { counts in
            counts.lookups[verdict.name, default: 0] += 1
            if case .cannotTell(let doubt, _) = verdict { counts.doubts[doubt.name, default: 0] += 1 }
        }
    }

    /// Counts a request.
    func observe(_ entry: AccessEntry) {
        counts.withLock { counts in
            let key = RequestKey(route: entry.route, method: entry.method, status: entry.status)
            counts.requests[key, default: 0] += 1
            counts.durations[entry.route, default: Histogram()].add(entry.took.inSeconds)
        }
    }

    func snapshot() -> Counts { counts.withLock { $0 } }
}

extension GatewayMetrics.Counts {
    fileprivate mutating func count(_ code: String, of interface: InterfaceID) {
        let key = GatewayMetrics.CodeKey(interface: interface, code: code)
        if errors[key] == nil, errors.count >= GatewayMetrics.codesMax {
            errors[GatewayMetrics.CodeKey(interface: interface, code: "other"), default: 0] += 1
        } else {
            errors[key, default: 0] += 1
        }
    }
}
