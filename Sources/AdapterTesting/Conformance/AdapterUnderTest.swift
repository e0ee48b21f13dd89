// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Diagnostics
public import LicenceModel
public import Transport

/// An adapter folder as the conformance suite sees it, however the adapter is made.
public struct AdapterUnderTest: Sendable {
    /// Makes the adapter on a transport, with settings and a clock.
    public typealias Maker =
        @Sendable (any HTTPExchanging, any AdapterSettings, any GatewayClock) throws(SourceError) ->
        any LicenceSource

    /// How the answers of an interface look.
    public enum Format: String, Sendable {
        /// JSON.
        case json
        /// XML.
        case xml
        /// CSV.
        case csv
    }

    /// The folder's name.
    public var folderName: String
    /// The folder.
    public var folder: String
    /// What lint says about it.
    public var findings: [Diagnostic]
    /// Tests it is excused from, with the reason.
    public var waivers: [String: String]
    /// The licence types that exist; nil leaves them unchecked.
    public var registeredTypes: Set<LicenceTypeCode>?
    /// The format of each interface.
    public var formats: [String: Format]
    /// Interfaces that are read from a folder.
    public var fileInterfaces: Set<String>
    /// The largest answer it accepts.
    public var responseBytes: Int
    /// The path of the request for a token, for an adapter that logs in; it is answered with `fixtures/login.json` and
    /// not counted.
    public var loginPath: String?
    /// Makes the adapter.
    public var make: Maker

    /// Describes an adapter folder.
    public init(
        folderName: String, folder: String, findings: [Diagnostic], waivers: [String: String],
        registeredTypes: Set<LicenceTypeCode>?, formats: [String: Format], fileInterfaces: Set<String>,
        responseBytes: Int, loginPath: String? = nil, make: @escaping Maker
    ) {
        self.folderName = folderName
        self.folder = folder
        self.findings = findings
        self.waivers = waivers
        self.registeredTypes = registeredTypes
        self.formats = formats
        self.fileInterfaces = fileInterfaces
        self.responseBytes = responseBytes
        self.loginPath = loginPath
        self.make = make
    }
}

/// Settings in which every secret is a canary and every address is one where nobody listens.
public struct CanarySettings: AdapterSettings {
    /// Stands for every secret; must never be seen again.
    public static let secret = "canary-secret-7f3a"
    /// The folder that stands for every folder.
    public var folder: String
    /// Secrets that have to be what they are, such as the key that opens a golden answer.
    public var keys: [String: String]

    /// Makes settings.
    public init(folder: String = "/nonexistent", keys: [String: String] = [:]) {
        self.folder = folder
        self.keys = keys
    }

    /// The canary, or a key that opens golden answers.
    public func secret(_ name: String) -> Secret? { Secret(keys[name] ?? Self.secret) }

    /// A loopback address, the folder or one in it, or a word.
    public func setting(_ name: String) -> String? {
        if name.contains("url") { return "http://127.0.0.1:9/base" }
        if name.contains("done") { return folder + "/done" }
        if name.contains("rejected") { return folder + "/rejected" }
        if name.contains("folder") || name.contains("drop") { return folder }
        return "setting"
    }
}

/// A clock on which waiting costs nothing: whoever sleeps moves it on.
public final class LeapingClock: GatewayClock {
    private let manual: ManualClock
    /// Makes a clock that shows 2026-11-25 09:30 in UTC+8.
    public init() { manual = ManualClock() }
    /// The moment shown.
    public var now: Timestamp { manual.now }
    /// Time moved so far.
    public var elapsed: Duration { manual.elapsed }
    /// Moves on at once.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        manual.advance(by: duration)
    }
}
