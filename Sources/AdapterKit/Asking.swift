// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// One question to one source.
public enum LookupQuestion: Sendable, Hashable {
    /// By licence identifier.
    case identifier(String)
    /// By licence number and type.
    case number(LicenceNumber, LicenceTypeCode)
    /// By holder, of one type or of all; some sources want the name too.
    case holder(Holder, LicenceTypeCode?)

    /// The kind of a question.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// By licence identifier.
        case identifier
        /// By licence number and type.
        case number
        /// By holder.
        case holder
    }

    /// The kind of this question.
    public var kind: Kind {
        switch self {
        case .identifier: .identifier
        case .number: .number
        case .holder: .holder
        }
    }
}

/// Who asks, for which matter and why; there from the first day, also where a source ignores it.
public struct AskingContext: Sendable, Hashable {
    /// The system that asks.
    public var system: String
    /// The operator, by the asking system's own account name.
    public var operatorAccount: String?
    /// The service matter's code.
    public var matter: String?
    /// The purpose, at most 200 characters (a limit several share services state).
    public var purpose: String
    /// Makes a context.
    public init(system: String, operatorAccount: String? = nil, matter: String? = nil, purpose: String) {
        self.system = system
        self.operatorAccount = operatorAccount
        self.matter = matter
        self.purpose = purpose
    }
}

/// Until when an answer is of use, on a clock's `elapsed` scale.
public struct Deadline: Sendable, Hashable, Comparable {
    /// The moment, as `GatewayClock.elapsed`.
    public var elapsed: Duration
    /// A deadline `duration` from now.
    public init(_ duration: Duration, from clock: any GatewayClock) { elapsed = clock.elapsed + duration }
    /// The time that is left, never negative.
    public func remaining(_ clock: any GatewayClock) -> Duration { max(.zero, elapsed - clock.elapsed) }
    /// Earlier deadlines sort first.
    public static func < (a: Deadline, b: Deadline) -> Bool { a.elapsed < b.elapsed }
}

/// What a source answered.
public enum SourceFinding: Sendable, Hashable {
    /// These records.
    case records([Licence])
    /// None, and how the source said so (a declared shape, by its name in the manifest).
    case none(evidence: String)
    /// There is one that is not in force, told by the answer's code alone.
    case notInForce(LicenceStatus)
    /// The source refuses to answer this caller.
    case refused(code: String)
}

/// The layers at which an interface can fail, from the bottom up.
public enum ProbeLayer: String, Sendable, Codable, CaseIterable {
    /// The host name resolves.
    case nameResolution = "name_resolution"
    /// A connection opens.
    case connect
    /// TLS is agreed and the certificate holds.
    case tls
    /// We are let in.
    case authentication
    /// HTTP answers as declared.
    case http
    /// The business status says ok.
    case businessStatus = "business_status"
    /// The answer has the manifest's shape.
    case shape
    /// A golden question is answered rightly.
    case content
}

/// A question whose answer we know, by reference: the number itself is a secret.
public struct GoldenQuestion: Sendable, Hashable {
    /// What the answer must be.
    public enum Expectation: String, Sendable, Codable, CaseIterable {
        /// A valid licence.
        case valid
        /// An expired one.
        case expired
        /// A revoked, cancelled or withdrawn one.
        case revoked
        /// None.
        case absent
    }
    /// Its name in the manifest.
    public var name: String
    /// What is asked for.
    public var kind: LookupQuestion.Kind
    /// The kind of holder code, for questions by holder.
    public var holderKind: HolderCodeKind?
    /// The licence type.
    public var typeCode: LicenceTypeCode?
    /// The name of the secret that holds the code, number or identifier.
    public var secretName: String
    /// What must come back.
    public var expectation: Expectation
    /// Makes a question.
    public init(
        name: String, kind: LookupQuestion.Kind, holderKind: HolderCodeKind? = nil, typeCode: LicenceTypeCode? = nil,
        secretName: String, expectation: Expectation
    ) {
        self.name = name
        self.kind = kind
        self.holderKind = holderKind
        self.typeCode = typeCode
        self.secretName = secretName
        self.expectation = expectation
    }
}

/// What one attempt at one layer found.
public struct ProbeResult: Sendable, Hashable {
    /// How it went.
    public enum Outcome: Sendable, Hashable {
        /// As it should.
        case passed
        /// Not as it should.
        case failed(Diagnostic)
        /// This layer does not apply (no TLS on a loopback address, no golden question).
        case notApplicable(String)
    }
    /// The layer.
    public var layer: ProbeLayer
    /// How it went.
    public var outcome: Outcome
    /// How long the whole attempt took.
    public var took: Duration
    /// Days until the source's certificate ends, when there is one.
    public var certificateDaysLeft: Int?
    /// Makes a result.
    public init(layer: ProbeLayer, outcome: Outcome, took: Duration, certificateDaysLeft: Int? = nil) {
        self.layer = layer
        self.outcome = outcome
        self.took = took
        self.certificateDaysLeft = certificateDaysLeft
    }
}
