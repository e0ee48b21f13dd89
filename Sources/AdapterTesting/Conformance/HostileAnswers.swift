// SPDX-License-Identifier: Apache-2.0
import Transport

/// Answers no source should give and every adapter must survive.
enum HostileAnswers {
    /// Stands for a person in every one of them.
    static let canary = "430102199003070020"

    static func all(_ format: AdapterUnderTest.Format, limit: Int) -> [(name: String, answer: CannedTransport.Answer)] {
        shared(limit) + (format == .xml ? xml : json)
    }

    private static func answer(
        _ text: String, status: Int = 200, type: String = "application/json"
    ) -> CannedTransport.Answer { .answer(status: status, headers: ["Content-Type": type], body: Array(text.utf8)) }

    private static func shared(_ limit: Int) -> [(name: String, answer: CannedTransport.Answer)] {
        [
            ("nothing at all", answer("")),
            ("HTML with 200", answer("<!DOCTYPE html><html><body>\(canary)</body></html>", type: "text/html")),
            ("HTML that says it is data", answer("<html><body>\(canary)</body></html>")),
            ("plain words", answer("service \(canary) unavailable", type: "text/plain")),
            ("a byte order mark and nothing else", .answer(status: 200, headers: [:], body: [0xEF, 0xBB, 0xBF])),
            (
                "bytes of another character set",
                .answer(status: 200, headers: [:], body: [0xB3, 0xA4, 0xC9, 0xB3, 0xFF, 0xFE])
            ),
            (
                "an answer over the limit",
                .answer(status: 200, headers: [:], body: [UInt8](repeating: 32, count: limit + 1))
            ),
            ("what a gzip bomb becomes", .failure(TransportError(.responseTooLarge, layer: .body))),
            ("a redirect to another host", .failure(TransportError(.redirectRefused, layer: .http))),
            ("a redirect nobody follows", answer("", status: 302)),
            ("a body that was cut", .failure(TransportError(.truncated, layer: .body))),
        ]
    }

    private static let json: [(name: String, answer: CannedTransport.Answer)] = [
        ("a cut document", answer("{\"code\":\"200\",\"data\":{\"items\":[{\"id\":\"\(canary)\"")),
        ("a trailing comma", answer("{\"data\":[],}")),
        ("a doubled key around the list", answer("{\"data\":{},\"data\":{\"x\":\"\(canary)\"}}")),
        ("a lone surrogate", answer("{\"data\":\"\\ud800\"}")),
        ("deep nesting", answer(String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000))),
        ("another document", answer("{\"hello\":\"\(canary)\"}")),
        ("null", answer("null")),
        ("a number", answer("42")),
    ]

    private static let xml: [(name: String, answer: CannedTransport.Answer)] = [
        ("a cut document", answer("<ROOT><HEAD><CODE>00</CODE></HEAD><DATA><RECORD><ID>\(canary)", type: "text/xml")),
        (
            "entities that grow",
            answer(
                "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><ROOT>&b;\(canary)</ROOT>",
                type: "text/xml")
        ),
        (
            "an external entity",
            answer("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ROOT>&x;</ROOT>", type: "text/xml")
        ),
        (
            "deep nesting",
            answer(
                String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000), type: "text/xml")
        ),
        ("another document", answer("<hello>\(canary)</hello>", type: "text/xml")),
        ("an encoding that is not so", answer("<?xml version=\"1.0\" encoding=\"UTF-16\"?><ROOT/>", type: "text/xml")),
    ]
}
