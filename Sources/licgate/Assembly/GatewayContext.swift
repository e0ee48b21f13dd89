// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import GatewayConfiguration
import InterfaceHealth
import Sync

/// What an operation works with, in the process that writes.
struct GatewayContext: Sendable {
    let settings: GatewaySettings
    let directory: SourceDirectory
    let catalogue: any Catalogue
    let clock: any GatewayClock
    let health: HealthKeeper
    let observe: @Sendable (SyncEvent) -> Void

    /// A runner whose events go to the serving process's metrics and log, and to `observer`.
    func runner(_ observer: @escaping @Sendable (SyncEvent) -> Void = { _ in }) -> SyncRunner {
        let observe = observe
        return SyncRunner(
            catalogue: catalogue, clock: clock,
            observe: { event in
                observe(event)
                observer(event)
            })
    }

    /// How much a full pull may withdraw.
    var withdrawalLimit: WithdrawalLimit {
        WithdrawalLimit(records: settings.withdrawalRecords, fraction: Double(settings.withdrawalPercent) / 100)
    }
}
