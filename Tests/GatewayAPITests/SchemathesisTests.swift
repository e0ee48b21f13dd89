// SPDX-License-Identifier: Apache-2.0
import Foundation
import GatewayAPI
import Testing

private let isWanted = ProcessInfo.processInfo.environment["LICGATE_SCHEMATHESIS"] == "1"

@Suite struct `Schemathesis` {
    @Test(
        .enabled(if: isWanted, "set LICGATE_SCHEMATHESIS=1; it installs schemathesis and asks thousands of questions"))
    func `finds no server error and no undocumented answer`() async throws {
        try await serving(try await APIFixture()) { port in
            let process = Process()
            process.executableURL = repository.appendingPathComponent("Scripts/check-api")
            process.arguments = ["http://127.0.0.1:\(port)"]
            let (ends, ended) = AsyncStream.makeStream(of: Int32.self)
            process.terminationHandler = { ended.yield($0.terminationStatus) }
            try process.run()
            let status = await ends.first { _ in true }
            #expect(status == 0)
        }
    }
}
