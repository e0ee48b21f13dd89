// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// A record as it stands in the catalogue now.
public struct CatalogueEntry: Sendable, Hashable {
    /// Its opaque id.
    public var id: CatalogueID
    /// The current version's content.
    public var licence: Licence
    /// The number of the current version, from 1.
    public var version: Int
    /// When the current version was written.
    public var recordedAt: Timestamp
    /// Set when the source no longer has the record.
    public var withdrawal: Withdrawal?
    /// True while a newer version of this record lies in quarantine unread: it must not answer then.
    public var newerVersionUnreadable: Bool

    /// Makes an entry.
    public init(
        id: CatalogueID, licence: Licence, version: Int, recordedAt: Timestamp, withdrawal: Withdrawal? = nil,
        newerVersionUnreadable: Bool = false
    ) {
        self.id = id
        self.licence = licence
        self.version = version
        self.recordedAt = recordedAt
        self.withdrawal = withdrawal
        self.newerVersionUnreadable = newerVersionUnreadable
    }
}

/// How a record left its source; the record itself is never erased.
public struct Withdrawal: Sendable, Hashable {
    /// What told us.
    public enum Evidence: String, Sendable, Codable {
        /// The source said so.
        case tombstone
        /// It was absent from a complete, counted full pull.
        case absence
    }
    /// When we learned it.
    public var at: Timestamp
    /// What told us.
    public var evidence: Evidence
    /// Makes a withdrawal.
    public init(at: Timestamp, evidence: Evidence) {
        self.at = at
        self.evidence = evidence
    }
}

/// One version of a record.
public struct CatalogueVersion: Sendable, Hashable {
    /// Why it was written.
    public enum Cause: String, Sendable, Codable {
        /// First seen.
        case created
        /// The source has another content.
        case updated
        /// The source no longer has it.
        case withdrawn
        /// An older version that arrived late; it never was current.
        case late
    }
    /// The number, from 1; late versions are numbered in order of arrival too.
    public var number: Int
    /// Why.
    public var cause: Cause
    /// The content.
    public var licence: Licence
    /// When it was written.
    public var recordedAt: Timestamp
    /// Makes a version.
    public init(number: Int, cause: Cause, licence: Licence, recordedAt: Timestamp) {
        self.number = number
        self.cause = cause
        self.licence = licence
        self.recordedAt = recordedAt
    }
}

/// A position in the change feed: opaque, handed back to continue.
public struct ChangeToken: RawRepresentable, Sendable, Hashable {
    /// The token's text.
    public let rawValue: String
    /// Wraps a token.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// One entry of the change feed; order holds per record, delivery is at least once and never skips.
public struct ChangeEntry: Sendable, Hashable {
    /// Where to continue after this entry.
    public var token: ChangeToken
    /// The record.
    public var id: CatalogueID
    /// Its version after the change.
    public var version: Int
    /// What happened.
    public var cause: CatalogueVersion.Cause
    /// When it was written.
    public var recordedAt: Timestamp
    /// Makes an entry.
    public init(
        token: ChangeToken, id: CatalogueID, version: Int, cause: CatalogueVersion.Cause, recordedAt: Timestamp
    ) {
        self.token = token
        self.id = id
        self.version = version
        self.cause = cause
        self.recordedAt = recordedAt
    }
}

/// A page of the change feed.
public struct ChangePage: Sendable, Hashable {
    /// The entries, oldest first.
    public var entries: [ChangeEntry]
    /// Where to continue: the last entry's token, or the one asked with when there was nothing new.
    public var next: ChangeToken
    /// Makes a page.
    public init(entries: [ChangeEntry], next: ChangeToken) {
        self.entries = entries
        self.next = next
    }
}
