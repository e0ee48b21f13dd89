// SPDX-License-Identifier: Apache-2.0

/// A message encrypted for an SM2 key, in its three parts: a point, a digest, the masked bytes.
///
/// Source: GB/T 32918.4-2016 (raw, C1C3C2), GB/T 35276-2017 (DER); the older raw order is C1C2C3.
public struct SM2Ciphertext: Sendable, Hashable {
    /// The order of the parts in a raw ciphertext; DER has one order only.
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// Point, digest, bytes: the standard.
        case c1c3c2
        /// Point, bytes, digest: drafts before 2012, and many libraries by default.
        case c1c2c3
    }

    /// How the parts are put together.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// `04`, x, y and the rest.
        case raw
        /// x, y and the rest, without the `04`.
        case bare
        /// `SEQUENCE { INTEGER x, INTEGER y, OCTET STRING digest, OCTET STRING bytes }`.
        case der
    }

    /// The largest ciphertext that is taken or made, in bytes.
    public static let bytesMax = 8 << 20

    let point: [UInt8]
    let digest: [UInt8]
    let masked: [UInt8]

    init(point: [UInt8], digest: [UInt8], masked: [UInt8]) throws(CryptographyError) {
        guard SM2Curve.holds(point) else {
            throw CryptographyError.malformed("the ciphertext's point is not on the SM2 curve")
        }
        self.point = point
        self.digest = digest
        self.masked = masked
    }

    /// Takes a ciphertext apart.
    ///
    /// Throws: `cryptography.malformed`, `cryptography.too_large`.
    public init(bytes: [UInt8], form: Form, order: Order = .c1c3c2) throws(CryptographyError) {
        guard bytes.count <= Self.bytesMax else {
            throw CryptographyError.tooLarge("the SM2 ciphertext", bytes.count, Self.bytesMax)
        }
        switch form {
        case .der:
            self = try Self.opened(der: bytes)
        case .raw, .bare:
            if form == .raw, bytes.first != 4 {
                throw CryptographyError.malformed("the raw SM2 ciphertext does not begin with 04")
            }
            let parts = form == .raw ? bytes.dropFirst() : bytes[...]
            guard parts.count > 96 else {
                throw CryptographyError.malformed(
                    "the SM2 ciphertext has \(bytes.count) bytes, fewer than point, digest and one byte need")
            }
            let rest = parts.dropFirst(64)
            let digest = order == .c1c3c2 ? rest.prefix(32) : rest.suffix(32)
            let masked = order == .c1c3c2 ? rest.dropFirst(32) : rest.dropLast(32)
            try self.init(point: [4] + parts.prefix(64), digest: Array(digest), masked: Array(masked))
        }
    }

    /// Takes a ciphertext apart that is written as text.
    ///
    /// Throws: `cryptography.malformed` for odd or foreign characters too, `cryptography.too_large`.
    public init(
        text: String, encoding: BinaryText, form: Form, order: Order = .c1c3c2
    ) throws(CryptographyError) {
        let most = Self.bytesMax * 2
        guard text.utf8.count <= most else {
            throw CryptographyError.tooLarge("the SM2 ciphertext's text", text.utf8.count, most)
        }
        guard let bytes = encoding.bytes(text) else {
            throw CryptographyError.malformed("the SM2 ciphertext is not written in \(encoding.rawValue)")
        }
        try self.init(bytes: bytes, form: form, order: order)
    }

    /// The parts put together again.
    public func bytes(form: Form, order: Order = .c1c3c2) -> [UInt8] {
        let tail = order == .c1c3c2 ? digest + masked : masked + digest
        switch form {
        case .raw: return point + tail
        case .bare: return point.dropFirst() + tail
        case .der:
            let content =
                DER.integer(point[1...32]) + DER.integer(point[33...64])
                + DER.element(0x04, digest) + DER.element(0x04, masked)
            return DER.element(0x30, content)
        }
    }

    private static func opened(der bytes: [UInt8]) throws(CryptographyError) -> SM2Ciphertext {
        var outer = DER.Reader(bytes[...])
        guard let content = outer.element(0x30), outer.isAtEnd else {
            throw CryptographyError.malformed("the SM2 ciphertext is not one DER sequence")
        }
        var inner = DER.Reader(content)
        guard let x = inner.coordinate(), let y = inner.coordinate(), let digest = inner.element(0x04),
            let masked = inner.element(0x04), inner.isAtEnd, digest.count == 32, !masked.isEmpty
        else {
            throw CryptographyError.malformed(
                "the SM2 ciphertext's DER is not two numbers, a digest of 32 bytes and the encrypted bytes")
        }
        return try SM2Ciphertext(point: [4] + x + y, digest: Array(digest), masked: Array(masked))
    }
}
