// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import AdapterTesting
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Synchronization
import Testing
import Transport

@testable import Intake

private struct Bench: Sendable {
    static let key = "0123456789abcdef0123456789abcdef"
    let clock = ManualClock()
    let folder = NSTemporaryDirectory() + "push-\(UInt64.random(in: 0 ... .max))"
    let source: any LicenceSource
    let desk: PushDesk

    init(algorithm: String = "hmac_sha256", further: String = "") throws {
        let text = """
            manifest_version: 1
            id: example-push
            name: 示例
            owner: 示例局
            kind: declarative
            simulated: true
            limits: { timeout: 10s, response_bytes: 4KiB, requests_per_second: 1, pages_per_run: 10 }
            interfaces:
              - name: licences
                licence_type: "11100000000013127D916"
                push: { secret: "${secret:push}", algorithm: \(algorithm), window: 5m, records: $.records, key: [$.id], version: arrival }
                fields: { number: $.no, status: { from: $.zt, map: { "1": valid } } }
            \(further)
            """
        let (manifest, findings) = ManifestLinter(dialectsFolder: nil).lint(
            text: text, folder: "Adapters/example-push", licenceTypes: nil)
        #expect(findings.map(\.text) == [])
        source = try DeclarativeAdapter.make(
            try #require(manifest), transport: RecordedTransport(),
            settings: FixedAdapterSettings(secrets: ["push": Secret(Self.key)]), clock: clock)
        desk = PushDesk(folder: folder, clock: clock)
    }

    struct Call {
        var batch = "b-1"
        var skew: Int64 = 0
        var nonce = "0123456789abcdef"
        var target = "/v1/sources/example-push/records"
        var interface: String?
        var body = #"{"records":[]}"#
        var sent: String?
        var digest = MessageDigest.sha256
        var key = Bench.key
        var signedTarget: String?
        var signedBatch: String?
        /// Between two pieces of 100 bytes.
        var pause = Duration.zero
    }

    func receive(_ call: Call) async -> String {
        let timestamp = String(clock.now.milliseconds / 1000 + call.skew)
        let text = PushSignature.text(
            timestamp: timestamp, nonce: call.nonce, target: call.signedTarget ?? call.target,
            batch: call.signedBatch ?? call.batch,
            bodyDigest: BinaryText.hex.text((try? call.digest.digest(Array(call.body.utf8))) ?? []))
        let signature = (try? call.digest.hmac(Array(text.utf8), key: Array(call.key.utf8))) ?? []
        let push = PushCall(
            source: SourceID("example-push"), interface: call.interface, target: call.target, batch: call.batch,
            timestamp: timestamp, nonce: call.nonce, signature: BinaryText.hex.text(signature), declaredBytes: nil)
        let pieces = Array((call.sent ?? call.body).utf8)
        let (clock, pause) = (clock, call.pause)
        let sent = Mutex(0)
        let body = AsyncThrowingStream<[UInt8], any Error> {
            let start = sent.withLock { start in
                defer { start += 100 }
                return start
            }
            guard start < pieces.count else { return nil }
            clock.advance(by: pause)
            return Array(pieces[start..<min(start + 100, pieces.count)])
        }
        do throws(PushRefusal) {
            return "taken by " + (try await desk.receive(push, body, for: source.pushes).intake.interface.name)
        } catch {
            return error.diagnostic.code
        }
    }
}

@Suite struct `A desk for pushes` {
    private func edited(_ edit: (inout Bench.Call) -> Void) -> Bench.Call {
        var call = Bench.Call()
        edit(&call)
        return call
    }

    @Test func `takes what is signed with the source's secret, by SHA-256 or SM3 as declared`() async throws {
        #expect(try await Bench().receive(Bench.Call()) == "taken by licences")
        #expect(try await Bench(algorithm: "hmac_sm3").receive(edited { $0.digest = .sm3 }) == "taken by licences")
        #expect(try await Bench(algorithm: "hmac_sm3").receive(Bench.Call()) == "push.bad_signature")
    }

    @Test func `signs as other tools do`() throws {
        // openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef over the seven lines
        let text = PushSignature.text(
            timestamp: "1795570200", nonce: "0123456789abcdef", target: "/v1/sources/a/records", batch: "b-1",
            bodyDigest: SHA256.digest("{}").description)
        #expect(text.split(separator: "\n").count == 7)
        #expect(SHA256.digest("{}").description == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
    }

    @Test func `refuses what differs in any signed part`() async throws {
        let bench = try Bench()
        #expect(await bench.receive(edited { $0.key = "another key of thirty-two bytes!" }) == "push.bad_signature")
        #expect(await bench.receive(edited { $0.sent = #"{"records":[1]}"# }) == "push.bad_signature")
        #expect(await bench.receive(edited { $0.signedTarget = "/v1/sources/other/records" }) == "push.bad_signature")
        #expect(await bench.receive(edited { $0.signedBatch = "b-2" }) == "push.bad_signature")
        // None of them used the nonce up.
        #expect(await bench.receive(Bench.Call()) == "taken by licences")
    }

    @Test func `takes a nonce once, as long as its time could be accepted`() async throws {
        let bench = try Bench()
        bench.clock.advance(by: .seconds(600))
        #expect(await bench.receive(Bench.Call()) == "taken by licences")
        #expect(await bench.receive(Bench.Call()) == "push.nonce_used")
        #expect(await bench.receive(edited { $0.nonce = "fedcba9876543210" }) == "taken by licences")
    }

    @Test(arguments: [
        (-301, "push.outside_window"), (301, "push.outside_window"), (-300, "taken by licences"),
        (300, "taken by licences"),
    ])
    func `refuses a time outside the window`(skew: Int64, expected: String) async throws {
        let bench = try Bench()
        bench.clock.advance(by: .seconds(3600))
        #expect(await bench.receive(edited { $0.skew = skew }) == expected)
    }

    @Test func `refuses what was signed before it was made: a restart forgets the nonces`() async throws {
        let bench = try Bench()
        #expect(await bench.receive(edited { $0.skew = -1 }) == "push.signed_before_start")
        #expect(await bench.receive(Bench.Call()) == "taken by licences")
    }

    @Test func `does not keep a place for a body that drips`() async throws {
        let bench = try Bench()
        let body = String(repeating: " ", count: 1000)
        #expect(
            await bench.receive(
                edited {
                    $0.body = body
                    $0.pause = .seconds(31)
                }) == "push.too_slow")
        #expect(
            await bench.receive(
                edited {
                    $0.body = body
                    $0.pause = .seconds(30)
                }) == "taken by licences")
    }

    @Test func `bounds the body, and keeps nothing of it`() async throws {
        let bench = try Bench()
        #expect(await bench.receive(edited { $0.body = String(repeating: " ", count: 4097) }) == "push.too_large")
        #expect(await bench.receive(edited { $0.body = String(repeating: " ", count: 4096) }) == "taken by licences")
        #expect(((try? FileManager.default.contentsOfDirectory(atPath: bench.folder)) ?? []).isEmpty)
    }

    @Test(arguments: ["", "a b", "../x", String(repeating: "x", count: 65), "张三"])
    func `refuses a batch id that is no plain word`(id: String) async throws {
        #expect(try await Bench().receive(edited { $0.batch = id }) == "push.bad_batch_id")
    }

    @Test func `asks which interface when there are several`() async throws {
        let bench = try Bench(
            further: """
                  - name: others
                    licence_type: "11100000000013127D916"
                    push: { secret: "${secret:push}", key: [$.id], version: arrival }
                    fields: { number: $.no, status: { constant: valid } }
                """)
        #expect(await bench.receive(Bench.Call()) == "push.which_interface")
        #expect(await bench.receive(edited { $0.interface = "others" }) == "taken by others")
        #expect(await bench.receive(edited { $0.interface = "nobody" }) == "push.off")
    }

    @Test func `remembers batches in a cursor that fits, the oldest forgotten first`() {
        var memory = PushMemory(nil)
        for number in 0..<101 { memory.take(String(repeating: "x", count: 60) + "\(number)", digest: "d\(number)") }
        let read = PushMemory(memory.cursor)
        let id = String(repeating: "x", count: 60)
        #expect(memory.cursor.rawValue.utf8.count < 4096)
        #expect(read.standing(id + "0", digest: "d0") == .new)
        #expect(read.standing(id + "1", digest: "d1") == .taken)
        #expect(read.standing(id + "100", digest: "other") == .differs)
    }
}
