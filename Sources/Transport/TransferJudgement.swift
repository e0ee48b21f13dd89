// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics

extension Transfer {
    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        if let easy { lg_get_long(easy, info, &value) }
        return value
    }

    private func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        if let easy { lg_get_offset(easy, info, &value) }
        return Int(value)
    }

    /// How far this hop came.
    var phase: ExchangePhase {
        // libcurl 7.88 notes the time of connecting only once TLS is agreed too; our own port is known before.
        let connected = offset(CURLINFO_CONNECT_TIME_T) > 0 || long(CURLINFO_LOCAL_PORT) > 0
        return ExchangePhase(
            nameResolved: offset(CURLINFO_NAMELOOKUP_TIME_T) > 0, connected: connected,
            tlsAgreed: target.isTLS ? offset(CURLINFO_APPCONNECT_TIME_T) > 0 : nil, ready: isReady,
            headComplete: headComplete)
    }

    /// What libcurl's code means for this transfer.
    func failure(_ result: CURLcode) -> CurlFailure {
        CurlFailure(
            result, phase: phase, message: String(cString: errorText),
            verification: long(CURLINFO_SSL_VERIFYRESULT), systemError: long(CURLINFO_OS_ERRNO))
    }

    /// The limit of time that is over, if any.
    func overdue(_ now: Duration) -> CurlFailure? {
        guard let started else {
            return now - queuedAt > limits.total
                ? CurlFailure(.busy, .http, detail: "no free place within \(limits.total.wholeMilliseconds) ms") : nil
        }
        if pausedSince != nil { return nil }
        if !isReady, now - hopStarted > limits.connect {
            let layer = phase.layer
            let words = [TransportError.Layer.nameResolution: "its name is not resolved", .tls: "TLS is not agreed"]
            return CurlFailure(.connectTimeout, layer, detail: words[layer])
        }
        if now - started - pausedTotal > limits.total {
            return CurlFailure(.totalTimeout, phase.layer, detail: "\(decodedBytes) bytes of body had come")
        }
        let mark = offset(CURLINFO_SIZE_DOWNLOAD_T) &+ offset(CURLINFO_SIZE_UPLOAD_T) &+ headerBytes
        if mark != activityMark {
            activityMark = mark
            lastActivity = now
        } else if isReady, now - lastActivity > limits.stall {
            return CurlFailure(.stalled, phase.layer, detail: "\(decodedBytes) bytes of body had come")
        }
        return nil
    }

    /// Remembers when the certificate of a fresh handshake ends.
    func noteCertificate(in known: inout [String: Timestamp]) {
        guard target.isTLS, let easy else { return }
        if let expiry = CertificateExpiry.ofServer(easy) {
            if known.count >= 4096 { known.removeAll() }
            known[target.origin] = expiry
            certificateExpiresAt = expiry
        } else if isReady {
            certificateExpiresAt = known[target.origin]
        }
    }

    /// What is kept of this exchange.
    func receipt() -> ExchangeReceipt {
        func moment(_ info: CURLINFO) -> Duration? {
            let microseconds = offset(info)
            guard microseconds > 0, let started else { return nil }
            return hopStarted - started + .microseconds(microseconds)
        }
        let version = long(CURLINFO_HTTP_VERSION)
        let isReused = isReady && long(CURLINFO_NUM_CONNECTS) == 0
        return ExchangeReceipt(
            startedAt: startedAt,
            timings: ExchangeReceipt.Timings(
                nameLookup: isReused ? nil : moment(CURLINFO_NAMELOOKUP_TIME_T),
                connect: isReused ? nil : moment(CURLINFO_CONNECT_TIME_T),
                tls: isReused ? nil : moment(CURLINFO_APPCONNECT_TIME_T),
                firstByte: status > 0 ? moment(CURLINFO_STARTTRANSFER_TIME_T) : nil,
                total: clock.elapsed - (started ?? queuedAt)),
            bytesReceived: decodedBytes, certificateExpiresAt: certificateExpiresAt,
            httpVersion: headComplete
                ? (version == Int(CURL_HTTP_VERSION_1_0) ? "1.0" : version == Int(CURL_HTTP_VERSION_1_1) ? "1.1" : "2")
                : nil,
            redirects: redirects, connectionReused: isReused, bodyEndDeclared: endIsDeclared)
    }

    private var endIsDeclared: Bool {
        method == .head || status == 204 || status == 304 || headers.contains("content-length")
            || headers.all("transfer-encoding").contains { $0.lowercased().contains("chunked") }
    }
}
