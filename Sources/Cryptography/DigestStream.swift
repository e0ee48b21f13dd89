// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// A digest over bytes that come in pieces; one owner, not Sendable.
public final class DigestStream {
    private let context: OpaquePointer?
    private let length: Int

    /// Starts an empty digest.
    ///
    /// Throws: `cryptography.unavailable` on a machine whose libcrypto leaves the algorithm out.
    public init(_ algorithm: MessageDigest) throws(CryptographyError) {
        // One round over nothing says whether the digest is there, and how long it is.
        length = try algorithm.digest([]).count
        context = EVP_MD_CTX_new()
        let kind = algorithm == .sm3 ? EVP_sm3() : algorithm == .md5 ? EVP_md5() : EVP_sha256()
        let started = EVP_DigestInit_ex(context, kind, nil)
        precondition(started == 1, "libcrypto refused a digest it has just made")
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes more bytes.
    public func update(_ bytes: [UInt8]) {
        let taken = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(taken == 1, "libcrypto refused bytes for a digest")
    }

    /// The digest of everything taken so far; call once.
    public func finish() -> [UInt8] {
        var out = [UInt8](repeating: 0, count: length)
        var written = UInt32(length)
        let ended = EVP_DigestFinal_ex(context, &out, &written)
        precondition(ended == 1 && Int(written) == length, "libcrypto refused to end a digest")
        return out
    }
}
