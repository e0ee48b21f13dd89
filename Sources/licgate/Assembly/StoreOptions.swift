// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import GatewayConfiguration
import SharedCatalogue
import Synchronization

extension EmbeddedOptions {
    /// The store as the configuration has it.
    init(_ settings: GatewaySettings, mode: Mode) {
        self.init(folder: settings.store, mode: mode)
        keyFile = settings.indexKey
        memory = settings.memory
        quarantineLimit = settings.quarantine
        temporaryFolder = NSTemporaryDirectory()
        failPoint = KillPoint.fromEnvironment()
    }
}

/// Ends this process at a named fail point, as a power cut would: for kill tests, from the outside.
///
/// `LICGATE_KILL_AT=afterBatch:17` ends it at the seventeenth time it comes by. Without the variable nothing is hooked.
enum KillPoint {
    static func fromEnvironment() -> CatalogueFailPointHook? {
        guard let text = ProcessInfo.processInfo.environment["LICGATE_KILL_AT"] else { return nil }
        let parts = text.split(separator: ":")
        guard parts.count == 2, let point = CatalogueFailPoint(rawValue: String(parts[0])), let turn = Int(parts[1])
        else { return nil }
        let count = Counter()
        return { passed in
            if passed == point, count.next() == turn { _exit(137) }
        }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        func next() -> Int {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }
}
