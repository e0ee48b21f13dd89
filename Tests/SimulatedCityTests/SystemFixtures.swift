// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Cryptography
import DeclarativeAdapter
import Diagnostics
import Foundation
import LicenceModel
import Synchronization

@testable import SimulatedCity

/// Golden answers of the further systems: what each answers to its own adapter.
struct SystemFixtures {
    let seed: UInt64 = 20_261_125
    static let profiles = SourceProfile.systems.filter { (7...17).contains($0.number) }
    /// The end of every window, so that answers which repeat it stay the same.
    private static let windowEnd = Timestamp(milliseconds: 1_795_570_200_000)

    func all() async throws -> [FixtureCase] {
        var cases: [FixtureCase] = []
        for profile in Self.profiles {
            cases += profile.drop == nil ? try await asked(profile) : files(profile)
        }
        return cases
    }

    /// An answer without what differs every time it is sealed.
    static func unsealed(_ bytes: [UInt8]?) -> [UInt8]? {
        guard let bytes, let start = bytes.firstRange(of: Array("\"certData\":\"04".utf8))?.lowerBound,
            let key = try? SM2PrivateKey(text: Secret(SealedList.privateKey(20_261_125)))
        else { return bytes }
        let digits = bytes[(start + 12)...].prefix { $0 != 34 }
        guard let sealed = hexadecimalBytes(String(decoding: digits, as: UTF8.self)),
            let ciphertext = try? SM2Ciphertext(bytes: sealed, form: .raw), let open = try? key.decrypt(ciphertext)
        else { return nil }
        return bytes[..<start] + open + bytes[(start + 12 + digits.count)...]
    }

    // MARK: Sources that are asked

    private func transport(_ profile: SourceProfile, _ records: Int, _ fault: CityFault? = nil) throws -> FaceTransport
    {
        var options = CityOptions(seed: seed, records: records)
        options.clock = ReadyClock(Self.windowEnd)
        guard let transport = FaceTransport(profile, options) else { throw CityError.noSocket() }
        transport.book.set(fault, requests: nil)
        return transport
    }

    private func source(_ profile: SourceProfile, _ transport: FaceTransport) throws -> (any LicenceSource)? {
        guard let manifest = Adapters.lint(profile.id.rawValue).manifest else { return nil }
        let book = transport.book
        var secrets = [book.secretName("key"): Secret(CitySecrets(seed: seed, number: profile.number).key)]
        for (name, value) in profile.furtherSecrets(seed) { secrets[book.secretName(name)] = Secret(value) }
        for golden in book.golden() { secrets[golden.secretName] = Secret(golden.asked) }
        var settings = profile.settings
        settings["base_url"] = "http://127.0.0.1:8490"
        for name in ["ca_file", "client_certificate", "client_key"] { settings[name] = "/nonexistent" }
        return try DeclarativeAdapter.make(
            manifest, transport: transport, settings: FixedAdapterSettings(secrets: secrets, settings: settings),
            clock: transport.clock)
    }

    private func asked(_ profile: SourceProfile) async throws -> [FixtureCase] {
        let last = SourceBook(profile, CityOptions(seed: seed, records: 7), generator: CityGenerator(seed: seed))
            .record(at: 5, generation: 0)
        let cursor = ResumeCursor(
            rawValue: "{\"v\":1,\"cursor\":\(await isNumbered(profile) ? last.sequence : last.changedSeconds * 1000)}")
        var cases = [
            try await page(profile, "first-page", transport(profile, 7), size: 3),
            try await page(profile, "last-page", transport(profile, 7), from: cursor),
            try await page(profile, "unknown-status", transport(profile, 7, .unknownStatusCode), from: cursor),
            try await page(profile, "nothing-new", transport(profile, 0)),
            try await page(profile, "login-page-instead", transport(profile, 7, .htmlWith200)),
            try await page(profile, "business-error", transport(profile, 7, .statusOKWithError)),
        ].compactMap { $0 }
        let refused = profile.face?.refuse() ?? CityReply("", [])
        cases.append(make(profile, "not-let-in", refused, question: nil))
        return cases + (try await questions(profile)) + login(profile)
    }

    private func isNumbered(_ profile: SourceProfile) async -> Bool {
        ["cs-provident-fund", "changsha-county-e-licence"].contains(profile.id.rawValue)
    }

    private func page(
        _ profile: SourceProfile, _ name: String, _ transport: FaceTransport, size: Int? = nil,
        from cursor: ResumeCursor? = nil
    ) async throws -> FixtureCase? {
        guard let source = try source(profile, transport),
            let interface = source.describe().interfaces.first(where: { !$0.pulls.isEmpty })
        else { return nil }
        let isIncremental = interface.pulls.contains(.incremental)
        let request = PullRequest(
            interface: interface.id, mode: cursor != nil && isIncremental ? .incremental : .full,
            resume: isIncremental ? cursor : nil, windowEnd: Self.windowEnd, run: RunID(rawValue: "fixture"),
            pageSize: size)
        do {
            for try await _ in source.pull(request) { break }
        } catch {
            // The answer is kept all the same: it is the one the case is about.
        }
        return transport.replies.last.map { make(profile, name, $0.reply, question: nil) }
    }

    private func questions(_ profile: SourceProfile) async throws -> [FixtureCase] {
        let names = ["valid": "valid-licence", "expired": "expired-licence", "revoked": "revoked-licence"]
        var asked = try transport(profile, 2_000).book.golden().map {
            (names[$0.expectation] ?? "none-found", $0.holder)
        }
        let book = try transport(profile, 2_000).book
        let two = (0..<400).map { book.record(index: $0, generation: 0).licence }.first {
            $0.holders.count == 2 && $0.status == .valid && $0.holders.allSatisfy { $0.kind == .residentIdentityNumber }
        }
        if let two { asked.append(("two-holders", two.holders[1])) }
        var cases: [FixtureCase] = []
        for (name, holder) in asked {
            let transport = try transport(profile, 2_000)
            guard let source = try source(profile, transport) else { continue }
            let asking = AskingContext(system: "fixture", purpose: "核验")
            let deadline = Deadline(.seconds(30), from: transport.clock)
            _ = try? await source.find(.holder(holder, nil), for: asking, until: deadline)
            guard let reply = transport.replies.last?.reply else { continue }
            let question = "{ \"ask\": \"holder\", \"kind\": \"\(holder.kind)\", \"code\": \"\(holder.code)\" }\n"
            cases.append(make(profile, name, reply, question: question))
        }
        return cases
    }

    /// The answer to a login, and the key that opens sealed answers: files beside the cases.
    private func login(_ profile: SourceProfile) -> [FixtureCase] {
        var files: [(name: String, bytes: [UInt8])] = []
        switch profile.access {
        case is LoginDoor:
            files.append(
                ("login.json", Array(#"{"code":"0","data":{"token":"synthetic-token","expiresIn":1800}}"#.utf8)))
        case is OAuthDoor:
            let answer = #"{"access_token":"synthetic-token","token_type":"Bearer","expires_in":600}"#
            files.append(("login.json", Array(answer.utf8)))
        default: break
        }
        let keys = profile.furtherSecrets(seed).sorted { $0.key < $1.key }
        if !keys.isEmpty {
            let prefix = profile.id.rawValue.replacing("-", with: "_")
            let lines = keys.map { "\"\(prefix)_\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
            files.append(("keys.json", Array("{ \(lines) }\n".utf8)))
        }
        return files.isEmpty ? [] : [FixtureCase(source: profile.id, interface: "", name: "", files: files)]
    }

    private func make(_ profile: SourceProfile, _ name: String, _ reply: CityReply, question: String?) -> FixtureCase {
        let type = reply.contentType.prefix { $0 != ";" }
        let ending = ["html", "ndjson", "json", "xml"].first { type.hasSuffix($0) } ?? "json"
        var head = "Status: \(reply.status)\nContent-Type: \(reply.contentType)\n"
        for header in reply.headers { head += "\(header.name): \(header.value)\n" }
        var files = [("response.\(ending)", reply.body), ("response.headers", Array(head.utf8))]
        if let question { files.append(("question.json", Array(question.utf8))) }
        // What a sealed answer holds: a case shows to everybody what its adapter has to read.
        if let opened = Self.unsealed(reply.body), opened != reply.body { files.append(("opened.json", opened)) }
        return FixtureCase(source: profile.id, interface: profile.interface, name: name, files: files)
    }

    // MARK: The file drop

    private func files(_ profile: SourceProfile) -> [FixtureCase] {
        [
            ("whole-file", nil), ("unknown-status", CityFault.unknownStatusCode), ("cut-off", .truncated),
            ("not-marked", .unavailable), ("login-page-instead", .htmlWith200), ("nothing-new", .empty),
        ].compactMap { name, fault in
            let folder = NSTemporaryDirectory() + "city-fixture-\(UInt64.random(in: 0 ... .max))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let options = CityOptions(seed: seed, records: 4)
            let book = SourceBook(profile, options, generator: CityGenerator(seed: seed))
            book.set(fault, requests: nil)
            guard (try? profile.drop?.write(book, to: folder)) != nil else { return nil }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let files = names.sorted().compactMap { name in
                FileManager.default.contents(atPath: folder + "/" + name).map { ("drop/" + name, Array($0)) }
            }
            return FixtureCase(source: profile.id, interface: profile.interface, name: name, files: files)
        }
    }
}

/// A clock on which waiting costs nothing: whoever sleeps moves it on.
final class ReadyClock: GatewayClock {
    private let start: Timestamp
    private let passed = Mutex(Duration.zero)

    init(_ start: Timestamp) { self.start = start }

    var now: Timestamp { start + elapsed }
    var elapsed: Duration { passed.withLock { $0 } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        passed.withLock { $0 += max(duration, .milliseconds(1)) }
    }
}
