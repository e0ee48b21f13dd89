// SPDX-License-Identifier: Apache-2.0

/// A value that must not be shown: every way of printing it gives `<secret>`.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself; the name is long so that a reviewer sees every use.
    public let revealed: String

    /// Wraps a value.
    public init(_ value: String) { revealed = value }

    /// Always `<secret>`.
    public var description: String { "<secret>" }
    /// Always `<secret>`.
    public var debugDescription: String { "<secret>" }
    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A count of bytes.
public struct ByteCount: Sendable, Hashable, Comparable {
    /// The number of bytes.
    public var bytes: Int

    /// Makes a count.
    public init(_ bytes: Int) { self.bytes = bytes }

    /// `n` times 1,024 bytes.
    public static func kibibytes(_ n: Int) -> ByteCount { ByteCount(n << 10) }
    /// `n` times 1,048,576 bytes.
    public static func mebibytes(_ n: Int) -> ByteCount { ByteCount(n << 20) }
    /// Fewer bytes sort first.
    public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }

    /// For people: `8 MiB`, `1.5 KiB`, `312 B`.
    public var words: String {
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where bytes >= size {
            let tenths = bytes * 10 / size
            return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(bytes) B"
    }
}
