// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics
import Glibc

/// Bits of `CURLOPT_HTTPAUTH`; a macro with a cast that Swift does not import.
private let basicAuthentication = 1

private let headerCallback: lg_data_function = { data, size, count, user in
    guard let data, let user else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
    let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
    return transfer.header(bytes) ? bytes.count : 0
}

private let writeCallback: lg_data_function = { data, size, count, user in
    guard let data, let user else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue().write(bytes)
}

private let readyCallback: lg_prereq_function = { user, _, _, _, _ in
    guard let user else { return 1 }
    Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue().becameReady()
    return 0
}

/// Sockets close on exec, so that no child process (a tap, a hook) keeps a source's connection open.
private let openSocket: curl_opensocket_callback = { _, _, address in
    guard let address = address?.pointee else { return CURL_SOCKET_BAD }
    return socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
}

extension Transfer {
    /// Sets every option of one request on a fresh handle; returns what libcurl would not take.
    func configure(_ easy: UnsafeMutableRawPointer) -> CURLcode {
        var results: [CURLcode] = []
        func long(_ option: CURLoption, _ value: Int) { results.append(lg_set_long(easy, option, value)) }
        func text(_ option: CURLoption, _ value: String) { results.append(lg_set_text(easy, option, value)) }
        let user = Unmanaged.passUnretained(self).toOpaque()

        results.append(lg_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        results.append(lg_set_pointer(easy, CURLOPT_HEADERDATA, user))
        results.append(lg_set_pointer(easy, CURLOPT_WRITEDATA, user))
        results.append(lg_set_pointer(easy, CURLOPT_PREREQDATA, user))
        results.append(lg_set_data_function(easy, CURLOPT_HEADERFUNCTION, headerCallback))
        results.append(lg_set_data_function(easy, CURLOPT_WRITEFUNCTION, writeCallback))
        results.append(lg_set_prereq_function(easy, readyCallback))
        results.append(lg_set_open_socket(easy, openSocket))

        text(CURLOPT_URL, target.url)
        text(CURLOPT_PROTOCOLS_STR, "http,https")
        text(CURLOPT_PROXY, "")
        text(CURLOPT_ACCEPT_ENCODING, "")
        long(CURLOPT_NOSIGNAL, 1)
        long(CURLOPT_FOLLOWLOCATION, 0)
        long(CURLOPT_NETRC, 0)
        long(CURLOPT_HTTP09_ALLOWED, 0)
        // HTTP/1.1 only: in 7.88 a paused HTTP/2 stream may buffer its whole 32 MiB window.
        long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        long(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        long(CURLOPT_SSL_VERIFYPEER, 1)
        long(CURLOPT_SSL_VERIFYHOST, 2)
        if target.isTLS { long(CURLOPT_CERTINFO, 1) }
        // Ours are the limits on the passed clock; libcurl's own is a second line behind them.
        long(CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connect.wholeMilliseconds) + 2_000)

        secure(text)
        results.append(contentsOf: setMethod(easy))
        results.append(setHeaders(easy))
        return results.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    private func secure(_ text: (CURLoption, String) -> Void) {
        let security = job.request.security
        if let file = security.certificateAuthorityFile { text(CURLOPT_CAINFO, file) }
        if let file = security.clientCertificateFile { text(CURLOPT_SSLCERT, file) }
        if let file = security.clientKeyFile { text(CURLOPT_SSLKEY, file) }
        // Always set, so that OpenSSL never asks for a password on a terminal.
        text(CURLOPT_KEYPASSWD, security.clientKeyPassword?.revealed ?? "")
    }

    private func setMethod(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        var results: [CURLcode] = []
        if method == .head {
            results.append(lg_set_long(easy, CURLOPT_NOBODY, 1))
        } else {
            let largest = curl_off_t(limits.responseBytes.bytes)
            results.append(lg_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, max(1, largest)))
        }
        if sendsBody || method == .post {
            let body = sendsBody ? job.request.body ?? [] : []
            results.append(lg_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            body.withUnsafeBytes { bytes in
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                results.append(
                    start.map { lg_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0) }
                        ?? lg_set_text(easy, CURLOPT_COPYPOSTFIELDS, ""))
            }
        }
        if ![.get, .post, .head].contains(method) || (method == .get && sendsBody) {
            results.append(lg_set_text(easy, CURLOPT_CUSTOMREQUEST, method.rawValue))
        }
        if let basic = job.request.basic {
            results.append(lg_set_long(easy, CURLOPT_HTTPAUTH, basicAuthentication))
            results.append(lg_set_text(easy, CURLOPT_USERNAME, basic.user))
            results.append(lg_set_text(easy, CURLOPT_PASSWORD, basic.password.revealed))
        }
        return results
    }

    private func setHeaders(_ easy: UnsafeMutableRawPointer) -> CURLcode {
        if let headerList { curl_slist_free_all(headerList) }
        headerList = nil
        var isComplete = true
        func append(_ line: String) {
            guard let longer = curl_slist_append(headerList, line) else { return isComplete = false }
            headerList = longer
        }
        for field in job.request.headers.fields {
            let value = field.value.sent
            append(value.isEmpty ? "\(field.name);" : "\(field.name): \(value)")
        }
        append("Expect:")
        if !job.request.headers.contains("User-Agent") { append("User-Agent: licence-gateway") }
        if !job.request.headers.contains("Content-Type") { append("Content-Type:") }
        guard isComplete else { return CURLE_OUT_OF_MEMORY }
        return lg_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
    }
}

extension HeaderFields {
    /// The name of the first field that must not be sent: odd names, line ends, and what libcurl frames itself.
    var refused: (name: String, why: String)? {
        let framing = ["content-length", "transfer-encoding"]
        for field in fields {
            let shown = String(field.name.prefix(60).filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
            let token = field.name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
            if field.name.isEmpty || !token { return (shown, "its name is not a token") }
            if framing.contains(field.name.lowercased()) { return (shown, "it is set by the transport itself") }
            if field.value.sent.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) {
                return (shown, "its value holds a line end")
            }
        }
        return nil
    }
}
