// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import CatalogueContract
import LicenceModel

/// Runs several targets at once, bounded, one run per source at a time.
public struct Synchroniser: Sendable {
    private let runner: SyncRunner
    private let parallel: Int

    /// Makes a synchroniser that runs at most `parallel` sources at once.
    public init(runner: SyncRunner, parallel: Int) {
        self.runner = runner
        self.parallel = max(1, parallel)
    }

    /// One source with the interfaces to pull.
    public struct Job: Sendable {
        /// The source.
        public var source: any LicenceSource
        /// Its interfaces to pull, in order.
        public var interfaces: [InterfaceDescription]
        /// Makes a job.
        public init(source: any LicenceSource, interfaces: [InterfaceDescription]) {
            self.source = source
            self.interfaces = interfaces
        }
    }

    /// Runs every job to its end and returns the records of the runs that began, how many could not begin, and how many
    /// ended without the store keeping it.
    public func run(
        _ jobs: [Job], full: Bool, owner: String, limit: WithdrawalLimit = WithdrawalLimit(),
        outsideHours: Bool = false, skipsPages: Bool = false
    ) async -> (records: [RunRecord], refused: Int, unfinished: Int) {
        let order = RunOrder(full: full, outsideHours: outsideHours, skipsPages: skipsPages, limit: limit)
        return await withTaskGroup(of: [RunAttempt].self) { group in
            var waiting = jobs[...]
            var all: [RunAttempt] = []
            func startNext() {
                guard let job = waiting.popFirst() else { return }
                group.addTask {
                    var attempts: [RunAttempt] = []
                    for interface in job.interfaces where !Task.isCancelled {
                        attempts += await runner.round(job.source, interface, owner: owner, order: order)
                    }
                    return attempts
                }
            }
            for _ in 0..<min(parallel, jobs.count) { startNext() }
            for await done in group {
                all += done
                startNext()
            }
            let unfinished = all.count { if case .unfinished = $0 { true } else { false } }
            let records = all.compactMap(\.record)
            return (records, all.count - records.count - unfinished, unfinished)
        }
    }
}
