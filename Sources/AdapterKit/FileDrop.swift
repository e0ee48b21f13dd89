// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel
public import SourceDocument

/// How records of one interface are read and mapped; the bridge from other ways in to the manifest's mapping.
public protocol RecordMapping: Sendable {
    /// The interface.
    var interface: InterfaceID { get }
    /// The format of its documents.
    var format: DocumentFormat { get }
    /// Where the list is.
    var records: StreamPath { get }
    /// The character set, when the manifest overrides it.
    var charset: DocumentCharset? { get }
    /// The bounds of one document.
    var limits: DocumentLimits { get }
    /// Maps what the reader found; a bad record is a value.
    func map(_ event: DocumentEvent, at place: Place, partition: String?, fetchedAt: Timestamp) -> MappedRecord
}

/// What a record became.
public enum MappedRecord: Sendable {
    /// A licence.
    case licence(Licence)
    /// A licence without fields that are set aside.
    case partly(Licence, [Reject])
    /// The source says that it is gone.
    case gone(Tombstone)
    /// It could not be mapped.
    case reject(Reject)
}

/// What a file is packed in.
public enum FileContainer: Sendable, Hashable {
    /// gzip.
    case gzip
    /// One member of a zip archive: the only one that fits the pattern, or the only file without one.
    case zip(member: String?)
}

/// A folder into which a source drops whole files, each with a ready file that vouches for it.
public struct FileDrop: Sendable, Hashable {
    /// What the ready file says.
    public enum Ready: Sendable, Hashable {
        /// Nothing: that it is there is all it says.
        case marker
        /// How many records there are and the data file's SHA-256, at these paths.
        case declared(rows: RecordPath, sha256: RecordPath)
    }
    /// What a file is.
    public enum Mode: Sendable, Hashable {
        /// Everything there is: the newest file is a whole pull.
        case snapshot
        /// What changed: the files are merged in the order of their names, each once.
        case changes
    }
    /// Where a file goes when it has been dealt with.
    public struct Shelves: Sendable, Hashable {
        /// Files whose content is durable.
        public var done: String
        /// Files that cannot be used, each with its reason beside it.
        public var rejected: String
        /// Names the folders.
        public init(done: String, rejected: String) {
            self.done = done
            self.rejected = rejected
        }
    }

    /// The folder.
    public var folder: String
    /// Names of data files, with `*` for any run of characters; the last by name is the newest.
    public var pattern: String
    /// What the ready file's name has after the data file's.
    public var readySuffix: String
    /// What the ready file says.
    public var ready: Ready
    /// What a file is.
    public var mode: Mode
    /// What the files are packed in; nil when they are not.
    public var container: FileContainer?
    /// Where files go afterwards; nil leaves them where they are, and the newest is read at every pull.
    public var shelves: Shelves?
    /// Makes a drop.
    public init(
        folder: String, pattern: String, readySuffix: String, ready: Ready, mode: Mode = .snapshot,
        container: FileContainer? = nil, shelves: Shelves? = nil
    ) {
        self.folder = folder
        self.pattern = pattern
        self.readySuffix = readySuffix
        self.ready = ready
        self.mode = mode
        self.container = container
        self.shelves = shelves
    }
}

/// What lies in a drop.
public struct FileDropState: Sendable, Hashable {
    /// The newest data file that its ready file vouches for.
    public var file: String
    /// The records its ready file declares, when it does.
    public var rows: Int?
    /// Its size.
    public var size: ByteCount
    /// Makes a state.
    public init(file: String, rows: Int?, size: ByteCount) {
        self.file = file
        self.rows = rows
        self.size = size
    }
}

/// Reads drops; implemented by the room for other ways in, handed to an adapter by whoever puts the house together.
public protocol FileDropReading: Sendable {
    /// The records of the newest complete file, or of every complete file that was not taken yet.
    func pull(
        _ drop: FileDrop, _ request: PullRequest, mapping: any RecordMapping
    ) -> any AsyncSequence<SourceBatch, SourceError> & Sendable
    /// The newest complete file, verified; throws when there is none.
    func inspect(_ drop: FileDrop, place: Place) async throws(SourceError) -> FileDropState
    /// Moves what a durable cursor stands for to where it belongs; gives what could not be moved.
    func putAway(_ drop: FileDrop, resume: ResumeCursor?, place: Place) async -> [Diagnostic]
}
