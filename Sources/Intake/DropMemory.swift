// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import LicenceModel
internal import SourceDocument

/// Which files were taken: what a drop's resume cursor says.
///
/// The last name stands for every name before it. Files that were taken and may still lie in the folder are told by name
/// and content together, so that another file under an old name is seen as what it is.
struct DropMemory: Sendable, Hashable {
    /// The highest name taken.
    var last: String?
    /// What tells the taken files that may still lie in the folder.
    var taken: [String] = []

    /// As many as a cursor of 4 KiB holds beside the longest name.
    static let takenMax = 150

    init() {}

    init?(_ cursor: ResumeCursor?) {
        guard let cursor else { return nil }
        guard let node = SmallJSON.read(Array(cursor.rawValue.utf8)), node.member("v")?.scalarText == "1",
            let last = node.member("last")?.scalarText, let taken = node.member("taken")
        else { return nil }
        self.last = last
        self.taken = taken.children.compactMap(\.scalarText)
    }

    var cursor: ResumeCursor {
        let marks = taken.map { SmallJSON.text($0) }.joined(separator: ",")
        return ResumeCursor(rawValue: "{\"v\":1,\"last\":\(SmallJSON.text(last ?? "")),\"taken\":[\(marks)]}")
    }

    /// True when a name lies after everything taken.
    func isNew(_ name: String) -> Bool { last.map { isEarlierName($0, name) } ?? true }

    func hasTaken(_ name: String, digest: String) -> Bool { taken.contains(Self.mark(name, digest)) }

    mutating func take(_ name: String, digest: String) {
        last = name
        taken.append(Self.mark(name, digest))
    }

    private static func mark(_ name: String, _ digest: String) -> String {
        String(SHA256.digest(name + "\u{0}" + digest).description.prefix(16))
    }
}
