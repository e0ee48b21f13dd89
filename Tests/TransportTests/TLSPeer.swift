// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization

/// A folder of certificates made for one test, and `openssl s_server` processes that use them; both go with it.
final class TLSPeer: Sendable {
    struct Failure: Error { var what: String }

    let folder: String
    private let servers = ChildProcesses()

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("transport-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        folder = url.path
    }

    deinit {
        servers.end()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Makes an authority: `name.pem` and `name.key`.
    func authority(_ name: String) async throws {
        try await openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
                + ["-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).pem")])
    }

    /// Makes a certificate signed by an authority: `name.pem` and `name.key`.
    func certificate(
        _ name: String, by authority: String, for host: String, days: Int, password: String? = nil
    ) async throws {
        let protection = password.map { ["-passout", "pass:\($0)"] } ?? ["-nodes"]
        try await openssl(
            ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=\(host)"]
                + protection + ["-keyout", path("\(name).key"), "-out", path("\(name).csr")])
        let extensions = path("\(name).ext")
        try "subjectAltName=DNS:\(host)\n".write(toFile: extensions, atomically: true, encoding: .utf8)
        try await openssl(
            ["x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).pem")]
                + ["-CAkey", path("\(authority).key"), "-CAcreateserial", "-days", String(days)]
                + ["-extfile", extensions, "-out", path("\(name).pem")])
    }

    /// When a certificate ends, as openssl reads it: `2027-01-09 02:25:12Z`.
    func end(of name: String) async throws -> String {
        let line = try await openssl(["x509", "-in", path("\(name).pem"), "-noout", "-enddate", "-dateopt", "iso_8601"])
        return String(line.dropFirst("notAfter=".count)).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts a server that answers every GET with a page about the connection, and returns its port.
    func serve(_ certificate: String, more: [String] = []) async throws -> Int {
        let output = path("server-\(UUID().uuidString).txt")
        let child = try ChildProcesses.start(
            // The time limit ends the server even when the test process is killed.
            [
                "timeout", "-s", "KILL", "300", "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert",
                path("\(certificate).pem"),
            ]
                + ["-key", path("\(certificate).key")] + more, output: output)
        servers.add(child)
        for _ in 0..<2000 {
            let said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            if let start = said.range(of: "ACCEPT 127.0.0.1:"),
                let end = said[start.upperBound...].firstIndex(of: "\n"),
                let port = Int(said[start.upperBound..<end])
            {
                return port
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure(what: "openssl s_server did not start")
    }

    @discardableResult
    private func openssl(_ arguments: [String]) async throws -> String {
        let output = path("output-\(UUID().uuidString).txt")
        let child = try ChildProcesses.start(["openssl"] + arguments, output: output)
        var status: Int32 = 0
        while waitpid(child, &status, WNOHANG) == 0 { try await Task.sleep(for: .milliseconds(5)) }
        guard status == 0 else { throw Failure(what: "openssl \(arguments[0]) failed") }
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}

/// Children of a test, ended with it; they share nothing with us, since every socket of ours closes on exec.
final class ChildProcesses: Sendable {
    private let started = Mutex<[pid_t]>([])

    func add(_ child: pid_t) { started.withLock { $0.append(child) } }

    func end() {
        for child in started.withLock({ $0 }) {
            kill(child, SIGTERM)
            waitpid(child, nil, 0)
        }
    }

    static func start(_ command: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // The pool's threads block signals; a child must not inherit that, or it cannot be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let result = posix_spawnp(&child, command[0], &actions, &attributes, &arguments, environ)
        guard result == 0 else { throw TLSPeer.Failure(what: "\(command[0]) could not be started: \(result)") }
        return child
    }
}
