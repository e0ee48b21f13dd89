import Cryptography
import Diagnostics
import Testing

@Suite struct `SM4 in CBC mode` {
    private static let key: [UInt8] = [
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
    ]
    private static let zero = [UInt8](repeating: 0, count: 16)

    /// With a start vector of zeros the first block is that of ECB mode, whose answer the standard prints.
    @Test func `its first block matches the example of GB T 32907`() throws {
        let out = try SM4.encryptCBC(Self.key, key: Self.key, iv: Self.zero)
        #expect(hexadecimal(out.prefix(16)) == "681edf34d206965e86b3e94f536e4246")
        #expect(out.count == 32)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 4096]) func `what it hides comes back`(count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let iv = secureRandomBytes(16)
        let hidden = try SM4.encryptCBC(text, key: Self.key, iv: iv)
        #expect(hidden.count == (count / 16 + 1) * 16)
        #expect(try SM4.decryptCBC(hidden, key: Self.key, iv: iv) == text)
    }

    @Test func `every malformed input is a typed error`() throws {
        let hidden = try SM4.encryptCBC(Array("证照".utf8), key: Self.key, iv: Self.zero)
        func code(_ work: () throws -> [UInt8]) -> String? {
            do {
                _ = try work()
                return nil
            } catch {
                return (error as? CryptographyError)?.diagnostic.code
            }
        }
        #expect(code { try SM4.decryptCBC([], key: Self.key, iv: Self.zero) } == "cryptography.malformed")
        #expect(
            code { try SM4.decryptCBC(Array(hidden.dropLast()), key: Self.key, iv: Self.zero) }
                == "cryptography.malformed")
        #expect(code { try SM4.decryptCBC(hidden, key: [1], iv: Self.zero) } == "cryptography.bad_key")
        #expect(code { try SM4.decryptCBC(hidden, key: Self.key, iv: []) } == "cryptography.bad_key")
        let other = Array(Self.key.reversed())
        #expect(code { try SM4.decryptCBC(hidden, key: other, iv: Self.zero) } == "cryptography.not_decrypted")
        let large = [UInt8](repeating: 0, count: SM4.bytesMax + 16)
        #expect(code { try SM4.decryptCBC(large, key: Self.key, iv: Self.zero) } == "cryptography.too_large")
    }
}
