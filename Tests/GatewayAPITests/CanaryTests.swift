// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import GatewayAPI
import HTTPTypes
import Hummingbird
import LicenceModel
import Testing

@Suite struct `Planted names and codes` {
    /// Everywhere a caller could put a value, rightly or wrongly.
    static let requests: [(HTTPRequest.Method, String, String?)] = [
        (.get, "/v1/licences/\(canaryCode)", nil), (.get, "/v1/licences/\(canaryCode)/x", nil),
        (.get, "/\(canaryCode)", nil), (.get, "/v1/sources/\(canaryCode)", nil),
        (.get, "/v1/sources/\(canaryCode)/health", nil), (.get, "/v1/types?\(canaryCode)=1", nil),
        (.get, "/v1/changes?after=\(canaryCode)", nil), (.get, "/v1/changes?limit=\(canaryCode)", nil),
        (.get, "/v1/changes?after=%zz\(canaryCode)", nil), (.post, "/v1/answers", holderBody),
        (.post, "/v1/licences/search", holderBody), (.post, "/v1/answers", "{\"\(canaryCode)\""),
        (.post, "/v1/answers", "\"\(canaryName)\""), (.post, "/v1/answers", "{\"\(canaryName)\":\"\(canaryCode)\"}"),
        (
            .post, "/v1/answers",
            #"{"holder":{"kind":"\#(canaryCode)","code":"\#(canaryName)"},"type":"\#(canaryCode)"}"#
        ),
        (.post, "/v1/answers", #"{"type":"x","type":"\#(canaryName)"}"#),
        (.post, "/v1/licences/search", #"{"number":"\#(canaryCode)"}"#), (.delete, "/v1/licences/\(canaryCode)", nil),
        (HTTPRequest.Method("FIND") ?? .get, "/\(canaryCode)", nil),
    ]

    @Test func `are in no answer, no log line and no metric`() async throws {
        let fixture = try await APIFixture()
        for (method, path, body) in Self.requests {
            let headers: HTTPFields = [.userAgent: canaryCode, .referer: "http://x/\(canaryCode)"]
            let reply = try await fixture.ask(method, path, body, headers: headers)
            #expect(!reply.text.contains(canaryCode) && !reply.text.contains(canaryName), "\(reply.code ?? "answer")")
        }
        let log = fixture.lines.all.map(\.json).joined(separator: "\n")
        let metrics = try await fixture.ask(.get, "/metrics").text
        #expect(fixture.lines.all.count == Self.requests.count + 1)
        for text in [log, metrics] {
            #expect(!text.contains(canaryCode) && !text.contains(canaryName))
        }
        #expect(log.contains(#""route":"/v1/licences/{catalogueId}","status":404,"code":"licence.unknown_id""#))
    }

    @Test func `would be seen if they were there`() async throws {
        let fixture = try await APIFixture()
        let id = try #require(CatalogueID(rawValue: try await fixture.anyID()))
        let entry = try #require(try await fixture.catalogue.entry(id))
        #expect(entry.licence.holders.first?.code == canaryCode)
        #expect(entry.licence.holders.first?.name == canaryName)
    }
}
