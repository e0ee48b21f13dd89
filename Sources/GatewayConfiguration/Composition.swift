// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
import Diagnostics
import Intake
import Transport

/// Joins the rooms that make adapters: the one that reads manifests and the one that reads folders.
enum Composition {
    static func source(
        _ manifest: SourceManifest, transport: any HTTPExchanging, settings: any AdapterSettings,
        clock: any GatewayClock, taps: [String: TapProgram] = [:], intake: String = ""
    ) throws(SourceError) -> any LicenceSource {
        try DeclarativeAdapter.make(
            manifest, transport: transport, settings: settings, clock: clock,
            files: FileDropSource(clock: clock),
            taps: TapRunner(allowed: taps, folder: intake, clock: clock), spoolFolder: intake,
            tally: intake.isEmpty ? MemoryRequestTally() : QuotaFile(folder: intake))
    }
}
