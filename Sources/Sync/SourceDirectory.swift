// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import LicenceModel
import Synchronization

/// The sources in service, swapped as a whole when the configuration is loaded again.
public final class SourceDirectory: Sendable {
    private let sources: Mutex<[any LicenceSource]>

    /// Makes a directory.
    public init(_ sources: [any LicenceSource]) { self.sources = Mutex(sources) }

    /// The sources as they stand now, by id.
    public var all: [any LicenceSource] {
        sources.withLock { $0 }.sorted { $0.describe().id < $1.describe().id }
    }

    /// The source with this id.
    public func source(_ id: SourceID) -> (any LicenceSource)? {
        sources.withLock { $0 }.first { $0.describe().id == id }
    }

    /// Puts other sources in service; runs that go on keep the source they began with.
    public func replace(with sources: [any LicenceSource]) { self.sources.withLock { $0 = sources } }
}
