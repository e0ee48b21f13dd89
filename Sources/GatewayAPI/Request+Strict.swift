// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import HTTPTypes
import Hummingbird
import NIOCore
import SourceDocument

extension Request {
    static let bodyBytesMax = 64 << 10

    /// The body as one JSON object.
    func strictObject() async throws -> StrictObject {
        let type = headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard type?.filter({ $0 != " " }) == "application/json" else { throw APIProblem.mediaType }
        if let text = headers[.contentLength], let length = Int(text), length > Request.bodyBytesMax {
            throw APIProblem.bodyTooLarge
        }
        let buffer: ByteBuffer
        do { buffer = try await body.collect(upTo: Request.bodyBytesMax) } catch is NIOTooManyBytesError {
            throw APIProblem.bodyTooLarge
        }
        var limits = DocumentLimits()
        limits.depth = 8
        limits.textBytes = 4096
        limits.nodesPerRecord = 200
        limits.totalBytes = Request.bodyBytesMax
        do {
            let reader = try DocumentReader(format: .json, records: .whole, limits: limits)
            var events = try reader.feed(buffer.readableBytesView)
            let end = try reader.finish()
            events += end.events
            guard events.count == 1, end.list == .single else { throw APIProblem.invalid("body", "must be one object") }
            switch events[0] {
            case .record(let record):
                guard record.node.kind == .object else { throw APIProblem.invalid("body", "must be one object") }
                return StrictObject(record.node)
            case .reject(let reject): throw reject.error
            }
        } catch let error as DocumentError {
            let place = error.place
            let position = place.line.map { "line \($0), column \(place.column ?? 1)" } ?? "its start"
            throw APIProblem(
                status: .badRequest, code: "api.body_not_json",
                what: "The body cannot be read as JSON at \(position) (\(error.code)).",
                remedy: "Send one JSON object in UTF-8, each name once, without trailing commas.")
        }
    }

    /// The query's parameters, each at most once and only those named.
    func parameters(_ allowed: [String]) throws -> [String: String] {
        guard let query = uri.query, !query.isEmpty else { return [:] }
        guard query.utf8.count <= 4096 else { throw APIProblem.invalid("query", "is longer than 4096 bytes") }
        var result: [String: String] = [:]
        for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.map(String.init), allowed.contains(name) else {
                throw APIProblem.invalid(
                    "query",
                    allowed.isEmpty
                        ? "this route takes no parameters; personal values never belong in a URL"
                        : "only \(allowed.joined(separator: ", ")) are taken; personal values never belong in a URL")
            }
            guard let value = percentDecoded(parts.count == 2 ? parts[1] : "") else {
                throw APIProblem.invalid(name, "is not percent-encoded UTF-8")
            }
            guard result.updateValue(value, forKey: name) == nil else {
                throw APIProblem.invalid(name, "stands twice")
            }
        }
        return result
    }
}

/// Undoes percent-encoding; nil for a broken escape or bytes that are not UTF-8.
func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let b) where (48...57).contains(b): b - 48
        case .some(let b) where (65...70).contains(b): b - 55
        case .some(let b) where (97...102).contains(b): b - 87
        default: nil
        }
    }
    while let byte = rest.next() {
        switch byte {
        case 0x25:
            guard let high = digit(rest.next()), let low = digit(rest.next()) else { return nil }
            bytes.append(high << 4 | low)
        case 0x2B: bytes.append(0x20)
        default: bytes.append(byte)
        }
    }
    return String(validating: bytes, as: UTF8.self)
}
