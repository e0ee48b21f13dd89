// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics
import Glibc
import Synchronization

/// What the curl thread is given to begin with.
final class LoopStart {
    let multi: UnsafeMutableRawPointer
    let inbox: Inbox
    let clock: any GatewayClock
    let limits: TransportLimits
    let observer: (any ExchangeObserving)?

    init(
        multi: UnsafeMutableRawPointer, inbox: Inbox, clock: any GatewayClock, limits: TransportLimits,
        observer: (any ExchangeObserving)?
    ) {
        self.multi = multi
        self.inbox = inbox
        self.clock = clock
        self.limits = limits
        self.observer = observer
    }
}

/// The thread: takes over what it is given, and ends when the inbox is closed.
let runLoop: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
    guard let context else { return nil }
    let start = Unmanaged<LoopStart>.fromOpaque(context).takeRetainedValue()
    // Every signal goes to other threads; SIGPIPE above all, which OpenSSL raises when a peer has gone.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    CurlLoop(
        multi: start.multi, inbox: start.inbox, clock: start.clock, limits: start.limits, observer: start.observer
    ).run()
    return nil
}

/// Carries the body out of the closure that makes it.
final class Box: Sendable {
    let value = Mutex<RunningBody?>(nil)
}
