// SPDX-License-Identifier: Apache-2.0
public import LicenceModel

/// What is wrong on purpose with a record, so that a right reader sets it aside.
public enum Spoiling: String, Sendable, CaseIterable {
    /// A status that is in no table.
    case unknownStatus = "unknown_status"
    /// A date that does not exist.
    case impossibleDate = "impossible_date"
    /// A licence type that is in no register.
    case unknownType = "unknown_type"
}

/// One record of a source: the licence that a right mapping gives, and what the source writes beside it.
public struct CityRecord: Sendable {
    /// Its place in the source, from 0.
    public let index: Int
    /// What a right mapping gives.
    public let licence: Licence
    /// The source's own word for the status.
    public let statusWord: String
    /// The source's sequence number of the last change.
    public let sequence: Int64
    /// The time of the last change, UTC+8, whole seconds since 1970.
    public let changedSeconds: Int64
    /// What is wrong with it on purpose.
    public let spoiling: Spoiling?
    let type: CityType
}
