// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel

/// A source whose manifest is right and whose settings or secrets are not: declared, and not to be asked.
///
/// It must not simply be left out: its licence types would then lack a declared source, and a "no record" could come
/// from the others alone. So it stays, every attempt fails with the reason, and its types are "cannot tell".
struct MisconfiguredSource: LicenceSource {
    let description: SourceDescription
    let reason: SourceError

    func describe() -> SourceDescription { description }

    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        Failing(reason: reason)
    }

    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding { throw reason }

    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        ProbeResult(layer: layer, outcome: .failed(reason.diagnostic), took: .zero)
    }

    func remap(_ reject: Reject) -> Result<Licence, SourceError> { .failure(reason) }

    private struct Failing: AsyncSequence, Sendable {
        let reason: SourceError

        struct Iterator: AsyncIteratorProtocol {
            let reason: SourceError
            mutating func next() async throws(SourceError) -> SourceBatch? { throw reason }
            mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
                throw reason
            }
        }

        func makeAsyncIterator() -> Iterator { Iterator(reason: reason) }
    }
}
