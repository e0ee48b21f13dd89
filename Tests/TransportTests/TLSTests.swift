// SPDX-License-Identifier: Apache-2.0
import AdapterTesting
import Diagnostics
import Foundation
import Testing
import Transport

@Suite struct `An exchange over TLS` {
    let peer: TLSPeer
    let transport = CurlTransport(clock: SystemGatewayClock())

    init() async throws {
        peer = try TLSPeer()
        try await peer.authority("ca")
        try await peer.certificate("server", by: "ca", for: "localhost", days: 45)
    }

    private func request(
        _ port: Int, host: String = "localhost", authority: String? = "ca", client: String? = nil,
        password: String? = nil
    ) -> ExchangeRequest {
        ExchangeRequest(
            url: "https://\(host):\(port)/",
            security: ExchangeSecurity(
                certificateAuthorityFile: authority.map { peer.path("\($0).pem") },
                clientCertificateFile: client.map { peer.path("\($0).pem") },
                clientKeyFile: client.map { peer.path("\($0).key") }, clientKeyPassword: password.map { Secret($0) }))
    }

    @Test func `with a private authority says when the certificate ends`() async throws {
        let port = try await peer.serve("server")
        let answer = try await transport.exchange(request(port))
        #expect(answer.status == 200)
        let expiry = try #require(answer.receipt.certificateExpiresAt)
        let zone = try #require(
            try? Date("\(try await peer.end(of: "server"))".replacing(" ", with: "T"), strategy: .iso8601))
        #expect(expiry.milliseconds == Int64(zone.timeIntervalSince1970) * 1000)
        let days = answer.receipt.certificateDaysLeft(at: SystemGatewayClock().now)
        #expect(days == 44 || days == 45)
        #expect(answer.receipt.timings.tls != nil)
        #expect(answer.receipt.httpVersion == "1.0")
    }

    @Test func `is refused when the authority is not ours`() async throws {
        try await peer.authority("other")
        let port = try await peer.serve("server")
        for authority in [nil, "other"] {
            let error = await failure(of: transport, request(port, authority: authority))
            #expect(error?.code == .tlsUntrusted)
            #expect(error?.layer == .tls)
            #expect(error?.description.contains("issuer") == true, "\(error.map(\.description) ?? "")")
            #expect(error?.isRetriable == false)
        }
    }

    @Test func `is refused when the certificate is for another name`() async throws {
        try await peer.certificate("elsewhere", by: "ca", for: "elsewhere.example", days: 9)
        let port = try await peer.serve("elsewhere")
        let error = await failure(of: transport, request(port))
        #expect(error?.code == .tlsNameMismatch)
        #expect(error?.receipt?.certificateDaysLeft(at: SystemGatewayClock().now) == 8)
        let byNumber = await failure(of: transport, request(try await peer.serve("server"), host: "127.0.0.1"))
        #expect(byNumber?.code == .tlsNameMismatch)
    }

    @Test func `is refused when the certificate has expired`() async throws {
        try await peer.certificate("old", by: "ca", for: "localhost", days: -1)
        let error = await failure(of: transport, request(try await peer.serve("old")))
        #expect(error?.code == .tlsUntrusted)
        #expect(error?.description.contains("expired") == true)
    }

    @Test func `is refused when a file of ours cannot be used`() async throws {
        let port = try await peer.serve("server")
        let missing = await failure(of: transport, request(port, authority: "missing"))
        #expect(missing?.code == .tlsUntrusted)
        let client = await failure(of: transport, request(port, client: "missing"))
        #expect(client?.code == .tlsClientCertificate)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `shows our certificate where it is asked for`(version: String) async throws {
        try await peer.authority("clients")
        try await peer.certificate("us", by: "clients", for: "gateway", days: 9, password: "canary-key-password")
        try await peer.certificate("stranger", by: "ca", for: "gateway", days: 9)
        let port = try await peer.serve(
            "server", more: ["-Verify", "2", "-verify_return_error", "-CAfile", peer.path("clients.pem"), version])
        let password = "canary-key-password"
        #expect(try await transport.exchange(request(port, client: "us", password: password)).status == 200)
        let without = await failure(of: transport, request(port))
        #expect(without?.code == .tlsClientCertificate, "\(without.map(\.description) ?? "")")
        let stranger = await failure(of: transport, request(port, client: "stranger"))
        #expect(stranger?.code == .tlsClientCertificate, "\(stranger.map(\.description) ?? "")")
        for wrong in [nil, "canary-wrong-password"] {
            let error = await failure(of: transport, request(port, client: "us", password: wrong))
            #expect(error?.code == .tlsClientCertificate)
            #expect(error?.description.contains("canary") == false)
        }
    }

    @Test func `that is not agreed on is tried again, like a connection that is not opened`() async throws {
        let port = try await peer.serve("server", more: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let error = await failure(of: transport, request(port))
        #expect(error?.code == .tlsHandshake, "\(error.map(\.description) ?? "")")
        #expect(error?.layer == .tls)
        #expect(error?.isRetriable == true)
    }

    @Test func `to a port that speaks plain HTTP, and the other way round, is named`() async throws {
        let plain = try FixtureServer()
        plain.script("/", .text("{}"))
        var asked = request(plain.port)
        asked.limits.connect = .milliseconds(500)
        let error = await failure(of: transport, asked)
        #expect(error?.layer == .tls)
        #expect(error?.code == .connectTimeout)
        let port = try await peer.serve("server")
        let other = await failure(of: transport, ExchangeRequest(url: "http://localhost:\(port)/"))
        #expect(other?.code == .reset || other?.code == .notHTTP)
    }
}

@Suite struct `The days a certificate has left` {
    @Test func `are whole days, rounded down, negative once it has ended`() {
        let moment = Timestamp(seconds: 1_795_570_200)
        func left(_ seconds: Int64) -> Int? {
            ExchangeReceipt(startedAt: moment, certificateExpiresAt: moment + .seconds(seconds))
                .certificateDaysLeft(at: moment)
        }
        #expect(left(86_400) == 1)
        #expect(left(86_399) == 0)
        #expect(left(0) == 0)
        #expect(left(-1) == -1)
        #expect(left(-86_400) == -1)
        #expect(left(-86_401) == -2)
        #expect(ExchangeReceipt(startedAt: moment).certificateDaysLeft(at: moment) == nil)
    }
}
