// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Glibc
import Testing
import Transport

/// A port that listens but never accepts, with its queue full: further connections hang.
final class FullPort {
    let port: Int
    private var sockets: [Int32] = []

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        sockets.append(listener)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        try #require(ready)
        port = Int(UInt16(bigEndian: address.sin_port))
        for _ in 0..<8 {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            sockets.append(client)
            _ = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, length) }
            }
        }
    }

    deinit { for socket in sockets { close(socket) } }
}

@Suite struct `An address that does not answer` {
    let transport = CurlTransport(clock: SystemGatewayClock())

    @Test func `is refused when nobody listens`() async throws {
        let server = try FixtureServer()
        server.stop()
        let error = await failure(of: transport, request(server, "/"))
        #expect(error?.code == .connectRefused)
        #expect(error?.layer == .connect)
        #expect(error?.isRetriable == true)
        #expect(error?.description.contains("refused") == true)
    }

    @Test func `times out while connecting when the port is full`() async throws {
        let full = try FullPort()
        let limits = ExchangeLimits(connect: .milliseconds(300), total: .seconds(20))
        let asked = ExchangeRequest(url: "http://127.0.0.1:\(full.port)/x", limits: limits)
        let error = await failure(of: transport, asked)
        #expect(error?.code == .connectTimeout)
        #expect(error?.layer == .connect)
        #expect(error?.isRetriable == true)
    }

    @Test func `has a name that cannot exist`() async {
        let label = String(repeating: "a", count: 64)
        let error = await failure(of: transport, ExchangeRequest(url: "http://\(label).invalid/x"))
        #expect(error?.code == .nameUnresolved)
        #expect(error?.layer == .nameResolution)
    }
}

@Suite struct `An address or header that must not be sent` {
    let transport = CurlTransport(clock: SystemGatewayClock())

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/", "ws://127.0.0.1/", "",
        "127.0.0.1/no-scheme", "//127.0.0.1/x", "http://", "http:///path", "http://user@127.0.0.1/",
        "http://user:password@127.0.0.1/", "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/\u{0}", "javascript:alert(1)", "http://127.0.0.1/" + String(repeating: "a", count: 8000),
    ])
    func `is refused before anything is sent`(url: String) async {
        let error = await failure(of: transport, ExchangeRequest(url: url))
        #expect(error?.code == .urlRefused)
        #expect(error?.receipt == nil)
        #expect(error?.place.request == "GET")
        #expect(error?.isRetriable == false)
    }

    @Test(arguments: [
        ("X-A", "b\r\nX-Injected: 1"), ("X-A", "b\nc"), ("X-A", "b\u{0}c"), ("X A", "b"), ("X:A", "b"), ("", "b"),
        ("X\r\nA", "b"), ("Content-Length", "5"), ("transfer-encoding", "chunked"), ("名", "b"),
    ])
    func `is refused when a header field breaks out or frames the body`(name: String, value: String) async throws {
        let server = try FixtureServer()
        let headers = HeaderFields([(name, value)])
        let error = await failure(of: transport, request(server, "/", headers: headers))
        #expect(error?.code == .headerRefused)
        #expect(server.counts.connections == 0)
    }

    @Test func `is encoded where it holds characters outside ASCII`() async throws {
        let server = try FixtureServer()
        _ = try await transport.exchange(request(server, "/证照?名=值#part"))
        #expect(
            server.requests.first?.path == "/%E8%AF%81%E7%85%A7" || server.requests.first?.path == "/%e8%af%81%e7%85%a7"
        )
        #expect(server.requests.first?.query.lowercased() == "%e5%90%8d=%e5%80%bc")
    }
}
