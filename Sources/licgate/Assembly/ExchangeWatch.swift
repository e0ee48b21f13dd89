// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import InterfaceHealth
import LicenceModel
import Synchronization
import Transport

/// Hands what every exchange tells (time taken, end of the certificate, failure) to the room that judges interfaces.
///
/// Made before the keeper, because the transport is; until one is set, observations go nowhere.
final class ExchangeWatch: ExchangeObserving {
    private let keeper = Mutex<HealthKeeper?>(nil)
    private let clock: any GatewayClock

    init(clock: any GatewayClock) { self.clock = clock }

    func report(to keeper: HealthKeeper) { self.keeper.withLock { $0 = keeper } }

    func observe(_ exchange: ObservedExchange) {
        // What we ended ourselves says nothing about the source.
        if let code = exchange.failure?.code, code == .cancelled || code == .busy { return }
        guard let source = exchange.place.source, let name = exchange.place.interface,
            let keeper = keeper.withLock({ $0 })
        else { return }
        keeper.observe(
            ExchangeObservation(
                interface: InterfaceID(SourceID(source), name), at: clock.now, took: exchange.receipt.timings.total,
                certificateEnds: exchange.receipt.certificateExpiresAt, failure: exchange.failure?.diagnostic))
    }
}
