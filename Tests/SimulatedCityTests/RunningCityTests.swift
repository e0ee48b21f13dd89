// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import SimulatedCity

@Suite struct `A running city` {
    let transport = CurlTransport(clock: SystemGatewayClock())

    /// The sources that were there from the beginning; the others have tests of their own.
    static let first = [
        "yuhua-e-licence", "cs-transport", "cs-real-estate", "cs-health", "cs-education", "hunan-provincial-platform",
    ].map { SourceID($0) }

    private func pull(_ city: RunningCity, _ source: SourceID, page: Int = 1) -> ExchangeRequest {
        let settings = city.settings(source)
        let base = city.baseURL(source) ?? ""
        let name = source.rawValue.split(separator: "-").joined(separator: "_") + "_key"
        let key = settings.secret(name)?.revealed ?? ""
        let basic = ExchangeRequest.Basic(user: "licgate", password: Secret(key))
        switch source.rawValue {
        case "yuhua-e-licence":
            return ExchangeRequest(url: base + "/dzzz/licences?page=\(page)&size=50", headers: ["X-App-Key": key])
        case "cs-transport": return ExchangeRequest(url: base + "/road/certificates", headers: ["X-Api-Key": key])
        case "cs-real-estate":
            return ExchangeRequest(url: base + "/bdc/dzzz/list?start=\((page - 1) * 200)", basic: basic)
        case "cs-health":
            return ExchangeRequest(
                .post, url: base + "/ws/CertificateService",
                body: Array("<h:query><h:page>\(page)</h:page><h:size>200</h:size></h:query>".utf8), basic: basic)
        default:
            let body = #"{"data":{"holderCode":"x","holderTypeCode":"111","useCause":"t","#
            return ExchangeRequest(
                .post, url: base + "/share/queryCertInfoByHolderCode", headers: ["Authorization": "Bearer \(key)"],
                body: Array((body + #""certTypeCode":"11100000000013127D001"}}"#).utf8))
        }
    }

    private func with<T>(_ options: CityOptions = CityOptions(records: 1_000), _ body: (RunningCity) async throws -> T)
        async throws -> T
    {
        var options = options
        options.only = Set(Self.first)
        let city = try await SimulatedCity.start(options)
        defer { city.stop() }
        return try await body(city)
    }

    @Test func `answers with a page where it is asked rightly, and counts what it serves`() async throws {
        try await with { city in
            for source in city.sources where source.rawValue != "hunan-provincial-platform" {
                let answer = try await transport.exchange(pull(city, source))
                #expect(answer.status == 200)
                let served = city.served(source)
                #expect(served.pages == 1 && served.requests == 1 && served.bytes == answer.body.count)
                #expect(served.records == [50, 500, 200, 200][(Self.first.firstIndex(of: source) ?? 0)])
            }
            let none = try await transport.exchange(pull(city, SourceID("hunan-provincial-platform")))
            #expect(String(decoding: none.body, as: UTF8.self).contains("\"status\":10"))
        }
    }

    @Test func `lets nobody in without the key`() async throws {
        try await with { city in
            for source in city.sources {
                var request = pull(city, source)
                request.headers = [:]
                request.basic = nil
                let answer = try await transport.exchange(request)
                let platform = String(decoding: answer.body, as: UTF8.self).contains("\"status\":11")
                #expect(answer.status == 401 || platform)
            }
        }
    }

    @Test func `refuses connections while down, and answers at the same address afterwards`() async throws {
        try await with { city in
            for source in city.sources {
                try city.set(.down, for: source)
                await #expect(throws: TransportError.self) { try await transport.exchange(pull(city, source)) }
                try city.set(nil, for: source)
                #expect(try await transport.exchange(pull(city, source)).status == 200)
            }
        }
    }

    @Test(arguments: [CityFault.reset, .truncated])
    func `breaks the exchange`(fault: CityFault) async throws {
        try await with { city in
            for source in city.sources {
                try city.set(fault, for: source, requests: 1)
                await #expect(throws: TransportError.self) { try await transport.exchange(pull(city, source)) }
                #expect(try await transport.exchange(pull(city, source)).status == 200)
            }
        }
    }

    @Test(arguments: [CityFault.statusOKWithError, .empty, .wrongCharset, .unknownStatusCode, .htmlWith200])
    func `answers with 200 and something else than usual`(fault: CityFault) async throws {
        try await with { city in
            for source in city.sources where source.rawValue != "hunan-provincial-platform" {
                let usual = try await transport.exchange(pull(city, source)).body
                try city.set(fault, for: source)
                let answer = try await transport.exchange(pull(city, source))
                #expect(answer.status == 200 && answer.body != usual)
            }
        }
    }

    @Test func `repeats a page, and shrinks a total, when told to`() async throws {
        try await with { city in
            for source in [SourceID("yuhua-e-licence"), SourceID("cs-real-estate"), SourceID("cs-health")] {
                try city.set(.repeatedPage, for: source)
                let second = try await transport.exchange(pull(city, source, page: 2)).body
                let third = try await transport.exchange(pull(city, source, page: 3)).body
                #expect(second == third)
            }
        }
    }

    @Test func `gives the whole answer when it is slow`() async throws {
        try await with(CityOptions(records: 1_000, slowPauseMilliseconds: 1)) { city in
            for source in city.sources {
                let usual = try await transport.exchange(pull(city, source)).body
                try city.set(.slow, for: source, requests: 1)
                #expect(try await transport.exchange(pull(city, source)).body == usual)
            }
        }
    }

    @Test func `keeps its ports while down, and refuses a port that is taken`() async throws {
        try await with { city in
            let taken = try #require(
                city.baseURL(SourceID("cs-transport"))?.split(separator: ":").last.flatMap { Int($0) })
            await #expect(throws: CityError.self) {
                try await SimulatedCity.start(CityOptions(records: 1, port: taken))
            }
        }
    }

    @Test func `sets switches over its control endpoint for whoever shows the token`() async throws {
        try await with { city in
            let url = city.controlURL + "/faults/cs-transport/unavailable?requests=1"
            #expect(try await transport.exchange(ExchangeRequest(.post, url: url, body: [])).status == 401)
            let headers: HeaderFields = ["Authorization": "Bearer \(city.controlToken)"]
            let done = try await transport.exchange(ExchangeRequest(.post, url: url, headers: headers, body: []))
            #expect(done.status == 200)
            let answer = try await transport.exchange(pull(city, SourceID("cs-transport")))
            #expect(answer.status == 503)
            #expect(try await transport.exchange(pull(city, SourceID("cs-transport"))).status == 200)
        }
    }

    @Test func `drops a file with a ready file that agrees with it`() async throws {
        let folder = NSTemporaryDirectory() + "city-drop-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await with(CityOptions(records: 300, dropFolder: folder)) { city in
            let source = SourceID("cs-education")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(names == ["certificates-20261120-00.csv", "certificates-20261120-00.csv.manifest.json"])
            try city.advance(source)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted().first?.contains("-01") == true)
            try city.set(.down, for: source)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
