// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Diagnostics

/// Asks an interface layer by layer, each once: the first layer that fails ends the round.
///
/// A layer is never tried twice and nothing is retried, so that a round shows what is and not what luck made of it.
public struct Prober: Sendable {
    private let clock: any GatewayClock

    /// Makes a prober.
    public init(clock: any GatewayClock) { self.clock = clock }

    /// True when the interface may be probed now: inside its hours and outside its downtime.
    public func mayProbe(_ interface: InterfaceDescription) -> Bool { interface.schedule.mayAsk(at: clock.now) }

    /// One round over `layers`, lowest first, with every golden question declared.
    ///
    /// Cost: one exchange for each layer above TLS at most, and one for each golden question.
    public func round(
        of interface: InterfaceDescription, with source: any LicenceSource, layers: [ProbeLayer] = ProbeLayer.allCases
    ) async -> ProbeRound {
        var results: [ProbeResult] = []
        rounds: for layer in ProbeLayer.allCases where layers.contains(layer) {
            let questions: [GoldenQuestion?] = layer == .content ? interface.goldenQuestions.map { $0 } : [nil]
            for question in questions {
                if Task.isCancelled { break rounds }
                let result = await source.probe(layer, of: interface.id, question: question)
                results.append(result)
                if layer != .content, case .failed = result.outcome { break rounds }
            }
        }
        return ProbeRound(interface: interface.id, at: clock.now, results: results)
    }
}
