// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel
import Logging
import Sync

/// What a run tells, as log lines: at most one a page at `debug`, one at its start and end, each with run and source.
struct ServeLog: Sendable {
    let logger: Logger

    func callAsFunction(_ event: SyncEvent) {
        switch event {
        case .started(let target, let run, let mode, let resumed):
            logger.info(
                "run started",
                metadata: [
                    "source": "\(target.words)", "run": "\(run)", "mode": "\(mode.rawValue)", "resumed": "\(resumed)",
                ])
        case .page(let target, let counts, _, let bytes):
            logger.debug(
                "page taken",
                metadata: [
                    "source": "\(target.words)", "pages": "\(counts.pages)", "received": "\(counts.received)",
                    "bytes": "\(bytes)",
                ])
        case .retrying(let target, let finding, let attempt, let wait):
            logger.warning(
                "page failed, tried again",
                metadata: [
                    "source": "\(target.words)", "code": "\(finding.code)", "attempt": "\(attempt)",
                    "wait": "\(wait.spoken)",
                ])
        case .finished(let target, let record):
            let counts = record.counts
            let complete = record.outcome == .complete
            logger.log(
                level: complete ? .info : .warning, complete ? "run complete" : "\(record.message ?? "run stopped")",
                metadata: [
                    "source": "\(target.words)", "run": "\(record.id)", "received": "\(counts.received)",
                    "created": "\(counts.created)", "updated": "\(counts.updated)", "rejected": "\(counts.rejected)",
                    "withdrawn": "\(counts.withdrawn)", "outcome": "\(record.outcome.rawValue)",
                ])
        case .noted(let target, let finding):
            logger.warning("\(finding.text)", metadata: ["source": "\(target.words)"])
        case .unfinished(let target, let run, let finding):
            logger.error("\(finding.text)", metadata: ["source": "\(target.words)", "run": "\(run)"])
        case .refused(let target, let finding):
            logger.notice("\(finding.text)", metadata: ["source": "\(target.words)"])
        }
    }
}
