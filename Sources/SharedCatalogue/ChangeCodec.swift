// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics

/// Entries of the change feed as bytes, and the tokens that name them.
enum ChangeCodec {
    static func bytes(
        _ id: RecordID, _ version: UInt64, _ cause: CatalogueVersion.Cause, _ at: Timestamp
    ) -> [UInt8] {
        var out = ByteWriter(reserving: 32)
        out.byte(1)
        out.raw(id.bytes)
        out.number(version)
        out.byte(CauseCode.code(cause))
        out.signed(at.milliseconds)
        return out.bytes
    }

    static func entry(_ sequence: UInt64, _ bytes: [UInt8], _ tag: String) throws(MalformedBytes) -> ChangeEntry {
        var reader = ByteReader(bytes)
        guard try reader.byte() == 1, let id = RecordID(try reader.raw(16)).catalogueID else { throw MalformedBytes() }
        let version = try reader.count()
        let cause = try CauseCode.cause(try reader.byte())
        return ChangeEntry(
            token: token(sequence, tag), id: id, version: version, cause: cause,
            recordedAt: try reader.timestamp())
    }

    /// A token says which catalogue it belongs to, so that one of another catalogue is refused and not misread.
    static func token(_ sequence: UInt64, _ tag: String) -> ChangeToken {
        ChangeToken(rawValue: "\(tag).\(String(sequence, radix: 36))")
    }

    static func sequence(_ token: ChangeToken, _ tag: String) -> UInt64? {
        let parts = token.rawValue.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == tag, parts[1].utf8.count <= 13 else { return nil }
        return UInt64(parts[1], radix: 36)
    }
}
