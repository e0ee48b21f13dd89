// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import LicenceModel

/// The secret behind catalogue ids and index hashes, and the hashes themselves.
struct IndexKey: Sendable {
    private let secret: [UInt8]
    private let identity: SHA256Key
    private let sip: SipHash
    private let mask: UInt64
    private let idMask: RecordID

    /// Takes 32 secret bytes.
    ///
    /// `hashBits` below 64 and `idBits` below 128 make collisions for tests.
    init(secret: [UInt8], hashBits: Int = 64, idBits: Int = 128) {
        self.secret = secret
        identity = SHA256Key(secret)
        sip = SipHash(key: SHA256.hmac("licence-gateway index hash 1".utf8, key: secret).bytes)
        mask = hashBits >= 64 ? .max : (1 << UInt64(hashBits)) - 1
        idMask = RecordID(
            (0..<16).map { byte in
                let bits = min(8, max(0, idBits - 8 * byte))
                return UInt8(truncatingIfNeeded: 0xff00 >> bits)
            })
    }

    /// Recognises the key without telling it.
    var fingerprint: [UInt8] { Array(SHA256.hmac("licence-gateway fingerprint 1".utf8, key: secret).bytes.prefix(8)) }

    func id(of key: SourceRecordKey) -> RecordID {
        var message = ByteWriter(reserving: 96)
        message.text(key.source.rawValue)
        // The bytes of `SourceRecordKey.joined`, without making that text.
        for part in key.parts {
            message.decimal(part.utf8.count)
            message.byte(UInt8(ascii: ":"))
            message.utf8(part)
        }
        let half = identity.digest(message.bytes).half
        return RecordID(high: half.high & idMask.high, low: half.low & idMask.low)
    }

    func holder(_ canonicalCode: String) -> UInt64 { hash(canonicalCode, under: []) }

    func identifier(_ canonical: String) -> UInt64 { hash(canonical, under: [1]) }

    func number(_ canonical: String, _ type: LicenceTypeCode) -> UInt64 {
        var message = ByteWriter()
        message.byte(2)
        message.text(type.rawValue)
        message.utf8(canonical)
        return sip(message.bytes) & mask
    }

    private func hash(_ text: String, under prefix: [UInt8]) -> UInt64 {
        var message = ByteWriter(reserving: 96)
        message.raw(prefix)
        message.utf8(text)
        return sip(message.bytes) & mask
    }
}

/// The sixteen bytes of a catalogue id.
struct RecordID: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    init(_ bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64) = (0, 0)
        var n = 0
        for byte in bytes.prefix(16) {
            if n < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
            n += 1
        }
        (high, low) = words
    }

    init(_ id: CatalogueID) {
        let digits = Array(id.rawValue.utf8)
        func nibble(_ digit: UInt8) -> UInt8 { digit < 58 ? digit &- 48 : digit &- 87 }
        self.init((0..<16).map { nibble(digits[2 * $0]) << 4 | nibble(digits[2 * $0 + 1]) })
    }

    var bytes: [UInt8] {
        var out = ByteWriter(reserving: 16)
        out.fixed(high)
        out.fixed(low)
        return out.bytes
    }

    /// The public form; the fallback never happens, since sixteen bytes always give 32 digits.
    var catalogueID: CatalogueID? { CatalogueID(rawValue: hexadecimal(bytes)) }
}
