// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc

/// SIGINT and SIGTERM as task cancellation: a run stops after the page it is at.
enum Signals {
    /// Runs `body`, cancelling it at the first SIGINT or SIGTERM.
    static func cancelling<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T {
        let task = Task { await body() }
        let sources = [SIGINT, SIGTERM].map { number in watch(number) { task.cancel() } }
        let value = await task.value
        for source in sources { source.cancel() }
        return value
    }

    /// Calls `handler` at each delivery of a signal, until the returned source is cancelled.
    static func watch(_ number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: handler)
        source.resume()
        return source
    }
}
