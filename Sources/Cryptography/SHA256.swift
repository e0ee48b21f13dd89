// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// A 256-bit digest, without storage of its own: a record carries one, and copies of it count no references.
public struct Digest256: Sendable, Hashable, CustomStringConvertible {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Wraps exactly 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        let wrapped = bytes.withContiguousStorageIfAvailable { Digest256(copying: UnsafeRawBufferPointer($0)) }
        self = wrapped ?? Array(bytes).withUnsafeBytes { Digest256(copying: $0) }
    }

    fileprivate init(copying raw: UnsafeRawBufferPointer) {
        func word(_ at: Int) -> UInt64 { UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
        words = (word(0), word(8), word(16), word(24))
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)) { Array($0) }
    }

    /// The first 16 bytes, as two big-endian numbers.
    public var half: (high: UInt64, low: UInt64) { (words.0, words.1) }

    /// Lower-case hexadecimal, 64 characters.
    public var description: String { hexadecimal(bytes) }

    /// Whether all 32 bytes are the same.
    public static func == (a: Digest256, b: Digest256) -> Bool { a.words == b.words }

    /// Hashes the first 16 bytes, which differ where digests do.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

/// SHA-256 and HMAC-SHA256 on OpenSSL's libcrypto; other digests that sources sign with: ``MessageDigest``.
///
/// Source: FIPS 180-4, RFC 2104 (both by way of OpenSSL 3; vectors in `CryptographyTests`).
public enum SHA256 {
    /// The digest of a run of bytes.
    public static func digest(_ bytes: some Collection<UInt8>) -> Digest256 {
        let done = bytes.withContiguousStorageIfAvailable { raw in
            made { lg_sha256(raw.baseAddress, raw.count, $0) }
        }
        return done ?? digest(Array(bytes))
    }

    /// The digest of a text's UTF-8.
    public static func digest(_ text: String) -> Digest256 {
        var text = text
        return text.withUTF8 { digest($0) }
    }

    /// The keyed digest (HMAC) of a run of bytes.
    public static func hmac(_ bytes: some Collection<UInt8>, key: [UInt8]) -> Digest256 {
        SHA256Key(key).digest(Array(bytes))
    }

    fileprivate static func made(_ write: (UnsafeMutablePointer<UInt8>) -> Void) -> Digest256 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { out in
            guard let base = out.baseAddress else { preconditionFailure("32 bytes have an address") }
            write(base)
            return Digest256(copying: UnsafeRawBufferPointer(out))
        }
    }
}

/// A key of HMAC-SHA256, prepared once for many short messages.
public struct SHA256Key: Sendable {
    private let state: lg_hmac_key

    /// Prepares a key of any length.
    public init(_ key: [UInt8]) {
        var state = lg_hmac_key()
        lg_hmac_sha256_key(&state, key, key.count)
        self.state = state
    }

    /// The keyed digest of a run of bytes.
    public func digest(_ bytes: [UInt8]) -> Digest256 {
        withUnsafePointer(to: state) { state in
            bytes.withUnsafeBytes { raw in
                SHA256.made { lg_hmac_sha256(state, raw.baseAddress, raw.count, $0) }
            }
        }
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
