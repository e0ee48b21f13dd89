// SPDX-License-Identifier: Apache-2.0

/// An SM2 signature: two numbers of 32 bytes.
public struct SM2Signature: Sendable, Hashable {
    /// How the numbers are put together.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// r and s, 64 bytes.
        case raw
        /// `SEQUENCE { INTEGER r, INTEGER s }`.
        case der
    }

    /// The distinguishing identifier that GB/T 32918 uses when the parties agreed on none.
    public static let usualID = "1234567812345678"

    /// r and s, 64 bytes.
    public let raw: [UInt8]

    /// Takes a signature apart.
    ///
    /// Throws: `cryptography.malformed`.
    public init(bytes: [UInt8], form: Form) throws(CryptographyError) {
        switch form {
        case .raw:
            guard bytes.count == 64 else {
                throw CryptographyError.malformed("the raw SM2 signature has \(bytes.count) bytes instead of 64")
            }
            raw = bytes
        case .der:
            var outer = DER.Reader(bytes[...])
            guard let content = outer.element(0x30), outer.isAtEnd else {
                throw CryptographyError.malformed("the SM2 signature is not one DER sequence")
            }
            var inner = DER.Reader(content)
            guard let r = inner.coordinate(), let s = inner.coordinate(), inner.isAtEnd else {
                throw CryptographyError.malformed("the SM2 signature's DER is not two numbers")
            }
            raw = r + s
        }
    }

    /// The signature as DER.
    public var der: [UInt8] { DER.element(0x30, DER.integer(raw.prefix(32)) + DER.integer(raw.suffix(32))) }
}
