// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import SharedCatalogue
import Testing

@Suite struct `A store that hangs` {
    /// Holds threads until it is opened.
    final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        func pass() { semaphore.wait() }
        func open(_ count: Int) { for _ in 0..<count { semaphore.signal() } }
    }

    @Test func `keeps no task waiting that asks it nothing, and refuses what it cannot queue`() async throws {
        let shop = try Workshop()
        let gate = Gate()
        let options = shop.options {
            $0.readers = 2
            $0.waitingReads = 4
            $0.failPoint = { point in if point == .read { gate.pass() } }
        }
        let catalogue = try await EmbeddedCatalogue.open(options, clock: StandingClock())
        let refused = await withTaskGroup(of: CatalogueError.Code?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await catalogue.states()
                        return nil
                    } catch {
                        return (error as? CatalogueError)?.code
                    }
                }
            }
            // Six reads at most are taken (two held, four waiting); the others come back while the store hangs.
            var refused: [CatalogueError.Code] = []
            while refused.count < 14, let code = await group.next() { if let code { refused.append(code) } }
            try? await catalogue.begin(
                RunStart(
                    id: RunID(rawValue: "r"), interface: Specimen.interface, mode: .full,
                    startedAt: Timestamp(seconds: 0)))
            gate.open(20)
            for await code in group { if let code { refused.append(code) } }
            return refused
        }
        #expect((14...16).contains(refused.count), "two may be held by threads, four wait")
        #expect(refused.allSatisfy { $0 == .busy })
        gate.open(2)
        #expect(try await catalogue.states().count == 1, "a write went through meanwhile")
        await catalogue.close()
        await #expect(throws: CatalogueError.self) { _ = try await catalogue.states() }
    }
}
