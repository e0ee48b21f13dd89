// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// What can go wrong in a catalogue.
public struct CatalogueError: DiagnosedError, Hashable {
    /// The stable name of an error; open to new ones.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// `catalogue.<what>`.
        public let rawValue: String
        /// Wraps a code.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The bounded queue is full.
        public static let busy = Code(rawValue: "catalogue.busy")
        /// Another process writes this catalogue.
        public static let locked = Code(rawValue: "catalogue.locked")
        /// The folder was written by a newer program.
        public static let newerFormat = Code(rawValue: "catalogue.newer_format")
        /// A checksum or a format does not hold.
        public static let corrupt = Code(rawValue: "catalogue.corrupt")
        /// The disk refused.
        public static let disk = Code(rawValue: "catalogue.disk")
        /// The disk is full.
        public static let diskFull = Code(rawValue: "catalogue.disk_full")
        /// Another run holds the source.
        public static let leaseHeld = Code(rawValue: "catalogue.lease_held")
        /// There is no such record, run or reject.
        public static let notFound = Code(rawValue: "catalogue.not_found")
        /// The change token is older than what is kept.
        public static let tokenExpired = Code(rawValue: "catalogue.token_expired")
        /// The change token is not one of ours.
        public static let tokenUnknown = Code(rawValue: "catalogue.token_unknown")
        /// The quarantine has reached its limit in bytes.
        public static let quarantineFull = Code(rawValue: "catalogue.quarantine_full")
        /// The key of the holder index is missing or not the one the catalogue was written with.
        public static let indexKey = Code(rawValue: "catalogue.index_key")
        /// A pull showed too few records to be believed; only as a run's code.
        public static let withdrawalsWithheld = Code(rawValue: "catalogue.withdrawals_withheld")
        /// A complete pull was too large to tell what is absent; only as a run's code.
        public static let absenceUnknown = Code(rawValue: "catalogue.absence_unknown")
        /// The catalogue is closed.
        public static let closed = Code(rawValue: "catalogue.closed")
        /// A call that breaks the contract (a page of an unknown run, a limit out of range).
        public static let misuse = Code(rawValue: "catalogue.misuse")
    }

    /// Which error.
    public var code: Code
    /// The whole finding.
    public var diagnostic: Diagnostic

    /// Makes an error.
    public init(_ code: Code, _ what: String, place: Place = Place(), consequence: String? = nil, remedy: String) {
        self.code = code
        diagnostic = Diagnostic(
            code: code.rawValue, what: what, place: place, consequence: consequence, remedy: remedy)
    }
}
