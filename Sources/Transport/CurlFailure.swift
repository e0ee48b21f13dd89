// SPDX-License-Identifier: Apache-2.0
import CCurl
import Glibc

/// How far an exchange had come when it failed.
struct ExchangePhase {
    var nameResolved = false
    var connected = false
    /// Nil without TLS.
    var tlsAgreed: Bool?
    /// The request could be sent.
    var ready = false
    var headComplete = false

    var layer: TransportError.Layer {
        if headComplete { return .body }
        if ready { return .http }
        if !nameResolved { return .nameResolution }
        if !connected { return .connect }
        return tlsAgreed == false ? .tls : .http
    }
}

/// What a code of libcurl means to us.
struct CurlFailure {
    var code: TransportError.Code
    var layer: TransportError.Layer
    var curlCode: String?
    var detail: String?

    init(_ code: TransportError.Code, _ layer: TransportError.Layer, curl: String? = nil, detail: String? = nil) {
        self.code = code
        self.layer = layer
        self.curlCode = curl
        self.detail = detail
    }

    /// Judges a code.
    ///
    /// Limits: `message` is libcurl's own text; it is searched for known words and never shown, since it may hold an
    /// address or bytes of the answer.
    init(_ result: CURLcode, phase: ExchangePhase, message: String, verification: Int, systemError: Int) {
        switch result {
        case CURLE_URL_MALFORMAT: self.init(.urlRefused, .http, detail: "not a whole address")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self.init(.nameUnresolved, .nameResolution)
        case CURLE_COULDNT_CONNECT:
            self.init(.connectRefused, .connect, detail: CurlFailure.connectWords(systemError))
        case CURLE_OPERATION_TIMEDOUT: self.init(phase.ready ? .totalTimeout : .connectTimeout, phase.layer)
        case CURLE_PARTIAL_FILE: self.init(.truncated, .body)
        case CURLE_GOT_NOTHING: self.init(.reset, .http, detail: "closed without an answer")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SSL_CONNECT_ERROR:
            self = CurlFailure.ofConnection(result, phase: phase, message: message.lowercased())
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: self.init(.decodingFailed, .body)
        case CURLE_FILESIZE_EXCEEDED: self.init(.responseTooLarge, .body, detail: "the declared length is over it")
        case CURLE_OUT_OF_MEMORY where phase.ready && !phase.headComplete:
            self.init(.responseTooLarge, .http, detail: "one header line")
        case CURLE_OUT_OF_MEMORY where phase.headComplete:
            // libcurl keeps at most 64 MiB of one decompressed piece back while the reader is behind.
            self.init(.responseTooLarge, .body, detail: "one piece decompresses to over 64 MiB")
        case CURLE_WEIRD_SERVER_REPLY: self.init(.notHTTP, .http)
        case CURLE_UNSUPPORTED_PROTOCOL where phase.ready: self.init(.notHTTP, .http)
        case CURLE_UNSUPPORTED_PROTOCOL: self.init(.urlRefused, .http, detail: "neither http nor https")
        case CURLE_TOO_MANY_REDIRECTS: self.init(.redirectLoop, .http)
        case CURLE_SSL_CERTPROBLEM: self.init(.tlsClientCertificate, .tls, detail: "our files cannot be used")
        case CURLE_SSL_CACERT_BADFILE:
            self.init(.tlsUntrusted, .tls, detail: "the certificate authority file cannot be read")
        // libcurl checks the name before it notes the chain's result, which then still reads 1.
        case CURLE_PEER_FAILED_VERIFICATION where verification <= 1: self.init(.tlsNameMismatch, .tls)
        case CURLE_PEER_FAILED_VERIFICATION:
            self.init(.tlsUntrusted, .tls, detail: CurlFailure.verificationWords(verification))
        case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE:
            self.init(.tlsUntrusted, .tls, curl: CurlFailure.name(result))
        case CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            self.init(.other, .tls, curl: CurlFailure.name(result))
        case CURLE_INTERFACE_FAILED, CURLE_NO_CONNECTION_AVAILABLE:
            self.init(.other, .connect, curl: CurlFailure.name(result))
        default: self.init(.other, phase.layer, curl: CurlFailure.name(result))
        }
    }

    private static func ofConnection(_ result: CURLcode, phase: ExchangePhase, message: String) -> CurlFailure {
        let clientCertificate = [
            "certificate required", "bad certificate", "alert unknown ca", "certificate unknown",
            "certificate expired", "certificate revoked", "unsupported certificate", "alert handshake failure",
        ]
        if phase.tlsAgreed != nil, clientCertificate.contains(where: message.contains) {
            return CurlFailure(.tlsClientCertificate, .tls, detail: "the server says so")
        }
        if message.contains("chunk") || message.contains("hexadecimal") {
            return CurlFailure(.notHTTP, .body, detail: "broken chunks")
        }
        if result == CURLE_SSL_CONNECT_ERROR {
            let torn = ["reset by peer", "unexpected eof", "broken pipe", "ssl_error_syscall", "connection aborted"]
            return torn.contains(where: message.contains)
                ? CurlFailure(.reset, .tls) : CurlFailure(.tlsHandshake, .tls, curl: name(result))
        }
        return CurlFailure(.reset, phase.layer)
    }

    private static func connectWords(_ systemError: Int) -> String? {
        switch Int32(truncatingIfNeeded: systemError) {
        case ECONNREFUSED: "refused"
        case ENETUNREACH, EHOSTUNREACH: "no route"
        case EACCES, EPERM: "forbidden on this machine"
        case ETIMEDOUT: "no answer"
        default: nil
        }
    }

    /// Numbers of X509_verify_cert_error_string(3).
    private static func verificationWords(_ verification: Int) -> String {
        switch verification {
        case 2, 20, 21, 27: "its issuer is not among our authorities"
        case 9: "it is not valid yet"
        case 10: "it has expired"
        case 18, 19: "it is signed by itself"
        case 23: "it is revoked"
        default: "verification result \(verification)"
        }
    }

    /// libcurl's name of a code, for the ones that can come up; the bare number otherwise.
    static func name(_ result: CURLcode) -> String {
        let names: [UInt32: String] = [
            1: "CURLE_UNSUPPORTED_PROTOCOL", 2: "CURLE_FAILED_INIT", 4: "CURLE_NOT_BUILT_IN",
            16: "CURLE_HTTP2", 23: "CURLE_WRITE_ERROR", 26: "CURLE_READ_ERROR", 27: "CURLE_OUT_OF_MEMORY",
            35: "CURLE_SSL_CONNECT_ERROR", 41: "CURLE_FUNCTION_NOT_FOUND", 42: "CURLE_ABORTED_BY_CALLBACK",
            43: "CURLE_BAD_FUNCTION_ARGUMENT", 45: "CURLE_INTERFACE_FAILED", 48: "CURLE_UNKNOWN_OPTION",
            53: "CURLE_SSL_ENGINE_NOTFOUND", 54: "CURLE_SSL_ENGINE_SETFAILED", 59: "CURLE_SSL_CIPHER",
            64: "CURLE_USE_SSL_FAILED", 65: "CURLE_SEND_FAIL_REWIND", 66: "CURLE_SSL_ENGINE_INITFAILED",
            67: "CURLE_LOGIN_DENIED", 80: "CURLE_SSL_SHUTDOWN_FAILED", 81: "CURLE_AGAIN",
            82: "CURLE_SSL_CRL_BADFILE", 83: "CURLE_SSL_ISSUER_ERROR", 89: "CURLE_NO_CONNECTION_AVAILABLE",
            90: "CURLE_SSL_PINNEDPUBKEYNOTMATCH", 91: "CURLE_SSL_INVALIDCERTSTATUS", 92: "CURLE_HTTP2_STREAM",
            93: "CURLE_RECURSIVE_API_CALL", 94: "CURLE_AUTH_ERROR", 99: "CURLE_UNRECOVERABLE_POLL",
        ]
        return names[result.rawValue] ?? "CURLE \(result.rawValue)"
    }
}
