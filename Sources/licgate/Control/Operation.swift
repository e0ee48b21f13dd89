// SPDX-License-Identifier: Apache-2.0
import CatalogueContract

/// What a writing command asks for: done in this process when no `serve` runs, otherwise by it, over its socket.
///
/// Codes, names and numbers of people never travel here: operations speak of sources, runs and reject numbers.
enum Operation: Codable, Sendable {
    /// Pull now. An empty selection means everything in service.
    case sync(
        selection: [String], full: Bool, approveWithdrawals: Bool, outsideHours: Bool = false, skipPage: Bool = false)
    /// Switch a source.
    case setAvailability(source: String, Availability, note: String)
    /// Map rejects again.
    case replay(ids: [Int64], source: String?)
    /// Give rejects up.
    case purge(ids: [Int64], note: String)
    /// Probe interfaces now and report. An empty selection means everything in service.
    case health(selection: [String], probe: Bool)
    /// Read every record and look it up again by what it bears.
    case verify
}

/// One line from the process that performs an operation to the one that shows it.
enum OperationLine: Codable, Sendable {
    /// A line of text for people.
    case text(String)
    /// A finding, on standard error.
    case problem(String)
    /// How far a run is.
    case progress(ProgressUpdate)
    /// The machine-readable result, one JSON document.
    case json(String)
    /// The end, with the exit code.
    case exit(Int32)
}

/// How far a run is.
struct ProgressUpdate: Codable, Sendable {
    enum Phase: String, Codable, Sendable { case started, page, retrying, finished }
    var target: String
    var phase: Phase
    var mode: String
    var counts: RunCounts
    var total: Int?
    var note: String?
}

/// Where the lines of an operation go.
typealias OperationOutput = @Sendable (OperationLine) -> Void
