// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation

/// What can go wrong between a command and a running `serve`.
struct ControlError: DiagnosedError {
    var diagnostic: Diagnostic

    init(_ code: String, _ what: String, remedy: String) {
        diagnostic = Diagnostic(code: code, what: what, remedy: remedy)
    }
}

/// A stream socket on a path, with blocking calls: only for threads of our own.
struct UnixSocket: Sendable {
    let descriptor: Int32

    /// A listening socket whose file is 0600; a file left by a dead process is replaced.
    static func listen(_ path: String) throws(ControlError) -> UnixSocket {
        if let other = try? connect(path) {
            other.close()
            throw ControlError(
                "control.already_serving", "another `licgate serve` answers at \(path)",
                remedy: "Stop it first, or give this one another `socket` and `store`")
        }
        var old = stat()
        if lstat(path, &old) == 0 {
            guard old.st_mode & S_IFMT == S_IFSOCK else {
                throw ControlError(
                    "control.cannot_listen", "the control socket \(path) cannot be opened: another file has this name",
                    remedy: "Name a path of its own as `socket` in the configuration; nothing was deleted")
            }
            unlink(path)
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let before = umask(0o177)
        defer { umask(before) }
        let bound = withAddress(path) { bind(descriptor, $0, $1) }
        guard descriptor >= 0, bound == 0, Glibc.listen(descriptor, 16) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw ControlError(
                "control.cannot_listen", "the control socket \(path) cannot be opened: \(reason)",
                remedy: "Check that its folder exists and may be written")
        }
        return UnixSocket(descriptor: descriptor)
    }

    /// A connection to a listening socket.
    static func connect(_ path: String) throws(ControlError) -> UnixSocket {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw ControlError(
                "control.not_serving", "no `licgate serve` answers at \(path)", remedy: "Start it with `licgate serve`")
        }
        return UnixSocket(descriptor: descriptor)
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    func accept() -> UnixSocket? {
        var accepted = Glibc.accept(descriptor, nil, nil)
        // These pass; ending the loop for them would leave every later command without a server.
        while accepted < 0, [EINTR, ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
            usleep(100_000)
            accepted = Glibc.accept(descriptor, nil, nil)
        }
        if accepted >= 0 { _ = fcntl(accepted, F_SETFD, FD_CLOEXEC) }
        return accepted >= 0 ? UnixSocket(descriptor: accepted) : nil
    }

    /// Writes everything; false when the other side is gone.
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let n = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if n < 0 && errno == EINTR { continue }
            if n <= 0 { return false }
            sent += n
        }
        return true
    }

    /// Reads up to and without the next line end; nil at the end or beyond `limit` bytes.
    func readLine(_ rest: inout [UInt8], limit: Int) -> [UInt8]? {
        while true {
            if let end = rest.firstIndex(of: 10) {
                let line = Array(rest[..<end])
                rest.removeSubrange(...end)
                return line
            }
            guard rest.count < limit else { return nil }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let n = recv(descriptor, &chunk, chunk.count, 0)
            if n < 0 && errno == EINTR { continue }
            if n <= 0 { return nil }
            rest.append(contentsOf: chunk[..<n])
        }
    }

    /// Reads end with nothing after `seconds` without a byte; 0 waits for ever.
    func limitReads(_ seconds: Int) {
        var wait = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    }

    func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }
}
