// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Diagnostics

/// Lists that only one reader can open: SM2, the raw point first, then digest and bytes, in hexadecimal.
///
/// The key pair follows from the seed, so that a manifest's secret fits; the ciphertext is another one every time.
enum SealedList {
    /// The reader's private key, 64 hexadecimal digits.
    static func privateKey(_ seed: UInt64) -> String {
        var dice = Dice(seed, 0x5142)
        // Below 2^255, and so below the order of the curve.
        let parts = [dice.next() >> 1, dice.next(), dice.next(), dice.next()]
        return parts.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Nothing when this machine's libcrypto has no SM2; a reader then finds a list it cannot open, not an empty one.
    static func seal(_ bytes: [UInt8], seed: UInt64) -> String {
        guard let key = try? SM2PrivateKey(text: Secret(privateKey(seed))),
            let sealed = try? key.publicKey.encrypt(bytes)
        else { return "" }
        return BinaryText.hex.text(sealed.bytes(form: .raw, order: .c1c3c2))
    }
}
