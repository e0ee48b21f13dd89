// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import LicenceModel

/// What is known of an interface before its manifest is written.
public struct ProposalInput: Sendable {
    /// How answers come.
    public enum Way: Sendable, Hashable {
        /// Page by page over HTTP.
        case pull
        /// One question at a time, by holder, number or identifier.
        case find(LookupQuestion.Kind)
        /// As files in a folder; `changes` for files that are merged.
        case files
    }
    /// How we show who we are, as far as a person said so.
    public enum Authentication: Sendable, Hashable {
        /// Nobody said.
        case unknown
        /// Nothing is needed.
        case none
        /// A key in this header.
        case header(String)
        /// A key in this query parameter.
        case query(String)
        /// Account and password.
        case basic
        /// A token.
        case bearer
        /// OAuth 2 with client credentials: the token's path, its origin when the document says one, and a scope.
        case oauth2(path: String, origin: String?, scope: String?)
        /// The document names a way that has to be written by hand.
        case said(String)
    }

    /// The source's id: the folder's name.
    public var id: String
    /// Its name, shown to people.
    public var name: String?
    /// Who answers the phone.
    public var owner: String?
    /// The interface's name.
    public var interface = "records"
    /// The bytes of one answer.
    public var sample: [UInt8]
    /// Where they came from, for comments.
    public var sampleName: String
    /// The character set, when it has to be said.
    public var charset: String?
    /// The request that brought the answer.
    public var request: RequestSample?
    /// How answers come; nil to judge by the sample.
    public var way: Way?
    /// How we show who we are.
    public var authentication: Authentication = .unknown
    /// The licence type of every record, when it is one.
    public var licenceType: LicenceTypeCode?
    /// True for a simulation.
    public var simulated = false
    /// True when `sample` was made of a document's schema, and no answer was seen.
    public var isDocumented = false
    /// The day, for a comment.
    public var today: String

    /// Describes an interface by one answer of it.
    public init(id: String, sample: [UInt8], sampleName: String, today: String) {
        self.id = id
        self.sample = sample
        self.sampleName = sampleName
        self.today = today
    }
}
