// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import LicenceModel

/// What a source holds now, as a right reader must have it.
public struct CityLedger: Sendable {
    /// One record.
    public struct Entry: Sendable, Hashable {
        /// Its key.
        public let key: SourceRecordKey
        /// `Licence.contentDigest` of what a right mapping gives.
        public let digest: Digest256
    }
    /// Every record that is not spoiled, in the source's order of change.
    public let entries: [Entry]
    /// The keys of the records spoiled on purpose, in the same order.
    public let spoiled: [SourceRecordKey]

    /// One digest over all of it: SHA-256 of the sorted lines `key TAB digest LF`, spoiled records left out.
    public var digest: Digest256 {
        SHA256.digest(entries.map { "\($0.key.joined)\t\($0.digest)\n" }.sorted().joined())
    }

    static func + (a: CityLedger, b: CityLedger) -> CityLedger {
        CityLedger(entries: a.entries + b.entries, spoiled: a.spoiled + b.spoiled)
    }
}

/// A holder whose answer is known.
public struct GoldenHolder: Sendable, Hashable {
    /// What must come back, by the words of golden questions: `valid`, `expired`, `revoked`, `absent`.
    public let expectation: String
    /// The holder.
    public let holder: Holder
    /// The licence type it is known for.
    public let typeCode: LicenceTypeCode
    /// The licence's number, when it has one.
    public let number: LicenceNumber?
    /// The licence's identifier, when it has one.
    public let identifier: LicenceIdentifier?
    /// The name of the secret that holds what is asked by.
    public let secretName: String
    /// What is asked by: the holder's code, the licence's number or its identifier.
    public let asked: String
}
