// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

// An interface with all its partitions.
extension SyncRunner {
    /// Runs an interface: whole, or partition by partition; allowed hours are asked again before each.
    ///
    /// A source that has to be asked for its partitions is asked first. That round is a run of its own, without a
    /// partition: it is complete when every partition's run was, and stands for the interface where "has everything been
    /// read?" is asked.
    public func round(
        _ source: any LicenceSource, _ interface: InterfaceDescription, owner: String, order: RunOrder = RunOrder()
    ) async -> [RunAttempt] {
        guard interface.asksForPartitions else {
            let partitions: [String?] = interface.partitions.isEmpty ? [nil] : interface.partitions
            return await each(partitions, source, interface, owner, order)
        }
        let target = SyncTarget(interface.id)
        do throws(CatalogueError) {
            let state = try await catalogue.states().first { $0.interface == interface.id && $0.partition == nil }
            if let refusal = refusal(interface, state, order) {
                observe(.refused(target, refusal))
                return [.refused(refusal)]
            }
            let start = RunStart(id: newRun(), interface: interface.id, mode: .full, startedAt: clock.now)
            let lease = try await catalogue.acquireLease(interface.id.source, owner: owner)
            do throws(CatalogueError) {
                try await catalogue.begin(start)
            } catch {
                await catalogue.release(lease)
                throw error
            }
            await catalogue.release(lease)
            observe(.started(target, start.id, .full, resumed: false))
            return await asked(start, source, interface, owner, order)
        } catch {
            observe(.refused(target, error.diagnostic))
            return [.refused(error.diagnostic)]
        }
    }

    private func each(
        _ partitions: [String?], _ source: any LicenceSource, _ interface: InterfaceDescription, _ owner: String,
        _ order: RunOrder
    ) async -> [RunAttempt] {
        var attempts: [RunAttempt] = []
        for partition in partitions where !Task.isCancelled {
            attempts.append(await attempt(source, interface, partition: partition, owner: owner, order: order))
            // What refuses one partition for its hours or its quota refuses the others too.
            if case .refused(let finding)? = attempts.last, finding.code == "sync.outside_hours" { break }
            if attempts.last?.record?.code == SourceError.Code.quotaUsed.rawValue { break }
        }
        return attempts
    }

    private func asked(
        _ start: RunStart, _ source: any LicenceSource, _ interface: InterfaceDescription, _ owner: String,
        _ order: RunOrder
    ) async -> [RunAttempt] {
        let target = SyncTarget(interface.id)
        var attempts: [RunAttempt] = []
        var end: RunEnd
        do throws(SourceError) {
            let partitions = try await partitions(of: source, interface, start.id, target)
            attempts = await each(partitions.map { $0 }, source, interface, owner, order)
            let complete = attempts.count { $0.record?.outcome == .complete }
            end =
                complete == partitions.count
                ? .complete(declaredTotal: nil, resume: nil)
                : .stopped(incomplete(partitions.count - complete, of: partitions.count, start))
        } catch {
            end = .stopped(error.diagnostic)
        }
        let round = await finish(start.id, target, end, order, kept: "Its partitions' runs are kept")
        if case .ended(let record) = round { observe(.finished(target, record)) }
        return attempts + [round]
    }

    /// Asks for the partitions, again after a wait while the source says that it may pass.
    private func partitions(
        of source: any LicenceSource, _ interface: InterfaceDescription, _ run: RunID, _ target: SyncTarget
    ) async throws(SourceError) -> [String] {
        var failures = 0
        while true {
            do throws(SourceError) {
                return try await source.partitions(of: interface.id, for: run)
            } catch {
                failures += 1
                guard case .retry(let asked) = error.recovery, failures < interface.budget.pageFailures,
                    let wait = policy.wait(beforeAttempt: failures + 1, asked: asked, chance: chance())
                else { throw error }
                observe(.retrying(target, error.diagnostic, attempt: failures + 1, after: wait))
                do { try await clock.sleep(for: wait) } catch let cancelled {
                    _ = cancelled
                    throw error
                }
            }
        }
    }

    private func incomplete(_ missing: Int, of all: Int, _ start: RunStart) -> Diagnostic {
        Diagnostic(
            code: "sync.partitions_incomplete",
            what: "\(missing) of \(all) partitions have no complete run of this round",
            place: Place(
                source: start.interface.source.rawValue, interface: start.interface.name, run: start.id.rawValue),
            consequence: "What the others brought is kept; nothing is known to be absent yet",
            remedy: "See the runs of the partitions; the next round takes them up")
    }
}
