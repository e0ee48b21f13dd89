// SPDX-License-Identifier: Apache-2.0
internal import SourceDocument

/// A declared shape of an answer or a record; all its parts must hold.
struct Condition: Sendable {
    /// What an answer answers.
    enum Exchange: String, Sendable, CaseIterable { case pull, find }

    let name: String
    let status: Int?
    let tests: [EnvelopeTest]
    /// Nil: answers to pulls and to questions alike.
    var exchange: Exchange?
}

/// One value of the envelope, compared.
struct EnvelopeTest: Sendable {
    enum Kind: Sendable { case equals(String), contains(String), empty }
    let path: RecordPath
    let kind: Kind
}
