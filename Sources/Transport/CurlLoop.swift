// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics
import Glibc

/// What the curl thread does: it alone touches the multi handle and the transfers.
final class CurlLoop {
    private let multi: UnsafeMutableRawPointer
    private let inbox: Inbox
    let clock: any GatewayClock
    private let limits: TransportLimits
    let observer: (any ExchangeObserving)?

    private var transfers: [UInt64: Transfer] = [:]
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]
    private var queue: AdmissionQueue
    private var pool: [UnsafeMutableRawPointer] = []
    private let fresh = FreshStreams()
    private var lastLook: Duration = .zero
    /// When the certificate of an origin ends, as of its last handshake; kept connections have none to show.
    var certificates: [String: Timestamp] = [:]

    /// How often limits of time are looked at while anything runs.
    private static let lookEvery = 100

    init(
        multi: UnsafeMutableRawPointer, inbox: Inbox, clock: any GatewayClock, limits: TransportLimits,
        observer: (any ExchangeObserving)?
    ) {
        self.multi = multi
        self.inbox = inbox
        self.clock = clock
        self.limits = limits
        self.observer = observer
        queue = AdmissionQueue(maxInFlight: limits.maxInFlight, maxPerHost: limits.maxPerHost)
        lg_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, limits.connectionsKept))
    }

    func run() {
        while true {
            let (commands, isClosed) = inbox.take()
            for command in commands { obey(command) }
            if isClosed { break }
            admit()
            var count: Int32 = 0
            curl_multi_perform(multi, &count)
            reap()
            flush()
            look()
            admit()
            let patience = transfers.isEmpty ? 60_000 : CurlLoop.lookEvery
            curl_multi_poll(multi, nil, 0, Int32(patience), nil)
        }
        tearDown()
    }

    private func obey(_ command: Command) {
        switch command {
        case .start(let job):
            let transfer = Transfer(job, clock: clock, fresh: fresh)
            transfers[job.ticket.number] = transfer
            if job.ticket.isCancelled { return end(transfer, CurlFailure(.cancelled, .http)) }
            queue.add(transfer)
        case .cancel(let number):
            if let transfer = transfers[number] { end(transfer, CurlFailure(.cancelled, .http)) }
        case .resume(let number):
            if let transfer = transfers[number] { resume(transfer) }
        }
    }

    /// Lets a transfer go on whose reader has caught up.
    private func resume(_ transfer: Transfer) {
        guard let easy = transfer.easy else { return }
        let now = clock.elapsed
        if let since = transfer.pausedSince { transfer.pausedTotal += now - since }
        transfer.pausedSince = nil
        transfer.lastActivity = now
        // What was kept back is written from within this call; if that is refused, libcurl says so here only.
        let result = curl_easy_pause(easy, CURLPAUSE_CONT)
        if result != CURLE_OK { end(transfer, transfer.refusal ?? transfer.failure(result)) }
    }

    // MARK: starting

    private func admit() {
        while let transfer = queue.next(isLive: { transfers[$0.job.ticket.number] === $0 }) {
            transfer.started = clock.elapsed
            transfer.startedAt = clock.now
            begin(transfer)
        }
    }

    private func begin(_ transfer: Transfer) {
        transfer.beginHop()
        guard let easy = pool.popLast() ?? curl_easy_init() else {
            return end(transfer, CurlFailure(.other, .connect, curl: "CURLE_FAILED_INIT"))
        }
        transfer.easy = easy
        running[easy] = transfer
        let configured = transfer.configure(easy)
        guard configured == CURLE_OK, curl_multi_add_handle(multi, easy) == CURLM_OK else {
            let name = configured == CURLE_OK ? "CURLM_BAD_HANDLE" : CurlFailure.name(configured)
            return end(transfer, CurlFailure(.other, .connect, curl: name))
        }
    }

    // MARK: ending

    private func reap() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = running[easy]
            else { continue }
            finished(transfer, lg_message_result(message))
        }
    }

    private func finished(_ transfer: Transfer, _ result: CURLcode) {
        if let refusal = transfer.refusal { return end(transfer, refusal) }
        guard result == CURLE_OK else {
            return end(transfer, transfer.failure(result))
        }
        guard transfer.headComplete else {
            return end(transfer, CurlFailure(.truncated, .http, detail: "the head is not complete"))
        }
        if let next = transfer.redirectTarget {
            let changesMethod =
                transfer.status == 303 ? transfer.method != .head : transfer.status <= 302 && transfer.method == .post
            if changesMethod {
                transfer.method = .get
                transfer.sendsBody = false
            }
            transfer.redirects += 1
            transfer.noteCertificate(in: &certificates)
            letGo(transfer)
            transfer.target = next
            return begin(transfer)
        }
        end(transfer, nil)
    }

    /// Ends a transfer: the receipt, the observer, the waiting caller.
    private func end(_ transfer: Transfer, _ failure: CurlFailure?) {
        transfer.noteCertificate(in: &certificates)
        let receipt = transfer.receipt()
        let status = transfer.headComplete ? transfer.status : nil
        var error: TransportError?
        if let failure {
            let ours: Set<TransportError.Code> = [.cancelled, .busy]
            error = TransportError(
                failure.code, layer: ours.contains(failure.code) ? nil : failure.layer, place: transfer.job.place,
                curlCode: failure.curlCode, detail: failure.detail, receipt: receipt)
        }
        letGo(transfer)
        transfers[transfer.job.ticket.number] = nil
        if transfer.started != nil { queue.leave(transfer) }
        inbox.finishedOne()
        observer?.observe(
            ObservedExchange(place: transfer.job.place, receipt: receipt, status: status, failure: error))
        switch transfer.job.sink {
        case .whole(let continuation):
            let response = ExchangeResponse(
                status: transfer.status, headers: transfer.headers, body: transfer.body, receipt: receipt)
            continuation.resume(returning: error.map { .failure($0) } ?? .success(response))
        case .stream(let channel): channel.finish(error.map { .failure($0) } ?? .success(receipt))
        }
    }

    /// Takes the handle off a transfer; one that had not finished loses its connection.
    private func letGo(_ transfer: Transfer) {
        guard let easy = transfer.easy else { return }
        transfer.easy = nil
        running[easy] = nil
        curl_multi_remove_handle(multi, easy)
        curl_easy_reset(easy)
        if pool.count < 64 { pool.append(easy) } else { curl_easy_cleanup(easy) }
    }

    // MARK: streams and time

    private func flush() {
        let transfers = fresh.transfers
        fresh.transfers.removeAll(keepingCapacity: true)
        for transfer in transfers {
            transfer.isFresh = false
            if case .stream(let channel) = transfer.job.sink, channel.flush() { resume(transfer) }
        }
    }

    private func look() {
        guard !transfers.isEmpty else { return }
        let now = clock.elapsed
        guard now - lastLook >= .milliseconds(CurlLoop.lookEvery) else { return }
        lastLook = now
        let late = transfers.values.compactMap { transfer in transfer.overdue(now).map { (transfer, $0) } }
        for (transfer, failure) in late { end(transfer, failure) }
    }

    private func tearDown() {
        let (commands, _) = inbox.take()
        for case .start(let job) in commands {
            let transfer = Transfer(job, clock: clock, fresh: fresh)
            transfers[job.ticket.number] = transfer
        }
        for transfer in Array(transfers.values) { end(transfer, CurlFailure(.cancelled, .http)) }
        flush()
        inbox.forgetMulti()
        for easy in pool { curl_easy_cleanup(easy) }
        curl_multi_cleanup(multi)
        inbox.gone()
    }
}
