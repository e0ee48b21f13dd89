// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads requests off one connection, one after the other.
struct RequestReader {
    private let wire: any CityWire
    private var buffer: [UInt8] = []

    init(_ wire: any CityWire) { self.wire = wire }

    var holdsBytes: Bool { !buffer.isEmpty }

    /// The next request; nil when there is none, or what came is none we read.
    mutating func next() -> CityRequest? {
        var headEnd = end(of: buffer)
        while headEnd == nil {
            guard buffer.count < 16 << 10, fill() else { return nil }
            headEnd = end(of: buffer)
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: buffer[0..<headEnd], as: UTF8.self).split(separator: "\r\n")
        buffer.removeFirst(headEnd + 4)
        guard let first = lines.first?.split(separator: " "), first.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard headers["transfer-encoding"] == nil, (0...(1 << 20)).contains(length) else { return nil }
        if headers["expect"] != nil {
            guard wire.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return nil }
        }
        while buffer.count < length { guard fill() else { return nil } }
        let body = Array(buffer[0..<length])
        buffer.removeFirst(length)
        let (path, query) = Self.target(first[1])
        return CityRequest(
            method: String(first[0]), path: path, query: query, headers: headers, body: body, target: String(first[1]))
    }

    private mutating func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = wire.receive(&piece)
        guard count > 0 else { return false }
        buffer.append(contentsOf: piece[0..<count])
        return true
    }

    private func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first {
            bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
        }
    }

    static func target(_ target: Substring) -> (path: String, query: [String: String]) {
        let parts = target.split(separator: "?", maxSplits: 1)
        var query: [String: String] = [:]
        if parts.count == 2 {
            for pair in parts[1].split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                query[decoded(sides[0])] = sides.count == 2 ? decoded(sides[1]) : ""
            }
        }
        return (decoded(parts.first ?? "/"), query)
    }

    private static func decoded(_ text: Substring) -> String {
        var out: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == 37, bytes.count >= 2,
                let value = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16)
            {
                out.append(value)
                bytes.removeFirst(2)
            } else {
                out.append(byte == 43 ? 32 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Sends answers, whole or as badly as asked.
enum ReplyWriter {
    /// True when the connection can take another request.
    static func send(_ reply: CityReply, head: Bool, to wire: any CityWire, _ socket: Int32) -> Bool {
        var text = "HTTP/1.1 \(reply.status) \(reply.status == 200 ? "OK" : "Status")\r\n"
        // RFC 9110, 8.6: no length under 204.
        if reply.status != 204 {
            text += "Content-Type: \(reply.contentType)\r\nContent-Length: \(reply.body.count)\r\n"
        }
        for header in reply.headers { text += "\(header.name): \(header.value)\r\n" }
        text += "\r\n"
        let start = Array(text.utf8)
        switch reply.delivery {
        case .reset:
            LoopbackListener.reset(socket)
            return false
        case .whole: return wire.write(start + (head ? [] : reply.body))
        case .cut:
            _ = wire.write(start + reply.body[0..<(reply.body.count / 2)])
            return false
        case .drip(let pause):
            guard wire.write(start) else { return false }
            let part = max(1, reply.body.count / 10)
            for place in stride(from: 0, to: reply.body.count, by: part) {
                usleep(useconds_t(min(pause, 10_000) * 1000))
                guard wire.write(Array(reply.body[place..<min(place + part, reply.body.count)])) else {
                    return false
                }
            }
            return true
        }
    }
}
