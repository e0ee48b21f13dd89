// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import InterfaceHealth
import LicenceModel
import ProofFree
import Sync

/// Which interfaces are declared for a licence type, from the sources in service and their health.
struct GatewayCoverage: TypeCoverage {
    let directory: SourceDirectory
    let health: any OutageReporting

    func interfaces(for type: LicenceTypeCode?, at now: Timestamp) async -> [DeclaredInterface] {
        directory.all.flatMap { source -> [DeclaredInterface] in
            let description = source.describe()
            return description.interfaces
                .filter { interface in type.map { interface.licenceTypes.contains($0) } ?? true }
                .map { declared($0, of: description, type: type, at: now) }
        }
    }

    private func declared(
        _ interface: InterfaceDescription, of source: SourceDescription, type: LicenceTypeCode?, at now: Timestamp
    ) -> DeclaredInterface {
        let outage = health.outage(of: source.id, type: type, at: now)
        let slot = interface.schedule.slots?.next(after: now)
        let downtimeEnd = interface.schedule.downtime.compactMap { $0.end(containing: now) }.max()
        return DeclaredInterface(
            id: interface.id, partitions: interface.partitions, sourceName: source.name,
            period: interface.schedule.slots?.longestGap(around: now), copyLimit: interface.schedule.copyLimit,
            isDown: outage?.kind == .down,
            // What is only asked one question at a time is never pulled: waiting for a slot would not help.
            retryAt: interface.pulls.isEmpty
                ? nil
                : outage?.retryAt ?? downtimeEnd ?? slot.flatMap { interface.schedule.nextAllowed(from: $0) },
            simulated: source.simulated)
    }
}
