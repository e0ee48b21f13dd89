// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Unpacks one container as its bytes arrive: `feed`, then `next` until it is nil, and `finish` at the end.
///
/// Shape: one owner, one thread at a time; not Sendable. Memory is that of one chunk and one piece of 64 KiB.
/// What came out before an error must not be used: only `finish` says that all of it was right.
public final class Unarchiver {
    private let place: Place
    private var input = PackedInput()
    private var meter: ContentMeter
    private var unpacker: any Unpacking
    private var failure: ArchiveError?

    /// Makes an unarchiver.
    public init(_ format: ArchiveFormat, limits: ArchiveLimits, place: Place = Place()) {
        self.place = place
        meter = ContentMeter(limits: limits)
        switch format {
        case .gzip: unpacker = GzipUnpacker(streamsMax: limits.members)
        case .deflate: unpacker = DeflateUnpacker()
        case .zip(let member): unpacker = ZipUnpacker(wanted: member, limits: limits)
        }
    }

    /// Bytes of content handed out so far, those of members that were passed over included.
    public var contentBytes: Int { meter.made }

    /// Takes more of the packed bytes.
    public func feed(_ bytes: some Collection<UInt8>) { input.append(bytes) }

    /// The next piece of the content, at most 64 KiB; nil when more packed bytes are needed first.
    ///
    /// Throws: what is wrong with the container, and the same again when asked again.
    public func next() throws(ArchiveError) -> [UInt8]? {
        if let failure { throw failure }
        do throws(Fault) {
            while true {
                let before = input.used
                switch try unpacker.step(&input, &meter) {
                case .content(let bytes): return bytes
                case .needsMore: return nil
                case .goOn: if input.used == before, input.isEmpty { return nil }
                }
            }
        } catch { throw fail(error) }
    }

    /// Takes the end of the packed bytes, after the last `next`.
    ///
    /// Throws: `archive.truncated` and whatever only the end can show.
    public func finish() throws(ArchiveError) {
        if let failure { throw failure }
        do throws(Fault) { try unpacker.finish(&input) } catch { throw fail(error) }
    }

    private func fail(_ fault: Fault) -> ArchiveError {
        let error = ArchiveError(fault.code, offset: fault.at ?? input.used, place: place, detail: fault.detail)
        failure = error
        return error
    }
}

/// A fault before its place is known.
struct Fault: Error {
    var code: ArchiveError.Code
    var at: Int?
    var detail: String?

    init(_ code: ArchiveError.Code, at: Int? = nil, _ detail: String? = nil) {
        self.code = code
        self.at = at
        self.detail = detail
    }
}

/// What one step of unpacking led to.
enum Unpacked {
    case content([UInt8])
    case needsMore
    case goOn
}

/// How one kind of container is unpacked.
protocol Unpacking {
    mutating func step(_ input: inout PackedInput, _ meter: inout ContentMeter) throws(Fault) -> Unpacked
    mutating func finish(_ input: inout PackedInput) throws(Fault)
}

/// Packed bytes not yet understood.
struct PackedInput {
    private var bytes: [UInt8] = []
    private var cursor = 0
    /// Bytes understood since the beginning.
    private(set) var used = 0

    var count: Int { bytes.count - cursor }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: some Collection<UInt8>) {
        if cursor > 0 {
            bytes.removeSubrange(0..<cursor)
            cursor = 0
        }
        bytes.append(contentsOf: more)
    }

    subscript(_ at: Int) -> UInt8 { bytes[cursor + at] }

    /// A number of `size` bytes, the lowest first; the caller has made sure that they are there.
    func number(_ at: Int, _ size: Int) -> UInt64 {
        (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(self[at + $1]) }
    }

    func slice(_ range: Range<Int>) -> ArraySlice<UInt8> {
        bytes[(cursor + range.lowerBound)..<(cursor + range.upperBound)]
    }

    mutating func drop(_ count: Int) {
        cursor += count
        used += count
    }

    /// Lends at most a MiB of the bytes.
    func withBytes<T>(most: Int = 1 << 20, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[cursor..<(cursor + min(count, most))])) }
    }
}

/// Counts the content and refuses too much of it.
///
/// The ratio is looked at where a whole number of pieces is full and nowhere else, and no piece reaches over such a
/// place: so the same bytes are judged alike however they were cut on their way.
struct ContentMeter {
    static let alwaysAllowed = 1 << 20
    static let piece = 64 << 10
    let limits: ArchiveLimits
    private(set) var made = 0

    init(limits: ArchiveLimits) { self.limits = limits }

    /// The most that may be made before the next look at the ratio.
    var room: Int { ContentMeter.piece - made % ContentMeter.piece }

    mutating func add(_ count: Int, packed: Int) throws(Fault) {
        made += count
        guard made <= limits.contentBytes else { throw Fault(.tooLarge) }
        guard count > 0, made % ContentMeter.piece == 0, made > ContentMeter.alwaysAllowed else { return }
        if made / limits.ratio > packed { throw Fault(.bomb) }
    }

    /// One step of a deflate stream; the content is measured before it is handed out, and before what broke after it.
    mutating func inflate(
        _ inflater: Inflater, _ input: inout PackedInput
    ) throws(Fault) -> (bytes: [UInt8], ended: Bool) {
        var step: (used: Int, made: Int, outcome: Inflater.Outcome) = (0, 0, .more)
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { room, count in
            step = input.withBytes { inflater.step($0, into: room) }
            count = step.made
        }
        input.drop(step.used)
        try add(bytes.count, packed: input.used)
        switch step.outcome {
        case .corrupt: throw Fault(.corrupt)
        case .checksum: throw Fault(.checksum)
        case .noMemory: throw Fault(.corrupt, "zlib has no memory")
        case .more, .ended: break
        }
        return (bytes, step.outcome == .ended)
    }
}
