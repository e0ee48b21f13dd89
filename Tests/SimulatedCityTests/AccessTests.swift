import Cryptography
import Diagnostics
import Foundation
import Glibc
import Testing
import Transport

@testable import SimulatedCity

@Suite struct `The doors of the city` {
    static let now = Timestamp(milliseconds: 1_795_570_200_000)
    let secrets = CitySecrets(seed: 7, number: 3)

    private func asked(
        _ method: String = "GET", _ target: String = "/list?page=1", headers: [String: String] = [:], body: String = ""
    ) -> CityRequest {
        let (path, query) = RequestReader.target(Substring(target))
        return CityRequest(
            method: method, path: path, query: query, headers: headers, body: Array(body.utf8), target: target)
    }

    private func lets(_ door: any AccessRule, _ request: CityRequest, at now: Timestamp = now) -> Bool {
        if case .admitted = door.check(request, secrets, now: now) { true } else { false }
    }

    private func answer(_ door: any AccessRule, _ request: CityRequest) -> (status: Int, text: String)? {
        guard case .answered(let reply) = door.check(request, secrets, now: Self.now) else { return nil }
        return (reply.status, String(decoding: reply.body, as: UTF8.self))
    }

    private func tif(_ stamp: String, _ nonce: String, _ digest: MessageDigest = .sha256, key: String? = nil) throws
        -> CityRequest
    {
        let text = stamp + (key ?? secrets.key) + nonce + stamp
        let signature = try hexadecimal(digest.digest(Array(text.utf8)))
        return asked(headers: [
            "x-tif-paasid": "licgate", "x-tif-timestamp": stamp, "x-tif-nonce": nonce, "x-tif-signature": signature,
        ])
    }

    @Test(arguments: [MessageDigest.sha256, .sm3])
    func `the tif door takes a right signature once, within its window`(digest: MessageDigest) throws {
        let door = TifDoor(digest)
        #expect(try lets(door, tif("1795570200", "n1", digest)))
        #expect(try !lets(door, tif("1795570200", "n1", digest)), "a nonce twice")
        #expect(try lets(door, tif("1795569901", "n2", digest)))
        #expect(try !lets(door, tif("1795569899", "n3", digest)), "more than 300 s old")
        #expect(try !lets(door, tif("1795570501", "n4", digest)), "more than 300 s ahead")
        #expect(try !lets(door, tif("1795570200", "n5", digest, key: "other")))
        #expect(!lets(door, asked()))
    }

    @Test func `a nonce may come again when its timestamp is long past`() throws {
        let door = TifDoor()
        #expect(try lets(door, tif("1795570200", "n1")))
        let later = Timestamp(milliseconds: Self.now.milliseconds + 700_000)
        #expect(try lets(door, tif("1795570900", "n1"), at: later))
    }

    @Test func `the signed body's door sees every changed part`() throws {
        let door = SignedBody()
        func request(_ nonce: String, body: String = "{}", sent: String? = nil) throws -> CityRequest {
            let stamp = "1795570200000"
            let mac = try MessageDigest.sha256.hmac(
                Array("licgate\n\(stamp)\n\(nonce)\n\(body)".utf8), key: Array(secrets.key.utf8))
            return asked(
                "POST", "/query",
                headers: [
                    "x-app-id": "licgate", "x-timestamp": stamp, "x-nonce": nonce,
                    "x-signature": BinaryText.base64.text(mac),
                ], body: sent ?? body)
        }
        #expect(try lets(door, request("a")))
        #expect(try !lets(door, request("a")))
        #expect(try !lets(door, request("b", sent: "{ }")))
    }

    @Test func `the signed query's door signs the target as it came`() throws {
        let door = SignedQuery()
        func request(_ nonce: String, sent: String = "q=a%20b") throws -> CityRequest {
            let others = "appId=licgate&nonce=\(nonce)&q=a%20b&timestamp=1795570200"
            let empty = try hexadecimal(MessageDigest.sm3.digest([]))
            let mac = try MessageDigest.sm3.hmac(
                Array("GET\n/list\n\(others)\n\(empty)".utf8), key: Array(secrets.key.utf8))
            return asked(
                "GET", "/list?timestamp=1795570200&\(sent)&appId=licgate&nonce=\(nonce)&sign=\(hexadecimal(mac))")
        }
        #expect(try lets(door, request("a")))
        #expect(try !lets(door, request("a")))
        #expect(try !lets(door, request("b", sent: "q=a+b")))
    }

    @Test func `a login gives a token that holds until it ends`() throws {
        let door = LoginDoor(lifetime: 60)
        let wrong = try #require(
            answer(door, asked("POST", "/auth/login", body: #"{"username":"licgate","password":"x"}"#)))
        #expect(wrong.status == 200 && wrong.text.contains("A0201"))
        let right = try #require(
            answer(door, asked("POST", "/auth/login", body: #"{"username":"licgate","password":"\#(secrets.key)"}"#)))
        let token = try #require(right.text.firstMatch(of: /"token":"([^"]+)"/)).output.1
        let request = asked(headers: ["x-token": String(token)])
        #expect(lets(door, request))
        #expect(lets(door, request, at: Timestamp(milliseconds: Self.now.milliseconds + 59_999)))
        #expect(!lets(door, request, at: Timestamp(milliseconds: Self.now.milliseconds + 60_000)))
        #expect(!lets(door, asked(headers: ["x-token": String(token.dropLast()) + "0"])) || token.hasSuffix("0"))
    }

    @Test func `client credentials give a bearer token, from the header or the body`() throws {
        let door = OAuthDoor(scope: "read")
        let form = ["content-type": "application/x-www-form-urlencoded"]
        let basic = "Basic " + Data("licgate:\(secrets.key)".utf8).base64EncodedString()
        let grant = "grant_type=client_credentials&scope=read"
        for request in [
            asked("POST", "/oauth/token", headers: form.merging(["authorization": basic]) { $1 }, body: grant),
            asked(
                "POST", "/oauth/token", headers: form,
                body: grant + "&client_id=licgate&client_secret=\(secrets.key)"),
        ] {
            let given = try #require(answer(door, request))
            #expect(given.status == 200)
            let token = try #require(given.text.firstMatch(of: /"access_token":"([^"]+)"/)).output.1
            #expect(lets(door, asked(headers: ["authorization": "Bearer \(token)"])))
        }
        let stranger = asked("POST", "/oauth/token", headers: form, body: grant + "&client_id=a&client_secret=b")
        #expect(answer(door, stranger)?.status == 401)
        let other = asked("POST", "/oauth/token", headers: form, body: "grant_type=password")
        #expect(answer(door, other)?.status == 400)
    }

    @Test func `keys are looked for where the rule says`() {
        #expect(lets(QueryKey(name: "k"), asked("GET", "/a?k=\(secrets.key)")))
        #expect(!lets(QueryKey(name: "k"), asked("GET", "/a?k=x")))
        #expect(lets(BodyKey(name: "accessToken"), asked("POST", body: #"{"head":{"accessToken":"\#(secrets.key)"}}"#)))
        #expect(lets(BodyKey(name: "token"), asked("POST", body: "<a><token>\(secrets.key)</token></a>")))
        #expect(!lets(BodyKey(name: "token"), asked("POST", body: "<a><token>x</token></a>")))
        let both = AllDoors(rules: [HeaderKey(name: "X-Key"), QueryKey(name: "k")])
        #expect(!lets(both, asked("GET", "/a?k=\(secrets.key)")))
        #expect(lets(both, asked("GET", "/a?k=\(secrets.key)", headers: ["x-key": secrets.key])))
    }
}

@Suite struct `A port of the city behind TLS` {
    let tls: CityTLS
    let loop: ServingLoop
    let listener: LoopbackListener
    let transport = CurlTransport(clock: SystemGatewayClock())

    init() throws {
        let tls = try CityTLS()
        self.tls = tls
        loop = try ServingLoop()
        listener = try LoopbackListener(port: 0, loop: loop, wire: { tls.wire($0) }) { request in
            var reply = CityReply("text/plain", Array("seen \(request.path) ".utf8) + request.body)
            if request.path == "/cut" { reply.delivery = .cut }
            return reply
        }
        listener.setListening(true)
    }

    private func request(_ path: String, client: Bool = true, authority: Bool = true, body: [UInt8]? = nil)
        -> ExchangeRequest
    {
        let settings = tls.settings
        return ExchangeRequest(
            body == nil ? .get : .post, url: "https://127.0.0.1:\(listener.port)\(path)", body: body,
            security: ExchangeSecurity(
                certificateAuthorityFile: authority ? settings["ca_file"] : nil,
                clientCertificateFile: client ? settings["client_certificate"] : nil,
                clientKeyFile: client ? settings["client_key"] : nil))
    }

    @Test func `answers whoever shows the certificate it handed out`() async throws {
        defer {
            listener.stop()
            loop.stop()
        }
        let answer = try await transport.exchange(request("/a"))
        #expect(String(decoding: answer.body, as: UTF8.self) == "seen /a ")
        let large = [UInt8](repeating: 65, count: 700_000)
        let echo = try await transport.exchange(request("/b", body: large))
        #expect(echo.body.count == 700_000 + 8)
    }

    @Test func `refuses a caller without a certificate, and one that does not know the authority`() async throws {
        defer {
            listener.stop()
            loop.stop()
        }
        for (client, authority, code) in [
            (false, true, TransportError.Code.tlsClientCertificate), (true, false, .tlsUntrusted),
        ] {
            do {
                _ = try await transport.exchange(request("/a", client: client, authority: authority))
                Issue.record("let in")
            } catch {
                #expect(error.code == code, "\(error)")
            }
        }
        // Nobody was harmed: the next right one is served.
        #expect(try await transport.exchange(request("/a")).status == 200)
    }

    @Test func `cuts bodies as a plain port does`() async throws {
        defer {
            listener.stop()
            loop.stop()
        }
        do {
            _ = try await transport.exchange(request("/cut"))
            Issue.record("whole")
        } catch {
            #expect([.truncated, .reset].contains(error.code), "\(error)")
        }
    }

    @Test func `takes its certificates with it, and nobody else could read them`() throws {
        listener.stop()
        loop.stop()
        var folder = ""
        do {
            let tls = try CityTLS()
            folder = tls.folder
            let key = try #require(tls.settings["client_key"])
            var about = stat()
            #expect(stat(key, &about) == 0 && about.st_mode & 0o077 == 0)
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
