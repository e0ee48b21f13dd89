// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Synchronization

/// What holds for the whole city: its clock, and which parts of real life are switched on.
struct CityLife: Sendable {
    /// Planned downtime windows are kept.
    var windows: Bool
    /// Daily quotas are counted.
    var quotas: Bool
    /// Interfaces have their habits.
    var personalities: Bool
}

/// What all interfaces of a city share: the time, the switches of real life, the pause of slow answers.
final class CityState: Sendable {
    let clock: any GatewayClock
    let slowPause: Int
    private let switches: Mutex<CityLife>

    init(_ options: CityOptions) {
        clock = options.clock
        slowPause = options.slowPauseMilliseconds
        switches = Mutex(
            CityLife(windows: options.windows, quotas: options.quotas, personalities: options.personalities))
    }

    var life: CityLife { switches.withLock { $0 } }

    func change(_ change: (inout CityLife) -> Void) { switches.withLock { change(&$0) } }
}
