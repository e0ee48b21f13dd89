// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// What is known of one aspect of an interface.
public struct HealthFinding: Sendable, Hashable {
    /// How it stands.
    public enum Outcome: Sendable, Hashable {
        /// As it should.
        case passed
        /// Not as it should; the interface still answers.
        case warned
        /// Not as it should.
        case failed
        /// Could not be found out because a lower layer failed.
        case consequence(of: HealthAspect)
        /// Does not apply here (no TLS, no golden question).
        case notApplicable

        /// The outcome's stable name in JSON.
        public var name: String {
            switch self {
            case .passed: "passed"
            case .warned: "warned"
            case .failed: "failed"
            case .consequence: "consequence"
            case .notApplicable: "not_applicable"
            }
        }
    }

    /// Which aspect.
    public var aspect: HealthAspect
    /// How it stands.
    public var outcome: Outcome
    /// What was seen.
    public var evidence: BilingualSentence
    /// The error code behind a failure.
    public var code: String?
    /// What a person can do, when the failure itself says so.
    public var remedy: String?
    /// When it was seen.
    public var observedAt: Timestamp
    /// How long the attempt took, for a layer that was probed.
    public var took: Duration?

    /// Makes a finding.
    public init(
        _ aspect: HealthAspect, _ outcome: Outcome, evidence: BilingualSentence, code: String? = nil,
        remedy: String? = nil, observedAt: Timestamp, took: Duration? = nil
    ) {
        self.aspect = aspect
        self.outcome = outcome
        self.evidence = evidence
        self.code = code
        self.remedy = remedy
        self.observedAt = observedAt
        self.took = took
    }
}

/// How the golden questions of an interface were answered.
public struct GoldenTally: Sendable, Hashable {
    /// Declared in the manifest.
    public var declared: Int
    /// Asked in the last round that reached them.
    public var asked: Int
    /// Answered rightly in that round.
    public var answeredRightly: Int
    /// When that was.
    public var askedAt: Timestamp?
    /// Makes a tally.
    public init(declared: Int = 0, asked: Int = 0, answeredRightly: Int = 0, askedAt: Timestamp? = nil) {
        self.declared = declared
        self.asked = asked
        self.answeredRightly = answeredRightly
        self.askedAt = askedAt
    }
}
