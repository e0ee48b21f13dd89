// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import SharedCatalogue
import Synchronization

/// A temporary folder that goes with its test.
final class Workshop: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "licgate-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func options(_ mode: EmbeddedOptions.Mode = .writer, _ change: (inout EmbeddedOptions) -> Void = { _ in })
        -> EmbeddedOptions
    {
        var options = EmbeddedOptions(folder: path + "/catalogue", mode: mode)
        options.memory = .mebibytes(16)
        options.temporaryFolder = path
        options.reserve = .mebibytes(8)
        change(&options)
        return options
    }

    func bench(_ change: @escaping @Sendable (inout EmbeddedOptions) -> Void = { _ in }) async throws -> CatalogueBench
    {
        try await CatalogueBench(Self.factory(change))
    }

    /// Embedded catalogues in folders of their own, reopened as after a kill.
    static func factory(
        _ change: @escaping @Sendable (inout EmbeddedOptions) -> Void = { _ in }
    ) -> CatalogueFactory {
        let open = Mutex<[ObjectIdentifier: (Workshop, EmbeddedOptions, any GatewayClock)]>([:])
        return CatalogueFactory(
            make: { clock, quarantine in
                let shop = try Workshop()
                var options = shop.options(.writer, change)
                options.quarantineLimit = quarantine
                let catalogue = try await EmbeddedCatalogue.open(options, clock: clock)
                open.withLock { $0[ObjectIdentifier(catalogue)] = (shop, options, clock) }
                return catalogue
            },
            reopen: { old in
                guard let old = old as? EmbeddedCatalogue,
                    let (shop, options, clock) = open.withLock({ $0[ObjectIdentifier(old)] })
                else { return old }
                await old.abandon()
                let catalogue = try await EmbeddedCatalogue.open(options, clock: clock)
                open.withLock { $0[ObjectIdentifier(catalogue)] = (shop, options, clock) }
                return catalogue
            },
            trim: { catalogue, keep in try await (catalogue as? EmbeddedCatalogue)?.trimChanges(keeping: keep) })
    }
}
