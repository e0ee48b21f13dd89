// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// SM4 in CBC mode with PKCS #7 padding.
///
/// It hides and does not protect: a changed ciphertext may open to changed bytes. A signature beside it does that.
/// Source: GB/T 32907-2016, by way of OpenSSL 3 (which offers no SM4-GCM).
public enum SM4 {
    /// The largest text or ciphertext that is taken, in bytes.
    public static let bytesMax = 16 << 20

    /// Opens a ciphertext; key and start vector have 16 bytes each.
    ///
    /// Throws: `cryptography.bad_key`, `cryptography.malformed`, `cryptography.too_large`, `cryptography.not_decrypted`.
    public static func decryptCBC(_ ciphertext: [UInt8], key: [UInt8], iv: [UInt8]) throws(CryptographyError)
        -> [UInt8]
    {
        guard !ciphertext.isEmpty, ciphertext.count.isMultiple(of: 16) else {
            throw CryptographyError.malformed("the SM4-CBC ciphertext is not a whole number of blocks of 16 bytes")
        }
        guard let out = try crypt(ciphertext, key: key, iv: iv, encrypts: false) else {
            throw CryptographyError.notDecrypted("SM4-CBC")
        }
        return out
    }

    /// Encrypts; key and start vector have 16 bytes each, and the vector is never used twice with one key.
    ///
    /// Throws: `cryptography.bad_key`, `cryptography.too_large`.
    public static func encryptCBC(_ text: [UInt8], key: [UInt8], iv: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let out = try crypt(text, key: key, iv: iv, encrypts: true) else {
            throw CryptographyError.unavailable("SM4-CBC")
        }
        return out
    }

    private static func crypt(
        _ input: [UInt8], key: [UInt8], iv: [UInt8], encrypts: Bool
    ) throws(CryptographyError) -> [UInt8]? {
        guard key.count == 16 else {
            throw CryptographyError.badKey(
                "the SM4 key has \(key.count) bytes instead of 16", "Give it as 32 hexadecimal digits.")
        }
        guard iv.count == 16 else {
            throw CryptographyError.badKey(
                "the SM4 start vector has \(iv.count) bytes instead of 16", "Give it as 32 hexadecimal digits.")
        }
        guard input.count <= bytesMax else {
            throw CryptographyError.tooLarge("the SM4 text", input.count, bytesMax)
        }
        guard let cipher = EVP_sm4_cbc(), let context = EVP_CIPHER_CTX_new() else {
            throw CryptographyError.unavailable("SM4-CBC")
        }
        defer {
            EVP_CIPHER_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_CipherInit_ex(context, cipher, nil, key, iv, encrypts ? 1 : 0) == 1 else {
            throw CryptographyError.unavailable("SM4-CBC")
        }
        var out = [UInt8](repeating: 0, count: input.count + 32)
        var (written, last): (Int32, Int32) = (0, 0)
        let done = out.withUnsafeMutableBufferPointer { room -> Bool in
            guard let start = room.baseAddress else { return false }
            return EVP_CipherUpdate(context, start, &written, input, Int32(input.count)) == 1
                && EVP_CipherFinal_ex(context, start + Int(written), &last) == 1
        }
        return done ? Array(out.prefix(Int(written + last))) : nil
    }
}
