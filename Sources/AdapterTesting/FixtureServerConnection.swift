// SPDX-License-Identifier: Apache-2.0
import Glibc

/// `POLLRDHUP` of poll(2), which Swift's Glibc does not show.
private let peerGone: Int16 = 0x2000

/// One connection of a fixture server, on its own thread.
struct FixtureConnection {
    private let socket: Int32
    private let number: Int
    private let shared: FixtureShared

    private enum Ending { case next, close, gone }

    init(_ socket: Int32, number: Int, shared: FixtureShared) {
        self.socket = socket
        self.number = number
        self.shared = shared
    }

    func serve() {
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        defer { shared.closed(socket) }
        var buffer: [UInt8] = []
        while let request = readRequest(&buffer) {
            let answer = shared.answer(request)
            var ending = Ending.next
            for step in answer.steps where ending == .next { ending = perform(step, for: request) }
            shared.answered(abandoned: ending == .gone)
            if ending != .next { return }
        }
    }

    // MARK: answering

    private func perform(_ step: FixtureAnswer.Step, for request: FixtureRequest) -> Ending {
        switch step {
        case .bytes(let bytes): return send(bytes) ? .next : .gone
        case .chunk(let bytes): return send(FixtureConnection.chunk(bytes)) ? .next : .gone
        case .again(let bytes, let times):
            for _ in 0..<times where !send(bytes) { return .gone }
            return .next
        case .endlessChunks(let bytes):
            let chunk = FixtureConnection.chunk(bytes)
            while send(chunk) {}
            return .gone
        case .drip(let bytes, let pause):
            for byte in bytes {
                guard send([byte]), stays(for: Int32(pause)) else { return .gone }
            }
            return .next
        case .wait(let gate): return waits(for: gate) ? .next : .gone
        case .close:
            shutdown(socket, Int32(SHUT_RDWR))
            return .close
        case .reset:
            var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            return .close
        }
    }

    private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10]
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while start < bytes.count {
            let sent = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    socket, buffer.baseAddress.map { $0 + start }, min(buffer.count - start, 65_536),
                    Int32(MSG_NOSIGNAL))
            }
            if sent < 0 {
                if errno == EINTR { continue }
                return false
            }
            start += sent
            shared.sent(sent)
        }
        return true
    }

    /// Whether the gate opened before the peer went.
    private func waits(for gate: FixtureGate) -> Bool {
        var watched = [
            pollfd(fd: gate.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: peerGone, revents: 0),
        ]
        while poll(&watched, 2, -1) < 0 { guard errno == EINTR else { return false } }
        return watched[1].revents == 0
    }

    /// Whether the peer is still there after this pause.
    private func stays(for milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: socket, events: peerGone, revents: 0)
        return poll(&watched, 1, milliseconds) == 0
    }

    // MARK: reading

    private func readRequest(_ buffer: inout [UInt8]) -> FixtureRequest? {
        let blank: [UInt8] = [13, 10, 13, 10]
        var searched = 0
        var headEnd: Int?
        while headEnd == nil {
            if buffer.count >= 4 {
                headEnd = (searched...(buffer.count - 4)).first { buffer[$0..<($0 + 4)].elementsEqual(blank) }
                searched = max(0, buffer.count - 3)
            }
            if headEnd == nil, buffer.count > 1 << 20 || !receive(&buffer) { return nil }
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        buffer.removeFirst(headEnd + 4)
        let length = min(Int(headers["content-length"] ?? "") ?? 0, 16 << 20)
        while buffer.count < length { guard receive(&buffer) else { return nil } }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return FixtureRequest(
            method: String(words[0]), path: String(target[0]), query: target.count > 1 ? String(target[1]) : "",
            headers: headers, body: body, connection: number)
    }

    private func receive(_ buffer: inout [UInt8]) -> Bool {
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &part, part.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            buffer.append(contentsOf: part[..<count])
            return true
        }
    }
}
