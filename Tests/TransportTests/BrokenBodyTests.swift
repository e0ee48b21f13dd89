// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Testing
import Transport

/// Bodies whose framing is wrong, from a server of which every byte is scripted.
@Suite struct `A body whose framing is broken` {
    struct Broken: Sendable, CustomTestStringConvertible {
        let what: String
        let body: String
        let codes: Set<TransportError.Code>
        var testDescription: String { what }
    }

    static let chunked = "Transfer-Encoding: chunked\r\n"
    static let bodies: [Broken] = [
        Broken(what: "a chunk size that is no number", body: chunked + "\r\nxyz\r\n{}\r\n0\r\n\r\n", codes: [.notHTTP]),
        Broken(what: "a negative chunk size", body: chunked + "\r\n-5\r\n{}\r\n0\r\n\r\n", codes: [.notHTTP]),
        Broken(
            what: "a chunk size beyond 64 bits", body: chunked + "\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
            codes: [.notHTTP]),
        Broken(
            what: "a chunk shorter than it says", body: chunked + "\r\n10\r\n{}\r\n0\r\n\r\n",
            codes: [.truncated, .notHTTP]),
        Broken(what: "a chunk longer than it says", body: chunked + "\r\n1\r\n{}\r\n0\r\n\r\n", codes: [.notHTTP]),
        Broken(what: "no last chunk", body: chunked + "\r\n2\r\n{}\r\n", codes: [.truncated]),
        Broken(what: "nothing after the chunk's size", body: chunked + "\r\n2\r\n", codes: [.truncated]),
        Broken(what: "a length that is no number", body: "Content-Length: x\r\n\r\n{}", codes: [.notHTTP]),
        Broken(what: "a negative length", body: "Content-Length: -1\r\n\r\n{}", codes: [.notHTTP]),
        Broken(
            what: "two lengths", body: "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
            codes: [.notHTTP, .truncated]),
        Broken(what: "a body shorter than its length", body: "Content-Length: 20\r\n\r\n{}", codes: [.truncated]),
        Broken(
            what: "gzip that is none", body: "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            codes: [.decodingFailed]),
        Broken(
            what: "an encoding nobody knows", body: "Content-Encoding: x-mine\r\nContent-Length: 2\r\n\r\n{}",
            codes: [.decodingFailed]),
    ]

    @Test(arguments: bodies) func `is an error of its own kind, never a body`(broken: Broken) async throws {
        let server = try FixtureServer()
        defer { server.stop() }
        server.script("/x", FixtureAnswer([.bytes(Array("HTTP/1.1 200 OK\r\n\(broken.body)".utf8)), .close]))
        let error = await failure(of: CurlTransport(clock: SystemGatewayClock()), request(server, "/x"))
        #expect(error.map { broken.codes.contains($0.code) } == true, "\(error?.description ?? "a body came out")")
    }
}
