import AdapterKit
import Diagnostics
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `An answer that does not let us in` {
    private static let fault = """
        <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>\
        <faultcode>soap:Server</faultcode><faultstring>no</faultstring></soap:Fault></soap:Body></soap:Envelope>
        """

    @Test(arguments: [
        (401, "source.unauthenticated"), (403, "source.forbidden"), (500, "source.unavailable"),
        (200, "source.unavailable"),
    ]) func `by HTTP status is believed before a SOAP fault`(status: Int, code: String) async throws {
        let bench = try Bench(
            status: "[]",
            interface: """
                licence_type: "11100000000013127D916"
                pull: { method: POST, path: /ws, body: { kind: soap11, template: "<q/>" }, pages: { kind: none }, records: /Envelope/Body/list/item, key: [id], version: arrival }
                fields: { number: no, status: { constant: valid } }
                """, format: "xml")
        bench.transport.record(
            RecordedTransport.Match(path: "/api/ws"), .text(Self.fault, status: status, type: "text/xml"))
        let error = await bench.pull().error
        #expect(error?.code.rawValue == code)
    }
}

@Suite struct `A token store` {
    private let store = TokenStore()

    private func fresh(_ text: String, at now: Int, life: Int?, before: Int = 60) -> TokenStore.Fresh {
        TokenStore.Fresh(
            value: Secret(text), endsAt: life.map { .seconds(now + $0) }, renewBefore: .seconds(before),
            asked: .seconds(now))
    }

    private let down = SourceError(.unavailable, "down", remedy: "wait", recovery: .retry(after: nil))

    @Test func `keeps a token until its lead time, and at half its life when that is shorter`() async throws {
        for (life, at) in [(600, 540), (40, 20)] {
            let store = TokenStore()
            let first = try await store.token(at: .zero) { .success(fresh("a", at: 0, life: life)) }
            let kept = try await store.token(at: .seconds(at - 1)) { .success(fresh("b", at: at, life: life)) }
            #expect(kept.number == first.number)
            let next = try await store.token(at: .seconds(at)) { .success(fresh("c", at: at, life: life)) }
            #expect(next.value.revealed == "c")
        }
    }

    @Test func `uses the old token while the login is down and the token holds`() async throws {
        _ = try await store.token(at: .zero) { .success(fresh("a", at: 0, life: 600)) }
        let failing: @Sendable () async -> Result<TokenStore.Fresh, SourceError> = { .failure(down) }
        #expect(try await store.token(at: .seconds(560), login: failing).value.revealed == "a")
        await #expect(throws: SourceError.self) { _ = try await store.token(at: .seconds(600), login: failing) }
    }

    @Test func `does not throw away a newer token for a refusal of an older one`() async throws {
        let first = try await store.token(at: .zero) { .success(fresh("a", at: 0, life: nil)) }
        let second = try await store.token(at: .zero, refused: first.number) { .success(fresh("b", at: 0, life: nil)) }
        let third = try await store.token(at: .zero, refused: first.number) { .success(fresh("c", at: 0, life: nil)) }
        #expect(second.value.revealed == "b" && third.number == second.number)
    }

    @Test func `does not repeat a refused login before its time`() async throws {
        let no = SourceError(.unauthenticated, "no", remedy: "ask", recovery: .fixConfiguration)
        await #expect(throws: SourceError.self) { _ = try await store.token(at: .zero) { .failure(no) } }
        await #expect(throws: SourceError.self) {
            _ = try await store.token(at: .seconds(29)) { .success(fresh("a", at: 29, life: nil)) }
        }
        #expect(
            try await store.token(at: .seconds(30)) { .success(fresh("b", at: 30, life: nil)) }.value.revealed == "b")
    }
}
