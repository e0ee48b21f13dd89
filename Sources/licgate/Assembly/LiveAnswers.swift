// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import Intake
import LicenceModel
import Transport
import Workbench

/// Asks a source for the workbench: nothing is written, and what was answered stays in memory.
struct LiveAnswers {
    let places: WorkbenchPlaces
    let manifest: SourceManifest
    private let recorder: RecordingTransport
    private let curl: CurlTransport
    private let source: any LicenceSource
    private let clock = SystemGatewayClock()

    /// Throws: `source.configuration` when a setting or secret is missing.
    init(_ places: WorkbenchPlaces, _ manifest: SourceManifest) throws(SourceError) {
        self.places = places
        self.manifest = manifest
        curl = CurlTransport(clock: clock)
        recorder = RecordingTransport(curl)
        source = try DeclarativeAdapter.make(
            manifest, transport: recorder,
            settings: SourceSettings(
                places.settings, source: manifest.id, environment: ProcessInfo.processInfo.environment),
            clock: clock, files: FileDropSource(clock: clock),
            taps: TapRunner(allowed: places.settings.taps, folder: places.settings.intake, clock: clock),
            acceptingUnconfirmed: true)
    }

    /// The first pages of a pull, until so many records came; the error that ended it, if one did.
    func pull(_ interface: String, records: Int) async -> (taken: Int, rejected: [Diagnostic], problem: SourceError?) {
        guard let description = source.describe().interfaces.first(where: { $0.id.name == interface }) else {
            return (0, [], nil)
        }
        let mode: PullMode = description.pulls.contains(.full) ? .full : .incremental
        let request = PullRequest(
            interface: description.id, mode: mode, partition: description.partitions.first, resume: nil,
            windowEnd: clock.now, run: RunID(rawValue: "dry-run"))
        var taken = 0
        var rejected: [Diagnostic] = []
        do throws(SourceError) {
            for try await batch in source.pull(request) {
                taken += batch.records.count + batch.rejects.count
                rejected += batch.rejects.map(\.reason)
                if taken >= records { break }
            }
            return (taken, rejected, nil)
        } catch {
            return (taken, rejected, error)
        }
    }

    /// One question.
    func find(_ question: LookupQuestion) async -> SourceError? {
        do throws(SourceError) {
            let asking = AskingContext(system: "licgate", operatorAccount: "workbench", matter: "", purpose: "接口联调")
            _ = try await source.find(question, for: asking, until: Deadline(.seconds(30), from: clock))
            return nil
        } catch {
            return error
        }
    }

    /// What came over HTTP, oldest first.
    var exchanges: [RecordingTransport.Exchange] { recorder.exchanges }

    func close() async { await curl.shutDown() }
}
