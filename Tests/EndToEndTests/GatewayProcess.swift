import Foundation
import Synchronization
import Testing

/// The built `licgate`: `LICGATE_BINARY`, or the one beside the test bundle.
enum Binary {
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["LICGATE_BINARY"], !named.isEmpty { return named }
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("licgate").path
    }()
}

/// What one command did.
struct CommandResult: Sendable {
    var status: Int32
    var killed: Bool
    var out: String
    var err: String
}

/// A running `licgate`, started with an environment of its own and ended by its process id only.
final class GatewayProcess: Sendable {
    private let process: Mutex<Process>
    private let out = Collector()
    private let err = Collector()
    let identifier: Int32

    init(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Binary.path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "TERM": "dumb"].merging(environment) { _, new in new }
        let outPipe = Pipe()
        let errPipe = Pipe()
        process.standardOutput = outPipe
        process.standardError = errPipe
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            pipe.fileHandleForWriting.write(Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        out.read(outPipe.fileHandleForReading)
        err.read(errPipe.fileHandleForReading)
        try process.run()
        identifier = process.processIdentifier
        self.process = Mutex(process)
    }

    var output: String { out.text }
    var problems: String { err.text }
    var isRunning: Bool { process.withLock { $0.isRunning } }

    func signal(_ number: Int32) { kill(identifier, number) }

    /// Waits for the end on a thread of its own.
    func wait() async -> CommandResult {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while self.isRunning { usleep(2000) }
                self.out.finish()
                self.err.finish()
                let (status, reason) = self.process.withLock { ($0.terminationStatus, $0.terminationReason) }
                continuation.resume(
                    returning: CommandResult(
                        status: status, killed: reason == .uncaughtSignal || status == 137, out: self.out.text,
                        err: self.err.text))
            }
        }
    }

    /// Waits until the output holds `text`; gives up when the process ends without it.
    func until(_ text: String) async throws {
        for _ in 0..<60_000 {
            if output.contains(text) || problems.contains(text) { return }
            if !isRunning { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        guard output.contains(text) || problems.contains(text) else {
            Issue.record("`\(text)` never came; output: \(output.suffix(2000)) problems: \(problems.suffix(2000))")
            throw CancellationError()
        }
    }
}

/// Reads a pipe to its end.
private final class Collector: Sendable {
    private let data = Mutex(Data())
    private let done = DispatchSemaphore(value: 0)

    var text: String { data.withLock { String(decoding: $0, as: UTF8.self) } }

    func read(_ handle: FileHandle) {
        let descriptor = handle.fileDescriptor
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let n = Glibc.read(descriptor, &buffer, buffer.count)
                if n < 0 && errno == EINTR { continue }
                if n <= 0 { break }
                self.data.withLock { $0.append(contentsOf: buffer[..<n]) }
            }
            _ = handle
            self.done.signal()
        }
    }

    func finish() { _ = done.wait(timeout: .now() + 10) }
}

/// Runs one command to its end.
func licgate(
    _ arguments: String..., environment: [String: String] = [:], input: String? = nil
) async throws -> CommandResult {
    try await GatewayProcess(arguments, environment: environment, input: input).wait()
}

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "licgate-e2e-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        _ = FileManager.default.createFile(
            atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    }
}

/// The repository's own folder, for its `Adapters` and `Config`.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
