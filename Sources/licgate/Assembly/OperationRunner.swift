// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel
import Sync

/// Performs operations in the process that has the catalogue open for writing.
struct OperationRunner: Sendable {
    let context: GatewayContext

    /// Returns the exit code; whatever goes wrong is a finding on the output, never a trap.
    func perform(_ operation: Operation, output: @escaping OperationOutput) async -> Int32 {
        do {
            switch operation {
            case .sync(let selection, let full, let approve, let outsideHours, let skipPage):
                return await SyncOperation(context: context, output: output)
                    .perform(
                        selection, full: full, approve: approve, outsideHours: outsideHours, skipPage: skipPage)
            case .setAvailability(let source, let availability, let note):
                return try await set(source, availability, note, output)
            case .replay(let ids, let source):
                return try await QuarantineOperation(context: context, output: output).replay(ids, source: source)
            case .purge(let ids, let note):
                return try await QuarantineOperation(context: context, output: output).purge(ids, note: note)
            case .health(let selection, let probe):
                return await HealthOperation(context: context, output: output).perform(selection, probe: probe)
            case .verify: return try await VerifyOperation(context: context, output: output).perform()
            }
        } catch {
            output(.problem(error.diagnostic.text))
            return 2
        }
    }

    private func set(
        _ name: String, _ availability: Availability, _ note: String, _ output: OperationOutput
    ) async throws(CatalogueError) -> Int32 {
        guard let source = context.directory.source(SourceID(name)) else {
            output(.problem(Selection.noSource(name, context.directory.all.map { $0.describe().id.rawValue }).text))
            return 2
        }
        try await context.catalogue.setAvailability(availability, of: source.describe().id, note: note)
        try await context.catalogue.sync()
        switch availability {
        case .active: output(.text("\(name) is in service."))
        case .paused:
            output(.text("\(name) is paused: it is not pulled, and its licence types answer \"cannot tell\"."))
        case .retired:
            output(.text("\(name) is retired: it is not pulled and no answer waits for it; its records stay."))
        }
        return 0
    }
}
