// SPDX-License-Identifier: Apache-2.0

extension TransportError.Code {
    /// Whether something was asked of the source.
    var concernsSource: Bool {
        switch self {
        case .urlRefused, .headerRefused, .busy, .misuse: false
        default: true
        }
    }

    /// What happened and what to do, for an operator.
    var words: (what: String, remedy: String) {
        switch self {
        case .nameUnresolved:
            ("the host's name was not found", "Check the host in base_url and the machine's name servers.")
        case .connectRefused:
            ("no connection could be opened", "Check that the source runs and that the firewall lets us through.")
        case .connectTimeout:
            ("no connection within the limit", "Check route and firewall; raise limits.connect if the line is slow.")
        case .totalTimeout:
            ("the answer was not complete within the limit", "Ask for smaller pages, or raise limits.timeout.")
        case .stalled:
            ("the source fell silent", "Ask the source's owner; raise limits.stall if it computes that long.")
        case .tlsUntrusted:
            ("the server's certificate is not trusted", "Name the right certificate authority file; ask for a renewal.")
        case .tlsNameMismatch:
            ("the server's certificate is for another name", "Correct the host in base_url, or ask for a certificate.")
        case .tlsClientCertificate:
            ("our client certificate is missing, unusable or refused", "Check certificate, key and password files.")
        case .tlsHandshake:
            ("no TLS was agreed with the server", "It is tried again; check port, TLS version and ciphers if it stays.")
        case .reset:
            ("the connection was torn down by the other side", "It is tried again; ask the source's owner if it stays.")
        case .truncated:
            ("the answer ended before its declared end", "It is tried again; ask the source's owner if it stays.")
        case .responseTooLarge:
            ("the answer is larger than the limit", "Ask for smaller pages, or raise limits.response_bytes.")
        case .redirectRefused:
            ("the source sends us to another origin", "If that is right, make the other address the base_url.")
        case .redirectLoop:
            ("the source redirects in a circle or too often", "Use the final address, or ask the source's owner.")
        case .urlRefused:
            ("the address is not one we ask", "Use http or https with a host and without user, password or blanks.")
        case .headerRefused:
            ("a header field cannot be sent", "Correct the name or the value of the field named.")
        case .decodingFailed:
            ("the compressed body cannot be decompressed", "Ask the source's owner; the announced encoding is wrong.")
        case .notHTTP:
            ("what came is not well-formed HTTP", "Check scheme and port of base_url.")
        case .cancelled:
            ("the exchange was given up", "None needed; it was cancelled or the program stops.")
        case .busy:
            ("too many exchanges wait already", "Ask again later; raise the transport's limits if it stays.")
        case .misuse:
            ("a call breaks the transport's contract", "Report it with this text.")
        case .other:
            ("the exchange failed", "Report it with this text if it stays.")
        }
    }
}
