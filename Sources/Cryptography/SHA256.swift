// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// A 256-bit digest.
public struct Digest256: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Wraps exactly 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    fileprivate init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Lower-case hexadecimal, 64 characters.
    public var description: String { hexadecimal(bytes) }
}

/// SHA-256 and HMAC-SHA256 on OpenSSL's libcrypto; other digests that sources sign with: ``MessageDigest``.
///
/// Source: FIPS 180-4, RFC 2104 (both by way of OpenSSL 3; vectors in `CryptographyTests`).
public enum SHA256 {
    /// The digest of a run of bytes.
    public static func digest(_ bytes: some Collection<UInt8>) -> Digest256 {
        var out = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        let done: Void? = bytes.withContiguousStorageIfAvailable { raw in
            EVP_Digest(raw.baseAddress, raw.count, &out, &length, EVP_sha256(), nil)
        }.map { precondition($0 == 1, "libcrypto refused SHA-256: is the FIPS provider misconfigured?") }
        return done == nil ? digest(Array(bytes)) : Digest256(trusted: out)
    }

    /// The digest of a text's UTF-8.
    public static func digest(_ text: String) -> Digest256 {
        var text = text
        return text.withUTF8 { digest($0) }
    }

    /// The keyed digest (HMAC) of a run of bytes.
    public static func hmac(_ bytes: some Collection<UInt8>, key: [UInt8]) -> Digest256 {
        var out = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        let message = Array(bytes)
        let result = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &out, &length)
        precondition(result != nil, "libcrypto refused HMAC-SHA256: is the FIPS provider misconfigured?")
        return Digest256(trusted: out)
    }
}

/// Random bytes from the machine's generator; for keys and opaque tokens, never for test data.
public func secureRandomBytes(_ count: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: count)
    precondition(RAND_bytes(&out, Int32(count)) == 1, "the machine's random generator gave nothing")
    return out
}

/// Lower-case hexadecimal of a run of bytes.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for byte in bytes {
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
}
