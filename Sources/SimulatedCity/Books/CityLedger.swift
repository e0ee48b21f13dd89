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
    /// The name of the secret that holds the code.
    public let secretName: String
}
