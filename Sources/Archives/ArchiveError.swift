// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Packed bytes that cannot be unpacked; names an offset, never a byte of the content or a member's name.
public struct ArchiveError: DiagnosedError, Hashable {
    /// What is wrong, by its stable name.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The bytes do not start as the declared container does.
        case notThis = "archive.not_this"
        /// The bytes stop before the container's end.
        case truncated = "archive.truncated"
        /// The compressed bytes break the rules of their format.
        case corrupt = "archive.corrupt"
        /// The content is not what its checksum or length says.
        case checksum = "archive.checksum"
        /// The content is larger than the limit.
        case tooLarge = "archive.too_large"
        /// The content is so many times larger than its packed form that it must be a bomb.
        case bomb = "archive.bomb"
        /// More members than the limit.
        case tooManyMembers = "archive.too_many_members"
        /// A member's name leaves the archive's folder, or is too long.
        case memberName = "archive.member_name"
        /// No member has the name asked for.
        case memberMissing = "archive.member_missing"
        /// More than one member has the name asked for.
        case memberAmbiguous = "archive.member_ambiguous"
        /// The archive is encrypted, or packed in a way that is not read here.
        case notSupported = "archive.not_supported"
        /// The directory at the end of a zip file is not that of the members before it.
        case directory = "archive.directory"
        /// Something follows the end of the container.
        case trailing = "archive.trailing"
    }

    /// The kind of error.
    public let code: Code
    /// Bytes of the packed form before the place.
    public let offset: Int
    /// Where the bytes came from.
    public var place: Place
    /// A sentence more exact than the code's own.
    public let detail: String?

    init(_ code: Code, offset: Int, place: Place, detail: String? = nil) {
        self.code = code
        self.offset = offset
        self.place = place
        self.detail = detail
    }

    /// Whether asking again may help: the bytes were damaged or cut on their way.
    public var mayPass: Bool { [.truncated, .corrupt, .checksum].contains(code) }

    /// The finding in its four parts.
    public var diagnostic: Diagnostic {
        let (what, remedy) = words
        return Diagnostic(
            code: code.rawValue, what: "\(detail ?? what), at byte \(offset) of the packed form", place: place,
            consequence: "Nothing of it is used", remedy: remedy)
    }

    /// What to do about it.
    public var remedy: String { words.remedy }

    private var words: (what: String, remedy: String) {
        switch code {
        case .notThis: ("this is not the declared container", "Look at the first bytes; correct the declared container")
        case .truncated:
            ("the packed bytes stop before their end", "Ask again; if it stays, tell the source's operator")
        case .corrupt: ("the packed bytes break their format", "Ask again; if it stays, tell the source's operator")
        case .checksum:
            ("the content is not what its checksum says", "Ask again; if it stays, tell the source's operator")
        case .tooLarge: ("the content is larger than the limit", "Ask for smaller pages, or raise the limit")
        case .bomb:
            ("the content is far larger than its packed form", "This looks like an attack: tell the source's operator")
        case .tooManyMembers: ("the archive has too many members", "Ask the source's operator for one file an archive")
        case .memberName:
            ("a member's name leaves the archive's folder", "This looks like an attack: tell the source's operator")
        case .memberMissing: ("no member has the name asked for", "Correct the name of the member in the manifest")
        case .memberAmbiguous:
            ("more than one member has the name asked for", "Name the member more exactly in the manifest")
        case .notSupported:
            ("the archive is packed in a way that is not read here", "Ask for a plain zip (stored or deflated) or gzip")
        case .directory:
            ("the archive's directory contradicts its members", "Ask again; if it stays, tell the source's operator")
        case .trailing: ("something follows the end of the container", "Tell the source's operator")
        }
    }
}
