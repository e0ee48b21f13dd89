import Cryptography
import Testing

@Suite struct `SHA-256` {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "1763913600demo-token-0001abc1231763913600",
            "7737770eb0481c00255480255d421c1e2f65fdc12fa7b0268ab5ec400f9711e3"
        ),
    ]) func `matches known answers`(text: String, expected: String) {
        #expect(SHA256.digest(text).description == expected)
    }

    @Test func `HMAC matches RFC 4231 case 1`() {
        let mac = SHA256.hmac(Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20))
        #expect(mac.description == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    }
}
