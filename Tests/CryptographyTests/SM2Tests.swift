import Cryptography
import Diagnostics
import Foundation
import Testing

@Suite struct `SM2` {
    /// The example of GB/T 32918.5, annexes A and C: key, message, signature and ciphertext are all in the standard.
    private static let number = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
    private static let point =
        "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        + "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    private static let c1 =
        "0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
        + "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
    private static let c3 = "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
    private static let c2 = "21886CA989CA9C7D58087307CA93092D651EFA"

    private static func key() throws -> SM2PrivateKey { try SM2PrivateKey(text: Secret(number)) }

    private static func code(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch {
            return (error as? CryptographyError)?.diagnostic.code
        }
    }

    @Test func `the private number gives the standard's public point`() throws {
        #expect(try hexadecimal(Self.key().publicKey.point).uppercased() == Self.point)
        #expect(try SM2PublicKey(text: Self.point) == Self.key().publicKey)
        #expect(try SM2PublicKey(text: String(Self.point.dropFirst(2))) == Self.key().publicKey)
    }

    @Test func `the standard's ciphertext opens in every form and order`() throws {
        let key = try Self.key()
        let forms: [(String, SM2Ciphertext.Form, SM2Ciphertext.Order)] = [
            (Self.c1 + Self.c3 + Self.c2, .raw, .c1c3c2), (Self.c1 + Self.c2 + Self.c3, .raw, .c1c2c3),
            ((Self.c1 + Self.c3 + Self.c2).lowercased(), .raw, .c1c3c2),
            (String((Self.c1 + Self.c3 + Self.c2).dropFirst(2)), .bare, .c1c3c2),
        ]
        for (text, form, order) in forms {
            let ciphertext = try SM2Ciphertext(text: text, encoding: .hex, form: form, order: order)
            #expect(try String(decoding: key.decrypt(ciphertext), as: UTF8.self) == "encryption standard")
            let base64 = BinaryText.base64.text(ciphertext.bytes(form: .der))
            let again = try SM2Ciphertext(text: base64, encoding: .base64, form: .der)
            #expect(again == ciphertext)
            #expect(BinaryText.hexUpper.text(again.bytes(form: form, order: order)) == text.uppercased())
        }
    }

    @Test func `the standard's signature is right and a changed message is not`() throws {
        let raw = try #require(
            hexadecimalBytes(
                "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
                    + "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"))
        let signature = try SM2Signature(bytes: raw, form: .raw)
        let owner = try Self.key().publicKey
        #expect(owner.verifies(signature, over: Array("message digest".utf8)))
        #expect(!owner.verifies(signature, over: Array("message digesT".utf8)))
        #expect(!owner.verifies(signature, over: Array("message digest".utf8), id: "other"))
        #expect(try SM2Signature(bytes: signature.der, form: .der) == signature)
    }

    @Test func `what is signed verifies, with the identifier it was signed with only`() throws {
        let key = SM2PrivateKey()
        let message = Array("{\"holderCode\":\"430102199003070020\"}".utf8)
        let signature = try key.sign(message, id: "platform-7")
        #expect(key.publicKey.verifies(signature, over: message, id: "platform-7"))
        #expect(!key.publicKey.verifies(signature, over: message))
        #expect(!SM2PrivateKey().publicKey.verifies(signature, over: message, id: "platform-7"))
    }

    @Test(arguments: [1, 31, 32, 33, 300, 70_000], SM2Ciphertext.Order.allCases)
    func `what is encrypted comes back in both orders`(count: Int, order: SM2Ciphertext.Order) throws {
        let key = SM2PrivateKey()
        let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let raw = try key.publicKey.encrypt(message).bytes(form: .raw, order: order)
        #expect(raw.count == count + 97)
        #expect(try key.decrypt(SM2Ciphertext(bytes: raw, form: .raw, order: order)) == message)
    }

    @Test func `malformed ciphertexts are typed errors`() throws {
        let whole = Self.c1 + Self.c3 + Self.c2
        func made(_ text: String, _ encoding: BinaryText = .hex, _ form: SM2Ciphertext.Form = .raw) -> String? {
            Self.code { _ = try SM2Ciphertext(text: text, encoding: encoding, form: form) }
        }
        #expect(made(whole) == nil)
        #expect(made(String(whole.dropLast())) == "cryptography.malformed", "odd hexadecimal")
        #expect(made("", .hex) == "cryptography.malformed")
        #expect(made(Self.c1, .hex) == "cryptography.malformed", "truncated")
        #expect(made(Self.c1 + Self.c3, .hex) == "cryptography.malformed", "nothing encrypted")
        #expect(made("05" + whole.dropFirst(2), .hex) == "cryptography.malformed")
        #expect(made("0405" + whole.dropFirst(4), .hex) == "cryptography.malformed", "not on the curve")
        #expect(made("04" + String(repeating: "0", count: 256), .hex) == "cryptography.malformed")
        #expect(made("04" + String(repeating: "f", count: 256), .hex) == "cryptography.malformed")
        #expect(made(whole, .base64) == "cryptography.malformed")
        #expect(made(whole, .hex, .der) == "cryptography.malformed")
        #expect(
            Self.code {
                _ = try SM2Ciphertext(bytes: [UInt8](repeating: 4, count: SM2Ciphertext.bytesMax + 1), form: .raw)
            } == "cryptography.too_large")
    }

    @Test func `no cut and no changed byte of a DER ciphertext crashes or opens`() throws {
        let key = try Self.key()
        let der = try SM2Ciphertext(text: Self.c1 + Self.c3 + Self.c2, encoding: .hex, form: .raw).bytes(form: .der)
        for length in 0..<der.count {
            #expect(
                Self.code { _ = try SM2Ciphertext(bytes: Array(der.prefix(length)), form: .der) }
                    == "cryptography.malformed")
        }
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x41
            let code = Self.code { _ = try key.decrypt(SM2Ciphertext(bytes: changed, form: .der)) }
            #expect(["cryptography.malformed", "cryptography.not_decrypted"].contains(code), "byte \(index)")
        }
    }

    @Test func `another key and the other order do not open it`() throws {
        let ciphertext = try SM2Ciphertext(text: Self.c1 + Self.c3 + Self.c2, encoding: .hex, form: .raw)
        let swapped = try SM2Ciphertext(
            text: Self.c1 + Self.c3 + Self.c2, encoding: .hex, form: .raw, order: .c1c2c3)
        #expect(Self.code { _ = try SM2PrivateKey().decrypt(ciphertext) } == "cryptography.not_decrypted")
        #expect(Self.code { _ = try Self.key().decrypt(swapped) } == "cryptography.not_decrypted")
    }

    @Test(arguments: [
        "", "12", String(repeating: "0", count: 64), String(repeating: "f", count: 64),
        "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    ]) func `what is no private key is refused without showing it`(text: String) {
        do {
            _ = try SM2PrivateKey(text: Secret(text))
            Issue.record("taken")
        } catch {
            #expect(error.diagnostic.code == "cryptography.bad_key")
            #expect(text.isEmpty || !error.description.contains(text))
        }
    }

    @Test func `a private key prints as dots`() throws {
        let key = try Self.key()
        var dumped = ""
        dump(key, to: &dumped)
        for shown in ["\(key)", dumped, String(describing: key)] {
            #expect(!shown.lowercased().contains("3945208f"))
            #expect(!shown.contains("57, 69"), "the bytes as numbers")
        }
    }
}

/// The `openssl` command is another program over the same library: it proves the forms, not the arithmetic.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct `SM2 beside the openssl command` {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sm2-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments.first ?? "")")
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    @Test(arguments: ["PKCS 8", "EC"]) func `its keys, ciphertexts and signatures are read, and ours by it`(
        container: String
    ) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        if container == "EC" {
            try run("ecparam", "-name", "SM2", "-genkey", "-noout", "-out", path("key.pem"))
        } else {
            try run("genpkey", "-algorithm", "SM2", "-out", path("key.pem"))
        }
        try run("pkey", "-in", path("key.pem"), "-pubout", "-out", path("public.pem"))
        let key = try SM2PrivateKey(text: Secret(String(decoding: bytes("key.pem"), as: UTF8.self)))
        let owner = try SM2PublicKey(text: String(decoding: bytes("public.pem"), as: UTF8.self))
        #expect(owner == key.publicKey)

        let message = Array("证照数据 cert_data".utf8)
        try Data(message).write(to: folder.appendingPathComponent("text"))
        try run(
            "pkeyutl", "-encrypt", "-pubin", "-inkey", path("public.pem"), "-in", path("text"), "-out", path("theirs"))
        #expect(try key.decrypt(SM2Ciphertext(bytes: bytes("theirs"), form: .der)) == message)
        try Data(owner.encrypt(message).bytes(form: .der)).write(to: folder.appendingPathComponent("ours"))
        try run("pkeyutl", "-decrypt", "-inkey", path("key.pem"), "-in", path("ours"), "-out", path("opened"))
        #expect(try bytes("opened") == message)

        try run(
            "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", path("key.pem"), "-in", path("text"), "-pkeyopt",
            "distid:1234567812345678", "-out", path("signature"))
        #expect(try owner.verifies(SM2Signature(bytes: bytes("signature"), form: .der), over: message))
        try Data(key.sign(message).der).write(to: folder.appendingPathComponent("signed"))
        try run(
            "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey", path("public.pem"), "-in",
            path("text"), "-pkeyopt", "distid:1234567812345678", "-sigfile", path("signed"))
    }

    @Test func `a key with a password is refused and nobody is asked for it`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try run("genpkey", "-algorithm", "SM2", "-aes-128-cbc", "-pass", "pass:demo", "-out", path("key.pem"))
        let text = try Secret(String(decoding: bytes("key.pem"), as: UTF8.self))
        #expect(throws: CryptographyError.self) { try SM2PrivateKey(text: text) }
    }

    @Test func `a key of another curve is refused`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path("key.pem"))
        let text = try Secret(String(decoding: bytes("key.pem"), as: UTF8.self))
        #expect(throws: CryptographyError.self) { try SM2PrivateKey(text: text) }
    }
}
