// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Foundation
import Testing
import Transport

/// Values that must not show up anywhere are planted in query, headers, credentials and bodies of every way to fail.
@Suite struct `Planted values` {
    static let ways: [(String, FixtureAnswer)] =
        Hostile.all.map { ($0.name, $0.answer) } + [
            ("redirect away", .redirect(to: "http://user-canary:canary@elsewhere-host.example/canary-path?canary=1")),
            ("redirect to a file", .redirect(to: "file:///canary")),
            ("redirect in a circle", .redirect(to: "/h?canary=1")),
            ("not compressed", .text("canary", headers: [("Content-Encoding", "gzip")])),
            ("unknown encoding", .text("canary", headers: [("Content-Encoding", "canary")])),
            ("bad chunk size", FixtureAnswer([.bytes(Hostile.chunked), .bytes(Array("canary\r\n".utf8)), .close])),
            ("bad status line", FixtureAnswer([.bytes(Array("HTTP/9.9 canary\r\n\r\n".utf8)), .close])),
        ]

    @Test(arguments: ways.indices)
    func `reach no error, place or observation`(index: Int) async throws {
        let server = try FixtureServer()
        let observations = Observations()
        let transport = CurlTransport(clock: SystemGatewayClock(), observer: observations)
        server.script("/h", Self.ways[index].1)
        var headers: HeaderFields = ["X-Plain": "canary-plain", "X-Canary-Free-Name": "canary"]
        headers.append("X-App-Key", secret: Secret("canary-secret"))
        var asked = request(
            server, "/h;jsessionid=canary?holder=canary#canary", method: .post, headers: headers,
            body: Array("canary".utf8),
            limits: ExchangeLimits(total: .seconds(2), stall: .milliseconds(500), responseBytes: .kibibytes(64)))
        asked.url = server.origin + "/h?holder=canary#canary"
        asked.basic = ExchangeRequest.Basic(user: "canary-user", password: Secret("canary-password"))
        let error = try #require(await failure(of: transport, asked))
        for text in Self.texts(of: error) {
            #expect(!text.lowercased().contains("canary"), "\(Self.ways[index].0): \(text)")
        }
        for observation in observations.all {
            var dumped = ""
            dump(observation, to: &dumped)
            #expect(!dumped.lowercased().contains("canary"), "\(Self.ways[index].0)")
        }
        #expect(observations.all.count == 1)
    }

    @Test(arguments: [
        "http://canary@127.0.0.1/", "canary://127.0.0.1/canary", "http://127.0.0.1:1/p;canary?canary=1#canary",
        "http:///canary", "http://127.0.0.1/canary canary",
    ])
    func `in an address that fails reach no error`(url: String) async throws {
        let transport = CurlTransport(clock: SystemGatewayClock())
        let error = try #require(await failure(of: transport, ExchangeRequest(url: url)))
        for text in Self.texts(of: error) { #expect(!text.contains("canary"), "\(text)") }
    }

    @Test func `in a header field reach no description`() {
        var headers: HeaderFields = ["Accept": "canary"]
        headers.append("X-App-Key", secret: Secret("canary"))
        var dumped = ""
        dump(headers, to: &dumped)
        #expect(
            !dumped.contains("canary") && !"\(headers)".contains("canary")
                && !String(reflecting: headers).contains("canary"))
        #expect(headers.redacted.first("X-App-Key") == "<secret>")
        #expect(headers.first("x-app-key") == nil)
    }

    @Test func `in a request or an answer reach no description`() {
        let asked = ExchangeRequest(
            .post, url: "http://127.0.0.1/p?canary=1", headers: ["A": "canary"], body: Array("canary".utf8),
            basic: ExchangeRequest.Basic(user: "canary", password: Secret("canary")))
        let answer = ExchangeResponse(
            status: 200, headers: ["A": "canary"], body: [99, 97, 110],
            receipt: ExchangeReceipt(startedAt: Timestamp(seconds: 1)))
        var dumped = ""
        dump(asked, to: &dumped)
        dump(answer, to: &dumped)
        let texts = [dumped, "\(asked)", String(reflecting: asked), "\(answer)", String(reflecting: answer)]
        for text in texts { #expect(!text.contains("canary") && !text.contains("99"), "\(text)") }
        #expect("\(asked)" == "POST /p" && "\(answer)" == "200, 3 bytes")
    }

    /// Nothing of a request may stand on a command line: the process has the arguments it was started with.
    @Test func `reach no process argument or environment`() async throws {
        let server = try FixtureServer()
        let transport = CurlTransport(clock: SystemGatewayClock())
        server.script("/", .text("{}"))
        var asked = request(server, "/?holder=planted-\(UInt64.random(in: 0 ... .max))")
        asked.basic = ExchangeRequest.Basic(user: "u", password: Secret("planted-password"))
        _ = try await transport.exchange(asked)
        let arguments = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/cmdline"))
        let environment = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/environ"))
        for data in [arguments, environment] { #expect(!String(decoding: data, as: UTF8.self).contains("planted-")) }
    }

    private static func texts(of error: TransportError) -> [String] {
        var dumped = ""
        dump(error, to: &dumped)
        return [error.description, error.diagnostic.text, String(reflecting: error), error.place.words, dumped]
    }
}

@Suite struct `An environment that names a proxy` {
    @Test func `changes nothing`() async throws {
        // In a process of its own, because an environment is shared by all threads of one.
        await #expect(processExitsWith: .success) {
            // A proxy that is nobody: were it used, the exchange would be refused.
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
            let server = try FixtureServer()
            server.script("/", .text("{}"))
            let transport = CurlTransport(clock: SystemGatewayClock())
            #expect(try await transport.exchange(request(server, "/")).status == 200)
        }
    }
}
