// SPDX-License-Identifier: Apache-2.0

/// Who may start: first come first served for each host, hosts in turn.
struct AdmissionQueue {
    private struct Host {
        var active = 0
        var waiting = FirstInFirstOut<Transfer>()
        var isListed = false
    }

    private let maxInFlight: Int
    private let maxPerHost: Int
    private(set) var active = 0
    private var hosts: [String: Host] = [:]
    private var turns = FirstInFirstOut<String>()

    init(maxInFlight: Int, maxPerHost: Int) {
        self.maxInFlight = max(1, maxInFlight)
        self.maxPerHost = max(1, maxPerHost)
    }

    mutating func add(_ transfer: Transfer) {
        let origin = transfer.job.target.origin
        hosts[origin, default: Host()].waiting.append(transfer)
        list(origin)
    }

    /// The next that may start; cancelled ones are dropped on the way.
    mutating func next(isLive: (Transfer) -> Bool) -> Transfer? {
        while active < maxInFlight, let origin = turns.popFirst() {
            guard var host = hosts[origin] else { continue }
            host.isListed = false
            while let first = host.waiting.first, !isLive(first) { _ = host.waiting.popFirst() }
            var chosen: Transfer?
            if let first = host.waiting.first, host.active < min(maxPerHost, max(1, first.limits.inFlightPerHost)) {
                chosen = host.waiting.popFirst()
                host.active += 1
                active += 1
            }
            hosts[origin] = host.active == 0 && host.waiting.first == nil ? nil : host
            if let chosen {
                list(origin)
                return chosen
            }
        }
        return nil
    }

    /// One that had started has ended.
    mutating func leave(_ transfer: Transfer) {
        let origin = transfer.job.target.origin
        active -= 1
        hosts[origin]?.active -= 1
        if let host = hosts[origin], host.active == 0, host.waiting.first == nil { hosts[origin] = nil }
        list(origin)
    }

    private mutating func list(_ origin: String) {
        guard let host = hosts[origin], !host.isListed, host.waiting.first != nil else { return }
        hosts[origin]?.isListed = true
        turns.append(origin)
    }
}

/// A queue whose ends are both cheap.
struct FirstInFirstOut<Element> {
    private var items: [Element?] = []
    private var head = 0

    var first: Element? { head < items.count ? items[head] : nil }

    mutating func append(_ element: Element) { items.append(element) }

    mutating func popFirst() -> Element? {
        guard head < items.count else { return nil }
        let element = items[head]
        items[head] = nil
        head += 1
        if head > 64, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return element
    }
}
