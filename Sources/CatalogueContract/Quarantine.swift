// SPDX-License-Identifier: Apache-2.0
public import LicenceModel

/// A reject in quarantine.
public struct QuarantinedRecord: Sendable, Hashable {
    /// Its number, never reused.
    public var id: Int64
    /// The run that brought it.
    public var run: RunID
    /// The reject; `raw` is empty unless the filter asked for it.
    public var reject: Reject
    /// The size of the raw bytes.
    public var rawBytes: Int
    /// Makes one.
    public init(id: Int64, run: RunID, reject: Reject, rawBytes: Int) {
        self.id = id
        self.run = run
        self.reject = reject
        self.rawBytes = rawBytes
    }
}

/// Which rejects to read.
public struct QuarantineFilter: Sendable, Hashable {
    /// Only these numbers, when not empty.
    public var ids: [Int64]
    /// Only of this source.
    public var source: SourceID?
    /// Only of this interface's name.
    public var interfaceName: String?
    /// Only with this error code.
    public var code: String?
    /// Whether to read the raw bytes, which hold personal values.
    public var withRaw: Bool
    /// After this number.
    public var after: Int64
    /// At most so many, 1 to 1,000.
    public var limit: Int
    /// Makes a filter; the default reads the first hundred without raw bytes.
    public init(
        ids: [Int64] = [], source: SourceID? = nil, interfaceName: String? = nil, code: String? = nil,
        withRaw: Bool = false, after: Int64 = 0, limit: Int = 100
    ) {
        self.ids = ids
        self.source = source
        self.interfaceName = interfaceName
        self.code = code
        self.withRaw = withRaw
        self.after = after
        self.limit = limit
    }
}

/// What became of a reject.
public enum QuarantineResolution: Sendable, Hashable {
    /// It maps now: write the record, as if it had arrived.
    case replayed(Licence)
    /// An operator gives it up; `note` says why. Doubt it caused ends with it, so the note is kept in the run history.
    case purged(note: String)
}
