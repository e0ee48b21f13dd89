// SPDX-License-Identifier: Apache-2.0
import CCurl
import Diagnostics

/// Reads when a certificate ends out of what libcurl tells about it.
enum CertificateExpiry {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads OpenSSL's form, for example `Nov 25 02:08:27 2027 GMT`; nil for anything else.
    static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 5, words[4] == "GMT", let month = months.firstIndex(of: String(words[0])),
            let day = Int(words[1]), (1...31).contains(day), let year = Int(words[3]), (1...9999).contains(year)
        else { return nil }
        let clock = words[2].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let days = Timestamp.days(fromCivil: year, month + 1, day)
        return Timestamp(seconds: days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    /// The end of the server's own certificate, when this handle has just agreed on TLS.
    static func ofServer(_ easy: UnsafeMutableRawPointer) -> Timestamp? {
        var information: UnsafeMutablePointer<curl_certinfo>?
        guard lg_get_certificates(easy, &information) == CURLE_OK, let chain = information?.pointee,
            chain.num_of_certs > 0, let certificates = chain.certinfo
        else { return nil }
        var field = certificates[0]
        while let entry = field?.pointee {
            if let data = entry.data {
                let text = String(cString: data)
                if text.hasPrefix("Expire date:") { return parse(String(text.dropFirst("Expire date:".count))) }
            }
            field = entry.next
        }
        return nil
    }
}
