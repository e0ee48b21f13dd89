// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Hands an operation to a running `serve` and shows its lines as they come.
enum ControlClient {
    /// Returns the exit code, or nil when nobody serves at `path`.
    static func perform(_ operation: Operation, at path: String, output: OperationOutput) throws -> Int32? {
        guard let connection = try? UnixSocket.connect(path) else { return nil }
        defer { connection.close() }
        var request = try JSONEncoder().encode(operation)
        request.append(10)
        // A busy server says so and closes before it reads: what it said is read even when nothing could be written.
        let asked = connection.write(Array(request))
        var rest: [UInt8] = []
        while let line = connection.readLine(&rest, limit: 64 << 20) {
            let decoded = try JSONDecoder().decode(OperationLine.self, from: Data(line))
            if case .exit(let code) = decoded { return code }
            output(decoded)
        }
        guard asked else { return nil }
        throw ControlError(
            "control.connection_lost", "the running server went away before the command was done",
            remedy: "Look at its log and run the command again: what was committed is kept")
    }
}
