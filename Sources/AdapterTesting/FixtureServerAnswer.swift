// SPDX-License-Identifier: Apache-2.0

/// What a fixture server does for one request, step by step; every byte is under the test's control.
public struct FixtureAnswer: Sendable {
    /// One step.
    public enum Step: Sendable {
        /// These bytes as they are.
        case bytes([UInt8])
        /// These bytes as one HTTP chunk; none at all are the last chunk.
        case chunk([UInt8])
        /// These bytes again and again until the peer goes; `times` ends it earlier.
        case again([UInt8], times: Int)
        /// These bytes as HTTP chunks, again and again until the peer goes.
        case endlessChunks([UInt8])
        /// One byte at a time with this pause after each; ends when the peer goes.
        case drip([UInt8], pauseMilliseconds: Int)
        /// Waits until the test opens the gate, or the peer goes.
        case wait(FixtureGate)
        /// Closes in order.
        case close
        /// Closes with a reset, so that the peer sees an error instead of an end.
        case reset
    }

    /// The steps; after the last one the connection waits for the next request.
    public var steps: [Step]

    /// Makes an answer.
    public init(_ steps: [Step]) { self.steps = steps }

    /// A whole answer with its length declared.
    public static func ok(
        _ body: [UInt8], status: Int = 200, headers: [(String, String)] = []
    ) -> FixtureAnswer {
        FixtureAnswer([
            .bytes(head(status, headers + [("Content-Length", String(body.count))])), .bytes(body),
        ])
    }

    /// A whole answer with this text.
    public static func text(
        _ body: String, status: Int = 200, type: String = "application/json", headers: [(String, String)] = []
    ) -> FixtureAnswer { ok(Array(body.utf8), status: status, headers: [("Content-Type", type)] + headers) }

    /// A redirect.
    public static func redirect(to location: String, status: Int = 302) -> FixtureAnswer {
        ok([], status: status, headers: [("Location", location)])
    }

    /// An answer cut after `sent` bytes of the body, whose full length was declared.
    public static func cut(_ body: [UInt8], after sent: Int) -> FixtureAnswer {
        FixtureAnswer([
            .bytes(head(200, [("Content-Length", String(body.count))])), .bytes(Array(body.prefix(sent))), .close,
        ])
    }

    /// A head with its blank line.
    public static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        var text = "HTTP/1.1 \(status) Fixture\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}

/// A request as it came in.
public struct FixtureRequest: Sendable, Hashable {
    /// The method.
    public var method: String
    /// The path without the query.
    public var path: String
    /// The query without `?`, empty when there is none.
    public var query: String
    /// The header lines, names in lower case.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]
    /// The connection it came on, counted from 1.
    public var connection: Int
}

/// What a fixture server has counted.
public struct FixtureCounts: Sendable, Hashable {
    /// Connections accepted.
    public var connections = 0
    /// Connections open now.
    public var open = 0
    /// The most connections that were ever open together.
    public var mostOpen = 0
    /// Requests read.
    public var requests = 0
    /// Requests being answered now.
    public var answering = 0
    /// The most requests that were ever answered together.
    public var mostAnswering = 0
    /// Bytes handed to the kernel.
    public var bytesSent = 0
    /// Answers that ended because the peer had gone.
    public var abandoned = 0
}
