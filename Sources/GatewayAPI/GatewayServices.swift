// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import CatalogueContract
public import Diagnostics
public import InterfaceHealth
public import LicenceModel
public import ProofFree

/// One line of the register of licence types, as far as the API shows it.
public struct LicenceTypeLine: Sendable, Hashable {
    /// The type's code.
    public var code: LicenceTypeCode
    /// Its name, in Chinese as the register has it.
    public var name: String
    /// Makes a line.
    public init(code: LicenceTypeCode, name: String) {
        self.code = code
        self.name = name
    }
}

/// One thing the gateway needs to do its work.
public struct ReadinessCheck: Sendable, Hashable {
    /// Its name, snake case.
    public var name: String
    /// Whether it is there.
    public var isReady: Bool
    /// One sentence, without personal values.
    public var detail: String
    /// Makes a check.
    public init(name: String, isReady: Bool, detail: String) {
        self.name = name
        self.isReady = isReady
        self.detail = detail
    }
}

/// What the API stands on; `licgate` chooses who fulfils each.
public struct GatewayServices: Sendable {
    /// The catalogue.
    public var catalogue: any CatalogueReading
    /// Answers questions; an `AnswerDesk` in the program.
    public var answering: @Sendable (ProofFreeQuestion) async -> ProofFreeAnswer
    /// Who knows how the interfaces stand.
    public var health: any HealthReporting
    /// The sources in service, as they stand now.
    public var sources: @Sendable () -> [SourceDescription]
    /// The register of licence types.
    public var licenceTypes: @Sendable () -> [LicenceTypeLine]
    /// Takes pushed records.
    public var taking: @Sendable (PushCall, PushBody) async throws(PushRefusal) -> PushReceipt
    /// What must be there for the gateway to work; never a source.
    public var readiness: @Sendable () async -> [ReadinessCheck]
    /// Counts and gauges.
    public var metrics: GatewayMetrics
    /// The clock.
    public var clock: any GatewayClock
    /// Takes the access log, one entry a request.
    public var accessLog: @Sendable (AccessEntry) -> Void
    /// The program's version.
    public var version: String

    /// Makes services.
    public init(
        catalogue: any CatalogueReading, health: any HealthReporting,
        answering: @escaping @Sendable (ProofFreeQuestion) async -> ProofFreeAnswer,
        sources: @escaping @Sendable () -> [SourceDescription],
        licenceTypes: @escaping @Sendable () -> [LicenceTypeLine],
        readiness: @escaping @Sendable () async -> [ReadinessCheck], metrics: GatewayMetrics,
        clock: any GatewayClock, version: String,
        taking: @escaping @Sendable (PushCall, PushBody) async throws(PushRefusal) -> PushReceipt = takesNoPush,
        accessLog: @escaping @Sendable (AccessEntry) -> Void
    ) {
        self.catalogue = catalogue
        self.answering = answering
        self.health = health
        self.sources = sources
        self.licenceTypes = licenceTypes
        self.readiness = readiness
        self.taking = taking
        self.metrics = metrics
        self.clock = clock
        self.version = version
        self.accessLog = accessLog
    }
}

/// One request in the access log: no query, no body, no header, and the route's template in place of its path.
public struct AccessEntry: Sendable, Hashable {
    /// When it was answered.
    public var at: Timestamp
    /// The request's id, also in the answer's `X-Request-Id`.
    public var requestID: String
    /// The method, one of a fixed set.
    public var method: String
    /// The route's template, `unmatched` for an unknown route.
    public var route: String
    /// The status.
    public var status: Int
    /// The problem's code, when it was answered with one.
    public var code: String?
    /// How long it took.
    public var took: Duration
    /// Bytes of the answer's body.
    public var bytes: Int
    /// True for routes that machines ask every few seconds.
    public var isRoutine: Bool

    /// The entry as one line of JSON.
    public var json: String {
        let line: JSON = [
            "at": .string(at.iso8601), "level": "info", "event": "request", "request": .string(requestID),
            "method": .string(method), "route": .string(route), "status": .int(status),
            "code": code.map { .string($0) },
            "took_ms": .double(Double(took.wholeMilliseconds)), "bytes": .int(bytes),
        ]
        return line.text
    }
}
