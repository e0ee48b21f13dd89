import Cryptography
import Testing

@Suite struct `Digests that sources sign with` {
    @Test(arguments: [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (
            String(repeating: "abcd", count: 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        ),
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (
            "1763913600demo-token-0001abc1231763913600",
            "17b98f5a1a41a7549216978bb11de081fdd0aef51e36ed92bb598a8b40e80ad1"
        ),
        (
            "{\"holderCode\":\"430102199003070020\"}",
            "82ab5f1f8b70b8061414a7b8a9cffb45215d9c066b6390d07aa4c984e59d2918"
        ),
    ]) func `SM3 matches known answers`(text: String, expected: String) throws {
        #expect(try hexadecimal(MessageDigest.sm3.digest(Array(text.utf8))) == expected)
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ]) func `MD5 matches RFC 1321`(text: String, expected: String) throws {
        #expect(try hexadecimal(MessageDigest.md5.digest(Array(text.utf8))) == expected)
    }

    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "51b00d1fb49832bfb01c3ce27848e59f871d9ba938dc563b338ca964755cce70"
        ),
        (
            [UInt8](repeating: 0x0b, count: 16), "Hi There",
            "12d66c84b4a40ad8035c263e419bd43c7e52fb438b930eba0c94e34cdb9b63f3"
        ),
        (Array("key".utf8), "message", "34c90b291a80b7fd7f2be43d683935bab9d149164666c4ef8857c815cf2ef832"),
    ]) func `HMAC SM3 matches known answers`(key: [UInt8], text: String, expected: String) throws {
        #expect(try hexadecimal(MessageDigest.sm3.hmac(Array(text.utf8), key: key)) == expected)
    }

    @Test func `HMAC takes an empty key and refuses one of more than a mebibyte`() throws {
        // Two libraries agree on this one (Python's hmac and OpenSSL's command).
        #expect(
            try hexadecimal(MessageDigest.sha256.hmac([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
        #expect(throws: CryptographyError.self) {
            try MessageDigest.sha256.hmac([], key: [UInt8](repeating: 0, count: 1 << 20 + 1))
        }
    }

    @Test func `all three agree with the one that was there before`() throws {
        #expect(try MessageDigest.sha256.digest([1, 2, 3]) == SHA256.digest([1, 2, 3]).bytes)
        #expect(try MessageDigest.sha256.hmac([1], key: [2]) == SHA256.hmac([1], key: [2]).bytes)
    }
}

@Suite struct `Bytes as text` {
    @Test(arguments: [
        ("", ""), ("66", "Zg=="), ("666f", "Zm8="), ("666f6f", "Zm9v"), ("666f6f62", "Zm9vYg=="), ("fbff", "+/8="),
    ]) func `base64 matches RFC 4648`(hex: String, expected: String) throws {
        let bytes = try #require(hexadecimalBytes(hex))
        #expect(BinaryText.base64.text(bytes) == expected)
        #expect(BinaryText.base64.bytes(expected) == bytes)
        #expect(BinaryText.base64.bytes(expected.filter { $0 != "=" }) == bytes)
        #expect(BinaryText.base64.bytes("\r\n" + expected + "\n") == bytes)
    }

    @Test(arguments: ["Zg=", "Z", "Zg===", "Zh==", "Zm9=", "Zm9v=", "Zm 9v", "Zm9-", "=Zg=", "Zg==Zg==", "中"])
    func `base64 refuses what has no single reading`(text: String) {
        #expect(BinaryText.base64.bytes(text) == nil)
    }

    @Test(arguments: ["0", "0g", "0x00", " 00", "00 ", "００"]) func `hexadecimal refuses`(text: String) {
        #expect(BinaryText.hex.bytes(text) == nil)
    }

    @Test func `hexadecimal reads both cases and writes the one that was asked for`() {
        #expect(BinaryText.hex.bytes("aBcD") == [0xAB, 0xCD])
        #expect(BinaryText.hexUpper.text([0xAB, 0xCD]) == "ABCD")
        #expect(BinaryText.hex.text([0xAB, 0xCD]) == "abcd")
    }

    @Test func `equality in constant time is equality`() {
        #expect(equalInConstantTime([1, 2], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [1, 3]))
        #expect(!equalInConstantTime([1, 2], [1]))
        #expect(equalInConstantTime([UInt8](), []))
    }
}
