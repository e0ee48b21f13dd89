// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import Testing

@testable import SimulatedCity

@Suite struct `The configuration that ships` {
    let register = LicenceTypeRegister.load(Adapters.root + "/Config/licence-types.csv")

    @Test func `loads and lints clean with every adapter and dialect`() {
        let file = Adapters.root + "/Config/gateway.example.yaml"
        let (settings, findings) = GatewaySettings.load(file)
        #expect(findings.isEmpty, "\(findings.map(\.text))")
        let named = Set((settings?.sources ?? [:]).keys)
        #expect(!named.isEmpty && named.isSubset(of: SimulatedCity.sources))
        let report = GatewayLinter(configurationFile: file).lint([])
        // Secrets are not in the repository; `licgate city` writes them.
        let serious = report.findings.filter { $0.severity == .error && !$0.what.contains("secret") }
        #expect(serious.isEmpty, "\(serious.map(\.text))")
        #expect(report.files > 12)
    }

    @Test func `registers 301 types, each once`() {
        #expect(register.findings.isEmpty)
        #expect(register.register.entries.count == 301)
        #expect(register.register.codes.count == 301)
    }

    @Test func `names the types as the city issues them`() {
        for profile in SourceProfile.all {
            for type in profile.types { #expect(register.register[type.code]?.nameChinese == type.name) }
        }
    }

    @Test func `says of every type how far it can be believed`() throws {
        let text = try String(contentsOfFile: Adapters.root + "/Config/licence-types.csv", encoding: .utf8)
        let origins = Set(["code=national", "code=real-authority+synthetic-serial", "code=synthetic"])
        for line in text.split(separator: "\n").dropFirst() {
            let tokens = line.split(separator: ",").last?.split(separator: ";").map(String.init) ?? []
            #expect(tokens.count == 2 && ["published", "general", "synthetic"].contains(tokens[0]))
            #expect(tokens.count == 2 && origins.contains(tokens[1]))
        }
    }
}
