import AdapterKit
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import Glibc
import LicenceModel
import Synchronization
import Testing
import Transport

@testable import SimulatedCity

/// A clock that both sides share: waiting costs nothing, and tests move it.
final class SharedClock: GatewayClock {
    private let state = Mutex((now: Timestamp(milliseconds: 1_795_570_200_000), elapsed: Duration.zero))
    var now: Timestamp { state.withLock { $0.now } }
    var elapsed: Duration { state.withLock { $0.elapsed } }
    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        pass(duration)
    }
    func pass(_ duration: Duration) {
        state.withLock {
            $0.now = $0.now + duration
            $0.elapsed += duration
        }
    }
}

/// A clock that goes wrong by so much.
struct SkewedClock: GatewayClock {
    let base: SharedClock
    let skew: Duration
    var now: Timestamp { base.now + skew }
    var elapsed: Duration { base.elapsed }
    func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
}

/// A small office on a real socket: 120 records in pages of 50 behind one of the city's doors.
final class SignedOffice: Sendable {
    struct Counts: Sendable {
        var logins = 0
        var admitted = 0
        var refused = 0
        var asked: Int { admitted + refused }
    }
    let clock: SharedClock
    let secrets = CitySecrets(seed: 11, number: 4)
    let tls: CityTLS?
    private let loop: ServingLoop
    private let listener: Mutex<LoopbackListener?>
    private let counted = Mutex(Counts())

    /// How the office behaves beside its door.
    struct Habits: Sendable {
        /// Refusals come as HTTP 200 with a code.
        var refusesWith200 = false
        /// Nobody is let in past the login.
        var refusesAll = false
        /// The first so many requests of those let in are refused nevertheless.
        var refusesFirst = 0
        var secondsAPage = 0
        var pages = 3
        /// Where every request is sent on to.
        var redirect: String?
        var mutualTLS = false
    }

    init(_ door: any AccessRule, _ habits: Habits = Habits(), clock: SharedClock = SharedClock()) throws {
        self.clock = clock
        loop = try ServingLoop()
        let tls = habits.mutualTLS ? try CityTLS() : nil
        self.tls = tls
        listener = Mutex(nil)
        let made = try LoopbackListener(port: 0, loop: loop, wire: { tls?.wire($0) ?? PlainWire(socket: $0) }) {
            [weak self] request in
            self?.answer(request, door, habits) ?? CityReply(status: 500, "text/plain", [])
        }
        listener.withLock { $0 = made }
        made.setListening(true)
    }

    deinit {
        listener.withLock { $0?.stop() }
        loop.stop()
    }

    var baseURL: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(listener.withLock { $0?.port ?? 0 })/base" }
    var counts: Counts { counted.withLock { $0 } }

    private func answer(_ request: CityRequest, _ door: any AccessRule, _ habits: Habits) -> CityReply {
        var request = request
        // Doors know their paths without the base path.
        if request.path.hasPrefix("/base") { request.path = String(request.path.dropFirst(5)) }
        if let redirect = habits.redirect {
            var reply = json("{}", 302)
            reply.headers.append(("Location", redirect))
            return reply
        }
        switch door.check(request, secrets, now: clock.now) {
        case .answered(let reply):
            counted.withLock { $0.logins += 1 }
            return reply
        case .refused: return refuse(habits)
        case .admitted:
            let isEarly = counted.withLock { $0.refused < habits.refusesFirst }
            if habits.refusesAll || isEarly { return refuse(habits) }
            counted.withLock { $0.admitted += 1 }
            clock.pass(.seconds(habits.secondsAPage))
            return page(request, habits)
        }
    }

    private func refuse(_ habits: Habits) -> CityReply {
        counted.withLock { $0.refused += 1 }
        return json(#"{"code":"401","data":null,"more":false}"#, habits.refusesWith200 ? 200 : 401)
    }

    private func page(_ request: CityRequest, _ habits: Habits) -> CityReply {
        let number = request.text.firstMatch(of: /"page": *([0-9]+)/).flatMap { Int($0.output.1) } ?? 1
        let records = (0..<40).map { "{\"id\":\"\(number * 1000 + $0)\",\"no\":\"N\(number)-\($0)\"}" }
        return json(
            #"{"code":"0","data":[\#(records.joined(separator: ","))],"more":\#(number < habits.pages)}"#, 200)
    }

    private func json(_ text: String, _ status: Int) -> CityReply {
        var reply = CityReply(status: status, "application/json", Array(text.utf8))
        reply.headers.append(("Date", Self.httpDate(clock.now)))
        return reply
    }

    static func httpDate(_ now: Timestamp) -> String {
        var seconds = time_t(now.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, 64, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A source of a signed office, as a manifest has it.
struct OfficeClient {
    let source: any LicenceSource
    let clock: any GatewayClock

    init(_ office: SignedOffice, auth: String, body: String = "", key: String? = nil, skew: Duration = .zero) throws {
        let clock = SkewedClock(base: office.clock, skew: skew)
        self.clock = clock
        let text = """
            manifest_version: 1
            id: signed-office
            name: 示例区电子证照库
            owner: 示例区行政审批服务局
            kind: declarative
            simulated: true
            base_url: "${config:base_url}"
            auth: \(auth)
            limits: { timeout: 10s, response_bytes: 1MiB, requests_per_second: 50, pages_per_run: 20 }
            probe: { path: /ping, expect: { status: 200, within: 2s } }
            \(office.tls == nil ? "" : "tls: { ca_file: \"${config:ca_file}\", client_certificate: \"${config:client_certificate}\", client_key: \"${config:client_key}\" }")
            status: [ { from: $.code, ok: ["0"], unauthenticated: ["401"] } ]
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                pull:
                  method: POST
                  path: /list/证照
                  query: { kind: "a b&长", empty: "" }
                  body: { kind: json, template: '{"page": ${page}\(body)}' }
                  pages: { kind: page_number, size: 40 }
                  records: $.data
                  has_more: $.more
                  key: [$.id]
                  version: arrival
                fields: { number: $.no, status: { constant: valid } }
            """
        let (manifest, findings) = ManifestLinter(dialectsFolder: nil).lint(
            text: text, folder: "Adapters/signed-office", licenceTypes: nil)
        let sound = try #require(manifest, "\(findings.map(\.text))")
        source = try DeclarativeAdapter.make(
            sound, transport: CurlTransport(clock: SystemGatewayClock()),
            settings: FixedAdapterSettings(
                secrets: ["key": Secret(key ?? office.secrets.key)],
                settings: ["base_url": office.baseURL, "user": "licgate"].merging(office.tls?.settings ?? [:]) { $1 }),
            clock: clock)
    }

    func pull() async -> (keys: [String], error: SourceError?) {
        let interface = source.describe().interfaces[0].id
        var keys: [String] = []
        do throws(SourceError) {
            let request = PullRequest(
                interface: interface, mode: .full, windowEnd: clock.now, run: RunID(rawValue: "r"))
            for try await batch in source.pull(request) {
                keys += batch.records.map { $0.key.parts.joined(separator: "/") }
            }
            return (keys, nil)
        } catch {
            return (keys, error)
        }
    }
}
