// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel

/// The batches of one pull; the next page is asked for when its first batch is.
struct PullSequence: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError

    /// A batch's bounds, from the adapter contract.
    static let recordsMax = 1000
    static let bytesMax = 1 << 20

    let start: @Sendable () throws(SourceError) -> PageWalker

    func makeAsyncIterator() -> Iterator { Iterator(start: start) }

    struct Iterator: AsyncIteratorProtocol {
        private let start: @Sendable () throws(SourceError) -> PageWalker
        private var walker: PageWalker?
        private var waiting: [SourceBatch] = []
        private var isDone = false

        init(start: @escaping @Sendable () throws(SourceError) -> PageWalker) { self.start = start }

        mutating func next() async throws(SourceError) -> SourceBatch? { try await advance() }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            try await advance()
        }

        private mutating func advance() async throws(SourceError) -> SourceBatch? {
            if !waiting.isEmpty { return waiting.removeFirst() }
            guard !isDone else { return nil }
            do throws(SourceError) {
                var current = if let walker { walker } else { try start() }
                if Task.isCancelled { throw current.client.cancelled(current.place) }
                let page = try await current.nextPage()
                walker = current
                isDone = page.isLast
                waiting = PullSequence.batches(page)
                return waiting.removeFirst()
            } catch {
                isDone = true
                throw error
            }
        }
    }

    /// A page as one or more batches; only its last carries the cursor and the end.
    static func batches(_ page: PageWalker.Page) -> [SourceBatch] {
        var out: [SourceBatch] = []
        var current = SourceBatch(records: [], position: .more, declaredTotal: page.total)
        var count = 0
        for (outcome, bytes) in page.outcomes {
            if count > 0, count >= recordsMax || current.bytes + bytes > bytesMax {
                out.append(current)
                current = SourceBatch(records: [], position: .more, declaredTotal: page.total)
                count = 0
            }
            current.bytes += bytes
            count += 1
            switch outcome {
            case .licence(let licence): current.records.append(licence)
            case .gone(let tombstone): current.tombstones.append(tombstone)
            case .reject(let reject): current.rejects.append(reject)
            }
        }
        current.resume = page.resume
        current.skipped = page.skipped
        current.notes = page.notes
        current.place = page.place
        if page.isLast { current.position = .end(declaredTotal: page.total) }
        return out + [current]
    }
}

/// A pull that fails at once.
struct FailedPull: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError
    let error: SourceError

    func makeAsyncIterator() -> Iterator { Iterator(error: error) }

    struct Iterator: AsyncIteratorProtocol {
        let error: SourceError
        mutating func next() async throws(SourceError) -> SourceBatch? { throw error }
        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            throw error
        }
    }
}
