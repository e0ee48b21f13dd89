// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why something could not be digested, decrypted, encrypted, signed or verified; never with a byte of what it was.
public struct CryptographyError: DiagnosedError {
    /// The finding.
    public let diagnostic: Diagnostic

    private init(_ code: String, _ what: String, consequence: String? = nil, _ remedy: String) {
        diagnostic = Diagnostic(code: code, what: what, consequence: consequence, remedy: remedy)
    }

    /// A key that is none; `what` says of which kind and why, never the key.
    static func badKey(_ what: String, _ remedy: String) -> CryptographyError {
        CryptographyError("cryptography.bad_key", what, consequence: "Nothing can be opened with it", remedy)
    }

    /// A ciphertext or a signature whose shape is wrong already.
    static func malformed(_ what: String) -> CryptographyError {
        CryptographyError(
            "cryptography.malformed", what, consequence: "Nothing of it was used",
            "Compare order (c1c3c2 or c1c2c3), point form (raw, bare, der) and encoding (hex, base64) with the interface document."
        )
    }

    /// The shape is right, the key or the content is not.
    static func notDecrypted(_ cipher: String) -> CryptographyError {
        CryptographyError(
            "cryptography.not_decrypted", "the \(cipher) ciphertext does not open with this key",
            consequence: "Nothing of it was used",
            "Check that the key belongs to the one the sender encrypts for, and the order of the parts.")
    }

    /// More bytes than is taken.
    static func tooLarge(_ what: String, _ bytes: Int, _ most: Int) -> CryptographyError {
        CryptographyError(
            "cryptography.too_large",
            "\(what) has \(ByteCount(bytes).words), more than the \(ByteCount(most).words) that are taken",
            "Ask for smaller pages or records.")
    }

    /// This libcrypto does not do it.
    static func unavailable(_ algorithm: String) -> CryptographyError {
        CryptographyError(
            "cryptography.unavailable", "this machine's libcrypto does not offer \(algorithm)",
            "Check OpenSSL's configuration (a FIPS provider leaves out the national algorithms and MD5).")
    }
}
