// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// The digests that sources sign with.
///
/// Source: SM3 is GB/T 32905-2016, MD5 RFC 1321 (kept because interfaces in the field demand it; never for ours).
public enum MessageDigest: String, Sendable, Hashable, CaseIterable {
    /// SHA-256, 32 bytes.
    case sha256
    /// MD5, 16 bytes; broken as a digest.
    case md5
    /// SM3, 32 bytes.
    case sm3

    /// The digest of a run of bytes.
    ///
    /// Throws: `cryptography.unavailable` on a machine whose libcrypto leaves the algorithm out.
    public func digest(_ bytes: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let type else { throw CryptographyError.unavailable(rawValue) }
        var out = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &out, &length, type, nil) == 1 else {
            ERR_clear_error()
            throw CryptographyError.unavailable(rawValue)
        }
        return Array(out.prefix(Int(length)))
    }

    /// The keyed digest (HMAC, RFC 2104) of a run of bytes.
    ///
    /// Throws: `cryptography.unavailable`; `cryptography.too_large` for a key over 1 MiB.
    public func hmac(_ bytes: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let type else { throw CryptographyError.unavailable(rawValue) }
        guard key.count <= 1 << 20 else { throw CryptographyError.tooLarge("the key", key.count, 1 << 20) }
        var out = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        guard HMAC(type, key, Int32(key.count), bytes, bytes.count, &out, &length) != nil else {
            ERR_clear_error()
            throw CryptographyError.unavailable("HMAC-\(rawValue)")
        }
        return Array(out.prefix(Int(length)))
    }

    private var type: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .md5: EVP_md5()
        case .sm3: EVP_sm3()
        }
    }
}
