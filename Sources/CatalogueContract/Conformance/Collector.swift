// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Gathers what `visitAll` shows.
package final class Collector: Sendable {
    private let state = Mutex<[CatalogueEntry]>([])
    package init() {}
    package func add(_ entry: CatalogueEntry) { state.withLock { $0.append(entry) } }
    package var entries: [CatalogueEntry] { state.withLock { $0 } }
}
