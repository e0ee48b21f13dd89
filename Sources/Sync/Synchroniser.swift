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

    /// Runs every job to its end and returns the records of the runs that began, and how many could not begin.
    public func run(
        _ jobs: [Job], full: Bool, owner: String, limit: WithdrawalLimit = WithdrawalLimit()
    ) async -> (records: [RunRecord], refused: Int) {
        await withTaskGroup(of: (records: [RunRecord], refused: Int).self) { group in
            var waiting = jobs[...]
            var records: [RunRecord] = []
            var refused = 0
            func startNext() {
                guard let job = waiting.popFirst() else { return }
                group.addTask { await run(job, full: full, owner: owner, limit: limit) }
            }
            for _ in 0..<min(parallel, jobs.count) { startNext() }
            for await done in group {
                records += done.records
                refused += done.refused
                startNext()
            }
            return (records, refused)
        }
    }

    private func run(
        _ job: Job, full: Bool, owner: String, limit: WithdrawalLimit
    ) async -> (records: [RunRecord], refused: Int) {
        var records: [RunRecord] = []
        var refused = 0
        for interface in job.interfaces {
            let partitions: [String?] = interface.partitions.isEmpty ? [nil] : interface.partitions
            for partition in partitions where !Task.isCancelled {
                let record = await runner.run(
                    job.source, interface, partition: partition, full: full, owner: owner, limit: limit)
                if let record { records.append(record) } else { refused += 1 }
            }
        }
        return (records, refused)
    }
}
