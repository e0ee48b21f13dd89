// SPDX-License-Identifier: Apache-2.0

/// What the bytes are wrapped in.
public enum ArchiveFormat: Sendable, Hashable {
    /// One gzip stream, or several one after the other (RFC 1952).
    case gzip
    /// Deflated bytes in zlib's wrapping (RFC 1950) or bare (RFC 1951), as `deflate` means both in the field.
    case deflate
    /// One member of a zip archive: the only one whose name fits; without a name, the only file.
    case zip(member: MemberPattern?)
}

/// The bounds of one container; what passes them is refused, never cut short silently.
public struct ArchiveLimits: Sendable, Hashable {
    /// Bytes of the content, all members of a zip together.
    public var contentBytes: Int
    /// How many times larger than its packed form the content may be, once it is over a MiB.
    ///
    /// Deflate ends at 1,032; lists of licences in XML, which repeat much, reach 40.
    public var ratio = 200
    /// Members of a zip archive, and streams of a gzip file.
    public var members = 1_000
    /// Bytes of one member's name.
    public var nameBytes = 1_024

    /// Makes bounds.
    public init(contentBytes: Int) { self.contentBytes = contentBytes }
}

/// A name with `*` for any run of characters and `?` for one; compared with a member's whole path.
public struct MemberPattern: Sendable, Hashable {
    /// The pattern as written.
    public let text: String

    /// Makes a pattern; nil when it is empty, too long, or could only fit a name that is refused anyway.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 200, !text.hasPrefix("/"), !text.contains("\\"),
            !text.split(separator: "/", omittingEmptySubsequences: false).contains("..")
        else { return nil }
        self.text = text
    }

    /// Whether the name fits; takes time in proportion to both lengths multiplied at most.
    public func fits(_ name: String) -> Bool {
        let pattern = Array(text.unicodeScalars)
        let name = Array(name.unicodeScalars)
        var at = 0
        var here = 0
        var star: (pattern: Int, name: Int)?
        while here < name.count {
            if at < pattern.count, pattern[at] == "*" {
                star = (at, here)
                at += 1
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == name[here] {
                at += 1
                here += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                at = last.pattern + 1
                here = last.name + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
