// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// SHA-256 over bytes that come in pieces; one owner, not Sendable.
public final class SHA256Stream {
    private let context: OpaquePointer?

    /// Starts an empty digest.
    public init() {
        context = EVP_MD_CTX_new()
        let started = EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(started == 1, "libcrypto refused SHA-256: is the FIPS provider misconfigured?")
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes more bytes.
    public func update(_ bytes: [UInt8]) {
        let taken = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(taken == 1, "libcrypto refused bytes for SHA-256")
    }

    /// The digest of everything taken so far; call once.
    public func finish() -> Digest256 {
        var out = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        let ended = EVP_DigestFinal_ex(context, &out, &length)
        precondition(ended == 1, "libcrypto refused to end SHA-256")
        guard let digest = Digest256(bytes: out) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }
}
