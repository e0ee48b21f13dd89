// SPDX-License-Identifier: Apache-2.0
internal import CCrypto
public import Diagnostics

/// A public SM2 key: encrypts for its owner and checks the owner's signatures.
///
/// Source: GB/T 32918-2016, by way of OpenSSL 3.
public struct SM2PublicKey: Sendable, Hashable {
    /// `04`, x and y.
    public let point: [UInt8]

    /// Reads a PEM text (`BEGIN PUBLIC KEY`) or the point in hexadecimal, with or without its leading `04`.
    ///
    /// Throws: `cryptography.bad_key`.
    public init(text: String) throws(CryptographyError) {
        let trimmed = text.trimmedOfBlanks
        let found =
            trimmed.hasPrefix("-----")
            ? SM2Curve.point(pem: trimmed)
            : trimmed.utf8.count <= 130 ? hexadecimalBytes(trimmed).map { $0.count == 64 ? [4] + $0 : $0 } : nil
        guard let found, SM2Curve.holds(found) else {
            throw CryptographyError.badKey(
                "this is no public SM2 key", "Give a PEM text, or the point as 130 hexadecimal digits from 04.")
        }
        point = found
    }

    init(trusted point: [UInt8]) { self.point = point }

    /// Encrypts for the key's owner.
    ///
    /// Throws: `cryptography.too_large` beyond 8 MiB, `cryptography.malformed` for nothing to encrypt.
    public func encrypt(_ message: [UInt8]) throws(CryptographyError) -> SM2Ciphertext {
        guard !message.isEmpty else { throw CryptographyError.malformed("there is nothing to encrypt") }
        let most = SM2Ciphertext.bytesMax - 256
        guard message.count <= most else { throw CryptographyError.tooLarge("the message", message.count, most) }
        let out = SM2Operation.run(SM2Curve.key(point: point, scalar: nil), EVP_PKEY_encrypt_init) {
            EVP_PKEY_encrypt($0, $1, $2, message, message.count)
        }
        guard let out else { throw CryptographyError.unavailable("SM2") }
        return try SM2Ciphertext(bytes: out, form: .der)
    }

    /// Whether a signature is the owner's over this message; `id` is the signer's distinguishing identifier.
    public func verifies(_ signature: SM2Signature, over message: [UInt8], id: String = SM2Signature.usualID) -> Bool {
        defer { ERR_clear_error() }
        let der = signature.der
        return SM2Operation.withDigestContext(SM2Curve.key(point: point, scalar: nil), id: id) { context, key in
            EVP_DigestVerifyInit(context, nil, EVP_sm3(), nil, key) == 1
                && EVP_DigestVerify(context, der, der.count, message, message.count) == 1
        } ?? false
    }
}

/// A private SM2 key: opens what was encrypted for it, and signs; prints as dots.
public struct SM2PrivateKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let scalar: [UInt8]
    /// The public half.
    public let publicKey: SM2PublicKey

    /// A fresh key from the machine's generator.
    public init() {
        let scalar = SM2Curve.randomScalar()
        self.scalar = scalar
        publicKey = SM2PublicKey(trusted: SM2Curve.publicPoint(of: scalar) ?? [])
    }

    /// Reads a PEM text without a password (PKCS #8, or `BEGIN EC PRIVATE KEY`) or the scalar as 64 hexadecimal digits.
    ///
    /// Throws: `cryptography.bad_key`, never with a part of the text.
    public init(text: Secret) throws(CryptographyError) {
        let trimmed = text.revealed.trimmedOfBlanks
        var found: [UInt8]?
        if trimmed.hasPrefix("-----") {
            found = SM2Curve.scalar(pem: trimmed)
        } else if trimmed.utf8.count == 66, trimmed.hasPrefix("00") {
            // Java writes a number with its sign's byte.
            found = hexadecimalBytes(String(trimmed.dropFirst(2)))
        } else if trimmed.utf8.count == 64 {
            found = hexadecimalBytes(trimmed)
        }
        guard let found, let point = SM2Curve.publicPoint(of: found) else {
            throw CryptographyError.badKey(
                "this is no private SM2 key",
                "Give an unencrypted PEM text, or the private number as 64 hexadecimal digits.")
        }
        scalar = found
        publicKey = SM2PublicKey(trusted: point)
    }

    /// Opens a ciphertext.
    ///
    /// Throws: `cryptography.not_decrypted` for another key, another order, or changed bytes. Cost: about 0.3 ms.
    public func decrypt(_ ciphertext: SM2Ciphertext) throws(CryptographyError) -> [UInt8] {
        let der = ciphertext.bytes(form: .der)
        let out = SM2Operation.run(SM2Curve.key(point: publicKey.point, scalar: scalar), EVP_PKEY_decrypt_init) {
            EVP_PKEY_decrypt($0, $1, $2, der, der.count)
        }
        guard let out else { throw CryptographyError.notDecrypted("SM2") }
        return out
    }

    /// Signs a message; `id` is our distinguishing identifier, which the other side must use too.
    public func sign(
        _ message: [UInt8], id: String = SM2Signature.usualID
    ) throws(CryptographyError) -> SM2Signature {
        defer { ERR_clear_error() }
        let key = SM2Curve.key(point: publicKey.point, scalar: scalar)
        let der = SM2Operation.withDigestContext(key, id: id) { context, key -> [UInt8]? in
            var out = [UInt8](repeating: 0, count: 128)
            var length = out.count
            guard EVP_DigestSignInit(context, nil, EVP_sm3(), nil, key) == 1,
                EVP_DigestSign(context, &out, &length, message, message.count) == 1
            else { return nil }
            return Array(out.prefix(length))
        }
        guard let der = der ?? nil else { throw CryptographyError.unavailable("SM2 signatures") }
        return try SM2Signature(bytes: der, form: .der)
    }

    /// Always `<secret>`.
    public var description: String { "<secret>" }
    /// Always `<secret>`.
    public var debugDescription: String { "<secret>" }
    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The calls of libcrypto that keys share; each takes the key over and frees it.
enum SM2Operation {
    /// A call that says how long its result is when it is given no room.
    static func run(
        _ key: OpaquePointer?, _ begin: (OpaquePointer?) -> Int32,
        _ call: (OpaquePointer, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Int32
    ) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let key else { return nil }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var length = 0
        guard begin(context) == 1, call(context, nil, &length) == 1, length > 0 else { return nil }
        var out = [UInt8](repeating: 0, count: length)
        guard call(context, &out, &length) == 1 else { return nil }
        return Array(out.prefix(length))
    }

    /// Runs a signature's work with the signer's identifier set before it begins, as SM2 demands.
    static func withDigestContext<Result>(
        _ key: OpaquePointer?, id: String, _ work: (OpaquePointer, OpaquePointer) -> Result
    ) -> Result? {
        guard let key else { return nil }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard let signer = EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(signer) }
        let bytes = Array(id.utf8)
        guard bytes.count <= 4096, EVP_PKEY_CTX_set1_id(signer, bytes, Int32(bytes.count)) == 1 else { return nil }
        EVP_MD_CTX_set_pkey_ctx(context, signer)
        return work(context, key)
    }
}

extension String {
    fileprivate var trimmedOfBlanks: String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
