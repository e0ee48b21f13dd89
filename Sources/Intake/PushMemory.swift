// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
public import LicenceModel
internal import SourceDocument

/// Which batches were taken: what the resume cursor of a pushed interface says.
///
/// It is durable with the last page of a batch, in the same write, so a batch is either known or not taken.
public struct PushMemory: Sendable, Hashable {
    /// Batches remembered; the oldest are forgotten first.
    public static let batchesMax = 100

    private var marks: [String] = []

    /// What is known of a batch.
    public enum Standing: Sendable, Hashable {
        /// Its id is new.
        case new
        /// It was taken with this very body.
        case taken
        /// Its id was taken with another body.
        case differs
    }

    /// Reads a cursor; one that is not of this kind counts as empty.
    public init(_ cursor: ResumeCursor?) {
        guard let cursor, let node = SmallJSON.read(Array(cursor.rawValue.utf8)),
            node.member("v")?.scalarText == "1", let batches = node.member("batches")
        else { return }
        marks = batches.children.compactMap(\.scalarText).filter { $0.utf8.count == 28 }
    }

    /// What is known of a batch with this id and this digest of its body.
    public func standing(_ id: String, digest: String) -> Standing {
        let (name, body) = Self.mark(id, digest)
        guard let known = marks.last(where: { $0.hasPrefix(name) }) else { return .new }
        return known.hasSuffix(body) ? .taken : .differs
    }

    /// Takes a batch.
    public mutating func take(_ id: String, digest: String) {
        let (name, body) = Self.mark(id, digest)
        marks.append(name + body)
        if marks.count > Self.batchesMax { marks.removeFirst(marks.count - Self.batchesMax) }
    }

    /// As a cursor.
    public var cursor: ResumeCursor {
        ResumeCursor(rawValue: "{\"v\":1,\"batches\":[\(marks.map { SmallJSON.text($0) }.joined(separator: ","))]}")
    }

    private static func mark(_ id: String, _ digest: String) -> (String, String) {
        (String(SHA256.digest(id).description.prefix(14)), String(SHA256.digest(digest).description.prefix(14)))
    }
}
