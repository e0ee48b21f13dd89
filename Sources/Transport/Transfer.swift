// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics

/// The exchanges whose readers have new bytes since the last look.
final class FreshStreams {
    var transfers: [Transfer] = []
}

/// One exchange under way; lives on the curl thread only.
final class Transfer {
    let job: Job
    let clock: any GatewayClock
    let fresh: FreshStreams
    let limits: ExchangeLimits

    // The next request to send; redirects change it.
    var target: RequestTarget
    var method: HTTPMethod
    var sendsBody: Bool
    var visited: Set<String> = []
    var redirects = 0

    // libcurl's side.
    var easy: UnsafeMutableRawPointer?
    var headerList: UnsafeMutablePointer<curl_slist>?
    let errorText: UnsafeMutablePointer<CChar>

    // The answer so far.
    var status = 0
    var headers = HeaderFields()
    var headerBytes = 0
    var headComplete = false
    var redirectTarget: RequestTarget?
    var body: [UInt8] = []
    var decodedBytes = 0
    var isFresh = false
    /// Why a callback stopped the transfer.
    var refusal: CurlFailure?

    // Time, all on the clock's `elapsed`.
    let queuedAt: Duration
    var startedAt: Timestamp
    var started: Duration?
    var hopStarted: Duration = .zero
    var lastActivity: Duration = .zero
    var activityMark = -1
    var pausedSince: Duration?
    var pausedTotal: Duration = .zero
    var isReady = false
    var certificateExpiresAt: Timestamp?

    init(_ job: Job, clock: any GatewayClock, fresh: FreshStreams) {
        self.job = job
        self.clock = clock
        self.fresh = fresh
        limits = job.request.limits
        target = job.target
        method = job.request.method
        sendsBody = job.request.body != nil
        queuedAt = clock.elapsed
        startedAt = clock.now
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        if let headerList { curl_slist_free_all(headerList) }
        errorText.deallocate()
    }

    /// Forgets the answer so far, before the request is sent to the next address.
    func beginHop() {
        status = 0
        headers = HeaderFields()
        headComplete = false
        redirectTarget = nil
        body = []
        decodedBytes = 0
        isReady = false
        activityMark = -1
        hopStarted = clock.elapsed
        lastActivity = hopStarted
        errorText[0] = 0
    }

    // MARK: what libcurl calls

    /// The connection is open and the request about to be sent.
    func becameReady() {
        isReady = true
        lastActivity = clock.elapsed
    }

    /// One header line with its line end; false stops the transfer.
    func header(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        if headerBytes > limits.headerBytes.bytes {
            return refuse(.responseTooLarge, .http, "header lines over \(limits.headerBytes.words)")
        }
        if headComplete { return true }  // A trailer after the body; nothing we use.
        if line.starts(with: Transfer.statusLine) {
            headers = HeaderFields()
            return true
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            return line.allSatisfy { $0 <= 32 } ? endOfHead() : true
        }
        // Bytes up to the blank are what HTTP calls white space here; working on characters costs ten times more.
        let value = line[(colon + 1)...].drop { $0 <= 32 }
        let end = value.lastIndex { $0 > 32 }
        headers.append(
            String(decoding: line[..<colon], as: UTF8.self),
            end.map { String(decoding: value[...$0], as: UTF8.self) } ?? "")
        return true
    }

    private static let statusLine: [UInt8] = Array("HTTP/".utf8)

    private func endOfHead() -> Bool {
        var code = 0
        if let easy { lg_get_long(easy, CURLINFO_RESPONSE_CODE, &code) }
        if code < 200 { return true }  // 100 Continue and its like; the real head follows.
        status = code
        headComplete = true
        if [301, 302, 303, 307, 308].contains(code), let location = headers.first("location") {
            return judgeRedirect(location)
        }
        switch job.sink {
        case .stream(let channel): channel.open(StreamHead(status: status, headers: headers))
        case .whole:
            let declared = headers.first("content-length").flatMap { Int($0) } ?? 0
            body.reserveCapacity(max(0, min(declared, limits.responseBytes.bytes, 16 << 20)))
        }
        return true
    }

    private func judgeRedirect(_ location: String) -> Bool {
        let next: RequestTarget
        do {
            next = try target.redirected(to: location)
        } catch {
            return refuse(.redirectRefused, .http, "the new address is \(error.rawValue)")
        }
        guard next.origin == job.target.origin else {
            let scheme = next.scheme == target.scheme ? "" : " under \(next.scheme)"
            return refuse(.redirectRefused, .http, "host \(next.hostShown)\(scheme)")
        }
        visited.insert(target.url)
        guard redirects < limits.redirectsMax, !visited.contains(next.url) else {
            return refuse(.redirectLoop, .http, "after \(redirects) redirects")
        }
        redirectTarget = next
        return true
    }

    /// Decoded bytes of the body.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= limits.responseBytes.bytes - decodedBytes else {
            _ = refuse(.responseTooLarge, .body, "body over \(limits.responseBytes.words)")
            return bytes.isEmpty ? 1 : 0
        }
        if redirectTarget == nil {
            switch job.sink {
            case .whole: body.append(contentsOf: bytes)
            case .stream(let channel):
                guard channel.write(bytes) else {
                    if pausedSince == nil { pausedSince = clock.elapsed }
                    return Int(CURL_WRITEFUNC_PAUSE)
                }
                if !isFresh {
                    isFresh = true
                    fresh.transfers.append(self)
                }
            }
        }
        decodedBytes += bytes.count
        return bytes.count
    }

    private func refuse(_ code: TransportError.Code, _ layer: TransportError.Layer, _ detail: String) -> Bool {
        if refusal == nil { refusal = CurlFailure(code, layer, detail: detail) }
        return false
    }
}
