// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The body of a streamed answer, for one reader.
///
/// Shape: chunks of any size, never empty. While nobody reads, the source is held back once
/// `TransportLimits.streamAhead` bytes wait. Dropping sequence and iterators closes the connection.
public struct BodyStream: AsyncSequence, Sendable {
    /// A chunk.
    public typealias Element = [UInt8]
    /// What reading can throw.
    public typealias Failure = TransportError

    let source: any BodySource

    /// A body that is already here, for doubles: these chunks, then the end or a failure.
    public init(chunks: [[UInt8]], receipt: ExchangeReceipt, failure: TransportError? = nil) {
        source = ReadyBody(chunks: chunks, receipt: receipt, failure: failure)
    }

    init(source: any BodySource) { self.source = source }

    /// Times, bytes and certificate; nil until the body has ended.
    public var receipt: ExchangeReceipt? { source.receipt }

    /// The iterator; a second one shares the same body.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads chunk by chunk.
    public struct Iterator: AsyncIteratorProtocol {
        let source: any BodySource

        /// The next chunk, nil at the end.
        ///
        /// Throws: what ended the transfer; `transport.misuse` when another reader is waiting.
        public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await source.next().get()
        }

        /// The next chunk, nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(TransportError) -> [UInt8]? {
            try await source.next().get()
        }
    }
}

/// Where the chunks of a body come from.
protocol BodySource: AnyObject, Sendable {
    var receipt: ExchangeReceipt? { get }
    func next() async -> Result<[UInt8]?, TransportError>
}

/// A body that is already here.
final class ReadyBody: BodySource {
    private let rest: Mutex<ArraySlice<[UInt8]>>
    private let endReceipt: ExchangeReceipt
    private let failure: TransportError?

    init(chunks: [[UInt8]], receipt: ExchangeReceipt, failure: TransportError?) {
        rest = Mutex(chunks.filter { !$0.isEmpty }[...])
        endReceipt = receipt
        self.failure = failure
    }

    var receipt: ExchangeReceipt? { rest.withLock { $0.isEmpty } ? endReceipt : nil }

    func next() async -> Result<[UInt8]?, TransportError> {
        if let chunk = rest.withLock({ $0.popFirst() }) { return .success(chunk) }
        return failure.map { .failure($0) } ?? .success(nil)
    }
}
