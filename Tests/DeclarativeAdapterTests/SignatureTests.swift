import Cryptography
import Diagnostics
import Testing

@testable import DeclarativeAdapter

@Suite struct `A signature` {
    private func plan(_ auth: String) throws -> SignaturePlan {
        let bench = try Bench(interface: AuthFixtures.interface, auth: auth)
        return try #require(bench.manifest.authentication.signature)
    }

    @Test(arguments: [
        ("sha256", "7737770eb0481c00255480255d421c1e2f65fdc12fa7b0268ab5ec400f9711e3"),
        ("sm3", "17b98f5a1a41a7549216978bb11de081fdd0aef51e36ed92bb598a8b40e80ad1"),
    ]) func `of the x-tif kind matches the vectors`(algorithm: String, expected: String) throws {
        let plan = try plan(AuthFixtures.tif(algorithm))
        let input = SigningInput(timestamp: "1763913600", nonce: "abc123", key: Secret("demo-token-0001"))
        #expect(try plan.canonicalText(input) == "1763913600demo-token-0001abc1231763913600")
        #expect(try plan.sign(input) == expected)
    }

    @Test(arguments: [
        ("hmac_sm3", "78210900cfe2a2ea3b64aeabd01318cc610ff446f21b269d6c5669beb6610823"),
        ("hmac_sha256", "d3d9fed1ce2ecbd7e6583a96b3324008a8a176bbe292ac04b7766eb12c921207"),
    ]) func `over method, path, sorted query and body digest matches the vectors`(
        algorithm: String, expected: String
    ) throws {
        let plan = try plan(AuthFixtures.query(algorithm))
        let address = WireAddress(
            "https://a.example/v1/licences/check?timestamp=1763913600&sign=zz&nonce=abc123&appId=winA")
        let sorted = address.sortedQuery(without: ["sign"], .encoded)
        #expect(sorted == "appId=winA&nonce=abc123&timestamp=1763913600")
        let input = SigningInput(
            method: "POST", path: address.path, sortedQuery: sorted,
            body: Array(#"{"holderCode":"430102199003070020"}"#.utf8), key: Secret("demo-secret"))
        #expect(try plan.sign(input) == expected)
    }

    @Test func `with an MD5 digest and capitals is written as declared`() throws {
        let plan = try plan(
            #"{ kind: signature, algorithm: md5, encoding: hex_upper, key: "${secret:key}", canonical: ["${key}", "x"], "#
                + #"join: "&", put: { in: header, name: sign, value: "${signature}" } }"#)
        #expect(try plan.canonicalText(SigningInput(key: Secret("k"))) == "k&x")
        #expect(try plan.sign(SigningInput(key: Secret("k"))) == "F4B841B2BC09453E8B9961FB65E2AE78")
    }

    @Test func `sorts the query by name, then value, byte by byte, as it is sent`() {
        let address = WireAddress("http://h/p?b=2&a-b=1&a=%E9%95%BF&a=1&B=3&empty")
        #expect(address.sortedQuery(without: [], .encoded) == "B=3&a=%E9%95%BF&a=1&a-b=1&b=2&empty=")
        #expect(address.sortedQuery(without: ["b"], .decoded) == "B=3&a=1&a=长&a-b=1&empty=")
        #expect(WireAddress("http://h").sortedQuery(without: [], .encoded) == "")
    }

    @Test func `signs an address as it is sent`() {
        var address = WireAddress("http://127.0.0.1:8/证照/a b?x=长#part")
        #expect(address.origin == "http://127.0.0.1:8")
        #expect(address.path == "/%E8%AF%81%E7%85%A7/a%20b")
        #expect(address.url == "http://127.0.0.1:8/%E8%AF%81%E7%85%A7/a%20b?x=%E9%95%BF")
        address.set("x", "1&2")
        address.set("y", "+")
        #expect(address.url == "http://127.0.0.1:8/%E8%AF%81%E7%85%A7/a%20b?x=1%262&y=%2B")
    }

    @Test(arguments: [("hex", "00ff10"), ("base64", "AP8Q"), ("text", "kÿ")])
    func `reads its key as declared`(encoding: String, text: String) throws {
        let plan = try plan(
            #"{ kind: signature, algorithm: hmac_sha256, encoding: hex, key: "${secret:key}", "#
                + "key_encoding: \(encoding), canonical: [x], "
                + #"put: { in: header, name: sign, value: "${signature}" } }"#)
        #expect(plan.keyBytes(Secret(text)) == (encoding == "text" ? Array(text.utf8) : [0, 255, 16]))
        if encoding != "text" { #expect(plan.keyBytes(Secret("zz!")) == nil) }
    }

    @Test(arguments: [SignaturePlan.Nonce.Alphabet.hex, .alphanumeric, .digits])
    func `has a nonce of its alphabet and length`(alphabet: SignaturePlan.Nonce.Alphabet) {
        let nonce = SignaturePlan.Nonce(length: 33, alphabet: alphabet)
        let first = nonce.text(secureRandomBytes)
        #expect(first.count == 33 && first != nonce.text(secureRandomBytes))
        let strangers = first.filter { letter in
            switch alphabet {
            case .hex: !letter.isHexDigit
            case .digits: !("0"..."9").contains(letter)
            case .alphanumeric: !letter.isASCII || !(letter.isNumber || letter.isLetter)
            }
        }
        #expect(strangers.isEmpty)
    }
}

enum AuthFixtures {
    static let interface = """
        licence_type: "11100000000013127D916"
        pull: { method: POST, path: /list, body: { kind: json, template: '{"page": ${page}}' }, pages: { kind: page_number, size: 50 }, records: $.data, key: [$.id], version: arrival, has_more: $.more }
        fields: { number: $.no, status: { constant: valid } }
        """

    static func tif(_ algorithm: String, more: String = "") -> String {
        """
        { kind: signature, algorithm: \(algorithm), encoding: hex, key: "${secret:key}", timestamp: seconds, \
        nonce: { length: 16, alphabet: hex }, canonical: [ "${timestamp}", "${key}", "${nonce}", "${timestamp}" ], \
        put: [ { in: header, name: x-tif-paasid, value: "licgate" }, \
        { in: header, name: x-tif-timestamp, value: "${timestamp}" }, { in: header, name: x-tif-nonce, value: "${nonce}" }, \
        { in: header, name: x-tif-signature, value: "${signature}" } ]\(more) }
        """
    }

    static func query(_ algorithm: String, more: String = "") -> String {
        """
        { kind: signature, algorithm: \(algorithm), encoding: hex, key: "${secret:key}", timestamp: seconds, \
        nonce: { length: 16 }, body_digest: { algorithm: sm3 }, join: "\\n", \
        canonical: [ "${method}", "${path}", "${sorted_query}", "${body_digest}" ], \
        put: [ { in: query, name: appId, value: "licgate" }, { in: query, name: timestamp, value: "${timestamp}" }, \
        { in: query, name: nonce, value: "${nonce}" }, { in: query, name: sign, value: "${signature}" } ]\(more) }
        """
    }
}
