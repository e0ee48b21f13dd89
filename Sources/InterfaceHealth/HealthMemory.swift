// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel
import Synchronization

/// The verdict of an interface and since when: what must survive a restart.
public struct HealthMark: Sendable, Hashable, Codable {
    /// The interface.
    public var interface: InterfaceID
    /// Its verdict.
    public var verdict: HealthVerdict
    /// Since when.
    public var since: Timestamp
    /// Makes a mark.
    public init(interface: InterfaceID, verdict: HealthVerdict, since: Timestamp) {
        self.interface = interface
        self.verdict = verdict
        self.since = since
    }
}

/// Where verdicts are kept across restarts; engines fulfil it.
public protocol HealthMemory: Sendable {
    /// Every mark kept.
    func marks() async throws(HealthError) -> [HealthMark]
    /// Keeps these marks in place of the ones of the same interfaces.
    func keep(_ marks: [HealthMark]) async throws(HealthError)
}

/// A memory that ends with its process.
public final class InMemoryHealthMemory: HealthMemory {
    private let kept = Mutex<[InterfaceID: HealthMark]>([:])

    /// Makes an empty memory.
    public init() {}
    /// Every mark kept.
    public func marks() async throws(HealthError) -> [HealthMark] {
        kept.withLock { $0.values.sorted { $0.interface < $1.interface } }
    }
    /// Keeps these marks.
    public func keep(_ marks: [HealthMark]) async throws(HealthError) {
        kept.withLock { kept in for mark in marks { kept[mark.interface] = mark } }
    }
}

/// What can go wrong in keeping health.
public struct HealthError: DiagnosedError, Hashable {
    /// The stable name of an error; open to new ones.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// `health.<what>`.
        public let rawValue: String
        /// Wraps a code.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Verdicts could not be kept or read.
        public static let memory = Code(rawValue: "health.memory")
    }
    /// Which error.
    public var code: Code
    /// The whole finding.
    public var diagnostic: Diagnostic
    /// Makes an error.
    public init(_ code: Code, _ what: String, place: Place = Place(), consequence: String? = nil, remedy: String) {
        self.code = code
        diagnostic = Diagnostic(
            code: code.rawValue, what: what, place: place, consequence: consequence, remedy: remedy)
    }
}
