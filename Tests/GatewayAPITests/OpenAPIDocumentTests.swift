// SPDX-License-Identifier: Apache-2.0
import Foundation
import GatewayAPI
import HTTPTypes
import HummingbirdTesting
import Testing

/// The repository, found from this file.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite struct `The OpenAPI document` {
    /// `LICGATE_WRITE=1 swift test --filter OpenAPI` writes the file anew.
    @Test func `is committed as it is served`() async throws {
        let file = repository.appendingPathComponent("docs/reference/openapi.json")
        if ProcessInfo.processInfo.environment["LICGATE_WRITE"] == "1" {
            try GatewayServer.openAPI.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == GatewayServer.openAPI)
        #expect(try await APIFixture().ask(.get, "/openapi.json").text == GatewayServer.openAPI)
    }

    @Test func `names every route there is, and no other`() async throws {
        let fixture = try await APIFixture()
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(GatewayServer.openAPI.utf8)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        #expect(paths.count == 13)
        for (path, methods) in paths {
            let filled = path.replacingOccurrences(of: "{catalogueId}", with: "0123456789abcdef0123456789abcdef")
                .replacingOccurrences(of: "{id}", with: "cs-transport")
            for method in methods.keys {
                let reply = try await fixture.ask(
                    method == "post" ? .post : .get, filled, method == "post" ? "{}" : nil)
                #expect(reply.code != "api.unknown_route" && reply.status != 405, "\(method) \(path)")
                let operation = try #require(methods[method] as? [String: Any])
                #expect((operation["responses"] as? [String: Any])?[String(reply.status)] != nil, "\(method) \(path)")
            }
        }
    }

    @Test func `refers to schemas that exist`() throws {
        let text = GatewayServer.openAPI
        for piece in text.components(separatedBy: "#/components/schemas/").dropFirst() {
            let name = piece.prefix { $0 != "\"" }
            #expect(text.contains("\"\(name)\": {"), "\(name)")
        }
    }
}
