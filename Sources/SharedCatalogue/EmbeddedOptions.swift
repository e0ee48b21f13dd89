// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// How an embedded catalogue is opened.
public struct EmbeddedOptions: Sendable {
    /// Who may write.
    public enum Mode: Sendable, Hashable {
        /// This process writes; there is one at a time.
        case writer
        /// Another process may be writing: this one only reads, what is committed so far.
        case reader
    }

    /// The folder that holds the catalogue; made when a writer finds none.
    public var folder: String
    /// Who may write.
    public var mode: Mode
    /// The index key's file; nil is `index.key` in the folder.
    public var keyFile: String?
    /// Memory for the block cache and the write buffers together.
    public var memory = ByteCount.mebibytes(128)
    /// How many bytes the quarantine takes before pages are refused.
    public var quarantineLimit = ByteCount.mebibytes(1024)
    /// How much of the disk must stay free: below it writes are refused with `catalogue.disk_full` until there is room.
    public var reserve = ByteCount.mebibytes(256)
    /// How many threads read.
    public var readers = 3
    /// How many reads wait at most; more are refused with `catalogue.busy`.
    public var waitingReads = 256
    /// How many writes wait at most; more are refused with `catalogue.busy`.
    public var waitingWrites = 256
    /// Where a reader keeps its private, temporary folder.
    public var temporaryFolder = "/tmp"
    /// Called at fail points; for tests of kills and of a slow disk.
    public var failPoint: CatalogueFailPointHook?
    /// Fewer bits of hash make collisions, for tests.
    package var hashBits = 64
    /// Fewer bits of id make collisions, for tests.
    package var idBits = 128
    /// Fewer records that a full pull remembers, for tests.
    package var seenRecords = 32 << 20

    /// Makes options with the defaults of a small machine.
    public init(folder: String, mode: Mode = .writer) {
        self.folder = folder
        self.mode = mode
    }
}
