import AdapterKit
import Cryptography
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import SimulatedCity

@Suite struct `A source that checks who asks` {
    struct Way: Sendable, CustomTestStringConvertible {
        let name: String
        let door: any AccessRule
        let auth: String
        var body = ""
        var hasLogin = false
        var testDescription: String { name }
    }

    static let login = """
        { kind: login, path: /auth/login, body: { kind: json, template: \
        '{"username": "${config:user}", "password": "${secret:key}"}' }, status: [ { from: $.code, ok: ["0"] } ], \
        token: $.data.token, expires_in: $.data.expiresIn, renew_before: 10s, \
        put: { in: header, name: X-Token, value: "${token}" } }
        """
    static let put = #"{ in: header, name: X-Nonce, value: "${nonce}" }"#
    static let ways: [Way] = [
        Way(
            name: "key in a header", door: HeaderKey(name: "X-Key"),
            auth: #"{ kind: header, name: X-Key, value: "${secret:key}" }"#),
        Way(
            name: "key in the query", door: QueryKey(name: "k"),
            auth: #"{ kind: query, name: k, value: "${secret:key}" }"#),
        Way(
            name: "key in the body", door: BodyKey(name: "accessToken"), auth: "{ kind: body }",
            body: #", "accessToken": "${secret:key}""#),
        Way(
            name: "basic", door: BasicDoor(),
            auth: #"{ kind: basic, user: "${config:user}", password: "${secret:key}" }"#),
        Way(
            name: "bearer", door: HeaderKey(name: "Authorization", word: "Bearer "),
            auth: #"{ kind: bearer, value: "${secret:key}" }"#),
        Way(name: "x-tif by SHA-256", door: TifDoor(.sha256), auth: tif("sha256")),
        Way(name: "x-tif by SM3", door: TifDoor(.sm3), auth: tif("sm3")),
        Way(
            name: "HMAC-SHA256 over the body", door: SignedBody(),
            auth: """
                { kind: signature, algorithm: hmac_sha256, encoding: base64, key: "${secret:key}", \
                timestamp: milliseconds, nonce: { length: 20 }, join: "\\n", \
                canonical: [ "${config:user}", "${timestamp}", "${nonce}", "${body}" ], put: [ \
                { in: header, name: X-App-Id, value: "${config:user}" }, \
                { in: header, name: X-Timestamp, value: "${timestamp}" }, \(put), \
                { in: header, name: X-Signature, value: "${signature}" } ] }
                """),
        Way(
            name: "HMAC-SM3 over the query", door: SignedQuery(),
            auth: """
                { kind: signature, algorithm: hmac_sm3, encoding: hex, key: "${secret:key}", timestamp: seconds, \
                nonce: { length: 12 }, body_digest: { algorithm: sm3 }, join: "\\n", \
                canonical: [ "${method}", "${path}", "${sorted_query}", "${body_digest}" ], put: [ \
                { in: query, name: appId, value: "${config:user}" }, { in: query, name: timestamp, value: "${timestamp}" }, \
                { in: query, name: nonce, value: "${nonce}" }, { in: query, name: sign, value: "${signature}" } ] }
                """),
        Way(name: "login", door: LoginDoor(), auth: login, hasLogin: true),
        Way(
            name: "OAuth 2, basic", door: OAuthDoor(),
            auth:
                #"{ kind: oauth2, path: /oauth/token, client_id: "${config:user}", client_secret: "${secret:key}" }"#,
            hasLogin: true),
        Way(
            name: "OAuth 2, body", door: OAuthDoor(scope: "licences.read"),
            auth: #"{ kind: oauth2, path: /oauth/token, client_id: "${config:user}", client_secret: "${secret:key}", "#
                + "credentials_in: body, scope: licences.read }", hasLogin: true),
    ]

    static func tif(_ algorithm: String) -> String {
        """
        { kind: signature, algorithm: \(algorithm), encoding: hex, key: "${secret:key}", timestamp: seconds, \
        nonce: { length: 16, alphabet: hex }, canonical: [ "${timestamp}", "${key}", "${nonce}", "${timestamp}" ], \
        put: [ { in: header, name: x-tif-paasid, value: "${config:user}" }, \
        { in: header, name: x-tif-timestamp, value: "${timestamp}" }, { in: header, name: x-tif-nonce, value: "${nonce}" }, \
        { in: header, name: x-tif-signature, value: "${signature}" } ] }
        """
    }

    @Test(arguments: ways) func `lets the right key in, page after page`(way: Way) async throws {
        let office = try SignedOffice(way.door)
        let (keys, error) = try await OfficeClient(office, auth: way.auth, body: way.body).pull()
        #expect(error == nil, "\(error.map(\.description) ?? "")")
        #expect(Set(keys).count == 120 && keys.count == 120)
        #expect(office.counts.refused == 0)
        #expect(office.counts.logins == (way.hasLogin ? 1 : 0))
    }

    @Test(arguments: ways) func `refuses a wrong key, and is not asked again and again`(way: Way) async throws {
        let office = try SignedOffice(way.door)
        let client = try OfficeClient(office, auth: way.auth, body: way.body, key: "canary-wrong-key")
        for _ in 0..<3 {
            let (keys, error) = await client.pull()
            #expect(keys.isEmpty)
            #expect(error?.code == .unauthenticated)
            #expect(error?.recovery == .fixConfiguration)
            #expect(error?.description.contains("canary") == false)
        }
        #expect(office.counts.asked == (way.hasLogin ? 0 : 3))
        #expect(office.counts.logins == (way.hasLogin ? 1 : 0), "a refused login is not repeated at once")
    }

    @Test func `gives a token that ends in the middle of a pull, and nothing is lost`() async throws {
        let office = try SignedOffice(LoginDoor(lifetime: 60), .init(secondsAPage: 25, pages: 8))
        let (keys, error) = try await OfficeClient(office, auth: Self.login).pull()
        #expect(error == nil)
        #expect(Set(keys).count == 320 && keys.count == 320)
        #expect(office.counts.refused == 0, "renewed before it ended")
        #expect(office.counts.logins == 4)
    }

    @Test(arguments: [false, true])
    func `refuses a token before its end: it is renewed once, and nothing is lost`(with200: Bool) async throws {
        let auth = Self.login.replacing("expires_in: $.data.expiresIn, renew_before: 10s, ", with: "")
        let office = try SignedOffice(
            LoginDoor(lifetime: 60), .init(refusesWith200: with200, secondsAPage: 35, pages: 6))
        let (keys, error) = try await OfficeClient(office, auth: auth).pull()
        #expect(error == nil, "\(error.map(\.description) ?? "")")
        #expect(Set(keys).count == 240 && keys.count == 240)
        #expect(office.counts.refused == 2)
        #expect(office.counts.logins == 3)
    }

    @Test func `refuses twice: the pull stops, and no login follows at once`() async throws {
        let office = try SignedOffice(LoginDoor(), .init(refusesAll: true))
        let client = try OfficeClient(office, auth: Self.login)
        let first = await client.pull()
        #expect(first.error?.code == .unauthenticated)
        #expect(office.counts.logins == 2 && office.counts.refused == 2)
        let second = await client.pull()
        #expect(second.error?.code == .unauthenticated)
        #expect(office.counts.logins == 2 && office.counts.refused == 3)
        office.clock.pass(.seconds(31))
        _ = await client.pull()
        #expect(office.counts.logins == 3 && office.counts.refused == 5)
    }

    @Test func `answers a wrong login with HTTP 200: it is an error of authentication, with advice`() async throws {
        let office = try SignedOffice(LoginDoor())
        let error = try await OfficeClient(office, auth: Self.login, key: "canary-password").pull().error
        #expect(error?.code == .unauthenticated)
        let text = error?.description ?? ""
        #expect(text.contains("the login was refused") || text.contains("did not succeed"), "\(text)")
        #expect(text.contains("POST /base/auth/login") && text.contains("$.code"), "\(text)")
        #expect(text.contains("account") && !text.contains("canary"))
    }

    @Test(arguments: [(-600, "ahead of"), (600, "behind")])
    func `keeps another time than we do: the advice says by how much`(skew: Int, word: String) async throws {
        let office = try SignedOffice(TifDoor())
        let client = try OfficeClient(office, auth: Self.tif("sha256"), skew: .seconds(skew))
        let error = await client.pull().error
        #expect(error?.code == .unauthenticated)
        #expect(error?.description.contains("600 s \(word) ours") == true, "\(error.map(\.description) ?? "")")
    }

    @Test func `is logged into once however many pulls begin together`() async throws {
        let office = try SignedOffice(LoginDoor())
        let client = try OfficeClient(office, auth: Self.login)
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<6 { group.addTask { await client.pull().keys.count } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [120, 120, 120, 120, 120, 120])
        #expect(office.counts.logins == 1)
    }

    @Test(arguments: ways) func `sends us to another origin: nothing of ours follows`(way: Way) async throws {
        let other = try SignedOffice(OpenDoor())
        let office = try SignedOffice(way.door, .init(redirect: other.baseURL + "/list"))
        let error = try await OfficeClient(office, auth: way.auth, body: way.body).pull().error
        #expect(error?.code == .foreignLink, "\(error.map(\.description) ?? "")")
        #expect(other.counts.asked == 0)
    }

    @Test func `asks for our certificate`() async throws {
        let office = try SignedOffice(HeaderKey(name: "X-Key"), .init(mutualTLS: true))
        let (keys, error) = try await OfficeClient(office, auth: Self.ways[0].auth).pull()
        #expect(error == nil, "\(error.map(\.description) ?? "")")
        #expect(keys.count == 120)
    }

    @Test func `with a login is probed layer by layer`() async throws {
        let office = try SignedOffice(LoginDoor())
        let right = try OfficeClient(office, auth: Self.login)
        let wrong = try OfficeClient(office, auth: Self.login, key: "canary")
        let interface = right.source.describe().interfaces[0].id
        for layer in [ProbeLayer.connect, .authentication, .http] {
            let outcome = await right.source.probe(layer, of: interface, question: nil).outcome
            #expect(outcome == .passed, "\(layer): \(outcome)")
        }
        guard case .passed = await wrong.source.probe(.connect, of: interface, question: nil).outcome else {
            Issue.record("a wrong password is no fault of the connection")
            return
        }
        guard case .failed(let found) = await wrong.source.probe(.authentication, of: interface, question: nil).outcome
        else {
            Issue.record("a wrong password passed")
            return
        }
        #expect(found.code == "source.unauthenticated" && found.text.contains("/auth/login"))
    }
}
