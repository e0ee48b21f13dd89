// SPDX-License-Identifier: Apache-2.0
public import AdapterKit

/// How an interface stands: not "it answers 200" but "it answers, rightly and completely".
public enum HealthVerdict: String, Sendable, Codable, CaseIterable {
    /// Every layer passes and a golden question was answered rightly not long ago.
    case healthy
    /// Every layer passes; no golden question is declared, or none was asked lately. Counted apart from `healthy`.
    case healthyUnproven = "healthy_unproven"
    /// It answers, and something about its answers or its pulls is not as declared.
    case degraded
    /// It cannot be asked, or answers wrongly.
    case down
    /// Nothing is known: never asked, or not heard of for too long.
    case unknown
    /// Paused by an operator or inside a planned downtime.
    case inMaintenance = "in_maintenance"

    /// True for both kinds of healthy.
    public var isHealthy: Bool { self == .healthy || self == .healthyUnproven }
}

/// What can be found out about an interface: the layers of a probe from the bottom up, then what its pulls tell.
public enum HealthAspect: String, Sendable, Codable, CaseIterable, Comparable {
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
    /// Pulls come to their end, and the last one is young enough to answer from.
    case completeness
    /// A pull brings as many records as it should.
    case volume
    /// Its records can be read.
    case rejects
    /// New records arrive in the source's rhythm.
    case freshness
    /// It answers as quickly as its owner promises.
    case latency
    /// The certificate does not end soon.
    case certificate

    /// The aspect that a probe of this layer finds out.
    public init(_ layer: ProbeLayer) {
        switch layer {
        case .nameResolution: self = .nameResolution
        case .connect: self = .connect
        case .tls: self = .tls
        case .authentication: self = .authentication
        case .http: self = .http
        case .businessStatus: self = .businessStatus
        case .shape: self = .shape
        case .content: self = .content
        }
    }

    /// True for the layers of a probe: when one fails, those above it fail with it.
    public var isLayer: Bool { self <= .content }

    /// Lower layers sort first.
    public static func < (a: HealthAspect, b: HealthAspect) -> Bool { a.rank < b.rank }

    private var rank: Int { HealthAspect.allCases.firstIndex(of: self) ?? 0 }
}
