// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import Diagnostics

/// An address as it goes over the wire, in the parts that are signed.
struct WireAddress: Sendable, Hashable {
    /// Scheme, host and port.
    let origin: String
    /// Percent-encoded, starts with `/`.
    let path: String
    /// The query's `name=value`, percent-encoded, in their order.
    private(set) var pairs: [String]

    /// Reads an address; what may not stand in one (blanks, letters beyond ASCII) is percent-encoded, and so sent.
    init(_ url: String) {
        let clean = WireAddress.encoded(String(url.prefix { $0 != "#" }))
        let start = Substring(clean).range(ofText: "://")?.upperBound ?? clean.startIndex
        let end = clean[start...].firstIndex { $0 == "/" || $0 == "?" } ?? clean.endIndex
        origin = String(clean[..<end])
        let parts = clean[end...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        self.path = path.isEmpty ? "/" : path
        pairs = parts.count == 2 ? parts[1].split(separator: "&").map(String.init) : []
    }

    var url: String { origin + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")) }

    /// Puts a parameter, in place of one of the same name (a link to the next page may carry it already).
    mutating func set(_ name: String, _ value: String) {
        let name = PercentText.escape(name)
        let pair = name + "=" + PercentText.escape(value)
        if let place = pairs.firstIndex(where: { WireAddress.name($0) == name }) {
            pairs[place] = pair
        } else {
            pairs.append(pair)
        }
    }

    /// The pairs without those of these names, sorted by name and then value, byte by byte, joined by `&`.
    func sortedQuery(without names: Set<String>, _ form: SignaturePlan.QueryForm) -> String {
        let skipped = Set(names.map(PercentText.escape))
        let kept = pairs.filter { !skipped.contains(WireAddress.name($0)) }
        let split = kept.map { pair -> (name: [UInt8], value: [UInt8]) in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let texts = form == .decoded ? sides.map(WireAddress.decoded) : sides
            return (Array(texts[0].utf8), Array((texts.count == 2 ? texts[1] : "").utf8))
        }
        let sorted = split.sorted { a, b in
            a.name == b.name ? a.value.lexicographicallyPrecedes(b.value) : a.name.lexicographicallyPrecedes(b.name)
        }
        return sorted.map { String(decoding: $0.name + [61] + $0.value, as: UTF8.self) }.joined(separator: "&")
    }

    private static func name(_ pair: String) -> String { String(pair.prefix { $0 != "=" }) }

    private static func encoded(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 32 || $0 >= 127 }) else { return text }
        let pieces = text.utf8.map { byte in
            byte <= 32 || byte >= 127
                ? "%" + hexadecimal([byte]).uppercased() : String(decoding: [byte], as: UTF8.self)
        }
        return pieces.joined()
    }

    private static func decoded(_ text: String) -> String {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 37, rest.count >= 2,
                let value = hexadecimalBytes(String(decoding: rest.prefix(2), as: UTF8.self))?.first
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Everything that a signature can be made over.
struct SigningInput {
    var method = "GET"
    var path = "/"
    var sortedQuery = ""
    var body: [UInt8] = []
    var timestamp = ""
    var nonce = ""
    var token = ""
    var key = Secret("")
    var setting: (String) -> String? = { _ in nil }
}

extension SignaturePlan {
    /// The text that is signed, exactly as declared.
    func canonicalText(_ input: SigningInput) throws(CryptographyError) -> String {
        var bodyText: String?
        if signs(.bodyDigest), let bodyDigest {
            bodyText = bodyDigest.encoding.text(try bodyDigest.digest.digest(input.body))
        }
        let parts = canonical.map { template in
            template.render { value($0, input, bodyDigest: bodyText) ?? "" } ?? ""
        }
        return parts.joined(separator: join)
    }

    /// The signature, written as declared.
    func sign(_ input: SigningInput) throws(CryptographyError) -> String {
        let message = Array(try canonicalText(input).utf8)
        guard isKeyed else { return encoding.text(try digest.digest(message)) }
        return encoding.text(try digest.hmac(message, key: keyBytes(input.key) ?? []))
    }

    /// The key as bytes; nil when it is not written as declared.
    func keyBytes(_ key: Secret) -> [UInt8]? {
        switch keyEncoding {
        case .text: Array(key.revealed.utf8)
        case .hex: BinaryText.hex.bytes(key.revealed)
        case .base64: BinaryText.base64.bytes(key.revealed)
        }
    }

    func value(_ placeholder: Placeholder, _ input: SigningInput, bodyDigest: String? = nil) -> String? {
        switch placeholder.kind {
        case .timestamp: input.timestamp
        case .nonce: input.nonce
        case .key: input.key.revealed
        case .method: input.method
        case .path: input.path
        case .sortedQuery: input.sortedQuery
        case .body: String(decoding: input.body, as: UTF8.self)
        case .bodyDigest: bodyDigest
        case .token: input.token
        case .config: placeholder.name.flatMap(input.setting)
        default: nil
        }
    }
}

extension SignaturePlan.Nonce {
    /// A fresh text out of random bytes.
    func text(_ random: (Int) -> [UInt8]) -> String {
        let letters: String =
            switch alphabet {
            case .hex: "0123456789abcdef"
            case .digits: "0123456789"
            case .alphanumeric: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            }
        let table = Array(letters.utf8)
        // Sixteen bits a character: the alphabet's length divides them to within a thousandth.
        let bytes = random(2 * length)
        let text = stride(from: 0, to: bytes.count - 1, by: 2).map { place in
            table[(Int(bytes[place]) << 8 | Int(bytes[place + 1])) % table.count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
