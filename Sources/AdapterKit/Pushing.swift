// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// What a pushed batch says of itself, before its body: everything here is covered by its signature.
public struct PushCall: Sendable, Hashable {
    /// The source it is for.
    public var source: SourceID
    /// The interface it is for; nil when the source has one that is pushed to.
    public var interface: String?
    /// The path of the request with its query, as it was sent.
    public var target: String
    /// The batch's id, chosen by the sender.
    public var batch: String?
    /// When it was signed, in whole seconds since 1970.
    public var timestamp: String?
    /// A text that this sender never uses again.
    public var nonce: String?
    /// The signature in hexadecimal.
    public var signature: String?
    /// Bytes of the body, when the sender declares them.
    public var declaredBytes: Int?

    /// Makes a call.
    public init(
        source: SourceID, interface: String?, target: String, batch: String?, timestamp: String?, nonce: String?,
        signature: String?, declaredBytes: Int?
    ) {
        self.source = source
        self.interface = interface
        self.target = target
        self.batch = batch
        self.timestamp = timestamp
        self.nonce = nonce
        self.signature = signature
        self.declaredBytes = declaredBytes
    }
}

/// What became of a pushed batch; said only when it is durable.
public struct PushReceipt: Sendable, Hashable {
    /// A record that was set aside: where it stood and why, never what is in it.
    public struct Rejected: Sendable, Hashable {
        /// Its place in the list, from 1.
        public var record: Int?
        /// Line in the body.
        public var line: Int?
        /// Column in bytes.
        public var column: Int?
        /// Path in the body.
        public var path: String?
        /// The stable code.
        public var code: String
        /// The reason.
        public var what: String
        /// Names a record.
        public init(record: Int?, line: Int?, column: Int?, path: String?, code: String, what: String) {
            self.record = record
            self.line = line
            self.column = column
            self.path = path
            self.code = code
            self.what = what
        }
    }
    /// The batch.
    public var batch: String
    /// The interface that took it.
    public var interface: InterfaceID
    /// True when this very batch was taken before: nothing was done, and the counts are zero.
    public var isRepeated: Bool
    /// Records in it.
    public var received = 0
    /// Records that are new or changed.
    public var stored = 0
    /// Records that say nothing new.
    public var unchanged = 0
    /// Records older than what is stored; they went into history.
    public var late = 0
    /// Records set aside.
    public var rejected = 0
    /// Records withdrawn by the source's word.
    public var withdrawn = 0
    /// The first of those set aside.
    public var rejects: [Rejected] = []

    /// Makes a receipt.
    public init(batch: String, interface: InterfaceID, isRepeated: Bool = false) {
        self.batch = batch
        self.interface = interface
        self.isRepeated = isRepeated
    }
}

/// Why a pushed batch was not taken.
public struct PushRefusal: DiagnosedError, Hashable {
    /// What kind of refusal it is, for whoever answers.
    public enum Kind: Sendable, Hashable {
        /// The call is not one of this route.
        case invalid
        /// The signature does not prove who sends.
        case unproven
        /// There is no such source, or nothing may be pushed to it.
        case absent
        /// It contradicts what was taken before, or the source is out of service.
        case conflict
        /// The body is larger than allowed.
        case tooLarge
        /// The body cannot be used.
        case unusable
        /// Not now.
        case busy
    }
    /// What kind of refusal it is.
    public var kind: Kind
    /// The whole finding.
    public var diagnostic: Diagnostic
    /// Records set aside when that was why.
    public var rejects: [PushReceipt.Rejected]

    /// Makes a refusal.
    public init(
        _ kind: Kind, code: String, _ what: String, place: Place = Place(), consequence: String? = nil, remedy: String
    ) {
        self.kind = kind
        diagnostic = Diagnostic(code: code, what: what, place: place, consequence: consequence, remedy: remedy)
        rejects = []
    }

    /// Wraps a finding of a layer below.
    public init(_ kind: Kind, _ diagnostic: Diagnostic, rejects: [PushReceipt.Rejected] = []) {
        self.kind = kind
        self.diagnostic = diagnostic
        self.rejects = rejects
    }
}

/// The pieces of a pushed body as they arrive.
public typealias PushBody = any AsyncSequence<[UInt8], any Error> & Sendable
