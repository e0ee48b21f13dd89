// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// A run of a Singer tap: which program, with what, and how much it may use.
public struct TapOrder: Sendable {
    /// The program's name in the allow-list of the configuration.
    public var program: String
    /// The stream that is taken; others are counted and left out.
    public var stream: String
    /// The configuration as one JSON text, with its secrets: it reaches the program through a file only.
    public var configuration: Secret
    /// Values to mask in whatever the program says on standard error.
    public var secrets: [Secret]
    /// The file of the catalogue of streams handed over with `--catalog`; nil hands over none.
    public var catalogue: String?
    /// True when the program gives everything each time.
    public var isSnapshot: Bool
    /// The longest run.
    public var deadline: Duration
    /// The longest silence, and the longest line without an end.
    public var stall: Duration
    /// Bytes of the longest line.
    public var lineBytes: Int
    /// Bytes of everything it may say in one run.
    public var outputBytes: Int
    /// Bytes of address space.
    public var memory: Int

    /// Makes an order.
    public init(
        program: String, stream: String, configuration: Secret, secrets: [Secret] = [], catalogue: String? = nil,
        isSnapshot: Bool, deadline: Duration, stall: Duration, lineBytes: Int, outputBytes: Int, memory: Int
    ) {
        self.program = program
        self.stream = stream
        self.configuration = configuration
        self.secrets = secrets
        self.catalogue = catalogue
        self.isSnapshot = isSnapshot
        self.deadline = deadline
        self.stall = stall
        self.lineBytes = lineBytes
        self.outputBytes = outputBytes
        self.memory = memory
    }
}

/// Runs Singer taps; implemented by the room for other ways in.
public protocol TapRunning: Sendable {
    /// The records of one run of the program.
    func pull(
        _ tap: TapOrder, _ request: PullRequest, mapping: any RecordMapping
    ) -> any AsyncSequence<SourceBatch, SourceError> & Sendable
    /// Looks whether the program may and can be started, without starting it.
    func inspect(_ tap: TapOrder, place: Place) async throws(SourceError)
}

/// How a pushed batch is signed.
public enum PushAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// HMAC with SHA-256, and SHA-256 for the body.
    case hmacSHA256 = "hmac_sha256"
    /// HMAC with SM3, and SM3 for the body.
    case hmacSM3 = "hmac_sm3"
}

/// What an interface takes that its source pushes.
public struct PushIntake: Sendable {
    /// The interface.
    public var interface: InterfaceID
    /// The secret shared with the source.
    public var secret: Secret
    /// How a batch is signed.
    public var algorithm: PushAlgorithm
    /// How far a signature's time may lie from ours.
    public var window: Duration
    /// Bytes of the largest body.
    public var bodyBytes: Int
    /// How its records are read.
    public var mapping: any RecordMapping

    /// Makes one.
    public init(
        interface: InterfaceID, secret: Secret, algorithm: PushAlgorithm, window: Duration, bodyBytes: Int,
        mapping: any RecordMapping
    ) {
        self.interface = interface
        self.secret = secret
        self.algorithm = algorithm
        self.window = window
        self.bodyBytes = bodyBytes
        self.mapping = mapping
    }
}

// What only sources with other ways in have to do.
extension LicenceSource {
    /// Nothing is pushed to it.
    public var pushes: [PushIntake] { [] }
    /// There is nothing to put away.
    public func putsAway(_ interface: InterfaceID) -> Bool { false }
    /// There is nothing to put away.
    public func putAway(_ interface: InterfaceID, resume: ResumeCursor?) async -> [Diagnostic] { [] }
}
